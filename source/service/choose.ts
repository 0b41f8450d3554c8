import {execFileSync} from 'node:child_process';
import {existsSync, realpathSync} from 'node:fs';
import process from 'node:process';
import type {Choice} from './install.ts';
import {whyUnstable} from './stable-path.ts';
import {paths} from './paths.ts';

/**
The service's program: this one, or a copy when its path is not stable.
*/
export function chooseProgram(folder: string): Choice {
	const why = whyUnstable(folder);
	return why === undefined
		? {path: realpathSync(folder), copyOf: undefined, says: `the program at ${folder}`}
		: {path: paths.program, copyOf: realpathSync(folder), says: `a copy of the program in ${paths.program}, because of ${folder}: ${why}`};
}

/**
The Node that the service runs on: this one when its path is stable, else the machine's own when it is new enough, else a copy of this one.
*/
export function chooseNode(own = process.execPath, others: readonly string[] = ['/usr/local/bin/node', '/usr/bin/node']): Choice {
	const why = whyUnstable(own);
	if (why === undefined) {
		const path = realpathSync(own);
		return {path, copyOf: undefined, says: `Node ${versionOf(path) ?? ''} at ${path}`};
	}

	for (const other of others) {
		const version = existsSync(other) && whyUnstable(other) === undefined ? versionOf(other) : undefined;
		if (version !== undefined && Number(version.slice(1).split('.', 1)[0]) >= 22) {
			return {path: other, copyOf: undefined, says: `Node ${version} at ${other}, because of ${own}: ${why}`};
		}
	}

	return {path: `${paths.program}/node`, copyOf: realpathSync(own), says: `a copy of Node ${process.version} in ${paths.program}, because of ${own}: ${why}`};
}

function versionOf(node: string): string | undefined {
	try {
		return /^v\d+\.\d+\.\d+$/v.exec(execFileSync(node, ['--version'], {encoding: 'utf8', timeout: 10_000}).trim())?.[0];
	} catch {
		return undefined;
	}
}
