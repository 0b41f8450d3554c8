import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {parseInstant, type Instant} from '../model/time.ts';
import {unitName} from './paths.ts';

const run = promisify(execFile); // eslint-disable-line @typescript-eslint/strict-void-return

/**
The service's state according to systemd.
*/
export type UnitState = {
	/**
	"active", "inactive", "failed", "activating"; "unknown" when systemd cannot be asked.
	*/
	readonly active: string;
	readonly sub: string;
	readonly since: Instant | undefined;
	readonly restarts: number;
	/**
	How the last run ended: "success", "exit-code", "watchdog".
	*/
	readonly result: string;
};

/**
Asks systemd. Never throws: without systemd the state is "unknown".
*/
export async function readUnitState(): Promise<UnitState> {
	try {
		const {stdout} = await run('systemctl', ['show', unitName, '--timestamp=unix', '--property=ActiveState,SubState,StateChangeTimestamp,NRestarts,Result'], {timeout: 10_000});
		return parseUnitState(stdout);
	} catch {
		return {
			active: 'unknown', sub: '', since: undefined, restarts: 0, result: '',
		};
	}
}

/**
The state in the answer of `systemctl show`. Times are "@1732471745" or, from an old systemd, "Tue 2026-11-24 18:09:05 UTC".
*/
export function parseUnitState(answer: string): UnitState {
	const values = new Map(answer.split('\n').map(line => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]));
	const time = values.get('StateChangeTimestamp') ?? '';
	return {
		active: values.get('ActiveState') ?? 'unknown',
		sub: values.get('SubState') ?? '',
		since: time.startsWith('@') ? parseInstant(new Date(Number(time.slice(1)) * 1000).toISOString()) : parseInstant(time.replace(/^\w{3} /v, '')),
		restarts: Number(values.get('NRestarts') ?? 0),
		result: values.get('Result') ?? '',
	};
}
