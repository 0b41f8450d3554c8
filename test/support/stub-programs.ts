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
