import {readFileSync} from 'node:fs';
import process from 'node:process';
import {cleanLines} from './model/clean-text.ts';
import {readArguments} from './settings/arguments.ts';
import {commands, helpText} from './settings/help.ts';
import {didYouMean, UsageError} from './settings/usage-error.ts';

// The door: reads argv, answers --help, --version and --license by itself, and opens one command by a dynamic import.

/**
What a command gets.
*/
export type Call = {
	/**
	The words after the command's own.
	*/
	readonly words: readonly string[];
	readonly given: ReadonlyMap<string, {readonly flag: string; readonly texts: readonly string[]}>;
	readonly version: string;
};

async function open(argv: readonly string[]): Promise<number> {
	const {words, given, ask} = readArguments(argv, import.meta);
	switch (ask) {
		case 'help': {
			process.stdout.write(helpText());
			return 0;
		}

		case 'version': {
			process.stdout.write(`${version()}\n`);
			return 0;
		}

		case 'license': {
			process.stdout.write(readFileSync(new URL('../LICENSE', import.meta.url), 'utf8'));
			return 0;
		}

		case undefined: {
			const [name = 'run', ...rest] = words;
			return runCommand(name, {words: rest, given, version: version()});
		}
	}
}

const modes = {
	pause: 'paused', resume: 'scaling', drain: 'draining', freeze: 'frozen',
} as const;

async function runCommand(name: string, call: Call): Promise<number> {
	switch (name) {
		case 'run': {
			const {run} = await import('./commands/run.ts');
			return run(call);
		}

		case 'attach': {
			const {attach} = await import('./commands/attach.ts');
			return attach(call);
		}

		case 'demo': {
			const {demo} = await import('./commands/demo.ts');
			return demo(call);
		}

		case 'simulator': {
			const {simulator} = await import('./commands/simulator.ts');
			return simulator(call);
		}

		case 'settings': {
			const {settings} = await import('./commands/settings.ts');
			return settings(call);
		}

		case 'list': {
			const {list} = await import('./commands/plain/list.ts');
			return list(call);
		}

		case 'explain': {
			const {explain} = await import('./commands/plain/explain.ts');
			return explain(call);
		}

		case 'pause':
		case 'resume':
		case 'drain':
		case 'freeze': {
			const {setMode} = await import('./commands/plain/mode.ts');
			return setMode(call, name, modes[name]);
		}

		case 'delete': {
			const {deleteServers} = await import('./commands/plain/delete.ts');
			return deleteServers(call);
		}

		case 'ssh': {
			const {ssh} = await import('./commands/plain/ssh.ts');
			return ssh(call);
		}

		case 'logs': {
			const {logs} = await import('./commands/plain/logs.ts');
			return logs(call);
		}

		case 'scripts': {
			const {scripts} = await import('./commands/plain/scripts.ts');
			return scripts(call);
		}

		case 'history': {
			const {history} = await import('./commands/plain/history.ts');
			return history(call);
		}

		case 'completion': {
			const {completion} = await import('./commands/plain/completion.ts');
			return completion(call);
		}

		case 'doctor': {
			const {doctor} = await import('./commands/doctor.ts');
			return doctor(call);
		}

		case 'service': {
			const {service} = await import('./commands/service.ts');
			return service(call);
		}

		default: {
			throw new UsageError(`There is no command ${JSON.stringify(name)}.${didYouMean(name, commands.map(command => command.name))} --help lists them all.`);
		}
	}
}

function version(): string {
	const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
	return /"version":\s*"(?<version>[^"]+)"/v.exec(text)?.groups?.version ?? 'unknown';
}

try {
	process.exitCode = await open(process.argv.slice(2));
} catch (error) {
	const isUsage = error instanceof UsageError;
	const isDebug = process.argv.includes('--debug');
	process.stderr.write(`${cleanLines(isDebug && error instanceof Error ? error.stack ?? error.message : (error instanceof Error ? error.message : String(error)))}\n`);
	process.exitCode = isUsage ? 2 : 1;
}
