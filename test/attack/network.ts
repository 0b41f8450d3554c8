// Whoever sits between the engine and a new server, or has taken over a server's address: a real sshd that lets everybody in and keeps
// all that it is sent.
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {readFollowProgram} from '../../source/host-scripts/find.ts';
import type {JobId, RunId} from '../../source/model/job.ts';
import {serverNameFor} from '../../source/model/server-name.ts';
import type {ServerId} from '../../source/model/server.ts';
import type {SetUpRequest} from '../../source/scaler/ports.ts';
import {createShell} from '../../source/ssh/shell.ts';
import {collect} from '../support/collect.ts';
import {needs} from '../support/needs.ts';
import {
	freePort, giveHostKey, keygen, startSshd, stopSshd,
} from '../support/sshd.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const judged = needs('root', 'ssh', 'ssh-keygen', 'sshd');
const server = {id: 42 as ServerId, name: serverNameFor({id: 70 as JobId, runId: 7 as RunId}, new Set())};
const never = new AbortController().signal;

async function given(program: string) {
	const folder = temporaryFolder('network');
	for (const name of ['key', 'thief_key']) {
		keygen(path.join(folder, name));
	}

	const port = await freePort();
	const options = {
		port, stateDirectory: path.join(folder, 'state'), privateKeyFile: path.join(folder, 'key'), followProgram: `HRT_STATE='${folder}/host'\nHRT_SSH_FOLDER='${folder}/ssh'\n${program}`,
	};
	let asked = 0;
	const request: SetUpRequest = {
		server, ip: '127.0.0.1', maxSetupSeconds: 60, async start() {
			asked++;
			return {setupScript: 'echo set up', startupScript: 'echo started', variables: {GITHUB_RUNNER_TOKEN: 'runner-secret'}};
		},
	};
	return {
		folder, port, options, request, asked: () => asked,
	};
}

judged('a thief of the address, who has no key of ours, gets neither scripts nor registration, and the true server does afterwards', async t => {
	const {folder, port, options, request, asked} = await given(await readFollowProgram());
	const shell = createShell(options);
	const hostKey = path.join(folder, 'ssh', 'ssh_host_ed25519_key');
	giveHostKey(await shell.prepareHostKey(server.name), hostKey);
	const thief = await startSshd(folder, port, path.join(folder, 'thief_key'));
	t.like(await collect(shell.setUp(request, never)), [{news: 'lost', kind: 'unknownHostKey'}]);
	t.is(asked(), 0);
	await stopSshd(thief);
	const sshd = await startSshd(folder, port, hostKey);
	const after = createShell(options); // A restart of the engine forgets nothing of it.
	t.like((await collect(after.setUp(request, never))).at(-1), {news: 'ended', exitCode: 0});
	t.is(asked(), 1);
	await stopSshd(sshd);
	const again = await startSshd(folder, port, path.join(folder, 'thief_key'));
	t.like(await collect(after.setUp(request, never)), [{news: 'lost', kind: 'changedHostKey'}]);
	await stopSshd(again);
});

judged('the key that cloud-init was given, which every job can read, opens nothing once the scripts run', async t => {
	const {folder, port, options, request} = await given(await readFollowProgram());
	const shell = createShell(options);
	const hostKey = path.join(folder, 'ssh', 'ssh_host_ed25519_key');
	const stolen = path.join(folder, 'stolen_key');
	giveHostKey(await shell.prepareHostKey(server.name), hostKey);
	writeFileSync(stolen, readFileSync(hostKey), {mode: 0o600});
	const sshd = await startSshd(folder, port, hostKey);
	t.like((await collect(shell.setUp(request, never))).at(-1), {news: 'ended', exitCode: 0});
	await stopSshd(sshd);
	const thief = await startSshd(folder, port, stolen);
	t.like(await collect(shell.setUp(request, never)), [{news: 'lost', kind: 'changedHostKey'}]);
	await stopSshd(thief);
});

judged('a server that asks for its registration again and again in one session gets it once', async t => {
	const {folder, port, options, request, asked} = await given('for i in 1 2 3 4 5; do echo "@answered fresh 1"; done; sleep 0.2; echo "@ended setup 1 1"; exit 1\n');
	const shell = createShell(options);
	const hostKey = path.join(folder, 'ssh', 'ssh_host_ed25519_key');
	giveHostKey(await shell.prepareHostKey(server.name), hostKey);
	const sshd = await startSshd(folder, port, hostKey);
	await collect(shell.setUp(request, never));
	t.is(asked(), 1);
	await stopSshd(sshd);
});

judged('six servers whose scripts print without end cost no memory beyond what is read at a time', async t => {
	const {folder, port, options, request} = await given('echo "@answered fresh 1"; yes "$(printf \'@step setup\\n@step startup\\n| hello\')"\n');
	const shell = createShell(options);
	const hostKey = path.join(folder, 'ssh', 'ssh_host_ed25519_key');
	giveHostKey(await shell.prepareHostKey(server.name), hostKey);
	const sshd = await startSshd(folder, port, hostKey);
	t.teardown(async () => stopSshd(sshd));
	const before = process.memoryUsage().rss;
	const lines = await Promise.all(Array.from({length: 6}, async () => {
		let count = 0;
		for await (const news of shell.setUp(request, never)) {
			count += news.news === 'line' || news.news === 'step' ? 1 : 0;
			if (count === 5000) {
				break;
			}
		}

		return count;
	}));
	t.deepEqual(lines, lines.map(() => 5000));
	t.true(process.memoryUsage().rss - before < 150_000_000);
});
