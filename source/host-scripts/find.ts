import {access, readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {HostScript, HostScripts} from '../scaler/ports.ts';

/**
Paths of custom scripts; undefined: the one built in.
*/
export type ScriptPaths = {
	readonly setupScript?: string | undefined;
	readonly startupX64Script?: string | undefined;
	readonly startupArm64Script?: string | undefined;
	/**
	A folder of scripts: its setup.sh, startup-x64.sh and startup-arm64.sh take the place of those built in, and labels may name the others.
	*/
	readonly scripts?: string | undefined;
};

/**
The three scripts in force. Throws an Error of one sentence, with flag and path, when a custom one can't be used.
*/
export async function readHostScripts(paths: ScriptPaths = {}): Promise<HostScripts> {
	const {scripts: folder} = paths;
	const files = folder === undefined ? new Map<string, string>() : await filesIn(folder);
	const script = async (kind: HostScript['kind'], flag: string, own: string | undefined) => own === undefined
		? readScript(kind, '--scripts', files.get(kind))
		: readScript(kind, flag, own);
	const [setup, startupX64, startupArm64, named] = await Promise.all([
		script('setup', '--setup-script', paths.setupScript),
		script('startup-x64', '--startup-x64-script', paths.startupX64Script),
		script('startup-arm64', '--startup-arm64-script', paths.startupArm64Script),
		Promise.all([...files].toSorted(([a], [b]) => a < b ? -1 : 1).map(async ([name, file]) => ({name, text: await readCustom('--scripts', file)}))),
	]);
	return {
		setup, startupX64, startupArm64, named,
	};
}

/**
The program that starts the scripts on a server and follows them: what a Shell needs.
*/
export async function readFollowProgram(): Promise<string> {
	return readFile(await builtIn('follow.sh'), 'utf8');
}

async function readScript(kind: HostScript['kind'], flag: string, file: string | undefined): Promise<HostScript> {
	return file === undefined ? {kind, source: 'built in', text: await readFile(await builtIn(`${kind}.sh`), 'utf8')} : {kind, source: {path: file}, text: await readCustom(flag, file)};
}

// Labels are read in lower case, so the names are.
async function filesIn(folder: string): Promise<ReadonlyMap<string, string>> {
	try {
		const files = await readdir(folder);
		return new Map(files.filter(file => file.endsWith('.sh')).map(file => [file.slice(0, -'.sh'.length).toLowerCase(), path.join(folder, file)]));
	} catch (error) {
		throw new Error(`--scripts ${folder}: ${reasonOf(error)}`, {cause: error});
	}
}

function reasonOf(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
	return {
		ENOENT: 'there is no such file or folder', EISDIR: 'it is a folder', ENOTDIR: 'it is no folder', EACCES: 'reading it is not allowed',
	}[code] ?? code;
}

async function readCustom(flag: string, file: string): Promise<string> {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		throw new Error(`${flag} ${file}: ${reasonOf(error)}`, {cause: error});
	}

	if (text.trim() === '') {
		throw new Error(`${flag} ${file}: the file is empty`);
	}

	if (text.includes('\0')) {
		throw new Error(`${flag} ${file}: this is no text file`);
	}

	if (text.includes('\r\n')) {
		throw new Error(`${flag} ${file}: its lines end in CR LF, which bash does not understand; convert them to LF`);
	}

	return text;
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
