import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {readFollowProgram} from '../../source/host-scripts/find.ts';
import type {JobId, RunId} from '../../source/model/job.ts';
import type {ServerId} from '../../source/model/server.ts';
import {serverNameFor} from '../../source/model/server-name.ts';
import type {SetUpNews, SetUpRequest, Shell} from '../../source/scaler/ports.ts';
import {createShell} from '../../source/ssh/shell.ts';
import {collect} from '../support/collect.ts';
import {needs} from '../support/needs.ts';
import {
	freePort, giveHostKey, keygen, keyShownAt, startSshd, stopSshd,
} from '../support/sshd.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

// A real OpenSSH server on loopback as the judge.
const server = {id: 42 as ServerId, name: serverNameFor({id: 70 as JobId, runId: 7 as RunId}, new Set())};

const judged = needs('root', 'ssh', 'ssh-keygen', 'sshd');

async function all(shell: Shell, request: SetUpRequest): Promise<readonly SetUpNews[]> {
	return collect(shell.setUp(request, new AbortController().signal));
}

judged('scripts run on a real sshd: followed, resumed after a break, host key pinned', async t => {
	const folder = temporaryFolder('sshd');
	for (const name of ['key', 'other_key']) {
		keygen(path.join(folder, name));
	}

	const port = await freePort();
	const prefix = `HRT_STATE='${folder}/host state'\nHRT_SSH_FOLDER='${folder}/ssh'\n`;
	const options = {port, stateDirectory: path.join(folder, 'state'), followProgram: prefix + await readFollowProgram()};
	const shell = createShell({...options, privateKeyFile: path.join(folder, 'key')});
	const hostKey = path.join(folder, 'ssh', 'ssh_host_ed25519_key');
	const made = giveHostKey(await shell.prepareHostKey(server.name), hostKey);
	// Of another engine of this user, whose create call comes second: Hetzner refuses it, and the first key is the server's.
	await shell.prepareHostKey(server.name);
	let sshd = await startSshd(folder, port, hostKey);
	const hostile = 'x\'; touch PWNED; echo \'$(touch PWNED)`touch PWNED`\n😀';
	const request: SetUpRequest = {
		server, ip: '127.0.0.1', maxSetupSeconds: 60, start: async () => ({
			setupScript: 'echo "set up"; echo error >&2',
			startupScript: `echo one; while [ ! -e '${folder}/go' ]; do sleep 0.05; done; printf '%s' "$LABELS" >'${folder}/labels'; echo two; exit 3`,
			variables: {LABELS: hostile},
		}),
	};

	const before: SetUpNews[] = [];
	for await (const news of shell.setUp(request, new AbortController().signal)) {
		before.push(news);
		if (news.news === 'line' && news.text === 'one') {
			break; // The connection breaks off in the middle of the startup script.
		}
	}

	t.deepEqual(before, [
		{news: 'answered', isResumed: false},
		{news: 'step', script: 'setup'},
		{news: 'line', text: 'set up'},
		{news: 'line', text: 'error'},
		{news: 'step', script: 'startup'},
		{news: 'line', text: 'one'},
	]);
	writeFileSync(path.join(folder, 'go'), '');
	t.like(await all(shell, request), [{news: 'answered', isResumed: true}, {news: 'line', text: 'two'}, {news: 'ended', exitCode: 3, script: 'startup'}]);
	t.is(readFileSync(path.join(folder, 'labels'), 'utf8'), hostile);

	t.not(readFileSync(`${hostKey}.pub`, 'utf8').split(' ', 2)[1], made.split(' ', 2)[1], 'the key that cloud-init was given is no host’s any more');
	t.is(await keyShownAt(port), readFileSync(`${hostKey}.pub`, 'utf8').split(' ', 2)[1], 'sshd shows its own');

	const stranger = createShell({...options, stateDirectory: path.join(folder, 'state2'), privateKeyFile: path.join(folder, 'other_key')});
	t.like(await all(stranger, request), [{news: 'lost', kind: 'refusedKey'}]);

	await stopSshd(sshd);
	t.like(await all(shell, request), [{news: 'lost', kind: 'unreachable'}]);
	keygen(hostKey);
	sshd = await startSshd(folder, port, hostKey);
	t.like(await all(shell, request), [{news: 'lost', kind: 'changedHostKey'}]);
	await shell.forget(server);
	t.like((await all(shell, request)).at(-1), {news: 'ended', exitCode: 3});
	await stopSshd(sshd);
});
