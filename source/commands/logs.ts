import process from 'node:process';
import {cleanText} from '../model/clean-text.ts';
import type {ActivityEntry, Controller} from '../scaler/controller.ts';
import type {Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {noEngine, reachEngine, type Reached} from '../wiring/reach.ts';
import {createLog} from '../logging/event-log.ts';
import {print, printNotice} from '../terminal/print.ts';
import {serverNamed} from '../wiring/one-poll.ts';
import {settingsFor, type Call} from './call.ts';

const usualLines = 50;

/**
`logs [NAME]`: the last lines of the running engine's log, or of a server's
set-up; `-f` goes on until the engine ends. Throws LinkError when none runs.
*/
export async function logs(call: Call): Promise<number> {
	const settings = settingsFor(call);
	const [name, ...more] = call.positionals;
	if (more.length > 0) {
		throw new UsageError(`logs takes the name of one server or nothing, not "${call.positionals.join(' ')}".`);
	}

	const reached = await reachEngine(settings, call.version);
	if (reached === undefined) {
		throw await noEngine(settings, call.version);
	}

	try {
		await follow(reached, settings, name === undefined ? activityLines(settings) : outputLines(reached, name));
		return 0;
	} finally {
		await reached.close();
	}
}

/** Prints what is new since it was last called. */
type Printer = (controller: Controller) => void;

async function follow({controller}: Reached, settings: Settings, printNew: Printer): Promise<void> {
	printNew(controller);
	if (!settings.follow) {
		return;
	}

	const {promise: ended, resolve} = Promise.withResolvers<undefined>();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.removeAllListeners(signal);
		process.once(signal, () => {
			resolve(undefined);
		});
	}

	process.stdout.on('error', () => {
		resolve(undefined); // Whoever read it is gone.
	});
	const unsubscribe = controller.subscribe(() => {
		const attachment = controller.attachment();
		printNew(controller);
		if (attachment.at !== 'socket' || attachment.lost === undefined) {
			return;
		}

		printNotice(`${attachment.where} has ended`);
		resolve(undefined);
	});
	await ended;
	unsubscribe();
}

function activityLines(settings: Settings): Printer {
	const log = createLog({
		format: settings.json ? 'json' : settings.logFormat, least: 'info', secrets: [], write(line) {
			print(line);
		},
	});
	let printed = -1;
	return controller => {
		const {activity} = controller.state();
		const fresh: readonly ActivityEntry[] = printed < 0 ? activity.slice(-(settings.lines ?? usualLines)) : activity.filter(({id}) => id > printed);
		for (const {event, at} of fresh) {
			log.event(event, at);
		}

		printed = activity.at(-1)?.id ?? printed;
	};
}

// A server's set-up output has no numbers: what is new is what follows the lines printed last.
function outputLines({controller}: Reached, wanted: string): Printer {
	const {name} = serverNamed(controller.state().servers.items, wanted);
	let before: readonly string[] = [];
	return current => {
		const lines = current.state().output.get(name) ?? [];
		let overlap = Math.min(before.length, lines.length);
		while (overlap > 0 && before.slice(-overlap).some((line, at) => line !== lines[at])) {
			overlap--;
		}

		for (const line of lines.slice(overlap)) {
			print(`${cleanText(line)}\n`);
		}

		before = lines;
	};
}
