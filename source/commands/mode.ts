import type {Mode} from '../scaler/controller.ts';
import {UsageError} from '../settings/usage-error.ts';
import {noEngine, reachEngine} from '../wiring/reach.ts';
import {operatorHere} from '../wiring/console.ts';
import {print, printJson} from '../terminal/print.ts';
import {settingsFor, type Call} from './call.ts';
import {drainServer} from './drain-server.ts';

const words: Readonly<Record<Mode, string>> = {
	scaling: 'scaling goes on',
	paused: 'paused: no new servers',
	frozen: 'frozen: nothing is made, nothing deleted',
	draining: 'draining: no new servers, what runs is finished',
};

/** `pause`, `resume`, `drain`, `freeze`: tells the running engine. Throws LinkError when there is none. */
export async function setMode(call: Call, name: string, mode: Mode): Promise<number> {
	if (mode === 'draining' && call.positionals.length > 0) {
		return drainServer(call);
	}

	if (call.positionals.length > 0) {
		throw new UsageError(`"${name}" takes options only, not "${call.positionals.join(' ')}".`);
	}

	const settings = settingsFor(call);
	const reached = await reachEngine(settings, call.version);
	if (reached === undefined) {
		throw await noEngine(settings, call.version);
	}

	try {
		await reached.controller.setMode(mode, operatorHere());
		const {repository} = reached.controller.state();
		if (settings.json) {
			printJson({repository, mode});
		} else {
			print(`${repository}: ${words[mode]}\n`);
		}

		return 0;
	} finally {
		await reached.close();
	}
}
