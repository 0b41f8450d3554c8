import {execFile} from 'node:child_process';
import {
	appendFile, mkdir, mkdtemp, readFile, rename, rm, writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {promisify} from 'node:util';
import {isServerName, type ServerName} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import {smallEnvironment} from './environment.ts';
import {hostAlias, knownHostsFile, type SshOptions} from './ssh-arguments.ts';

// The host keys of servers, one file each in a folder of ours, as ssh reads them. The word behind a key says where it comes from:
// "made" by this engine and given to cloud-init, the server's "own" as it told in a session that began under a made one;
// no word: first seen by ssh itself, which proves nothing.

type Target = Pick<Server, 'id' | 'name'>;

/**
What is known of a server's host key before a session.
*/
export type KnownHostKey = 'made' | 'own' | 'seen' | 'none';

/**
Creating a server may be refused many times under one name, with a new key each time.
*/
const mostMadeKeys = 10;

const run = promisify(execFile); // eslint-disable-line @typescript-eslint/strict-void-return

/**
Makes a host key for a server that is about to be created, and remembers its public half under that name. Answers what cloud-init is to be
given (the private half is nowhere else); undefined when this machine has no ssh-keygen.
*/
export async function prepareHostKey(options: SshOptions, name: ServerName): Promise<{
	readonly userData: string;
	readonly publicKey: string;
} | undefined> {
	const parent = path.dirname(knownHostsFile(options, {id: 0 as Server['id']}));
	await mkdir(parent, {recursive: true, mode: 0o700});
	const folder = await mkdtemp(path.join(parent, 'new-'));
	try {
		const file = path.join(folder, 'key');
		await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file], {env: smallEnvironment()});
		const [privateKey, publicText] = await Promise.all([readFile(file, 'utf8'), readFile(`${file}.pub`, 'utf8')]);
		const publicKey = publicText.trim();
		await rememberMade(preparedFile(options, name), `${name} ${publicKey} made\n`);
		return {userData: userDataFor(privateKey, publicKey), publicKey};
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
			return undefined;
		}

		throw error;
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

// Beside those made for that name before: another engine that shares the folder may be creating the server at this moment, and its key is
// the one that will answer.
async function rememberMade(file: string, line: string): Promise<void> {
	const before = await textOf(file);
	await (before.split('\n').length > mostMadeKeys ? writeFile(file, line, {mode: 0o600}) : appendFile(file, line, {mode: 0o600}));
}

// JSON is YAML. No account waits for a new password: an image that expires root's would refuse every command.
function userDataFor(privateKey: string, publicKey: string): string {
	return `#cloud-config\n${JSON.stringify({
		chpasswd: {expire: false},
		ssh_keys: {ed25519_private: privateKey, ed25519_public: publicKey},
	}, undefined, 1)}\n`;
}

/**
What is known of that server's host key. A key prepared under its name is filed under its id by this.
*/
export async function knownHostKey(options: SshOptions, server: Target): Promise<KnownHostKey> {
	const file = knownHostsFile(options, server);
	const before = await textOf(file);
	if (before === '' && isServerName(server.name)) {
		await rename(preparedFile(options, server.name), file).catch(() => undefined); // None was prepared: not made by this engine.
	}

	const text = before === '' ? await textOf(file) : before;
	if (text === '') {
		return 'none';
	}

	return / made$/mv.test(text) ? 'made' : (/ own$/mv.test(text) ? 'own' : 'seen');
}

/**
The server's own key stands beside the one made for it: either may answer until `dropMadeKey`.
*/
export async function addOwnKey(options: SshOptions, server: Target, hostKey: string): Promise<void> {
	const file = knownHostsFile(options, server);
	const others = (await textOf(file)).split('\n').filter(line => line !== '' && !line.endsWith(' own'));
	await replace(file, [...others, `${hostAlias(server)} ${hostKey} own`]);
}

/**
From now on only the server's own key is taken, once there is one.
*/
export async function dropMadeKey(options: SshOptions, server: Target): Promise<void> {
	const file = knownHostsFile(options, server);
	const own = (await textOf(file)).split('\n').filter(line => line.endsWith(' own'));
	if (own.length > 0) {
		await replace(file, own);
	}
}

/**
Forgets all keys of a server.
*/
export async function forgetHostKeys(options: SshOptions, server: Target): Promise<void> {
	const file = knownHostsFile(options, server);
	await Promise.all([file, `${file}.old`, seenFile(options, server)].map(async each => rm(each, {force: true}))); // ".old" is ssh's own backup.
}

/**
Where the first key is written that a server shows instead of the one made for it.
*/
export function seenFile(options: SshOptions, server: Target): string {
	return `${knownHostsFile(options, server)}.seen`;
}

function preparedFile(options: SshOptions, name: ServerName): string {
	if (!isServerName(name)) {
		throw new Error('a server of ours never has that name'); // It would be a path.
	}

	return path.join(path.dirname(knownHostsFile(options, {id: 0 as Server['id']})), `${name}.made`);
}

async function textOf(file: string): Promise<string> {
	return readFile(file, 'utf8').catch(() => '');
}

async function replace(file: string, lines: readonly string[]): Promise<void> {
	await writeFile(`${file}.new`, `${lines.join('\n')}\n`, {mode: 0o600});
	await rename(`${file}.new`, file);
}
