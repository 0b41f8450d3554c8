import {randomBytes} from 'node:crypto';
import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import test from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import {deliveriesOf} from '../../source/simulator/github-deliveries.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {
	assertWithout, filesBelow, lookAround, nothingSeen,
} from '../support/look-for-secrets.ts';
import {
	endProgram, serveQuickWorld, startProgram, until,
} from '../support/simulator-process.ts';

test('with polls ten minutes apart a signed delivery brings a job its server at once; lost, doubled and forged ones change nothing else', async t => {
	const {world, home, environment} = await serveQuickWorld(t, {seed: 921});
	const secret = randomBytes(32).toString('hex');
	const secretFile = path.join(home, 'webhook-secret');
	writeFileSync(secretFile, `${secret}\n`, {mode: 0o600});
	const program = startProgram(t, [
		'run', '--no-console', '--scale-up-interval', '600', '--scale-down-interval', '1', '--wake-interval', '0', '--max-powered-off-time', '1', '--webhook', '127.0.0.1:0', '--webhook-secret-file', secretFile,
	], environment);
	await until('it receives webhooks and has polled', program, () => program.stderr().includes('/webhook') && world.pipeline.log.some(({operation}) => operation === 'listRuns'));
	const url = /webhooks at (?<url>\S+)/v.exec(program.stderr())?.groups?.url ?? '';
	const due = deliveriesOf(world, secret);
	const seen = nothingSeen();
	due();
	await pause(2500);
	world.addRun({jobs: [{name: 'test', durationSeconds: 2}]});
	let isCreated = false;
	let sentAt = Infinity;
	let createdAt = Infinity;
	while (!isFinished(world)) {
		for (const {headers, body} of due()) {
			sentAt = Math.min(sentAt, performance.now());
			for (const sent of [body, body, body.replace('queued', 'queueD')]) { // Twice, and once forged.
				const {status} = await fetch(url, {method: 'POST', headers, body: sent});
				t.is(status, sent === body ? 202 : 401);
			}
		}

		isCreated ||= world.hetzner.servers.values().some(({isForeign}) => !isForeign);
		createdAt = isCreated ? Math.min(createdAt, performance.now()) : createdAt;
		lookAround(program.pid, seen);
		t.false(program.hasEnded());
		await pause(50);
	}

	t.true(createdAt - sentAt < 5000, `${Math.round(createdAt - sentAt)} ms from the delivery to the server`);
	const {code, stdout, stderr} = await endProgram(program);
	t.is(code, 0);
	t.like(auditWorld(world), {jobs: {done: 1}, violations: []});
	assertWithout(t, [secret], 'the output', stdout + stderr);
	for (const [file, text] of filesBelow(home)) {
		if (file !== secretFile) {
			assertWithout(t, [secret], file, text);
		}
	}

	for (const line of [...seen.commandLines, ...seen.childEnvironments]) {
		assertWithout(t, [secret], 'a command line or the environment of a child', line);
	}
});

test('a webhook without a secret, with one that can be guessed, with a file for all to read, or with no port is a usage error', async t => {
	const {home, environment} = await serveQuickWorld(t, {seed: 922});
	const file = path.join(home, 'secret');
	const cases: ReadonlyArray<readonly [argv: readonly string[], text: string, mode: number, words: RegExp]> = [
		[['--webhook', '127.0.0.1:0'], 'x', 0o600, /^--webhook needs --webhook-secret-file: without a secret anyone could send deliveries/mv],
		[['--webhook', '127.0.0.1:0', '--webhook-secret-file', file], 'hunter2\n', 0o600, /holds a secret of fewer than 16 characters/v],
		[['--webhook', '127.0.0.1:0', '--webhook-secret-file', file], '\n', 0o600, /is empty/v],
		[['--webhook', '127.0.0.1:0', '--webhook-secret-file', file], 'a-long-enough-secret\n'.repeat(3), 0o600, /has 3 lines: it takes one secret, or two/v],
		[['--webhook', '127.0.0.1:0', '--webhook-secret-file', file], 'a-long-enough-secret\n', 0o644, /can be read by other users of this machine \(mode 644\): chmod 600/v],
		[['--webhook', 'all', '--webhook-secret-file', file], 'a-long-enough-secret\n', 0o600, /must be a port or HOST:PORT/v],
	];
	for (const [argv, text, mode, words] of cases) {
		writeFileSync(file, text, {mode: 0o600});
		chmodSync(file, mode);
		const {code, stderr} = await startProgram(t, ['run', '--no-console', ...argv], environment).ended;
		t.is(code, 2, stderr);
		t.regex(stderr, words);
		t.false(stderr.includes('hunter2'));
	}
});
