import process from 'node:process';
import {systemClock} from '../clock/system-clock.ts';
import {engineState} from '../service/engine-state.ts';
import {places} from '../service/places.ts';
import {readRecord} from '../service/record.ts';
import {sayStatus, statusValues, type ServiceStatus} from '../service/status.ts';
import {readUnitState} from '../service/unit-state.ts';

/** `service status`: 0 when it runs, 1 when not. */
export async function serviceStatus({root, isJson}: {readonly root: string | undefined; readonly isJson: boolean}): Promise<number> {
	const unknown = {
		active: 'unknown', sub: '', since: undefined, restarts: 0, result: '',
	};
	const status: ServiceStatus = {
		record: await readRecord(root),
		unit: root === undefined ? await readUnitState() : unknown,
		engine: root === undefined ? await engineState(`${places.runtime}/engine.sock`) : {unreachable: 'a system that does not run has none'},
		now: systemClock().now(),
	};
	process.stdout.write(isJson ? `${JSON.stringify(statusValues(status))}\n` : sayStatus(status));
	return status.unit.active === 'active' ? 0 : 1;
}
