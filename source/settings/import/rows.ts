import {didYouMean} from '../usage-error.ts';
import type {TheirFile} from './document.ts';
import {mapKey} from './mappings.ts';
import {take, type Machine, type Outcome} from './outcome.ts';
import {isTheirKey, theirKeys} from './schema.ts';

/**
One key of theirs and what becomes of it.
*/
export type ImportRow = {
	/**
	Undefined: a default of theirs, which stands on no line.
	*/
	readonly line: number | undefined;
	readonly key: string;
	/**
	Its value in short, for people; tokens masked.
	*/
	readonly shown: string;
	readonly outcome: Outcome;
};

// Those that differ from ours and on which money or jobs count.
const theirDefaults = [
	{
		key: 'max_runners', shown: '10', outcome: take('maxRunners', ['10'], 'their default; without it there would be no limit here'),
	},
	{
		key: 'default_image', shown: 'x86:system:ubuntu-22.04', outcome: take('image', ['ubuntu-22.04'], 'their default, on which jobs may count'),
	},
] as const;

/**
What their file becomes here, key by key in the order of the file; then their defaults that have to be written down.
*/
export function importRows({config, keys, strayKeys, lineOf}: TheirFile, machine: Machine): readonly ImportRow[] {
	return [
		...strayKeys.map(key => ({
			line: lineOf([key]), key, shown: '', outcome: {settings: [], remark: 'unknown: only what stands under "config:" counts'},
		})),
		...keys.map((key): ImportRow => {
			const line = lineOf(['config', key]);
			const value = isTheirKey(key) ? config[key] : undefined;
			return isTheirKey(key) && value !== undefined
				? {
					line, key, shown: inShort(key, value), outcome: mapKey(key, value, machine, config),
				}
				: {
					line, key, shown: '', outcome: {settings: [], remark: `unknown: github-hetzner-runners has no such key.${didYouMean(key, theirKeys)}`},
				};
		}),
		...theirDefaults.filter(({key}) => !keys.includes(key)).map(row => ({line: undefined, ...row})),
	];
}

const mostShown = 32;

function inShort(key: string, value: unknown): string {
	if (key.endsWith('_token') && typeof value === 'string' && !value.includes('${')) {
		return '********';
	}

	const text = typeof value === 'string' ? value : JSON.stringify(value);
	return text.length > mostShown ? `${text.slice(0, mostShown - 1)}…` : text;
}
