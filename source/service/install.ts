import path from 'node:path';
import process from 'node:process';
import {places, serviceName, unitName} from './places.ts';
import type {Step} from './steps.ts';
import {unitText} from './unit.ts';

/**
What to copy to a lasting place, and why; undefined: it lies well where it is.
*/
export type Choice = {readonly path: string; readonly copyOf: string | undefined; readonly says: string};

/**
All that an installation is made of.
*/
export type InstallFacts = {
	readonly repository: string;
	readonly program: Choice;
	readonly node: Choice;
	readonly settings: Readonly<Record<string, unknown>>;
	readonly githubToken: string;
	readonly hetznerToken: string;
	readonly sshPrivateKey: string | undefined;
	/**
	Scripts and log configuration that the settings name: copied, because the service may not read where they lie.
	*/
	readonly files: ReadonlyArray<{readonly name: string; readonly text: string}>;
	/**
	Variables for its way through proxies, as lines for systemd; a proxy's address may hold a password, so that only root reads the file.
	*/
	readonly environment: string;
	readonly hasUser: boolean;
	/**
	Whether /usr/bin/perl is there.
	*/
	readonly hasPerl: boolean;
	/**
	Who may only look, as --view-group says, and the socket for them.
	*/
	readonly viewers: {readonly group: string; readonly socket: string} | undefined;
	/**
	Names below /usr/local/bin that are free, or ours already.
	*/
	readonly freeCommands: readonly string[];
};

/**
The program's two names.
*/
export const commandNames = ['hetzner-runners-tui', serviceName];

// A static user, not a dynamic one: ssh wants a user that every C library finds by its number, and the operators' group must outlive a
// restart. Whether userdel removes the group too is the distribution's choice.
const userSteps: readonly Step[] = [
	{
		type: 'command', argv: ['groupadd', '--system', serviceName], undo: ['groupdel', serviceName], goneCode: 6, inRoot: '--prefix=DIR',
	},
	{
		type: 'command',
		argv: ['useradd', '--system', '--gid', serviceName, '--no-create-home', '--home-dir', places.state, '--shell', '/usr/sbin/nologin', '--comment', 'hetzner-runners-tui', serviceName],
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
	return `${places.settingsFolder}/files/${name}`;
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
		{type: 'folder', path: places.settingsFolder, mode: 0o755},
		{
			type: 'file', path: places.settings, mode: 0o644, text: `${JSON.stringify(facts.settings, undefined, '\t')}\n`,
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
				type: 'file' as const, path: places.environment, mode: 0o600, text: facts.environment,
			}],
		{type: 'folder', path: places.credentials, mode: 0o700},
		{
			type: 'file', path: `${places.credentials}/github-token`, mode: 0o600, text: facts.githubToken,
		},
		{
			type: 'file', path: `${places.credentials}/hetzner-token`, mode: 0o600, text: facts.hetznerToken,
		},
		{
			type: 'file', path: places.unit, mode: 0o644, text: unitText({
				repository: facts.repository, node: facts.node.path, program: path.join(facts.program.path, 'bin.js'), sshPrivateKey: facts.sshPrivateKey,
				metricsPort: portOf(facts.settings.metrics), hasPerl: facts.hasPerl, viewers: facts.viewers,
				nodeOptions: process.allowedNodeEnvironmentFlags.has('--disable-sigusr1') ? ['--disable-sigusr1'] : [],
			}),
		},
		{type: 'command', argv: ['systemctl', 'daemon-reload']},
		{
			type: 'command', argv: ['systemctl', 'enable', unitName], undo: ['systemctl', 'disable', unitName], inRoot: '--root=DIR',
		},
	];
}

// "9090" or "0.0.0.0:9090"; undefined when there are no metrics.
function portOf(metrics: unknown): number | undefined {
	const port = typeof metrics === 'string' ? Number(metrics.split(':').at(-1)) : NaN;
	return Number.isSafeInteger(port) && port > 0 ? port : undefined;
}

// The program, its two names, and Node, where they do not lie well already.
function copySteps({program, node, freeCommands}: InstallFacts): readonly Step[] {
	const from = program.copyOf;
	return [
		...(from === undefined && node.copyOf === undefined ? [] : [{type: 'folder' as const, path: places.program, mode: 0o755}]),
		...(from === undefined
			? []
			: [
				...packageFiles.map(file => ({type: 'copy' as const, from: path.join(from, file), path: `${places.program}/${file}`})),
				...freeCommands.map(name => ({type: 'link' as const, path: `${places.commands}/${name}`, to: `${places.program}/bin.js`})),
			]),
		...(node.copyOf === undefined ? [] : [{type: 'copy' as const, from: node.copyOf, path: node.path}]),
	];
}
