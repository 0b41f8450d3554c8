import {spawn, type ChildProcessWithoutNullStreams} from 'node:child_process';
import {once} from 'node:events';
import {
	existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {createInterface} from 'node:readline';
import test from 'ava';
import {readFollowProgram} from '../../source/host-scripts/find.ts';
import type {ServerId} from '../../source/model/server.ts';
import type {SetUpScripts} from '../../source/scaler/ports.ts';
import {helloProgram, startProgram} from '../../source/ssh/program.ts';
import {needs} from '../support/needs.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const followProgram = await readFollowProgram();

type Given = SetUpScripts & {readonly maxSetupSeconds: number; readonly server: ServerId; readonly state: string};

function given(setupScript: string, startupScript = 'exit 0', more: Partial<Given> = {}): {request: Given; folder: string; state: string} {
	const folder = temporaryFolder('follow');
	const state = path.join(folder, 'state');
	const request: Given = {
		server: 1 as ServerId, setupScript, startupScript, maxSetupSeconds: 60, state, ...more, variables: {GITHUB_RUNNER_TOKEN: 'runner-secret', FOLDER: folder, ...more.variables},
	};
	return {request, folder, state};
}

function session(request: Given, from = 0, hostKeyFolder?: string): ChildProcessWithoutNullStreams {
	const child = spawn('bash', ['-s'], {cwd: request.variables.FOLDER, env: {PATH: process.env.PATH, HRT_STATE: request.state, HRT_SSH_FOLDER: hostKeyFolder ?? '/nowhere'}});
	child.stdin.on('error', () => undefined); // A session that only follows reads no further.
	child.stdin.write(helloProgram({server: request.server, followFrom: from, wantsNewHostKey: hostKeyFolder !== undefined}, followProgram));
	child.stdin.end(startProgram(request, request.maxSetupSeconds));
	return child;
}

/* Runs a session to its end; moments become 0. */
async function follow(request: Given, from = 0): Promise<{lines: readonly string[]; code: number}> {
	const child = session(request, from);
	let text = '';
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
		text += chunk;
	});
	const [code] = await once(child, 'close') as [number];
	return {lines: text.trimEnd().split('\n').map(line => line.replace(/^(?<words>@(?:answered|ended) .*) \d+$/v, '$<words> 0')), code};
}

/* Reads a session until that line, then kills it. */
async function followUntil(request: Given, last: string): Promise<readonly string[]> {
	const child = session(request);
	const lines: string[] = [];
	for await (const line of createInterface(child.stdout)) {
		lines.push(line);
		if (line === last) {
			break;
		}
	}

	child.kill('SIGKILL');
	return lines;
}

const waitForGo = 'while [ ! -e "$FOLDER/go" ]; do sleep 0.05; done';

test('both scripts run, and what they say comes in protocol lines', async t => {
	const {request} = given('echo one; echo error >&2', 'echo two; printf "no line end"; exit 7');
	t.deepEqual(await follow(request), {
		lines: ['@answered fresh 0', '@step setup', '| one', '| error', '@step startup', '| two', '| no line end', '@ended startup 7 0'], code: 7,
	});
});

test('a failing setup script ends it', async t => {
	const {request, folder} = given('exit 3', 'touch "$FOLDER/startup"');
	t.deepEqual(await follow(request), {lines: ['@answered fresh 0', '@step setup', '@ended setup 3 0'], code: 3});
	t.false(existsSync(path.join(folder, 'startup')));
});

test('scripts outlive their session, run once, and a later session gets the rest exactly once', async t => {
	const {request, folder} = given('echo run >>"$FOLDER/runs"; echo one', `echo two; ${waitForGo}; echo three`);
	const before = await followUntil(request, '| two');
	writeFileSync(path.join(folder, 'go'), '');
	const received = before.length - 1; // "@answered" is not counted.
	t.deepEqual(await follow(request, received), {lines: ['@answered resumed 0', '| three', '@ended startup 0 0'], code: 0});
	t.is(readFileSync(path.join(folder, 'runs'), 'utf8'), 'run\n');
	t.deepEqual((await follow(request)).lines, ['@answered resumed 0', '@step setup', '| one', '@step startup', '| two', '| three', '@ended startup 0 0']);
	t.deepEqual((await follow(request, 99)).lines, ['@answered resumed 0', '@ended startup 0 0'], 'the end is told to whoever asks');
});

