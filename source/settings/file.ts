import {existsSync, statSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import Conf from 'conf';
import type {Arguments} from './arguments.ts';
import {options, type Option} from './options.ts';
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
	readonly set: (name: string, value: string | number | boolean | readonly string[]) => void;
	readonly unset: (name: string) => void;
};

const schemaTypes = {
	text: 'string', number: 'number', switch: 'boolean', list: 'array',
} as const;

/**
The settings file that --settings-file names, or the one in the user's configuration folder (a new one gets mode 0600).
Throws UsageError when it cannot be understood.
*/
export function openSettingsFile(given?: Arguments['given']): SettingsFile {
	const storable: readonly Option[] = options.filter(option => !('isMomentary' in option));
	const conf = openConf(given?.get('settingsFile')?.texts[0]);
	const known = storable.map(option => option.name);
	const values = readStore(conf);
	for (const name of Object.keys(values)) {
		if (!known.includes(name)) {
			throw new UsageError(`${conf.path}: there is no setting "${name}".${didYouMean(name, known)} "hetzner-runners-tui settings show" lists them.`);
		}
	}

	for (const option of storable) {
		const value = values[option.name];
		if (value !== undefined && !isOfType(value, option.type)) {
			throw new UsageError(`${conf.path}: "${option.name}" must be ${schemaTypes[option.type] === 'array' ? 'a list of texts' : `a ${schemaTypes[option.type]}`}, and is ${JSON.stringify(value)}.`);
		}
	}

	return {
		path: conf.path,
		values,
		warning: openToOthers(conf.path, values, storable),
		set(name, value) {
			conf.set(name, value);
		},
		unset(name) {
			conf.delete(name);
		},
	};
}

function openConf(file: string | undefined): Conf {
	const shared = {projectName: 'hetzner-runners-tui', projectSuffix: '', accessPropertiesByDotNotation: false};
	if (file === undefined) {
		return new Conf<Record<string, unknown>>({...shared, configFileMode: 0o600});
	}

	const {dir, name, ext} = path.parse(path.resolve(file));
	return new Conf<Record<string, unknown>>({
		...shared, cwd: dir, configName: name, fileExtension: ext.slice(1),
		configFileMode: existsSync(file) ? statSync(file).mode & 0o777 : 0o600, // eslint-disable-line no-bitwise
	});
}

function readStore(conf: Conf): Readonly<Record<string, unknown>> {
	try {
		return {...conf.store};
	} catch (error) {
		throw new UsageError(`${conf.path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}. Mend it or delete it.`);
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
