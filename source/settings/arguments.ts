import meow from 'meow';
import {optionRows, type Option} from './options/index.ts';
import {didYouMean, UsageError} from './usage-error.ts';

/**
What a flag on the command line said: the flag as it was spelled, and its texts (a switch: "true" or "false").
*/
export type Given = {readonly flag: string; readonly texts: readonly string[]};

export type Arguments = {
	/**
	Words that are not flags: the command and what belongs to it.
	*/
	readonly positionals: readonly string[];
	/**
	By option name.
	*/
	readonly flags: ReadonlyMap<string, Given>;
	readonly ask: 'help' | 'version' | 'license' | undefined;
};

const askFlags = new Map([['--help', 'help'], ['-h', 'help'], ['--version', 'version'], ['-v', 'version'], ['--license', 'license']] as const);

/**
Reads argv (without node and script). Throws UsageError for a flag that is unknown, given twice, or without its value.
*/
export function readArguments(argv: readonly string[], importMeta: ImportMeta): Arguments {
	const rows = optionRows(true);
	const spelled = checkFlags(argv, rows);
	const ask = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length).map(word => askFlags.get(word as '--help')).find(found => found !== undefined);
	const flags = Object.fromEntries(rows.filter(row => spelled.has(row.name)).map(row => [row.name, {
		type: row.type === 'switch' ? 'boolean' as const : 'string' as const,
		isMultiple: row.type !== 'switch',
		...(row.short !== undefined && {shortFlag: row.short}),
		aliases: [row.flag, ...(row.aliases ?? [])].map(flag => camel(flag)).filter(flag => flag !== row.name),
	}]));
	const parsed = meow('', {
		importMeta, argv: keepQuotes(argv.filter(word => !askFlags.has(word as '--help'))), flags, pkg: {name: 'hetzner-runners-tui'}, description: false, autoHelp: false, autoVersion: false, inferType: false,
	});
	const values: Readonly<Record<string, unknown>> = parsed.flags;
	const given = new Map<string, Given>();
	for (const row of rows) {
		const spelling = spelled.get(row.name);
		if (spelling === undefined) {
			continue;
		}

		const value = values[row.name];
		const texts = (Array.isArray(value) ? value : [value]).map(String);
		if (texts.length > 1 && row.type !== 'list') {
			throw new UsageError(`${spelling} is given ${texts.length} times; give it once.`);
		}

		given.set(row.name, {flag: spelling, texts});
	}

	return {positionals: parsed.input.map(String), flags: given, ask};
}

// Meow's parser takes a pair of quotes around a value away, which the shell has left there on purpose: it gets a second pair to take.
function keepQuotes(argv: readonly string[]): readonly string[] {
	const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
	return argv.map((word, index) => index < end ? word.replace(/^(?<flag>--[^=]+=)(?<value>(?<quote>["']).*\k<quote>)$/sv, '$<flag>"$<value>"') : word);
}

// Meow takes any flag and any missing value in silence: both are looked for here, word by word. Answers how each option was spelled.
function checkFlags(argv: readonly string[], rows: readonly Option[]): ReadonlyMap<string, string> {
	const byFlag = new Map<string, Option>(rows.flatMap(row => [row.flag, ...(row.aliases ?? [])].map(flag => [`--${flag}`, row] as const)));
	const byShort = new Map<string, Option>(rows.flatMap(row => row.short === undefined ? [] : [[`-${row.short}`, row] as const]));
	const spelled = new Map<string, string>();
	for (let index = 0; index < argv.length; index++) {
		const word = argv[index] ?? '';
		if (word === '--') {
			break;
		}

		if (!word.startsWith('-') || word === '-' || askFlags.has(word as '--help')) {
			continue;
		}

		const [flag = ''] = word.split('=', 1);
		const positive = flag.startsWith('--no-') ? `--${flag.slice('--no-'.length)}` : undefined;
		const row = byFlag.get(flag) ?? byShort.get(flag) ?? (positive === undefined ? undefined : switchOf(byFlag.get(positive)));
		if (row === undefined) {
			throw new UsageError(`There is no option ${flag}.${didYouMean(flag, [...byFlag.keys(), ...askFlags.keys()])} --help lists them all.`);
		}

		spelled.set(row.name, flag);
		if (row.type === 'switch') {
			continue;
		}

		const next = argv[index + 1];
		if (word === flag) {
			if (next === undefined || (next.startsWith('--') && next.length > 2)) {
				throw new UsageError(`${flag} needs a value: ${flag} ${row.value ?? 'VALUE'} (${row.description}).`);
			}

			index++;
		} else if (word.length === flag.length + 1) {
			throw new UsageError(`${flag} needs a value: ${flag} ${row.value ?? 'VALUE'} (${row.description}).`);
		}
	}

	return spelled;
}

function switchOf(row: Option | undefined): Option | undefined {
	return row?.type === 'switch' ? row : undefined;
}

function camel(flag: string): string {
	return flag.replaceAll(/-(?<letter>[0-9a-z])/gv, (_, letter: string) => letter.toUpperCase());
}
