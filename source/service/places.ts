import path from 'node:path';

/**
What the unit, its user and group are called: `journalctl -u github-runners` and `service github-runners start` know it by this name.
*/
export const serviceName = 'github-runners';
export const unitName = `${serviceName}.service`;

/**
Where things lie on the machine. `inRoot` says where that is below a stand-in root folder.
*/
export const places = {
	unit: `/etc/systemd/system/${unitName}`,
	settingsFolder: '/etc/hetzner-runners-tui',
	settings: '/etc/hetzner-runners-tui/config.json',
	credentials: '/etc/hetzner-runners-tui/credentials',
	record: '/etc/hetzner-runners-tui/installed.json',
	program: '/usr/local/lib/hetzner-runners-tui',
	commands: '/usr/local/bin',
	state: '/var/lib/hetzner-runners-tui',
	logs: '/var/log/hetzner-runners-tui',
	runtime: '/run/hetzner-runners-tui',
} as const;

/**
That absolute path below the root folder; as it is without one.
*/
export function inRoot(root: string | undefined, absolute: string): string {
	return root === undefined ? absolute : path.join(root, absolute);
}
