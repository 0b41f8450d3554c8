import test from 'ava';
import fc from 'fast-check';
import {readArguments} from '../../source/settings/arguments.ts';
import {optionRows} from '../../source/settings/options/index.ts';
import {UsageError} from '../../source/settings/usage-error.ts';

const rows = optionRows(true);
const spelled = rows.flatMap(row => [`--${row.flag}`, ...(row.short === undefined ? [] : [`-${row.short}`])]);
const word = fc.oneof(fc.constantFrom(...spelled), fc.constantFrom('--', '-', '--no-', '--=', '--github-repo', '---', '-hv', '--help'), fc.string({unit: 'binary'}), fc.constantFrom(...spelled).map(flag => `${flag}=`));

test('any words are read, or refused in one sentence', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(word, {maxLength: 6}), words => {
			try {
				const {flags} = readArguments(words, import.meta);
				return flags.values().every(({texts}) => texts.every(text => text !== 'undefined' && text !== 'NaN'));
			} catch (error) {
				return error instanceof UsageError;
			}
		}), {numRuns: 2000});
	});
});

test('quotes around a value, which a shell has left there, are part of it', t => {
	for (const value of ['""', '"a"', '\'a\'', '"', '\'"a"\'', '"a=b"']) {
		t.deepEqual(readArguments([`--github-token=${value}`], import.meta).flags.get('githubToken')?.texts, [value]);
		t.deepEqual(readArguments(['--github-token', value], import.meta).flags.get('githubToken')?.texts, [value], `--github-token ${value}`);
	}
});

test('a value comes through as it was written, whatever it holds', t => {
	const valued = rows.filter(row => row.type !== 'switch');
	t.notThrows(() => {
		fc.assert(fc.property(fc.constantFrom(...valued), fc.string({unit: 'grapheme', minLength: 1}), (row, value) => {
			const {flags} = readArguments([`--${row.flag}=${value}`], import.meta);
			return JSON.stringify(flags.get(row.name)?.texts) === JSON.stringify([value]);
		}), {numRuns: 1000});
	});
});
