import process from 'node:process';
import {cleanJson} from '../model/clean-text.ts';
import {systemClock} from '../clock/system-clock.ts';
import {runChecks, formatRows, type Row} from '../doctor/finding.ts';
import {openSettingsFile} from '../settings/file.ts';
import {resolveSettings, settingsOf, type Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {checksOf} from '../doctor/checks.ts';
import {hideSecrets} from '../logging/event-log.ts';
import {fetchOf} from '../wiring/adapters.ts';
import {print} from '../terminal/print.ts';
import type {Call} from './call.ts';

/** `doctor`: looks at all that a run needs and changes nothing. 1 when there is a fault. */
export async function doctor({positionals, flags, version}: Call): Promise<number> {
	if (positionals.length > 0) {
		throw new UsageError(`"doctor" takes options only, not "${positionals.join(' ')}".`);
	}

	const {json} = settingsOf(resolveSettings({flags, environment: {}, file: undefined}));
	let settings: Settings | undefined;
	const secrets: string[] = [];
	let rows: readonly Row[];
	try {
		const file = openSettingsFile(flags);
		settings = settingsOf(resolveSettings({flags, environment: process.env, file}));
		rows = await runChecks(checksOf({
			settings, file, version, clock: systemClock(), environment: process.env, onSecret(secret) {
				secrets.push(secret);
			},
		}, await fetchOf(process.env)));
	} catch (error) {
		if (!(error instanceof UsageError)) {
			throw error;
		}

		rows = [{name: 'settings', level: 'fault', message: error.message}];
	}

	const faults = rows.filter(({level}) => level === 'fault').length;
	const text = json ? `${cleanJson(JSON.stringify({checks: rows, faults, warnings: rows.filter(({level}) => level === 'warning').length}))}\n` : formatRows(rows);
	print(hideSecrets(text, [...secrets, settings?.githubToken, settings?.hetznerToken].filter(secret => secret !== undefined)));
	return faults > 0 ? 1 : 0;
}
