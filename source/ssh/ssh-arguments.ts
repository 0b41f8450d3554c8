import {join} from 'node:path';
import {isServerName} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';

export type SshOptions = {
	/**
	Undefined: the agent's keys.
	*/
	readonly privateKeyFile?: string | undefined;
	/**
	The public key that servers accept, in a file: of the agent's keys only that one is offered, as servers hang up after six.
	*/
	readonly publicKeyFile?: string | undefined;
	/**
	@default 22
	*/
	readonly port?: number | undefined;
	/**
	Folder of ours for host keys; made with mode 0700 when it is not there.
	*/
	readonly stateDirectory: string;
	/**
	Seconds until a host that does not answer counts as unreachable.
	@default 10
	*/
	readonly connectTimeoutSeconds?: number | undefined;
	/**
	@default 'ssh'
	*/
	readonly sshProgram?: string | undefined;
	/**
	Whether a server whose host key was not known beforehand (its image has no cloud-init) gets scripts and registration all the same.
	*/
	readonly acceptsUnknownHostKey?: boolean | undefined;
};

/**
How far the host key of a session is trusted: it must be the one in that file, or the first one seen is written there.
*/
export type HostKeyCheck = {readonly file: string; readonly strict: 'yes' | 'accept-new'};

export type SshTarget = {readonly server: Pick<Server, 'id' | 'name'>; readonly ip: string};

/**
The file that holds the host key of one server, for its life. Addresses are used again by other servers, ids are not.
*/
export function knownHostsFile(options: SshOptions, server: Pick<Server, 'id'>): string {
	return join(options.stateDirectory, 'known_hosts', String(server.id));
}

/**
The file of the public key that servers accept, for a login with an agent.
*/
export function agentKeyFile({stateDirectory}: SshOptions): string {
	return join(stateDirectory, 'login-key.pub');
}

/**
The name under which a server's key stands in that file: nothing that would be a pattern or a word of its own there.
*/
export function hostAlias({id, name}: Pick<Server, 'id' | 'name'>): string {
	return isServerName(name) ? name : `server-${id}`;
}

/**
Arguments of ssh for a session without a terminal that runs `bash -s`.
*/
export function batchArguments(options: SshOptions, target: SshTarget, check: HostKeyCheck): readonly string[] {
	return ['-T', '-o', 'BatchMode=yes', ...commonArguments(options, target, check), 'bash -s'];
}

/**
What to run for a login on a server by hand: program and arguments.
*/
export function interactiveCommand(options: SshOptions, target: SshTarget): readonly string[] {
	return [options.sshProgram ?? 'ssh', '-t', ...commonArguments(options, target, {file: knownHostsFile(options, target.server), strict: 'accept-new'})];
}

// The client takes the first value of an option, and none of the user's own files: `-F none`. The key is filed under the server's name,
// so that another address does not make another key welcome.
function commonArguments(options: SshOptions, target: SshTarget, check: HostKeyCheck): readonly string[] {
	const {port = 22, connectTimeoutSeconds = 10} = options;
	return [
		'-F',
		'none',
		'-p',
		String(port),
		...identityArguments(options),
		...[
			`StrictHostKeyChecking=${check.strict}`,
			`UserKnownHostsFile=${quoteOption(check.file)}`,
			'GlobalKnownHostsFile=/dev/null',
			'UpdateHostKeys=no',
			`HostKeyAlias=${hostAlias(target.server)}`,
			'PreferredAuthentications=publickey',
			`ConnectTimeout=${connectTimeoutSeconds}`,
			'ServerAliveInterval=15',
			'ServerAliveCountMax=3',
			'LogLevel=ERROR',
		].flatMap(option => ['-o', option]),
		`root@${target.ip}`,
	];
}

// Without a file of its own: the agent's key of that public half, then the files that ssh tries by itself.
function identityArguments({privateKeyFile, publicKeyFile}: SshOptions): readonly string[] {
	if (privateKeyFile !== undefined) {
		return ['-i', privateKeyFile, '-o', 'IdentitiesOnly=yes'];
	}

	return publicKeyFile === undefined
		? []
		: ['IdentitiesOnly=yes', `IdentityFile=${quoteOption(publicKeyFile)}`, ...['ed25519', 'ecdsa', 'rsa'].map(type => `IdentityFile=~/.ssh/id_${type}`)].flatMap(option => ['-o', option]);
}

// The client splits this option's value at spaces and knows % as the start of a token.
function quoteOption(path: string): string {
	return `"${path.replaceAll('%', '%%')}"`;
}
