import {access, readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import type {HostScript, HostScripts} from '../scaler/ports.ts';

/**
Paths of custom scripts; undefined: the one built in.
*/
export type ScriptPaths = {
	readonly setupScript?: string | undefined;
	readonly startupX64Script?: string | undefined;
	readonly startupArm64Script?: string | undefined;
};

/**
The three scripts in force. Throws an Error of one sentence, with flag and path, when a custom one can't be used.
*/
export async function readHostScripts(paths: ScriptPaths = {}): Promise<HostScripts> {
	const [setup, startupX64, startupArm64] = await Promise.all([
		readScript('setup', '--setup-script', paths.setupScript),
		readScript('startup-x64', '--startup-x64-script', paths.startupX64Script),
		readScript('startup-arm64', '--startup-arm64-script', paths.startupArm64Script),
	]);
	return {setup, startupX64, startupArm64};
}

/**
The program that starts the scripts on a server and follows them: what a Shell needs.
*/
export async function readFollowProgram(): Promise<string> {
	return readFile(await builtIn('follow.sh'), 'utf8');
}

async function readScript(kind: HostScript['kind'], flag: string, path: string | undefined): Promise<HostScript> {
	if (path === undefined) {
		return {kind, source: 'built in', text: await readFile(await builtIn(`${kind}.sh`), 'utf8')};
	}

	let text: string;
	try {
		text = await readFile(path, 'utf8');
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
		const reason = {ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'reading it is not allowed'}[code] ?? code;
		throw new Error(`${flag} ${path}: ${reason}`, {cause: error});
	}

	if (text.trim() === '') {
		throw new Error(`${flag} ${path}: the file is empty`);
	}

	if (text.includes('\0')) {
		throw new Error(`${flag} ${path}: this is no text file`);
	}

	if (text.includes('\r\n')) {
		throw new Error(`${flag} ${path}: its lines end in CR LF, which bash does not understand; convert them to LF`);
	}

	return {kind, source: {path}, text};
}

// In the sources the scripts lie beside this module; in the published bundle beside the chunk that it became part of.
async function builtIn(name: string): Promise<string> {
	const beside = fileURLToPath(new URL(name, import.meta.url));
	try {
		await access(beside);
		return beside;
	} catch {
		return fileURLToPath(new URL(`host-scripts/${name}`, import.meta.url));
	}
}
