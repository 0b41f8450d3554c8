import {spawn} from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {plainEnvironment, root} from '../support/program.ts';
import type {LabWorld} from './lab-world.ts';

export type LabProgram = {
	readonly stdout: () => string;
	readonly stderr: () => string;
	readonly pid: number;
	readonly kill: (signal: NodeJS.Signals) => Promise<void>;
	/**
	Resolves when that holds; fails with what the program said when it ends before, or after so many seconds.
	*/
	readonly until: (what: string, holds: () => boolean, seconds: number) => Promise<void>;
};

/**
The built program on a lab's world, in a process of its own, with its log as JSON.
*/
export function runOnLab(lab: LabWorld, argv: readonly string[]): LabProgram {
	const child = spawn(process.execPath, [path.join(root, 'bin.js'), 'run', '--no-console', '--log-format', 'json', ...argv], {
		cwd: root, env: plainEnvironment(path.join(lab.folder, 'home'), lab.environment), stdio: ['ignore', 'pipe', 'pipe'],
	});
	let stdout = '';
	let stderr = '';
	let isOver = false;
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	const ended = new Promise<void>(resolve => {
		child.once('close', () => {
			isOver = true;
			resolve();
		});
	});
	return {
		stdout: () => stdout,
		stderr: () => stderr,
		pid: child.pid ?? 0,
		async kill(signal) {
			child.kill(signal);
			await ended;
		},
		async until(what, holds, seconds) {
			const deadline = performance.now() + (seconds * 1000);
			while (!holds()) {
				lab.world.now();
				if (isOver || performance.now() > deadline) {
					throw new Error(`${isOver ? 'the program ended before' : `not within ${seconds} s`}: ${what}\n${stdout.split('\n').slice(-30).join('\n')}\n${stderr}`);
				}

				await pause(200);
			}
		},
	};
}
