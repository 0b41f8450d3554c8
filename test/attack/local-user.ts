// Another user of a machine: makes folders and sockets where an engine or a console will look, and names that a shell would run.
import {spawn, spawnSync} from 'node:child_process';
import {
	chmodSync, chownSync, existsSync, mkdirSync, rmSync,
} from 'node:fs';
import {createServer} from 'node:net';
import {once} from 'node:events';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {openSshTunnel} from '../../source/remote/ssh-tunnel.ts';
import {isSocketPath, quoteRemote} from '../../source/remote/quote.ts';
import {findEngines, makeFolder, ownFolders} from '../../source/remote/sockets.ts';
import {needs} from '../support/needs.ts';
import {
	freePort, keygen, startSshd, stopSshd,
} from '../support/sshd.ts';
import {oddText, seeded} from '../support/seeded.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const asRoot = needs('root');
const judged = needs('root', 'ssh', 'ssh-keygen', 'sshd');
const nobody = 65_534;

test('a word reaches the command of another machine as it is, or not at all, whatever the login shell', t => {
	const random = seeded(11);
	const words = ['', 'gh-actions-runner-7-70', '$(touch PWNED)', '`touch PWNED`', '; touch PWNED', '*', '~', '=ls', '#', 'a b', '"', '{a,b}', '$HOME', '%1', '(id)', '^a', '|', '&', '<', '\t', ...Array.from({length: 300}, () => oddText(random, 20))];
	const folder = temporaryFolder('words');
	const shells = ['sh', 'bash', 'fish', 'tcsh'].filter(shell => spawnSync(shell, ['-c', 'true']).status === 0);
	t.true(shells.includes('sh'));
	for (const shell of shells) {
		for (const word of words) {
			let written: string;
			try {
				written = quoteRemote(word);
			} catch {
				t.regex(word, /[\p{Control}!'\\]/v);
				continue;
			}

			const ran = spawnSync(shell, ['-c', `printf %s ${written}`], {cwd: folder, encoding: 'utf8', env: {PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8'}});
			t.is(ran.stdout, word.replaceAll(/\p{Surrogate}/gv, '\u{FFFD}'), `${shell}: ${JSON.stringify(word)} as ${written}`);
		}
	}

	t.false(existsSync(path.join(folder, 'PWNED')));
});

test('what another machine lists is a path and nothing else', t => {
	for (const good of ['/run/hetzner-runners-tui/acme+widgets.sock', '/tmp/hetzner-runners-tui-0/a.b_c-d.sock']) {
		t.true(isSocketPath(good));
	}

	for (const bad of ['/tmp/a:/b.sock', '/tmp/../a.sock', 'a.sock', '/tmp/a b.sock', '/tmp/$(id).sock', '/tmp/a.sock\r', '/tmp/%h.sock', '']) {
		t.false(isSocketPath(bad), `${bad} is one`);
	}
});

async function socketOf(t: ExecutionContext, folder: string, owner: number, mode: number): Promise<{readonly asked: () => number}> {
	mkdirSync(folder, {recursive: true});
	let asked = 0;
	const server = createServer(socket => {
		asked++;
		socket.destroy();
	}).listen(path.join(folder, 'acme+widgets.sock'));
	await once(server, 'listening');
	chmodSync(path.join(folder, 'acme+widgets.sock'), 0o777);
	chmodSync(folder, mode);
	chownSync(folder, owner, owner);
	t.teardown(() => {
		server.close();
	});
	return {asked: () => asked};
}

const repository = {owner: 'acme', name: 'widgets'};

asRoot('a folder of somebody else, or one that others may write to, is asked for no engine', async t => {
	for (const [owner, mode] of [[nobody, 0o755], [0, 0o777], [0, 0o775]] as const) {
		const folder = path.join(temporaryFolder('squat'), 'hetzner-runners-tui-0');
		const {asked} = await socketOf(t, folder, owner, mode);
		t.deepEqual(await findEngines({
			environment: {}, version: '1.0.0', repository, folders: [folder],
		}), []);
		t.is(asked(), 0, `owner ${owner}, mode ${mode.toString(8)}`);
	}
});

asRoot('an engine whose folder somebody else has made serves in another one', t => {
	const folder = temporaryFolder('squat');
	const [squatted = '', own = ''] = ['tmp', 'state'].map(name => path.join(folder, name));
	mkdirSync(squatted);
	chownSync(squatted, nobody, nobody);
	t.is(makeFolder([squatted, own]), own);
	t.throws(() => makeFolder([squatted]), {message: /others may write there/v});
	t.deepEqual(ownFolders({HOME: '/home/anna'}).length, 2);
	rmSync(folder, {recursive: true});
});

test('the signal that starts Node’s debugger starts nothing, and ends nothing', async t => {
	const child = spawn(process.execPath, ['--inspect-port=127.0.0.1:0', 'bin.js', 'simulator'], {stdio: ['ignore', 'pipe', 'pipe'], env: {PATH: process.env.PATH, HOME: temporaryFolder('signal')}});
	let said = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		said += text;
	});
	await once(child.stdout, 'data'); // It runs.
	for (let turn = 0; turn < 5; turn++) {
		child.kill('SIGUSR1');
	}

	child.kill('SIGTERM');
	await once(child, 'close');
	t.notRegex(said, /Debugger listening/v);
	t.not(child.signalCode, 'SIGUSR1');
});

judged('over ssh no socket is listed that lies in a folder of somebody else; a greeting and a RemoteCommand change nothing', async t => {
	const folder = temporaryFolder('far');
	keygen(path.join(folder, 'host_key'));
	keygen(path.join(folder, 'key'));
	const port = await freePort();
	const sshd = await startSshd(folder, port, undefined, [`SetEnv XDG_STATE_HOME=${folder}/state XDG_RUNTIME_DIR=${folder}/runtime`]);
	t.teardown(async () => stopSshd(sshd));
	const state = path.join(folder, 'state', 'hetzner-runners-tui');
	const runtime = path.join(folder, 'runtime', 'hetzner-runners-tui');
	await socketOf(t, path.join(state, 'run'), 0, 0o700);
	await socketOf(t, runtime, nobody, 0o755);
	const forward = await openSshTunnel('root@127.0.0.1', [
		'-F',
		'none',
		'-p',
		String(port),
		'-i',
		path.join(folder, 'key'),
		'-o',
		'StrictHostKeyChecking=no',
		'-o',
		`UserKnownHostsFile=${folder}/known_hosts`,
		'-o',
		'LogLevel=ERROR',
		'-o',
		'RemoteCommand=touch PWNED',
		'-o',
		'RequestTTY=yes',
	]);
	t.deepEqual(forward.sockets, [path.join(state, 'run', 'acme+widgets.sock')]);
	t.throws(() => forward.command(['ssh', 'it\'s']), {message: /nothing that can be told/v});
	await forward.close();
});
