import {reachEngine} from '../wiring/reach.ts';
import {print, printNotice} from '../terminal/print.ts';
import {operatorHere} from '../wiring/console.ts';
import {settingsFor, type Call} from './call.ts';

/**
Tells a running engine of the maximum number of servers that has just been
set, so that it counts at once. Does nothing where none runs; says so when one
cannot be told, as the setting itself has been written.
*/
export async function sendRunningLimit(call: Call, limit: number | undefined): Promise<void> {
	try {
		const reached = await reachEngine(settingsFor(call), call.version);
		if (reached === undefined) {
			return;
		}

		try {
			await reached.controller.setMaxRunners(limit, operatorHere());
			print(`${reached.controller.state().repository}: the running engine's maximum is ${limit ?? 'unlimited'} now\n`);
		} finally {
			await reached.close();
		}
	} catch (error) {
		printNotice(`written, but no running engine was told: ${error instanceof Error ? error.message : String(error)}`);
	}
}
