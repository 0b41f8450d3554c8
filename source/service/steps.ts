import {execFile} from 'node:child_process';
import {
	chmod,
	chown,
	cp,
	lstat,
	mkdir,
	readFile,
	rm,
	rmdir,
	symlink,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {promisify} from 'node:util';
import {inRoot} from './paths.ts';

const run = promisify(execFile); // eslint-disable-line @typescript-eslint/strict-void-return

/**
One change to the machine, with all that is needed to take it back. `command`: `inRoot` puts the flag that a program has for another root
folder behind its name; a command without it can only be meant for the running system. `goneCode`: the exit code of `undo` when there was
nothing left to undo.
*/
export type Step =
	| {readonly type: 'folder'; readonly path: string; readonly mode: number; readonly group?: string}
	| {readonly type: 'file'; readonly path: string; readonly mode: number; readonly text: string; readonly group?: string}
	| {readonly type: 'copy'; readonly from: string; readonly path: string}
	| {readonly type: 'link'; readonly path: string; readonly to: string}
	| {readonly type: 'command'; readonly argv: readonly string[]; readonly undo?: readonly string[]; readonly goneCode?: number; readonly inRoot?: string};

/**
Where steps are applied: the machine itself, or an alternative root folder.
*/
export type InstallTarget = {readonly root: string | undefined; readonly print: (words: string) => void};

/**
Applies the steps in order and prints a line for each. When one fails, those before it are rolled back, latest first, and the error is
thrown.
*/
export async function takeSteps(steps: readonly Step[], target: InstallTarget): Promise<void> {
	const taken: Array<{readonly step: Step; readonly before: Before}> = [];
	for (const step of steps) {
		const before = await inspect(step, target);
		try {
			const words = await take(step, target);
			taken.push({step, before});
			target.print(words);
		} catch (error) {
			taken.push({step, before});
			for (const {step: done, before: earlier} of taken.toReversed()) {
				await restore(done, earlier, target);
			}

			throw new Error(`${describeStep(step)} failed, and the steps before it were rolled back: ${reasonOf(error)}`, {cause: error});
		}
	}
}

/**
Rolls steps back, latest first, and prints a line for each. What is already gone is skipped; a failure is printed and does not stop the
rest. Returns how many failed.
*/
export async function undoSteps(steps: readonly Step[], target: InstallTarget): Promise<number> {
	let failures = 0;
	for (const step of steps.toReversed()) {
		try {
			const words = await undo(step, target);
			if (words !== undefined) {
				target.print(words);
			}
		} catch (error) {
			failures++;
			target.print(`could not roll back: ${describeStep(step)}: ${reasonOf(error)}`);
		}
	}

	return failures;
}

async function take(step: Step, {root}: InstallTarget): Promise<string> {
	const target = 'path' in step ? targetOf(step, root) : '';
	switch (step.type) {
		case 'folder': {
			await mkdir(target, {recursive: true});
			await giveTo(step.group, target, root);
			await chmod(target, step.mode);
			break;
		}

		case 'file': {
			await mkdir(path.dirname(target), {recursive: true});
			await rm(target, {force: true}); // A mode counts only for a new file, and a secret must never be open for a moment.
			await writeFile(target, step.text, {mode: step.mode, flag: 'wx'});
			await giveTo(step.group, target, root);
			await chmod(target, step.mode);
			break;
		}

		case 'copy': {
			await mkdir(path.dirname(target), {recursive: true});
			await rm(target, {recursive: true, force: true});
			await cp(step.from, target, {recursive: true, dereference: true});
			break;
		}

		case 'link': {
			await mkdir(path.dirname(target), {recursive: true});
			await rm(target, {force: true});
			await symlink(step.to, target);
			break;
		}

		case 'command': {
			const argv = argvIn(step, step.argv, root);
			if (argv === undefined) {
				return `skipped in an alternative root: ${describeStep(step)}`;
			}

			await runCommand(argv);
			break;
		}
	}

	return describeStep(step);
}

// What is removed before it is made may be a link; a folder, which stays, may not.
function targetOf(step: Exclude<Step, {readonly type: 'command'}>, root: string | undefined): string {
	return step.type === 'folder' ? inRoot(root, step.path) : inRoot(root, step.path, 'asIs');
}

// A group that may read it; its number is that of the root folder's own list.
async function giveTo(group: string | undefined, target: string, root: string | undefined): Promise<void> {
	if (group === undefined) {
		return;
	}

	const list = await readFile(inRoot(root, '/etc/group'), 'utf8');
	const number = list.split('\n').map(line => line.split(':', 3)).find(([name]) => name === group)?.[2];
	if (number === undefined) {
		throw new Error(`there is no group ${group}`);
	}

	await chown(target, 0, Number(number));
}

// What was at a step's path before, as far as it can be restored.
type Before = {readonly kind: 'nothing'} | {readonly kind: 'something'} | {readonly kind: 'text'; readonly text: string; readonly mode: number};

async function inspect(step: Step, {root}: InstallTarget): Promise<Before> {
	if (step.type === 'command') {
		return {kind: 'nothing'};
	}

	const target = targetOf(step, root);
	const found = await lstat(target).catch(() => undefined);
	if (found === undefined) {
		return {kind: 'nothing'};
	}

	return found.isFile() && step.type === 'file'
		? {kind: 'text', text: await readFile(target, 'utf8'), mode: found.mode % 0o1_0000}
		: {kind: 'something'};
}

async function restore(step: Step, before: Before, target: InstallTarget): Promise<void> {
	if (before.kind === 'text' && step.type === 'file') {
		await take({...step, text: before.text, mode: before.mode}, target);
		target.print(`${step.path} restored`);
	} else if (before.kind === 'nothing') {
		await undoSteps([step], target);
	}
}

async function undo(step: Step, {root}: InstallTarget): Promise<string | undefined> {
	if (step.type === 'command') {
		const argv = step.undo === undefined ? undefined : argvIn(step, step.undo, root);
		if (argv === undefined) {
			return undefined;
		}

		try {
			await runCommand(argv);
		} catch (error) {
			if (step.goneCode !== undefined && error instanceof CommandError && error.exitCode === step.goneCode) {
				return undefined;
			}

			throw error;
		}

		return argv.join(' ');
	}

	const target = targetOf(step, root);
	if (await lstat(target).catch(() => undefined) === undefined) {
		return undefined;
	}

	if (step.type === 'folder') {
		try {
			await rmdir(target);
		} catch {
			return `${step.path} stays, it is not empty`;
		}
	} else {
		await rm(target, {recursive: true});
	}

	return `removed ${step.path}`;
}

function argvIn(step: Step & {readonly type: 'command'}, argv: readonly string[], root: string | undefined): readonly string[] | undefined {
	if (root === undefined) {
		return argv;
	}

	const [program = '', ...rest] = argv;
	return step.inRoot === undefined ? undefined : [program, step.inRoot.split('DIR').join(root), ...rest];
}

async function runCommand([program = '', ...rest]: readonly string[]): Promise<void> {
	try {
		await run(program, rest, {timeout: 240_000});
	} catch (error) {
		const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
		throw new CommandError(said === '' ? reasonOf(error) : said, error instanceof Error && 'code' in error ? error.code : undefined);
	}
}

class CommandError extends Error {
	override readonly name = 'CommandError';
	readonly exitCode: unknown;

	constructor(message: string, exitCode: unknown) {
		super(message);
		this.exitCode = exitCode;
	}
}

/**
A step in a few words: "wrote /etc/…".
*/
function describeStep(step: Step): string {
	switch (step.type) {
		case 'folder': {
			return `made ${step.path}`;
		}

		case 'file': {
			return `wrote ${step.path} (${step.mode.toString(8).padStart(4, '0')})`;
		}

		case 'copy': {
			return `copied ${step.from} to ${step.path}`;
		}

		case 'link': {
			return `linked ${step.path} to ${step.to}`;
		}

		case 'command': {
			return step.argv.join(' ');
		}
	}
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
