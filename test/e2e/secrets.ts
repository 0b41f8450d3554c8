import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {
	assertWithout,
	filesBelow,
	lookAround,
	nothingSeen,
	registrationTokens,
} from '../support/look-for-secrets.ts';
import {
	endProgram,
	quickArguments,
	serveQuickWorld,
	startProgram,
	until,
} from '../support/simulator-process.ts';

// Tokens reach neither argv, logs, screen nor servers.

for (const format of ['text', 'json']) {
	test(`a whole day with --debug and --log-format ${format}: no token is anywhere but where it must be`, async t => {
		const {world, home, environment} = await serveQuickWorld(t, {seed: format === 'json' ? 901 : 902});
		const given = registrationTokens(world);
		world.addRun({
			jobs: [
				{name: 'good', durationSeconds: 2},
				{name: 'bad', outcome: 'configFails', durationSeconds: 1},
				{name: 'arm', labels: ['self-hosted', 'server-cax11'], durationSeconds: 1},
			],
		});
		const config = path.join(home, 'logger.json');
		const logFile = path.join(home, 'day.log');
		writeFileSync(config, JSON.stringify({level: 'info', destinations: [{to: 'stdout'}, {to: 'file', path: logFile}]}));
		const program = startProgram(t, ['run', ...quickArguments, '--max-runner-registration-time', '10', '--debug', '--log-format', format, '--logger-config', config], environment);
		const seen = nothingSeen();
		const echoed = new Set<number>();
		let looks = 0;
		await until('all jobs are done and no server is left', program, () => {
			if (looks++ % 4 === 0) {
				lookAround(program.pid, seen);
			}

			// A script that prints its environment, as `set -x` and `env` do.
			for (const {id, host} of world.hetzner.servers.values()) {
				const line = host.lines.at(-1);
				if (!echoed.has(id) && line?.text.startsWith('| ') === true && given.length > 0) {
					echoed.add(id);
					host.lines.push({at: line.at, text: `| printenv ${given.join(' ')} ends here`});
				}
			}

			return isFinished(world);
		});
		const {code, stdout, stderr} = await endProgram(program);
		t.is(code, 0);
		t.true(given.some(secret => secret.length > 1000), 'runners had configurations of their own');
		const secrets = [world.githubToken, world.hetznerToken, ...given];

		assertWithout(t, secrets, 'standard output', stdout);
		assertWithout(t, secrets, 'standard error', stderr);
		const files = filesBelow(home);
		for (const [file, text] of files) {
			assertWithout(t, secrets, file, text);
		}

		t.regex(files.get(logFile) ?? '', /deleted gh-actions-runner-/v);
		const outputs = files.entries().filter(([file]) => /\/servers\/gh-actions-runner-[^\/]+\.log$/v.test(file)).toArray();
		t.true(outputs.length >= 3);
		t.regex(outputs.map(([, text]) => text).join(''), /printenv (?:\*+ )+ends here/v);

		for (const line of seen.commandLines) {
			assertWithout(t, secrets, `the command line ${line.replaceAll('\0', ' ')}`, line);
		}

		t.true(seen.commandLines.values().some(line => line.startsWith('ssh\0')));
		t.true(seen.childEnvironments.size > 0);
		for (const text of seen.childEnvironments) {
			assertWithout(t, secrets, 'the environment of a child', text);
		}

		const servers = [...world.hetzner.servers.values(), ...world.hetzner.gone].filter(server => !server.isForeign);
		t.true(servers.length >= 3);
		for (const {name, labels, userData} of servers) {
			t.deepEqual(Object.keys(JSON.parse((userData ?? '').replace('#cloud-config\n', '')) as Record<string, unknown>), ['chpasswd', 'ssh_keys']);
			assertWithout(t, secrets, 'name, labels or user data of a server', JSON.stringify([name, labels, userData]));
		}

		assertWithout(t, secrets, 'names and labels of runners', JSON.stringify(world.github.runners.values().map(({name, labels}) => [name, labels]).toArray()));
	});
}

test('an API that repeats a token in its error does not bring it to the screen', async t => {
	const {world, environment} = await serveQuickWorld(t, {seed: 903});
	const secrets = [world.githubToken, world.hetznerToken];
	world.faults.inject({
		kind: 'answer', api: 'hetzner', operation: 'createServer', status: 422, code: 'invalid_input', message: `no such token ${world.hetznerToken}`,
	});
	world.addRun({jobs: [{name: 'test'}]});
	const program = startProgram(t, ['run', ...quickArguments, '--debug'], environment);
	await until('Hetzner\'s refusal was said', program, () => program.stdout().includes('did not create '));
	world.faults.inject({
		kind: 'answer', api: 'github', operation: 'listRuns', status: 500, message: `no such token ${world.githubToken}`,
	});
	await until('GitHub\'s failure was said', program, () => /reading [^\n]+ failed/v.test(program.stdout()));
	const {stdout, stderr} = await endProgram(program);
	t.regex(stdout, /no such token \*{8}/v);
	assertWithout(t, secrets, 'standard output', stdout);
	assertWithout(t, secrets, 'standard error', stderr);
});

test('a start that fails with --debug shows a stack trace without the tokens', async t => {
	const {world, environment} = await serveQuickWorld(t, {seed: 904});
	const wrong = 'ghp_wrongWrongWrongWrongWrongWrongWrong1';
	const program = startProgram(t, ['run', ...quickArguments, '--debug'], {...environment, GITHUB_TOKEN: wrong});
	const {code, stdout, stderr} = await program.ended;
	t.is(code, 1);
	t.regex(stderr, /GitHub refused the token[^\n]*\n +at /v);
	assertWithout(t, [wrong, world.hetznerToken], 'the output', stdout + stderr);
});

test('tokens as flags work, with one line of warning for each', async t => {
	const {world, environment} = await serveQuickWorld(t, {seed: 905});
	const {GITHUB_TOKEN: _github, HETZNER_TOKEN: _hetzner, HCLOUD_TOKEN: _hcloud, ...others} = environment;
	world.addRun({jobs: [{name: 'test', durationSeconds: 1}]});
	const program = startProgram(t, ['run', ...quickArguments, '--github-token', world.githubToken, '--hetzner-token', world.hetznerToken], others);
	await until('the job is done and no server is left', program, () => isFinished(world));
	const {code, stdout, stderr} = await endProgram(program);
	t.is(code, 0);
	t.is(stderr, [
		'warning: --github-token on the command line can be read by every user of this machine; GITHUB_TOKEN cannot.\n',
		'warning: --hetzner-token on the command line can be read by every user of this machine; HETZNER_TOKEN cannot.\n',
	].join(''));
	assertWithout(t, [world.githubToken, world.hetznerToken], 'standard output', stdout);
	t.like(auditWorld(world), {jobs: {done: 1}, violations: []});
});
