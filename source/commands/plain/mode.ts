import type {Call} from '../../cli.ts';
import type {Mode} from '../../scaler/controller.ts';
import {UsageError} from '../../settings/usage-error.ts';
import {noEngine, reachEngine} from '../attach.ts';
import {operatorHere} from '../show-console.ts';
import {print, printJson} from '../say.ts';
import {drainServer} from './drain-server.ts';
import {settingsFor} from './reach.ts';

const words: Readonly<Record<Mode, string>> = {
	scaling: 'scaling goes on',
	paused: 'paused: no new servers',
	frozen: 'frozen: nothing is made, nothing deleted',
	draining: 'draining: no new servers, what runs is finished',
};

/** `pause`, `resume`, `drain`, `freeze`: tells the running engine. Throws LinkError when there is none. */
export async function setMode(call: Call, name: string, mode: Mode): Promise<number> {
	if (mode === 'draining' && call.words.length > 0) {
		return drainServer(call);
	}

	if (call.words.length > 0) {
		throw new UsageError(`"${name}" takes options only, but "${call.words.join(' ')}" follows it.`);
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
