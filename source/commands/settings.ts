import process from 'node:process';
import {text} from 'node:stream/consumers';
import {openSettingsFile, type SettingsFile} from '../settings/file.ts';
import {describeSource, formatValue} from '../settings/format.ts';
import {optionRows, type Option} from '../settings/options/index.ts';
import {parseOption, resolveSettings, type Setting} from '../settings/read.ts';
import {didYouMean, UsageError} from '../settings/usage-error.ts';
import {print} from '../terminal/print.ts';
import type {Call} from './call.ts';
import {sendRunningLimit} from './running-limit.ts';

const actions = ['show', 'path', 'set', 'unset', 'import'];

/**
`settings show | path | set NAME VALUE | unset NAME | import FILE`: answers the exit code. Throws UsageError.
*/
export async function settings(call: Call): Promise<number> {
	const {positionals: [action = 'show', name, value], flags} = call;
	const file = openSettingsFile(flags);
	switch (action) {
		case 'path': {
			print(`${file.path}\n`);
			return 0;
		}

		case 'show': {
			print(showSettings(resolveSettings({flags, environment: process.env, file}), file));
			return 0;
		}

		case 'set': {
			const changed = await setOption(file, name, value);
			if (changed.name === 'maxRunners') {
				await sendRunningLimit(call, typeof changed.value === 'number' ? changed.value : undefined);
			}

			return 0;
		}

		case 'unset': {
			const unset = storable(name).name;
			await file.change({[unset]: undefined});
			if (unset === 'maxRunners') {
				await sendRunningLimit(call, undefined);
			}

			return 0;
		}

		case 'import': {
			const {importSettings} = await import('./import-settings.ts'); // Only this reads YAML.
			const {maxRunners} = await importSettings(call, file, name);
			if (typeof maxRunners === 'number') {
				await sendRunningLimit(call, maxRunners);
			}

			return 0;
		}

		default: {
			throw new UsageError(`settings takes one of ${actions.join(', ')}.${didYouMean(action, actions)}`);
		}
	}
}

/**
Each setting in force, its value (secrets masked) and where it came from.
*/
export function showSettings(resolved: readonly Setting[], file: SettingsFile): string {
	const rows = resolved.filter(({option}) => option.isCommandLineOnly !== true).map(setting => [setting.option.flag, formatValue(setting), setting.source.kind === 'default' ? 'default' : describeSource(setting.source, setting.option)] as const);
	const widths = [0, 1].map(column => Math.max(...rows.map(row => (row[column] ?? '').length)));
	const table = rows.map(([flag, value, source]) => `${flag.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${source}`);
	return `${[...table, ...(file.warning === undefined ? [] : ['', file.warning])].join('\n')}\n`;
}

async function setOption(file: SettingsFile, name: string | undefined, value: string | undefined): Promise<{readonly name: string; readonly value: unknown}> {
	const option = storable(name);
	if (value === undefined) {
		throw new UsageError(`settings set ${option.flag} needs a value${option.isSecret === true ? '; "-" reads it from standard input, where no other user sees it' : ''}.`);
	}

	const flags = value === '-' ? (await text(process.stdin)).trim() : value;
	const parsed = parseOption(option, [flags], {kind: 'flag', name: `settings set ${option.flag}`});
	if (typeof parsed === 'string' || typeof parsed === 'number' || typeof parsed === 'boolean') {
		await file.change({[option.name]: parsed});
	} else if (Array.isArray(parsed)) {
		await file.change({[option.name]: parsed.map(String)});
	}

	return {name: option.name, value: parsed};
}

function storable(name: string | undefined): Option {
	if (name === undefined) {
		throw new UsageError('Name a setting, without dashes: "settings set max-runners 5", "settings unset max-runners".');
	}

	const rows = optionRows().filter(row => row.isCommandLineOnly !== true);
	const wanted = name.replace(/^--/v, '');
	const found = rows.find(row => row.name === wanted || row.flag === wanted || (row.aliases ?? []).includes(wanted));
	if (found === undefined) {
		throw new UsageError(`There is no setting ${JSON.stringify(name)}.${didYouMean(wanted, rows.map(row => row.flag))} "hetzner-runners-tui settings show" lists them.`);
	}

	return found;
}
