import {
	chmodSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {JobId, RunId} from '../../source/model/job.ts';
import type {ServerId} from '../../source/model/server.ts';
import {serverNameFor} from '../../source/model/server-name.ts';
import type {SetUpNews, SetUpRequest, Shell} from '../../source/scaler/ports.ts';
import {createShell} from '../../source/ssh/shell.ts';
import {interactiveCommand, type SshOptions} from '../../source/ssh/ssh-arguments.ts';
import {collect} from '../support/collect.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const server = {id: 42 as ServerId, name: serverNameFor({id: 70 as JobId, runId: 7 as RunId}, new Set())};
const request: SetUpRequest = {
	server, ip: '2001:db8::1', maxSetupSeconds: 600, start: async () => ({setupScript: 'a', startupScript: 'b', variables: {GITHUB_RUNNER_TOKEN: 'runner-secret'}}),
};

const folders: string[] = [];

test.after.always(() => {
	for (const folder of folders) {
		rmSync(folder, {recursive: true, force: true});
	}
});

/*
A shell whose ssh is that bash script; `folder` holds what it wrote.
*/
function given(script: string, options: Partial<SshOptions> = {}): {shell: Shell; folder: string} {
	const folder = mkdtempSync(path.join(tmpdir(), 'hrt ssh-'));
	folders.push(folder);
	const sshProgram = path.join(folder, 'ssh');
	writeFileSync(sshProgram, `#!/bin/bash\ncd '${folder}'\n${script}`);
	chmodSync(sshProgram, 0o755);
	return {
		shell: createShell({
			stateDirectory: path.join(folder, 'state'), sshProgram, followProgram: 'main\n', ...options,
		}), folder,
	};
}

async function all(shell: Shell, signal = new AbortController().signal): Promise<readonly SetUpNews[]> {
	return collect(shell.setUp(request, signal));
}

test('what a server says comes line by line, up to the end', async t => {
	const {shell} = given(String.raw`read -r _; printf "@answered resumed 1000\n@step setup\n| hello\n@step startup\n@ended startup 7 988\n"; exit 7`);
	t.deepEqual(await all(shell), [
		{news: 'answered', isResumed: true},
		{news: 'step', script: 'setup'},
		{news: 'line', text: 'hello'},
		{news: 'step', script: 'startup'},
		{
			news: 'ended', exitCode: 7, script: 'startup', secondsAgo: 12,
		},
	]);
});

// As bash on a server does: reads what it is sent until that line.
const readUntil = (last: string) => `while IFS= read -r line; do echo "$line" >>input; [ "$line" = "${last}" ] && break; done`;

test('secrets go over standard input, and only to a server that shows the key made for it and was never started', async t => {
	const {shell, folder} = given(String.raw`printf "%s\n" "$@" >arguments; env >environment; ${readUntil('main')}; cp input hello
echo "@answered fresh 1 ssh-ed25519 ${'B'.repeat(68)}"; ${readUntil('hrt_start </dev/null')}; printf '@step setup\n'; echo "@ended startup 0 1"`);
	const made = await shell.prepareHostKey(server.name);
	const known = path.join(folder, 'state/known_hosts');
	t.is(statSync(known).mode % 0o1000, 0o700);
	t.deepEqual(readdirSync(known), [`${server.name}.made`], 'the private half is nowhere');
	t.is(statSync(path.join(known, `${server.name}.made`)).mode % 0o1000, 0o600);
	await all(shell);
	const given_ = readFileSync(path.join(folder, 'arguments'), 'utf8');
	t.true(given_.endsWith('root@2001:db8::1\nbash -s\n'));
	t.regex(given_, /HostKeyAlias=gh-actions-runner-7-70\n/v);
	t.regex(given_, /StrictHostKeyChecking=yes\n/v);
	t.true(given_.includes(`UserKnownHostsFile="${known}/42"\n`));
	t.notRegex(given_, /runner-secret/v);
	t.notRegex(readFileSync(path.join(folder, 'environment'), 'utf8'), /GITHUB_TOKEN|HETZNER_TOKEN|runner-secret/v);
	t.notRegex(readFileSync(path.join(folder, 'hello'), 'utf8'), /runner-secret/v);
	t.regex(readFileSync(path.join(folder, 'input'), 'utf8'), /^export GITHUB_RUNNER_TOKEN='runner-secret'$/mv);
	t.is(readFileSync(path.join(known, '42'), 'utf8'), `${server.name} ssh-ed25519 ${'B'.repeat(68)} own\n`, 'from now on its own key');
	t.false(readFileSync(path.join(known, '42'), 'utf8').includes(made?.publicKey ?? 'made'));
});

test('a server whose key nobody knew beforehand gets a secret only where the settings say so', async t => {
	const script = `${readUntil('main')}; echo "@answered fresh 1"; ${readUntil('hrt_start </dev/null')}; echo "@ended startup 0 1"`;
	const wary = given(script);
	t.like(await all(wary.shell), [{news: 'lost', kind: 'unknownHostKey'}]);
	t.notRegex(readFileSync(path.join(wary.folder, 'input'), 'utf8'), /runner-secret/v);
	const told = given(script, {acceptsUnknownHostKey: true});
	t.like(await all(told.shell), [{news: 'answered', isResumed: false}, {news: 'ended', exitCode: 0}]);
	t.regex(readFileSync(path.join(told.folder, 'input'), 'utf8'), /runner-secret/v);
});

test('a second session asks for the lines after those received', async t => {
	const {shell, folder} = given(String.raw`${readUntil('main')}
if [ -e second ]; then printf '@answered resumed 9\n| three\n@ended startup 0 9\n'; exit 0; fi
touch second; printf '@answered resumed 1\n@step setup\n| two\n'; exit 255`);
	t.like((await all(shell)).at(-1), {news: 'lost', kind: 'unreachable'});
	t.deepEqual((await all(shell)).slice(1, 2), [{news: 'line', text: 'three'}]);
	t.deepEqual(readFileSync(path.join(folder, 'input'), 'utf8').match(/^HRT_FOLLOW_FROM=.*$/gmv), ['HRT_FOLLOW_FROM=\'0\'', 'HRT_FOLLOW_FROM=\'2\'']);
	await shell.forget(server);
	await all(shell);
	t.is(readFileSync(path.join(folder, 'input'), 'utf8').match(/^HRT_FOLLOW_FROM=.*$/gmv)?.at(-1), 'HRT_FOLLOW_FROM=\'0\'');
});

test('why a session was lost is told by ssh’s words', async t => {
	const cases: ReadonlyArray<readonly [string, SetUpNews]> = [
		['ssh: connect to host 203.0.113.10 port 22: Connection refused', {news: 'lost', kind: 'unreachable', answer: 'ssh: connect to host 203.0.113.10 port 22: Connection refused'}],
		['root@203.0.113.10: Permission denied (publickey).', {news: 'lost', kind: 'refusedKey', answer: 'root@203.0.113.10: Permission denied (publickey).'}],
		['@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\n@@@\nHost key verification failed.', {news: 'lost', kind: 'changedHostKey', answer: 'its host key is another than before'}],
		['', {news: 'lost', kind: 'unreachable', answer: 'the connection broke off'}],
	];
	for (const [said, news] of cases) {
		const {shell} = given(String.raw`printf '%s\n' '${said}' >&2; exit 255`); // The script is never read: the pipe breaks.
		t.deepEqual(await all(shell), [news]);
	}
});

test('a machine without ssh is told which package is missing', async t => {
	const shell = createShell({stateDirectory: temporaryFolder('shell'), sshProgram: '/nowhere/ssh', followProgram: ''});
	t.deepEqual(await all(shell), [{news: 'lost', kind: 'unreachable', answer: 'the ssh client is missing: install openssh-client'}]);
});

test('a host that answers in another way has ended', async t => {
	const {shell} = given('echo "This account is currently not available."; exit 1');
	t.deepEqual(await all(shell), [{news: 'line', text: 'This account is currently not available.'}, {
		news: 'ended', exitCode: 1, script: 'startup', secondsAgo: 0,
	}]);
});

test('what a login says on standard error before it ends is told: nothing else says why', async t => {
	const {shell} = given('echo "Password change required but no TTY available." >&2; exit 1');
	t.like(await all(shell), [{news: 'line', text: 'Password change required but no TTY available.'}, {news: 'ended', exitCode: 1}]);
});

test('an abort ends ssh, one that does not want to go, too', async t => {
	const {shell, folder} = given('trap "" TERM; echo $$ >pid; echo "@answered resumed 1"; while :; do sleep 0.05; done');
	const leave = new AbortController();
	const news = shell.setUp(request, leave.signal)[Symbol.asyncIterator]();
	t.like(await news.next(), {value: {news: 'answered'}});
	leave.abort(new Error('stopping'));
	await t.throwsAsync(news.next(), {message: 'stopping'});
	t.false(existsSync(`/proc/${readFileSync(path.join(folder, 'pid'), 'utf8').trim()}`));
});

test('a consumer that leaves ends ssh', async t => {
	const {shell, folder} = given('echo $$ >pid; echo "@answered resumed 1"; exec sleep 100');
	const news = shell.setUp(request, new AbortController().signal)[Symbol.asyncIterator]();
	t.like(await news.next(), {value: {news: 'answered'}});
	await news.return?.();

	t.false(existsSync(`/proc/${readFileSync(path.join(folder, 'pid'), 'utf8').trim()}`));
});

test('a flood of output without a line’s end is held back, not kept', async t => {
	const {shell} = given(String.raw`read -r _; printf "@answered resumed 1\n| "; head -c 100000000 /dev/zero | tr "\0" x; printf "\n@ended startup 0 1\n"`);
	const before = process.memoryUsage().rss;
	const news = await all(shell);
	t.is(news.length, 3);
	t.is(news[1]?.news === 'line' ? news[1].text.length : 0, 8190);
	t.true(process.memoryUsage().rss - before < 80_000_000);
});

test('a login by hand uses the same key and the same host key', t => {
	const command = interactiveCommand({stateDirectory: '/state', privateKeyFile: '/key', port: 2222}, {server, ip: '203.0.113.10'});
	t.deepEqual(command.slice(0, 9), ['ssh', '-t', '-F', 'none', '-p', '2222', '-i', '/key', '-o']);
	t.is(command.at(-1), 'root@203.0.113.10');
	t.false(command.includes('BatchMode=yes'));
});
