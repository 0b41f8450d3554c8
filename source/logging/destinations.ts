import path from 'node:path';
import process from 'node:process';
import type {Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {createLog, type Log} from './event-log.ts';
import {readLoggerConfig, type Destination} from './config.ts';
import {rotatingFile} from './rotating-file.ts';

const bytesPerMegabyte = 1_000_000;

/**
The logs that the settings ask for. On a screen that shows the console, standard output and standard error are left alone.
Throws UsageError, also for a file that cannot be written.
*/
export function openLogs(settings: Pick<Settings, 'loggerConfig' | 'logFormat' | 'debug'>, hasConsole: boolean, secrets: readonly string[]): readonly Log[] {
	const config = readLoggerConfig(settings.loggerConfig);
	return (config.destinations ?? [{to: 'stdout'}])
		.filter(destination => destination.to === 'file' || !hasConsole)
		.map(destination => createLog({
			format: destination.format ?? config.format ?? settings.logFormat,
			least: settings.debug ? 'info' : destination.level ?? config.level ?? 'info',
			secrets,
			write: writerOf(destination),
		}));
}

/** The files among the destinations. Throws UsageError. */
export function logFiles(settings: Pick<Settings, 'loggerConfig'>): readonly string[] {
	return (readLoggerConfig(settings.loggerConfig).destinations ?? []).flatMap(destination => destination.to === 'file' ? [destination.path] : []);
}

function writerOf(destination: Destination): (line: string) => void {
	switch (destination.to) {
		case 'stdout': {
			return line => {
				process.stdout.write(line);
			};
		}

		case 'stderr': {
			return line => {
				process.stderr.write(line);
			};
		}

		case 'file': {
			const file = path.resolve(destination.path);
			try {
				const {maxMegabytes, keep} = destination.rotate;
				return rotatingFile(file, {maxBytes: maxMegabytes * bytesPerMegabyte, keep}).append;
			} catch (error) {
				throw new UsageError(`--logger-config names the file ${file}, which cannot be written: ${error instanceof Error ? error.message : String(error)}.`);
			}
		}
	}
}
