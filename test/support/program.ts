// Runs the program as a user would, in a process of its own.
import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const homes: string[] = [];
process.once('exit', () => {
	for (const home of homes) {
		rmSync(home, {recursive: true, force: true});
	}
});

export type Ended = {readonly code: number | undefined; readonly stdout: string; readonly stderr: string};

/**
A home folder of its own, so that no settings of the person who runs the tests are read; removed at exit.
*/
export function emptyHome(): string {
	const home = mkdtempSync(path.join(os.tmpdir(), 'hetzner-runners-test-'));
	homes.push(home);
	return home;
}

/**
An environment without any of the program's variables.
*/
export function plainEnvironment(home: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
	return {
		PATH: process.env.PATH ?? '', HOME: home, XDG_CONFIG_HOME: path.join(home, '.config'), XDG_STATE_HOME: path.join(home, '.state'), XDG_RUNTIME_DIR: path.join(home, '.run'), ...more,
	};
}

/**
Runs Node, or another program, with these arguments to its end.
*/
export async function runNode(argv: readonly string[], options: {
	readonly env?: Readonly<Record<string, string>>;
	readonly input?: string;
	readonly cwd?: string;
	readonly program?: string;
} = {}): Promise<Ended> {
	const child = spawn(options.program ?? process.execPath, argv, {cwd: options.cwd ?? root, env: options.env ?? plainEnvironment(emptyHome()), stdio: ['pipe', 'pipe', 'pipe']});
	child.stdin.on('error', () => {/* It ended before it read its input. */});
	child.stdin.end(options.input ?? '');
	const ended = new Promise<number | undefined>(resolve => {
		child.once('close', resolve);
	});
	const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
	return {code, stdout, stderr};
}

/**
Runs the built program.
*/
export async function runProgram(argv: readonly string[], options: {
	readonly env?: Readonly<Record<string, string>>;
	readonly input?: string;
} = {}): Promise<Ended> {
	return runNode([path.join(root, 'bin.js'), ...argv], options);
}

/**
The version that the program says it is.
*/
export function versionHere(): string {
	return /"version": "(?<version>[^"]+)"/v.exec(readFileSync(path.join(root, 'package.json'), 'utf8'))?.groups?.version ?? '';
}
