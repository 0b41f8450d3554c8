import type {GroupName, KnownOption} from '../settings/options/index.ts';
import type {Call} from './call.ts';

/** One command: the entry point, --help and completion follow from its row. */
export type Command = {
	readonly name: string;
	/** The words after the name. */
	readonly takes: string;
	/** One line. */
	readonly description: string;
	/** Two command lines that show its use, without the program's name, each with what it does. */
	readonly examples: ReadonlyArray<readonly [line: string, effect: string]>;
	/** The options it takes: groups, then single ones. */
	readonly groups: readonly GroupName[];
	readonly options: ReadonlyArray<KnownOption['name']>;
	/** Loads only what the command needs; what it loads answers the exit code. */
	readonly load: () => Promise<(call: Call) => Promise<number> | number>;
};

const run = ['account', 'servers', 'labels', 'limits', 'times', 'console', 'engine'] as const;
const find = ['githubRepository', 'socket', 'host', 'settingsFile', 'debug'] as const;

/** The commands, in the order of --help. */
export const commands = [
	{
		name: 'run', takes: '', description: 'serve queued jobs and show the console (the default)',
		examples: [
			['--github-repository acme/widgets --max-runners 10', 'serve that repository with at most ten servers; tokens come from the environment'],
			['run --no-console --log-format json', 'no console: one JSON object per line'],
		],
		groups: run, options: [], load: async () => (await import('./run.ts')).run,
	},
	{
		name: 'attach', takes: '', description: 'attach to a running engine, such as the service\'s',
		examples: [
			['attach', 'the engine on this machine'],
			['attach --host root@ci.example.com --read-only', 'the engine of another machine over ssh, view only'],
		],
		groups: ['console'], options: find, load: async () => (await import('./attach.ts')).attach,
	},
	{
		name: 'demo', takes: '', description: 'the same in a simulated world: no account needed, no money spent',
		examples: [
			['demo', 'twelve jobs, five times faster than real time'],
			['demo --jobs 200 --max-runners 20 --seed 3', 'a busier day with a limit'],
		],
		groups: ['simulation', 'servers', 'labels', 'limits', 'times', 'console', 'engine'], options: [], load: async () => (await import('./demo.ts')).demo,
	},
	{
		name: 'simulator', takes: '', description: 'serve the simulated world alone, for any client',
		examples: [
			['simulator', 'print the variables that point a client at it'],
			['simulator --jobs 500 --seed 3', 'a busy world'],
		],
		groups: ['simulation'], options: [], load: async () => (await import('./simulator.ts')).simulator,
	},
	{
		name: 'list', takes: '[jobs | servers | runners]', description: 'list jobs, servers and runners, and what happens to each',
		examples: [
			['list jobs', 'why each job still waits'],
			['list servers --json', 'for scripts'],
		],
		groups: ['account'], options: ['json', ...find], load: async () => (await import('./list.ts')).list,
	},
	{
		name: 'explain', takes: 'LABEL ...', description: 'explain which server a job with these labels gets, in which order types are tried, and what holds it back',
		examples: [
			['explain self-hosted cpu-4 ram-16', 'a job that asks for a size'],
			['explain self-hosted type-cx53 in-fsn1 --json', 'a job that asks for a type'],
		],
		groups: ['account', 'servers', 'labels', 'limits'], options: ['json', ...find], load: async () => (await import('./explain.ts')).explain,
	},
	{
		name: 'pause', takes: '', description: 'create no new servers until resume',
		examples: [
			['pause', 'the engine on this machine'],
			['pause --host root@ci.example.com', 'the engine of another machine'],
		],
		groups: [], options: ['json', ...find], load: async () => mode('pause', 'paused'),
	},
	{
		name: 'resume', takes: '', description: 'resume scaling',
		examples: [
			['resume', 'the engine on this machine'],
			['resume --host root@ci.example.com', 'the engine of another machine'],
		],
		groups: [], options: ['json', ...find], load: async () => mode('resume', 'scaling'),
	},
	{
		name: 'drain', takes: '[NAME]', description: 'create no new servers, delete idle ones at once, let running jobs finish; with NAME, that server only',
		examples: [
			['drain', 'the engine on this machine'],
			['drain --host root@ci.example.com', 'the engine of another machine'],
		],
		groups: [], options: ['json', ...find], load: async () => mode('drain', 'draining'),
	},
	{
		name: 'freeze', takes: '', description: 'create and delete nothing until resume',
		examples: [
			['freeze', 'the engine on this machine'],
			['freeze --host root@ci.example.com', 'the engine of another machine'],
		],
		groups: [], options: ['json', ...find], load: async () => mode('freeze', 'frozen'),
	},
	{
		name: 'delete', takes: 'NAME ... | zombies', description: 'delete servers, after confirmation',
		examples: [
			['delete zombies', 'every server that has outlived its reason'],
			['delete 4821-9931 --yes', 'one server, by the end of its name, without confirmation'],
		],
		groups: ['account'], options: ['yes', 'busy', 'json', ...find], load: async () => (await import('./delete.ts')).deleteServers,
	},
	{
		name: 'ssh', takes: 'NAME [-- COMMAND ...]', description: 'open a shell on a server, or run a command there',
		examples: [
			['ssh 4821-9931', 'a shell'],
			['ssh 4821-9931 -- df -h', 'one command'],
		],
		groups: ['account'], options: find, load: async () => (await import('./ssh.ts')).ssh,
	},
	{
		name: 'logs', takes: '[NAME]', description: 'print the last lines of the engine\'s log, or of a server\'s setup',
		examples: [
			['logs -f', 'follow the engine\'s log'],
			['logs 4821-9931 -n 200', 'the last 200 lines of one server\'s setup'],
		],
		groups: [], options: ['follow', 'lines', 'json', ...find], load: async () => (await import('./logs.ts')).logs,
	},
	{
		name: 'history', takes: '[day | workflow | label | jobs]', description: 'past jobs, waits, servers and cost, from the journal',
		examples: [
			['history', 'one line per day (UTC, as money is counted)'],
			['history workflow --csv', 'one line per workflow, for a spreadsheet'],
		],
		groups: [], options: ['json', 'csv', ...find], load: async () => (await import('./history.ts')).history,
	},
	{
		name: 'scripts', takes: 'show [setup | startup-x64 | startup-arm64]', description: 'show the scripts that new servers run',
		examples: [
			['scripts show', 'where each comes from'],
			['scripts show setup', 'the text of one'],
		],
		groups: [], options: ['setupScript', 'startupX64Script', 'startupArm64Script', 'scripts', 'json', ...find], load: async () => (await import('./scripts.ts')).scripts,
	},
	{
		name: 'completion', takes: 'bash | zsh | fish', description: 'print the shell code that completes commands and options',
		examples: [
			['completion bash', 'to use it: source <(hetzner-runners-tui completion bash)'],
			['completion fish', 'to use it: hetzner-runners-tui completion fish | source'],
		],
		groups: [], options: [], load: async () => (await import('./completion.ts')).completion,
	},
	{
		name: 'settings', takes: 'show | path | set NAME VALUE | unset NAME | import FILE', description: 'show the settings in force and where each comes from; change the settings file, or fill it from the YAML configuration of github-hetzner-runners',
		examples: [
			['settings set max-runners 10', 'write one to the settings file; "-" as the value reads it from standard input'],
			['settings import config.yaml --dry-run', 'what a configuration of testflows\' github-hetzner-runners becomes here; without --dry-run it is written'],
		],
		groups: [], options: ['dryRun', 'settingsFile', 'debug'], load: async () => (await import('./settings.ts')).settings,
	},
	{
		name: 'doctor', takes: '', description: 'check everything a run needs (tokens, rights, key, types, limits, clock ...) without changing anything',
		examples: [
			['doctor', 'one line per check, with what to do about each fault'],
			['doctor --json', 'for scripts; the exit code is 1 when there is a fault'],
		],
		groups: ['account', 'servers', 'labels'], options: ['json', 'socket', 'settingsFile', 'debug'], load: async () => (await import('./doctor.ts')).doctor,
	},
	{
		name: 'service', takes: 'install | uninstall | status | logs | start | stop | restart', description: 'run as a systemd service',
		examples: [
			['service install', 'install and start it with the settings in force; needs root'],
			['service status', 'what runs, since when, and what it does'],
		],
		groups: run, options: ['force', 'root', 'follow', 'lines', 'json'], load: async () => (await import('./service/index.ts')).service,
	},
	{
		name: 'help', takes: '[COMMAND]', description: 'help for a command, with its options and examples',
		examples: [
			['help run', 'every option of a run'],
			['help delete', 'the same as delete --help'],
		],
		groups: [], options: [], load: async () => (await import('./help.ts')).help,
	},
] as const satisfies readonly Command[];

/** A command by its name. */
export function commandNamed(name: string): Command | undefined {
	return commands.find(command => command.name === name);
}

async function mode(name: string, wanted: 'paused' | 'scaling' | 'draining' | 'frozen'): Promise<Awaited<ReturnType<Command['load']>>> {
	const {setMode} = await import('./mode.ts');
	return async call => setMode(call, name, wanted);
}
