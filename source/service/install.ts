import path from 'node:path';
import process from 'node:process';
import {paths, serviceName, unitName} from './paths.ts';
import type {Step} from './steps.ts';
import {unitText} from './unit.ts';

/**
The path to use, where to copy it from if that path is not stable yet, and a sentence for the user.
*/
export type Choice = {readonly path: string; readonly copyOf: string | undefined; readonly says: string};

/**
Everything an installation is made from.
*/
export type InstallFacts = {
	readonly repository: string;
	readonly program: Choice;
	readonly node: Choice;
	readonly settings: Readonly<Record<string, unknown>>;
	/**
	The token, or the private key of a GitHub App, by the name under which systemd passes it on.
	*/
	readonly github: {readonly name: 'github-token' | 'github-app-key-file'; readonly text: string};
	readonly hetznerToken: string;
	/**
	The secrets of --webhook-secret-file.
	*/
	readonly webhookSecret: string | undefined;
	readonly sshPrivateKey: string | undefined;
	/**
	Scripts and log configuration that the settings name: copied, because the service may not be able to read the originals.
	*/
	readonly files: ReadonlyArray<{readonly name: string; readonly text: string}>;
	/**
	Proxy variables as lines for systemd. A proxy's address may contain a password, so only root can read the file.
	*/
	readonly environment: string;
	readonly hasUser: boolean;
	/**
	Whether /usr/bin/perl is there.
	*/
	readonly hasPerl: boolean;
	/**
	The group with read-only access (--view-group) and its socket.
	*/
	readonly viewers: {readonly group: string; readonly socket: string} | undefined;
	/**
	Command names in /usr/local/bin that are free, or already ours.
	*/
	readonly freeCommands: readonly string[];
};

/**
The program's two names.
*/
export const commandNames = ['hetzner-runners-tui', serviceName];

// A static user, not a dynamic one: ssh needs a user that every C library can look up by number, and the operators' group must outlive a
// restart. Whether userdel removes the group too is the distribution's choice.
const userSteps: readonly Step[] = [
	{
		type: 'command', argv: ['groupadd', '--system', serviceName], undo: ['groupdel', serviceName], goneCode: 6, inRoot: '--prefix=DIR',
	},
	{
		type: 'command',
		argv: ['useradd', '--system', '--gid', serviceName, '--no-create-home', '--home-dir', paths.state, '--shell', '/usr/sbin/nologin', '--comment', 'hetzner-runners-tui', serviceName],
		undo: ['userdel', serviceName],
		inRoot: '--prefix=DIR',
	},
];

/**
What a package folder holds that the service needs.
*/
const packageFiles = ['bin.js', 'package.json', 'LICENSE', 'dist'];

/**
Where a file that the settings name is copied to.
*/
export function copiedFile(name: string): string {
	return `${paths.settingsFolder}/files/${name}`;
}

/**
The steps of an installation, in order.
*/
export function installSteps(facts: InstallFacts): readonly Step[] {
	return [
		...copySteps(facts),
		...(facts.hasUser
			? []
			: userSteps),
		{type: 'folder', path: paths.settingsFolder, mode: 0o755},
		{
			type: 'file', path: paths.settings, mode: 0o644, text: `${JSON.stringify(facts.settings, undefined, '\t')}\n`,
		},
		...(facts.files.length === 0
			? []
			: [{
				type: 'folder' as const, path: path.dirname(copiedFile('any')), mode: 0o750, group: serviceName,
			}]),
		...facts.files.map(({name, text}) => ({
			type: 'file' as const, path: copiedFile(name), mode: 0o640, group: serviceName, text,
		})),
		...facts.environment === ''
			? []
			: [{
				type: 'file' as const, path: paths.environment, mode: 0o600, text: facts.environment,
			}],
		{type: 'folder', path: paths.credentials, mode: 0o700},
		{
			type: 'file', path: `${paths.credentials}/${facts.github.name}`, mode: 0o600, text: facts.github.text,
		},
		{
			type: 'file', path: `${paths.credentials}/hetzner-token`, mode: 0o600, text: facts.hetznerToken,
		},
		...facts.webhookSecret === undefined
			? []
			: [{
				type: 'file' as const, path: `${paths.credentials}/webhook-secret-file`, mode: 0o600, text: facts.webhookSecret,
			}],
		{
			type: 'file', path: paths.unit, mode: 0o644, text: unitText({
				repository: facts.repository, node: facts.node.path, program: path.join(facts.program.path, 'bin.js'), sshPrivateKey: facts.sshPrivateKey, githubCredential: facts.github.name,
				metricsPort: portOf(facts.settings.metrics), webhookPort: portOf(facts.settings.webhook),
				hasWebhookSecret: facts.webhookSecret !== undefined,
				hasPerl: facts.hasPerl, viewers: facts.viewers,
				nodeOptions: process.allowedNodeEnvironmentFlags.has('--disable-sigusr1') ? ['--disable-sigusr1'] : [],
			}),
		},
		{type: 'command', argv: ['systemctl', 'daemon-reload']},
		{
			type: 'command', argv: ['systemctl', 'enable', unitName], undo: ['systemctl', 'disable', unitName], inRoot: '--root=DIR',
		},
	];
}

// "9090" or "0.0.0.0:9090"; undefined when nothing is served there.
function portOf(metrics: unknown): number | undefined {
	const port = typeof metrics === 'string' ? Number(metrics.split(':').at(-1)) : NaN;
	return Number.isSafeInteger(port) && port > 0 ? port : undefined;
}

// The program, its two names, and Node, where they do not lie well already.
function copySteps({program, node, freeCommands}: InstallFacts): readonly Step[] {
	const from = program.copyOf;
	return [
		...(from === undefined && node.copyOf === undefined ? [] : [{type: 'folder' as const, path: paths.program, mode: 0o755}]),
		...(from === undefined
			? []
			: [
				...packageFiles.map(file => ({type: 'copy' as const, from: path.join(from, file), path: `${paths.program}/${file}`})),
				...freeCommands.map(name => ({type: 'link' as const, path: `${paths.commands}/${name}`, to: `${paths.program}/bin.js`})),
			]),
		...(node.copyOf === undefined ? [] : [{type: 'copy' as const, from: node.copyOf, path: node.path}]),
	];
}
