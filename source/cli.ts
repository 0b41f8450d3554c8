import {readFileSync} from 'node:fs';
import process from 'node:process';
import {commandNamed} from './commands/table.ts';
import {cleanLines} from './model/clean-text.ts';
import {readArguments} from './settings/arguments.ts';
import {UsageError} from './settings/usage-error.ts';

// The entry point: reads argv, answers --help, --version and --license by itself, and loads one command.

async function start(argv: readonly string[]): Promise<number> {
	const {positionals, flags, ask} = readArguments(argv, import.meta);
	switch (ask) {
		case 'help': {
			const {help} = await import('./commands/help.ts');
			return help({positionals: positionals.slice(0, positionals[0] === 'help' ? 2 : 1).filter(word => word !== 'help'), flags, version: version()});
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
			const [name = 'run', ...rest] = positionals;
			const command = commandNamed(name);
			if (command === undefined) {
				const {unknownCommand} = await import('./commands/help.ts');
				throw unknownCommand(name);
			}

			const execute = await command.load();
			return execute({positionals: rest, flags, version: version()});
		}
	}
}

function version(): string {
	const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
	return /"version":\s*"(?<version>[^"]+)"/v.exec(text)?.groups?.version ?? 'unknown';
}

try {
	process.exitCode = await start(process.argv.slice(2));
} catch (error) {
	const isUsage = error instanceof UsageError;
	const isDebug = process.argv.includes('--debug');
	process.stderr.write(`${cleanLines(isDebug && error instanceof Error ? error.stack ?? error.message : (error instanceof Error ? error.message : String(error)))}\n`);
	process.exitCode = isUsage ? 2 : 1;
}
