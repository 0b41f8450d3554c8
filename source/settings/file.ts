import {existsSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import envPaths from 'env-paths';
import type {Arguments} from './arguments.ts';
import {optionRows, type Option} from './options/index.ts';
import {didYouMean, UsageError} from './usage-error.ts';

export type SettingsFile = {
	readonly path: string;
	/**
	What it says, by option name; not yet checked.
	*/
	readonly values: Readonly<Record<string, unknown>>;
	/**
	A sentence when others can read secrets in it; undefined when all is well.
	*/
	readonly warning: string | undefined;
	/**
	Writes these values, and takes out those that are undefined. A new file and the user's own get mode 0600, another keeps its own. Rejects with what the system says.
	*/
	readonly change: (values: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>) => Promise<void>;
};

const schemaTypes = {
	text: 'string', number: 'number', switch: 'boolean', list: 'array',
} as const;

/**
The settings file that --settings-file names, or the one in the user's configuration folder.
Throws UsageError when it cannot be understood.
*/
export function openSettingsFile(given?: Arguments['flags']): SettingsFile {
	const storable = optionRows().filter(option => option.isCommandLineOnly !== true);
	const named = given?.get('settingsFile')?.texts[0];
	const file = named === undefined ? path.join(envPaths('hetzner-runners-tui', {suffix: ''}).config, 'config.json') : path.resolve(named);
	const known = storable.map(option => option.name);
	const values = readValues(file);
	for (const name of Object.keys(values)) {
		if (!known.includes(name)) {
			throw new UsageError(`${file}: there is no setting "${name}".${didYouMean(name, known)} "hetzner-runners-tui settings show" lists them.`);
		}
	}

	for (const option of storable) {
		const value = values[option.name];
		if (value !== undefined && !isOfType(value, option.type)) {
			throw new UsageError(`${file}: "${option.name}" must be ${schemaTypes[option.type] === 'array' ? 'a list of strings' : `a ${schemaTypes[option.type]}`}, and is ${JSON.stringify(value)}.`);
		}
	}

	return {
		path: file,
		values,
		warning: openToOthers(file, values, storable),
		async change(changes) {
			const {writeSettings} = await import('./write.ts'); // What only reads needs none of it.
			writeSettings(file, changes, named === undefined || !existsSync(file) ? 0o600 : statSync(file).mode & 0o777); // eslint-disable-line no-bitwise
		},
	};
}

function readValues(file: string): Readonly<Record<string, unknown>> {
	let text;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
			return {};
		}

		throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
	}

	let values: unknown;
	try {
		values = JSON.parse(text);
	} catch {
		throw new UsageError(`${file} is not valid JSON: see ${faultyPlace(text)}. Fix or delete it.`); // The error's own words show what stands there, a token maybe.
	}

	if (typeof values !== 'object' || values === null || Array.isArray(values)) {
		throw new UsageError(`${file} holds no settings: it is JSON, but not an object. Fix or delete it.`);
	}

	return {...values};
}

// The first character that no JSON could go on with: the longest beginning that only lacks its end stands before it.
function faultyPlace(text: string): string {
	let [good, bad] = [0, text.length + 1];
	while (bad - good > 1) {
		const middle = Math.floor((good + bad) / 2);
		[good, bad] = lacksOnlyItsEnd(text.slice(0, middle)) ? [middle, bad] : [good, middle];
	}

	const before = text.slice(0, good).split('\n');
	return good === text.length ? 'its end, where something is missing' : `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function lacksOnlyItsEnd(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch (error) {
		const words = error instanceof Error ? error.message : '';
		const at = /at position (?<position>\d+)/v.exec(words)?.groups?.position;
		return /Unexpected end|Unterminated/v.test(words) || Number(at ?? -1) >= text.length;
	}
}

function isOfType(value: unknown, type: Option['type']): boolean {
	return type === 'list' ? Array.isArray(value) && value.every(item => typeof item === 'string') : typeof value === schemaTypes[type];
}

function openToOthers(file: string, values: Readonly<Record<string, unknown>>, rows: readonly Option[]): string | undefined {
	if (process.platform === 'win32' || rows.every(row => row.isSecret !== true || values[row.name] === undefined)) {
		return undefined;
	}

	const mode = statSync(file).mode & 0o077; // eslint-disable-line no-bitwise
	return mode === 0 ? undefined : `${file} holds a token and other users of this machine can read it: chmod 600 ${file}`;
}