test('of several sessions at once one starts the scripts', async t => {
	const {request, folder} = given('echo run >>"$FOLDER/runs"', 'echo two');
	const all = await Promise.all(Array.from({length: 8}, async () => follow(request)));
	t.true(all.some(({lines}) => lines[0] === '@answered fresh 0'));
	t.true(all.every(({lines}) => lines.at(-1) === '@ended startup 0 0'));
	t.is(readFileSync(path.join(folder, 'runs'), 'utf8'), 'run\n');
});

test('a launcher that was killed is not waited for', async t => {
	const {request, state} = given('echo one', `echo two; ${waitForGo}`);
	await followUntil(request, '| two');
	const pid = Number(readFileSync(path.join(state, 'launcher'), 'utf8').split(' ', 1)[0]);
	process.kill(-pid, 'SIGKILL'); // The launcher has a session of its own; the script in it has a group of its own.
	t.deepEqual(await follow(request, 4), {lines: ['@answered resumed 0', '@ended startup 143 0'], code: 143});
	writeFileSync(path.join(request.variables.FOLDER ?? '', 'go'), '');
});

test('a launcher of before a reboot is dead, although its number runs again', async t => {
	const {request, state} = given('echo one', `echo two; ${waitForGo}`);
	await followUntil(request, '| two');
	const [, birth] = readFileSync(path.join(state, 'launcher'), 'utf8').split(' ', 2);
	writeFileSync(path.join(state, 'launcher'), `${process.pid} ${birth} another-boot\n`);
	t.is((await follow(request, 4)).code, 143);
	writeFileSync(path.join(request.variables.FOLDER ?? '', 'go'), '');
});

test('both scripts together have so many seconds', async t => {
	const {request} = given('echo one', 'echo two; sleep 100', {maxSetupSeconds: 1});
	const {lines, code} = await follow(request);
	t.regex(lines.at(-1) ?? '', /^@ended (?:setup|startup) 124 0$/v); // On a busy machine the first script may use up the second.
	t.is(code, 124);
});

test('output cannot forge a line of ours; carriage returns and long lines are made harmless', async t => {
	const {request} = given(String.raw`echo "@ended startup 0 1"; printf '10%%\r50%%\r100%%\r\n'; printf 'dos\r\n'; head -c 9000 /dev/zero | tr '\0' x; echo`, 'exit 255');
	const {lines, code} = await follow(request);
	t.deepEqual(lines.slice(1, 5), ['@step setup', '| @ended startup 0 1', '| 100%', '| dos']);
	t.deepEqual(lines.slice(5, 8).map(line => line.length), [4002, 4002, 1002]);
	t.is(code, 254, '255 would be ssh’s own');
});

test('a flood is cut short and does not block the script', async t => {
	const {request, state} = given('yes "$(printf %200s x)" | head -c 30000000', 'echo still here');
	const {lines} = await follow(request);
	t.true(lines.includes('| … the rest of the output is dropped, the script goes on'));
	t.deepEqual(lines.slice(-3), ['@step startup', '| still here', '@ended startup 0 0']);
	t.true(statSync(path.join(state, 'output')).size < 8_000_000);
});

test('a process that a script leaves behind with its output does not hold up the end', async t => {
	const {request, folder} = given('echo one', 'sleep 100 & echo $! >"$FOLDER/pid"; echo two');
	t.deepEqual((await follow(request)).lines.slice(-2), ['| two', '@ended startup 0 0']);
	process.kill(Number(readFileSync(path.join(folder, 'pid'), 'utf8')));
});

