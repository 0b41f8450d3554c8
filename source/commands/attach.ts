import process from 'node:process';
import {openSettingsFile} from '../settings/file.ts';
import {resolveSettings, settingsOf} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {hasTerminal} from '../wiring/console.ts';
import {noEngine, reachForConsole, watchReached} from '../wiring/reach.ts';
import type {Call} from './call.ts';

/** A console on an engine that runs already. Answers the exit code; throws LinkError when there is none, UsageError without a terminal. */
export async function attach({positionals, flags, version}: Call): Promise<number> {
	if (positionals.length > 0) {
		throw new UsageError(`"attach" takes options only, not "${positionals.join(' ')}".`);
	}

	const resolved = resolveSettings({flags, environment: process.env, file: openSettingsFile(flags)});
	const settings = settingsOf(resolved);
	if (!hasTerminal()) {
		throw new UsageError('attach shows the console, which needs a terminal; "list" and "logs" work without one.');
	}

	const reached = await reachForConsole(settings, version);
	if (reached === undefined) {
		throw await noEngine(settings, version);
	}

	return watchReached(reached, resolved);
}
