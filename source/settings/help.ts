import {
	commandOptions,
	demoOptions,
	options,
	type Option,
} from './options.ts';

/**
The command table: what each does, in the order of --help.
*/
export const commands = [
	{name: 'run', takes: '', says: 'serve queued jobs and show the console (the default)'},
	{name: 'attach', takes: '', says: 'show the console of an engine that runs already, such as the service\'s'},
	{name: 'demo', takes: '', says: 'the same on a simulated world: no account needed, nothing is spent'},
	{name: 'simulator', takes: '', says: 'serve that simulated world alone, for any client'},
	{name: 'list', takes: '[jobs | servers | runners]', says: 'what is known of them, and what happens with each'},
	{name: 'explain', takes: 'LABEL ...', says: 'which server a job with these labels gets, in which order types are tried, and what holds it back'},
	{name: 'pause', takes: '', says: 'no new servers until resume'},
	{name: 'resume', takes: '', says: 'scale again'},
	{name: 'drain', takes: '', says: 'no new servers, idle ones go at once, what runs is finished'},
	{name: 'freeze', takes: '', says: 'nothing is made, nothing is deleted until resume'},
	{name: 'delete', takes: 'NAME ... | zombies', says: 'delete servers, after a question'},
	{name: 'ssh', takes: 'NAME [-- COMMAND ...]', says: 'a shell on a server'},
	{name: 'logs', takes: '[NAME]', says: 'the last lines of the engine\'s log, or of a server\'s set-up'},
	{name: 'history', takes: '[day | workflow | label | jobs]', says: 'past jobs, waits, servers and cost from the journal'},
	{name: 'scripts', takes: 'show [setup | startup-x64 | startup-arm64]', says: 'the scripts that new servers get'},
	{name: 'completion', takes: 'bash | zsh | fish', says: 'what that shell sources to complete commands and options'},
	{name: 'settings', takes: 'show | path | set NAME VALUE | unset NAME', says: 'show the settings in force and where each comes from; change the settings file'},
	{name: 'doctor', takes: '', says: 'look at all that a run needs (tokens, rights, key, types, limits, clock …) and change nothing'},
	{name: 'service', takes: 'install | uninstall | status | logs | start | stop | restart', says: 'run as a systemd service'},
] as const;

const column = 44;

/**
The text of --help, from the tables.
*/
export function helpText(): string {
	return [
		'hetzner-runners-tui: ephemeral GitHub Actions runners on Hetzner Cloud, with a console on top',
		'',
		'Usage',
		'  hetzner-runners-tui [command] [options]      (or: github-runners)',
		'',
		'Commands',
		...commands.map(({name, takes, says}) => line(`  ${name}${takes === '' ? '' : ` ${takes}`}`, says)),
		'',
		'Options (each also from its variable, then the settings file)',
		line('  -h, --help', 'this text'),
		line('  -v, --version', 'version'),
		line('  --license', 'licence'),
		...options.map(option => optionLine(option)),
		'',
		'Options of demo and simulator',
		...demoOptions.map(option => optionLine(option)),
		'',
		'Options of single commands',
		...commandOptions.map(option => optionLine(option)),
		'',
	].join('\n');
}

function optionLine(option: Option): string {
	const value = option.type === 'switch' ? '' : ` ${option.value ?? 'VALUE'}`;
	const flags = [...(option.short === undefined ? [] : [`-${option.short}`]), `--${option.flag}`, ...(option.aliases ?? []).map(alias => `--${alias}`)];
	return line(`  ${flags.join(', ')}${value}`, `${option.says}${inBrackets(option)}`);
}

function inBrackets(option: Option): string {
	const words = [
		...(option.variables === undefined ? [] : [`$${option.variables.join(', $')}`]),
		...(option.type === 'switch' ? [] : defaultOf(option)),
	];
	return words.length === 0 ? '' : ` [${words.join('; ')}]`;
}

/**
The default as people read it, with its unit; empty when the option has none.
*/
export function defaultOf(option: Option): readonly string[] {
	if (option.defaultWords !== undefined) {
		return [option.defaultWords];
	}

	if (option.default === undefined) {
		return [];
	}

	const value = typeof option.default === 'object' ? option.default.join(', ') : String(option.default);
	return [option.unit === 'seconds' ? `${value} s` : value];
}

function line(left: string, right: string): string {
	return left.length < column ? `${left.padEnd(column)}${right}` : `${left}\n${' '.repeat(column)}${right}`;
}
