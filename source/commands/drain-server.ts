import {UsageError} from '../settings/usage-error.ts';
import {noEngine, reachEngine} from '../wiring/reach.ts';
import {print, printJson} from '../terminal/print.ts';
import {operatorHere} from '../wiring/console.ts';
import {serverNamed} from '../wiring/one-poll.ts';
import {settingsFor, type Call} from './call.ts';

/**
`drain SERVER`: that server gets no further job and is deleted when it is idle.
Throws LinkError when no engine runs, UsageError when there is no such server.
*/
export async function drainServer(call: Call): Promise<number> {
	const [wanted, ...more] = call.positionals;
	if (wanted === undefined || more.length > 0) {
		throw new UsageError('"drain" takes one server, or none to drain the engine.');
	}

	const settings = settingsFor(call);
	const reached = await reachEngine(settings, call.version);
	if (reached === undefined) {
		throw await noEngine(settings, call.version);
	}

	try {
		const {name} = serverNamed(reached.controller.state().servers.items, wanted);
		await reached.controller.drainServer(name, true, operatorHere());
		if (settings.json) {
			printJson({server: name, draining: true});
		} else {
			print(`${name}: draining, gets no further job and is deleted when it is idle\n`);
		}

		return 0;
	} finally {
		await reached.close();
	}
}
