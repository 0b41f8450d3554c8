import wrapAnsi from 'wrap-ansi';
import {formatDefault} from '../settings/format.ts';
import {groups, optionRows, type Option} from '../settings/options/index.ts';
import {didYouMean, UsageError} from '../settings/usage-error.ts';
import {print} from '../terminal/print.ts';
import type {Call} from './call.ts';
import {commandNamed, commands, type Command} from './table.ts';

const program = 'hetzner-runners-tui';
const width = 80;
const optionIndent = 30;
const commandIndent = 14;

/** `help [COMMAND]`. Throws UsageError for a command that does not exist. */
export function help({positionals: [name, ...more]}: Call): number {
	if (more.length > 0) {
		throw new UsageError(`help takes one command, not also "${more.join(' ')}".`);
	}

	print(name === undefined ? helpText() : commandHelpText(name));
	return 0;
}

/** The text of --help: the commands. Lines of at most 80 columns. */
export function helpText(): string {
	return [
		...wrap('', 'hetzner-runners-tui: ephemeral GitHub Actions runners on Hetzner Cloud, with a console'),
		'',
		'Usage',
		`  ${program} [COMMAND] [OPTIONS]      (or: github-runners)`,
		'',
		'Commands',
		...commands.flatMap(({name, description}) => entry(name, description, commandIndent)),
		'',
		'Options',
		...entry('-h, --help', 'this text; after a command, its options and examples'),
		...entry('-v, --version', 'print the version'),
		...entry('--license', 'print the license'),
		'',
		'Examples',
		...example(['demo', 'try it in a simulated world; no account needed']),
		...example(['help run', 'every option, with its variable and default']),
		'',
		...wrap('', 'Each option can also be set by its environment variable or in the settings file ("help settings"); the command line comes first, then the environment.'),
		'',
	].join('\n');
}

/** The text of COMMAND --help: usage, examples, and its options by group. Throws UsageError for a command that does not exist. */
export function commandHelpText(name: string): string {
	const command = commandNamed(name);
	if (command === undefined) {
		throw unknownCommand(name);
	}

	return [
		...wrap('', `${capitalized(command.description)}.`),
		'',
		'Usage',
		...wrap('  ', [program, command.name, command.takes, hasOptions(command) ? '[OPTIONS]' : ''].filter(word => word !== '').join(' ')),
		'',
		'Examples',
		...command.examples.flatMap(shown => example(shown)),
		...optionGroupsOf(command).flatMap(({title, options}) => ['', title, ...options.flatMap(option => entry(`${flagsOf(option).join(', ')}${valueOf(option)}`, `${option.description}${inBrackets(option)}`))]),
		'',
	].join('\n');
}

/** The options of a command under their headings; groups without any are left out. */
export function optionGroupsOf(command: Command): ReadonlyArray<{readonly title: string; readonly options: readonly Option[]}> {
	const rows = new Map(optionRows(true).map(option => [option.name, option]));
	const grouped = new Set<string>(command.groups.flatMap(group => groups[group].options.map(({name}) => name)));
	const single = command.options.filter(name => !grouped.has(name)).flatMap(name => rows.get(name) ?? []);
	return [
		{title: 'Options', options: single},
		...command.groups.map(group => ({title: command.groups.length > 1 || single.length > 0 ? groups[group].title : 'Options', options: groups[group].options})),
	].filter(({options}) => options.length > 0);
}

/** The error for a command that does not exist. */
export function unknownCommand(name: string): UsageError {
	return new UsageError(`There is no command ${JSON.stringify(name)}.${didYouMean(name, commands.map(command => command.name))} --help lists them all.`);
}

function hasOptions(command: Command): boolean {
	return command.groups.length + command.options.length > 0;
}

function flagsOf(option: Option): readonly string[] {
	return [...(option.short === undefined ? [] : [`-${option.short}`]), `--${option.flag}`, ...(option.aliases ?? []).map(alias => `--${alias}`)];
}

function valueOf(option: Option): string {
	return option.type === 'switch' ? '' : ` ${option.choices?.join(' | ') ?? option.value ?? 'VALUE'}`;
}

function inBrackets(option: Option): string {
	const words = [
		...(option.variables === undefined ? [] : [`$${option.variables.join(', $')}`]),
		...(option.type === 'switch' ? [] : formatDefault(option).map(text => `default: ${text}`)),
	];
	return words.length === 0 ? '' : ` [${words.join('; ')}]`;
}

// Two columns; what is too long for the first has a line of its own.
function entry(left: string, right: string, indent = optionIndent): readonly string[] {
	const text = wrap(' '.repeat(indent), right);
	const [first = '', ...rest] = text;
	return left.length + 4 > indent ? [`  ${left}`, ...text] : [`  ${left}`.padEnd(indent) + first.trimStart(), ...rest];
}

function example([line, effect]: readonly [string, string]): readonly string[] {
	return [`  ${program} ${line}`, ...wrap(' '.repeat(6), effect)];
}

function wrap(start: string, text: string): readonly string[] {
	return wrapAnsi(text, width - start.length).split('\n').map(line => `${start}${line}`);
}

function capitalized(text: string): string {
	return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
