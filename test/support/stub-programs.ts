import {
	chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {temporaryFolder} from './temporary-folder.ts';

/**
A folder in which scripts may do what they want: programs of that name are bash scripts that write down how they were called.
*/
export type StubPrograms = {
	readonly folder: string;
	readonly path: string;
	/**
	Makes a program; its text runs after the call was written down.
	*/
	readonly add: (name: string, text?: string) => void;
	/**
	Calls so far: name and arguments, each argument in brackets.
	*/
	readonly calls: () => readonly string[];
};

/**
Stand-ins in front of the real programs.
*/
export function stubPrograms(): StubPrograms {
	const folder = temporaryFolder('stubs');
	const bin = path.join(folder, 'bin');
	const log = path.join(folder, 'calls');
	mkdirSync(bin);
	// Whatever a script comes to call, this machine's users, groups and routes stay as they are: a test that means one of these puts its
	// own there.
	for (const name of ['useradd', 'usermod', 'userdel', 'groupadd', 'adduser', 'addgroup', 'ip', 'apt-get', 'dnf', 'zypper', 'systemctl', 'poweroff', 'chown', 'visudo', 'cloud-init']) {
		writeFileSync(path.join(bin, name), `#!/bin/bash\necho "this test has no stand-in for ${name}" >&2\nexit 97\n`, {mode: 0o755});
	}

	return {
		folder,
		path: `${bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
		add(name, text = '') {
			const file = path.join(bin, name);
			writeFileSync(file, `#!/bin/bash\n{ printf '%s' '${name}'; printf ' [%s]' "$@"; echo; } >>'${log}'\n${text}\n`);
			chmodSync(file, 0o755);
		},
		calls: () => existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [],
	};
}
