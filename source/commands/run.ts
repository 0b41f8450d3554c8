import {existsSync} from 'node:fs';
import process from 'node:process';
import {systemClock} from '../clock/system-clock.ts';
import {openSettingsFile} from '../settings/file.ts';
import {resolveSettings, settingsOf} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {missingSettings} from '../settings/account.ts';
import {reachForConsole, watchReached} from '../wiring/reach.ts';
import {hasTerminal} from '../wiring/console.ts';
import type {Call} from './call.ts';

/** Serves queued jobs until told to stop. Answers the exit code; throws UsageError and PortError. */
export async function run({positionals, flags, version}: Call): Promise<number> {
	if (positionals.length > 0) {
		throw new UsageError(`"run" takes options only, not "${positionals.join(' ')}".`);
	}

	const named = flags.get('settingsFile')?.texts[0];
	if (named !== undefined && !existsSync(named)) {
		throw new UsageError(`--settings-file is ${JSON.stringify(named)}, but there is no such file.`);
	}

	const file = openSettingsFile(flags);
	const resolved = resolveSettings({flags, environment: process.env, file});
	const settings = settingsOf(resolved);
	const hasConsole = settings.console && hasTerminal();
	if (settings.host !== undefined && !hasConsole) {
		throw new UsageError('--host shows the console of another machine\'s engine, which needs a terminal; "list" and "logs" work without one.');
	}

	const running = hasConsole && settings.attach ? await reachForConsole(settings, version) : undefined;
	if (running !== undefined) {
		return watchReached(running, resolved);
	}

	const hasApp = settings.githubAppId !== undefined || settings.githubAppKeyFile !== undefined; // The questions ask for a token.
	if (hasConsole && !hasApp && missingSettings(settings).length > 0) {
		const {firstStart} = await import('../wiring/first-start.ts');
		const ending = await firstStart({
			settings, file, clock: systemClock(), version,
		});
		return ending === 'saved' ? run({positionals, flags, version}) : (ending === 'demo' ? (await import('./demo.ts')).demo({positionals, flags: new Map(), version}) : 0);
	}

	const {startEngine} = await import('../wiring/start-engine.ts'); // A console on an engine that runs already has no use for it.
	return startEngine({
		settings, resolved, warning: file.warning, hasConsole, version,
	});
}
