import {readFileSync} from 'node:fs';
import os from 'node:os';
import process from 'node:process';
import {missingSettings} from '../settings/account.ts';
import type {SettingsFile} from '../settings/file.ts';
import {importRows, type ImportRow} from '../settings/import/rows.ts';
import {readTheirFile} from '../settings/import/document.ts';
import {optionRows} from '../settings/options/index.ts';
import {parseOption, resolveSettings, settingsOf} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {print} from '../terminal/print.ts';
import type {Call} from './call.ts';
import {tableText} from './text-table.ts';

type Values = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/**
`settings import FILE`: reads a configuration of testflows' github-hetzner-runners,
prints what became of each key, and writes the settings file unless --dry-run
is given. Answers what was written. Throws UsageError, one sentence with file and line.
*/
export async function importSettings({flags}: Call, file: SettingsFile, name: string | undefined): Promise<Values> {
	if (name === undefined) {
		throw new UsageError('settings import needs a file: "settings import ~/.github-hetzner-runners/config.yaml".');
	}

	const rows = importRows(readTheirFile(name, textOf(name)), {
		environment: process.env, home: os.homedir(), folder: process.cwd(), readText,
	});
	const values: Values = Object.fromEntries(rows.flatMap(row => valuesOf(row, name)));
	const merged = settingsOf(resolveSettings({flags: new Map(), environment: process.env, file: {...file, values: {...file.values, ...values}}}));
	print(tableText(['LINE', 'THEIRS', 'OURS', 'REMARK'], rows.map(({line, key, shown, outcome}) => [
		line === undefined ? '-' : String(line), shown === '' ? key : `${key}: ${shown}`, oursOf(outcome), outcome.remark,
	])));
	const isDryRun = flags.get('dryRun')?.texts[0] === 'true';
	const count = Object.keys(values).length;
	const missing = missingSettings(merged);
	print(`\n${isDryRun ? `--dry-run: nothing written; ${count} settings would go to` : `${count} settings written to`} ${file.path}\n`);
	print(missing.length === 0 ? '' : `Still to be set: ${missing.join(', ')}. "hetzner-runners-tui doctor" checks the rest.\n`);
	if (isDryRun) {
		return {};
	}

	await file.change(values);
	return values;
}

function textOf(name: string): string {
	try {
		return readFileSync(name, 'utf8');
	} catch (error) {
		throw new UsageError(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
	}
}

function readText(file: string): string | undefined {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}

// Checked as the same words on the command line would be.
function valuesOf({line, key, outcome}: ImportRow, name: string): ReadonlyArray<readonly [name: string, value: Values[string]]> {
	return outcome.settings.flatMap(({name: ours, texts}) => {
		const option = optionRows().find(row => row.name === ours);
		const value = option === undefined ? undefined : parseOption(option, texts, {kind: 'flag', name: `${name}:${line ?? 1}: "${key}", as ${option.flag} here,`});
		return isStorable(value) ? [[ours, value] as const] : [];
	});
}

function isStorable(value: unknown): value is Values[string] {
	return ['string', 'number', 'boolean'].includes(typeof value) || (Array.isArray(value) && value.every(item => typeof item === 'string'));
}

function oursOf({settings, isSoHere}: ImportRow['outcome']): string {
	if (settings.length === 0) {
		return isSoHere === true ? '(as it is)' : '(dropped)';
	}

	return settings.map(({name, texts}) => {
		const option = optionRows().find(row => row.name === name);
		return `${option?.flag ?? name} ${option?.isSecret === true ? '********' : texts.join(' ')}`;
	}).join(', ');
}
