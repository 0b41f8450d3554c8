import {lstatSync} from 'node:fs';
import path from 'node:path';

/**
What the unit, its user and group are called: `journalctl -u github-runners` and `service github-runners start` know it by this name.
*/
export const serviceName = 'github-runners';
export const unitName = `${serviceName}.service`;

/**
Paths on the machine. `inRoot` maps them into an alternative root folder.
*/
export const paths = {
	unit: `/etc/systemd/system/${unitName}`,
	settingsFolder: '/etc/hetzner-runners-tui',
	settings: '/etc/hetzner-runners-tui/config.json',
	credentials: '/etc/hetzner-runners-tui/credentials',
	environment: '/etc/hetzner-runners-tui/environment',
	record: '/etc/hetzner-runners-tui/installed.json',
	program: '/usr/local/lib/hetzner-runners-tui',
	commands: '/usr/local/bin',
	state: '/var/lib/hetzner-runners-tui',
	logs: '/var/log/hetzner-runners-tui',
	runtime: '/run/hetzner-runners-tui',
} as const;

/**
That absolute path below the root folder; as it is without one. Throws when a folder on the way is a link: what is written there would
land outside of an image whose maker is not to be trusted. `asIs`: the last part may be one.
*/
export function inRoot(root: string | undefined, absolute: string, asIs?: 'asIs'): string {
	if (root === undefined) {
		return absolute;
	}

	const parts = absolute.split('/').filter(part => part !== '');
	const way = parts.map((_, at) => path.join(root, ...parts.slice(0, at + 1)));
	const judged = asIs === undefined ? way : way.slice(0, -1);
	const link = judged.find(part => lstatSync(part, {throwIfNoEntry: false})?.isSymbolicLink() === true);
	if (link !== undefined) {
		throw new Error(`${link} is a link: nothing is written or read through links in an alternative root`);
	}

	return path.join(root, absolute);
}
