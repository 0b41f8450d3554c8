import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {setTimeout as pause} from 'node:timers/promises';
import {withoutSecrets} from '../model/environment.ts';
import {RemoteError} from './ask.ts';
import {isSocketPath, quoteRemote} from './quote.ts';

/**
How long a lost connection is left alone before it is opened anew, milliseconds.
*/
const retryMilliseconds = 2000;

/**
Prints every engine's socket of that machine that its user may use, behind a mark
that no login's handshake has. It comes to a shell's input, so that the login shell
reads none of it; a fixed text: nothing of ours or of anyone's goes into it. A
folder counts when it is no link, belongs to this user or root, and nobody else may
write there; that of the service lies in /run, where only root makes folders.
*/
const listSockets = `is_safe() {
	[ -d "$1" ] && [ ! -L "$1" ] || return 1
	[ "$1" = /run/hetzner-runners-tui ] && return 0
	set -- $(LC_ALL=C ls -ldn "$1/")
	case $1 in ?????w* | ????????w*) return 1 ;; esac
	[ "$3" = 0 ] || [ "$3" = "$(id -u)" ]
}
for d in /run/hetzner-runners-tui "\${XDG_RUNTIME_DIR:-/nowhere}/hetzner-runners-tui" "\${TMPDIR:-/tmp}/hetzner-runners-tui-$(id -u)" "\${XDG_STATE_HOME:-$HOME/.local/state}/hetzner-runners-tui/run"; do
	is_safe "$d" || continue
	for s in "$d"/*.sock; do [ -S "$s" ] && [ -w "$s" ] && echo "hetzner-runners-tui-socket:$s"; done
done
`;
const socketMark = 'hetzner-runners-tui-socket:';

export type SshTunnel = {
	/**
	Sockets of engines on the other machine.
	*/
	readonly sockets: readonly string[];
	/**
	Brings one of them here; answers where. It is brought again when the connection was lost.
	*/
	readonly bring: (remotePath: string) => Promise<string>;
	/**
	What opens a command on the other machine, in the same connection: program
	and arguments. Throws Error on a word that no shell there can be told.
	*/
	readonly command: (words: readonly string[]) => readonly string[];
	readonly close: () => Promise<void>;
};

/**
A connection to `user@server` by the system's ssh, with its settings, agents and
questions (those go to the terminal). Throws LinkError with ssh's own words.
*/
export async function openSshTunnel(host: string, sshArguments: readonly string[] = []): Promise<SshTunnel> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-link-'));
	const control = path.join(folder, 'ssh');
	const local = path.join(folder, 'engine.sock');
	// A RemoteCommand of the user's settings would take the place of what is asked for here.
	const shared = ['-o', 'RemoteCommand=none', ...sshArguments, '-S', control];
	const closed = new AbortController();
	let remote: string | undefined;
	let connection: ChildProcess;
	try {
		connection = await openConnection(host, shared, control);
	} catch (error) {
		await rm(folder, {recursive: true, force: true});
		throw error;
	}

	const forward = async (remotePath: string) => {
		await rm(local, {force: true});
		await run('ssh', [...shared, '-O', 'forward', '-L', `${local}:${remotePath}`, '--', host]);
	};

	// True when the connection stands again.
	const reopen = async (): Promise<boolean> => {
		await pause(retryMilliseconds);
		try {
			connection = await openConnection(host, ['-o', 'BatchMode=yes', ...shared], control);
			if (remote !== undefined) {
				await forward(remote);
			}

			return true;
		} catch {
			connection.kill(); // The console says that the engine does not answer; the next try comes.
			return false;
		}
	};

	const keepUp = async () => {
		while (!closed.signal.aborted) {
			await endOf(connection);
			while (!closed.signal.aborted && !await reopen()) {
				// Until it stands again.
			}
		}
	};

	void keepUp();
	const listed = await run('ssh', ['-T', ...shared, '--', host, 'sh'], listSockets);
	return {
		sockets: listed.split('\n').filter(line => line.startsWith(socketMark)).map(line => line.slice(socketMark.length)).filter(line => isSocketPath(line)),
		async bring(remotePath) {
			remote = remotePath;
			await forward(remotePath);
			return local;
		},
		command: words => ['ssh', '-t', ...shared, '--', host, words.map(word => quoteRemote(word)).join(' ')],
		async close() {
			closed.abort();
			connection.kill();
			await rm(folder, {recursive: true, force: true});
		},
	};
}

async function endOf(child: ChildProcess): Promise<void> {
	if (child.exitCode === null && child.signalCode === null) {
		await once(child, 'close');
	}
}

// Resolves when the connection stands: ssh makes the control socket then.
async function openConnection(host: string, shared: readonly string[], control: string): Promise<ChildProcess> {
	await rm(control, {force: true});
	const child = spawn('ssh', ['-o', 'ServerAliveInterval=10', '-o', 'ServerAliveCountMax=3', '-M', '-N', '-T', ...shared, '--', host], {stdio: ['ignore', 'ignore', 'pipe'], env: withoutSecrets(process.env)});
	let said = '';
	child.stderr.setEncoding('utf8').on('data', (words: string) => {
		said = `${said}${words}`.slice(-2000);
	});
	const ended = Promise.withResolvers<never>();
	child.once('error', error => {
		ended.reject(new RemoteError(`ssh could not be started: ${error.message}`));
	});
	child.once('close', () => {
		ended.reject(new RemoteError(`ssh to ${host} failed: ${said.trim().split('\n').at(-1) ?? 'it said nothing'}`));
	});
	ended.promise.catch(() => undefined);
	while (!existsSync(control)) {
		await Promise.race([pause(50), ended.promise]);
	}

	return child;
}

async function run(program: string, argv: readonly string[], input = ''): Promise<string> {
	const child = spawn(program, argv, {stdio: 'pipe', env: withoutSecrets(process.env)});
	child.stdin.on('error', () => undefined); // Whoever ends before it has read everything says why on standard error.
	child.stdin.end(input);
	const code = new Promise<number | undefined>(resolve => {
		child.once('close', number => {
			resolve(number ?? undefined);
		});
	});
	const [out, said, ended] = await Promise.all([text(child.stdout), text(child.stderr), code]);
	if (ended !== 0) {
		throw new RemoteError(`ssh failed: ${said.trim().split('\n').at(-1) ?? ''}`);
	}

	return out;
}
