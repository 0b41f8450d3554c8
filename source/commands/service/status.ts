import {systemClock} from '../../clock/system-clock.ts';
import {connectRemote} from '../../remote/client.ts';
import {serviceFolder, socketPathIn} from '../../remote/sockets.ts';
import type {EngineState} from '../../scaler/controller.ts';
import {readRecord} from '../../service/record.ts';
import {formatStatus, statusValues, type ServiceStatus} from '../../service/status.ts';
import {readUnitState} from '../../service/unit-state.ts';
import {print, printJson} from '../../terminal/print.ts';

const unknown = {
	active: 'unknown', sub: '', since: undefined, restarts: 0, result: '',
};

/** `service status`: 0 when it runs, 1 when not. */
export async function serviceStatus({root, isJson, version}: {readonly root: string | undefined; readonly isJson: boolean; readonly version: string}): Promise<number> {
	const record = await readRecord(root);
	const [owner = '', name = ''] = (record?.repository ?? '').split('/', 2);
	const status: ServiceStatus = {
		record,
		unit: root === undefined ? await readUnitState() : unknown,
		engine: root === undefined && record !== undefined
			? await engineState(socketPathIn(serviceFolder, {owner, name}), version)
			: {unreachable: 'there is none in a system that does not run'},
		now: systemClock().now(),
	};
	if (isJson) {
		printJson(statusValues(status));
	} else {
		print(formatStatus(status));
	}

	return status.unit.active === 'active' ? 0 : 1;
}

/** What the engine behind that socket says of itself, or why it cannot be asked. */
export async function engineState(socketPath: string, version: string): Promise<EngineState | {readonly unreachable: string}> {
	try {
		const controller = await connectRemote({
			socketPath, version, isReadOnly: true, clockNow: () => Date.now(),
		});
		const state = controller.state();
		await controller.close();
		return state;
	} catch (error) {
		return {unreachable: error instanceof Error ? error.message : String(error)};
	}
}