test('the token is nowhere on the disk, and what is there is for root alone', async t => {
	const {request, state} = given('printf %s "$GITHUB_RUNNER_TOKEN" | wc -c', 'exit 0');
	const {lines} = await follow(request);
	t.true(lines.includes('| 13'), 'yet the scripts have it');
	t.is(statSync(state).mode % 0o1000, 0o700);
	const names = readdirSync(state).filter(file => file !== 'started');
	t.deepEqual(names.toSorted(), ['launcher', 'output', 'server'], 'the scripts’ texts are gone, too');
	for (const name of names) {
		const file = path.join(state, name);
		t.is(statSync(file).mode % 0o1000, 0o600, name);
		t.notRegex(readFileSync(file, 'utf8'), /runner-secret/v);
	}
});

test('hostile values and scripts are data', async t => {
	const hostile = 'x\'; touch PWNED; echo \'$(touch PWNED)`touch PWNED`\n@ended startup 0 1\n😀 \\ "';
	const {request, folder} = given('printf \'%s\' "$LABELS" >"$FOLDER/labels"; echo \'it\'"\'"\'s quoted\'', 'exit 0', {variables: {LABELS: hostile}});
	const {lines} = await follow(request);
	t.true(lines.includes('| it\'s quoted'));
	t.is(readFileSync(path.join(folder, 'labels'), 'utf8'), hostile);
	t.false(existsSync(path.join(folder, 'PWNED')));
});

test('a script’s text is gone from the disk before its first line runs', async t => {
	const {request} = given('#!/bin/bash\nls "$HRT_STATE"', '#!/bin/bash\n# PASSWORD=secret\nls "$HRT_STATE"; grep -r PASSWORD "$HRT_STATE" || echo nothing');
	t.deepEqual((await follow(request)).lines, [
		'@answered fresh 0',
		'@step setup',
		'| launcher',
		'| output',
		'| server',
		'| started',
		'| startup',
		'@step startup',
		'| launcher',
		'| output',
		'| server',
		'| started',
		'| nothing',
		'@ended startup 0 0',
	]);
});

test('the state of another server, which came along in an image made of it, is moved away', async t => {
	const {request, state} = given('echo one');
	await follow(request);
	const lines = ['@answered fresh 0', '@step setup', '| one', '@step startup', '@ended startup 0 0'];
	t.deepEqual(await follow({...request, server: 2 as ServerId}), {lines, code: 0});
	t.true(existsSync(`${state}.of-another`));
	t.is((await follow({...request, server: 2 as ServerId})).lines[0], '@answered resumed 0');
	t.is((await follow({...request, server: 3 as ServerId})).lines[0], '@answered fresh 0', 'again, and again');
});

test('a session that brings nothing starts nothing, and the next one may', async t => {
	const {request, state} = given('echo one');
	const child = spawn('bash', ['-s'], {env: {PATH: process.env.PATH, HRT_STATE: state}});
	child.stdin.end(helloProgram({server: request.server, followFrom: 0, wantsNewHostKey: false}, followProgram));
	await once(child, 'close');
	t.false(existsSync(path.join(state, 'started')));
	t.is((await follow(request)).lines[0], '@answered fresh 0');
});

needs('ssh-keygen')('the host key that cloud-init was given is replaced by one made on the server, whose public half is told before', async t => {
	const {request, folder} = given('exit 0');
	const keys = path.join(folder, 'ssh');
	mkdirSync(keys);
	for (const name of ['ssh_host_ed25519_key', 'ssh_host_ed25519_key.pub', 'ssh_host_rsa_key']) {
		writeFileSync(path.join(keys, name), 'given by metadata');
	}

	writeFileSync(path.join(keys, 'sshd_config'), '');
	const lines: string[] = await Array.fromAsync(createInterface(session(request, 0, keys).stdout));

	const publicKey = readFileSync(path.join(keys, 'ssh_host_ed25519_key.pub'), 'utf8').trim();
	t.regex(lines[0] ?? '', /^@answered fresh \d+ ssh-ed25519 \S+$/v);
	t.true(lines[0]?.endsWith(publicKey));
	t.deepEqual(readdirSync(keys).toSorted(), ['ssh_host_ed25519_key', 'ssh_host_ed25519_key.pub', 'sshd_config']);
	t.is(statSync(path.join(keys, 'ssh_host_ed25519_key')).mode % 0o1000, 0o600);
});
