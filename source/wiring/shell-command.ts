import {existsSync} from 'node:fs';
import path from 'node:path';
import type {Server} from '../model/server.ts';
import type {Settings} from '../settings/read.ts';
import {agentKeyFile, interactiveCommand, type SshOptions} from '../ssh/ssh-arguments.ts';

/** How the settings say that servers are reached. */
export function sshOptionsOf(settings: Settings, stateFolder: string): SshOptions {
	return {
		privateKeyFile: settings.sshPrivateKey, port: settings.sshPort, stateDirectory: path.join(stateFolder, 'ssh'), acceptsUnknownHostKey: settings.acceptUnknownHostKeys,
	};
}

/** What opens a shell on a server, program and arguments; undefined while it has no address. */
export function shellCommand(settings: Settings, stateFolder: string): (server: Server) => readonly string[] | undefined {
	const options = sshOptionsOf(settings, stateFolder);
	return server => {
		const publicKeyFile = agentKeyFile(options);
		return server.ip === undefined ? undefined : interactiveCommand({...options, publicKeyFile: existsSync(publicKeyFile) ? publicKeyFile : undefined}, {server, ip: server.ip});
	};
}
