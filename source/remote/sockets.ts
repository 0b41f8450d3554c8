import {Buffer} from 'node:buffer';
import type * as Crypto from 'node:crypto';
import {lstatSync, mkdirSync, readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {Repository} from '../model/job.ts';
import {requestHandshake, RemoteError} from './ask.ts';
import type {Handshake} from './protocol.ts';

// Where engines serve their sockets: the service in a folder of its own under /run, a person's engine in the folder of that person.

type Environment = Readonly<Record<string, string | undefined>>;

/**
The service's folder. Its unit makes it, for its own user and group.
*/
export const serviceFolder = '/run/hetzner-runners-tui';

/**
The longest path a unix socket may have everywhere (macOS allows 104 bytes with the closing zero), bytes.
*/
const longestPath = 103;
const handshakeMilliseconds = 2000;

/**
The folders in which an engine started now may serve, the best first:
systemd's when it runs as the service, else the person's own; should somebody
else have made that in /tmp, one in the person's state folder.
*/
export function ownFolders(environment: Environment): readonly string[] {
	const [given] = (environment.RUNTIME_DIRECTORY ?? '').split(':', 1);
	if (given !== undefined && given !== '') {
		return [given];
	}

	const {XDG_RUNTIME_DIR: runtime} = environment;
	if (runtime !== undefined && runtime !== '') {
		return [path.join(runtime, 'hetzner-runners-tui')];
	}

	const state = environment.XDG_STATE_HOME ?? (environment.HOME === undefined ? undefined : path.join(environment.HOME, '.local', 'state'));
	return [
		path.join(os.tmpdir(), `hetzner-runners-tui-${process.getuid?.() ?? 'user'}`),
		...state === undefined || !path.isAbsolute(state) ? [] : [path.join(state, 'hetzner-runners-tui', 'run')],
	];
}

/**
Where the engine for a repository serves in that folder. `+` stands for the
slash, as neither name can hold one; a path that would be too long is a digest.
*/
export function socketPathIn(folder: string, repository: Repository): string {
	const name = `${repository.owner}+${repository.name}`.toLowerCase();
	const whole = path.join(folder, `${name}.sock`);
	if (Buffer.byteLength(`${whole}.new`) <= longestPath) {
		return whole;
	}

	const {createHash} = createRequire(import.meta.url)('node:crypto') as typeof Crypto; // Seldom needed, and 4 ms to load.
	return path.join(folder, `${createHash('sha256').update(name).digest('hex').slice(0, 16)}.sock`);
}

/**
Where those who may only look find the same engine.
*/
export function viewSocketOf(socketPath: string): string {
	return `${socketPath.replace(/\.sock$/v, '')}.view`;
}

/**
The first of these folders that can be made, or is there, and in which nobody else can put a socket. Throws LinkError when none is.
*/
export function makeFolder(folders: readonly string[]): string {
	const safe = folders.find(folder => {
		try {
			mkdirSync(folder, {recursive: true, mode: 0o700});
			return isSafe(folder) || folder === process.env.RUNTIME_DIRECTORY;
		} catch {
			return false;
		}
	});
	if (safe === undefined) {
		throw new RemoteError(`no socket is served: ${folders.join(' and ')} cannot be made, or others may write there`);
	}

	return safe;
}

/*
A folder in which nobody else can have put a socket: no link, this person's or root's, and closed to others' writing. That of the service lies in /run,
where only root makes folders.
*/
function isSafe(folder: string): boolean {
	if (folder === serviceFolder) {
		return true;
	}

	const found = lstatSync(folder, {throwIfNoEntry: false});
	return found?.isDirectory() === true && (found.uid === 0 || found.uid === process.getuid?.()) && (found.mode & 0o022) === 0; // eslint-disable-line no-bitwise
}

export type FoundEngine = {readonly socketPath: string; readonly handshake: Handshake};

/**
Who serves that socket, or the one beside it for those who may only look;
undefined when nobody does. An engine of another version is a LinkError.
*/
export async function engineAt(socketPath: string, version: string): Promise<FoundEngine | undefined> {
	if (lstatSync(socketPath, {throwIfNoEntry: false}) === undefined) {
		return undefined;
	}

	try {
		return {socketPath, handshake: await requestHandshake({socketPath, version, signal: AbortSignal.timeout(handshakeMilliseconds)})};
	} catch (error) {
		const {code} = (error instanceof Error && error.cause instanceof Error ? error.cause : {}) as NodeJS.ErrnoException;
		if (code === 'ECONNREFUSED' || code === 'ENOENT') {
			return undefined; // What an engine that was killed leaves behind.
		}

		if (code === 'EACCES') {
			const view = socketPath.endsWith('.view') ? undefined : await engineAt(viewSocketOf(socketPath), version).catch(() => undefined);
			if (view !== undefined) {
				return view;
			}

			throw new RemoteError(`an engine serves ${socketPath}, but only its group may use it: join that group (see "ls -l ${path.dirname(socketPath)}"), or use sudo`);
		}

		throw error;
	}
}

/**
The living engines of this machine that this person may see: the one for `repository`, or all. Throws LinkError as `engineAt` does.
*/
export async function findEngines(options: {readonly environment: Environment; readonly version: string; readonly repository?: Repository | undefined; readonly folders?: readonly string[]}): Promise<readonly FoundEngine[]> {
	const folders = [...new Set(options.folders ?? [serviceFolder, ...ownFolders(options.environment)])];
	const {repository} = options;
	const sockets = folders.filter(folder => isSafe(folder)).flatMap(folder => repository === undefined ? socketsIn(folder) : [socketPathIn(folder, repository)]);
	const found = await Promise.all(sockets.map(async socket => engineAt(socket, options.version)));
	return found.filter(engine => engine !== undefined);
}

function socketsIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder).filter(name => name.endsWith('.sock')).map(name => path.join(folder, name));
	} catch {
		return [];
	}
}
