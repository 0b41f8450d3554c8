import type {ServerResponse} from 'node:http';
import {setImmediate as turn} from 'node:timers/promises';
import type {Controller, EngineState} from '../scaler/controller.ts';
import {patchBetween} from './patch.ts';
import {headOf, chunksOf, rowsOfLong} from './chunks.ts';
import {heartbeatSeconds} from './protocol.ts';
import {encode} from './codec.ts';

/**
Changes within this time go out together, milliseconds.
*/
const coalesceMilliseconds = 100;
/**
A console that takes nothing for this long is let go, milliseconds.
*/
const patienceMilliseconds = 60_000;

/**
Sends one console the state whole, a long one in pieces, then what changes.
At most one message waits in this process: while a console is slow,
changes add up to one, so that neither the engine nor another console waits for it, and memory stays bounded. Returns what ends it.
*/
export function streamState(controller: Controller, response: ServerResponse): () => void {
	let sent: EngineState | undefined;
	let drained: PromiseWithResolvers<undefined> | undefined;
	let hasEnded = false;
	let soon: NodeJS.Timeout | undefined;
	let patience: NodeJS.Timeout | undefined;

	const write = (event: string, value: unknown) => {
		if (response.write(`event: ${event}\ndata: ${encode(value)}\n\n`)) {
			return;
		}

		drained = Promise.withResolvers();
		patience = setTimeout(() => {
			response.destroy();
		}, patienceMilliseconds);
	};

	const sendChunks = async (state: EngineState, rows: number) => {
		write('head', {state: headOf(state), rows});
		for (const piece of chunksOf(state)) {
			await turn(); // What the engine has to do comes first.
			await drained?.promise;
			if (hasEnded) {
				return;
			}

			write('rows', piece);
		}

		write('whole', {});
	};

	const begin = async () => {
		const state = controller.state();
		const rows = rowsOfLong(state);
		if (rows === undefined) {
			write('state', state);
		} else {
			await sendChunks(state, rows);
		}

		sent = state;
		poke(); // It may have changed in the meantime.
	};

	const send = () => {
		soon = undefined;
		if (sent === undefined || drained !== undefined || hasEnded) {
			return;
		}

		const state = controller.state();
		const change = patchBetween(sent, state);
		if (change !== undefined) {
			write('change', change);
		}

		sent = state;
	};

	const poke = () => {
		soon ??= setTimeout(send, coalesceMilliseconds);
	};

	response.on('drain', () => {
		clearTimeout(patience);
		drained?.resolve(undefined);
		drained = undefined;
		poke();
	});
	const unsubscribe = controller.subscribe(poke);
	const heartbeat = setInterval(() => {
		if (drained === undefined) {
			response.write(':\n\n');
		}
	}, heartbeatSeconds * 1000);
	const end = () => {
		hasEnded = true;
		drained?.resolve(undefined);
		unsubscribe();
		clearTimeout(soon);
		clearTimeout(patience);
		clearInterval(heartbeat);
	};

	response.on('close', end);
	void begin();
	return () => {
		send();
		end();
		response.end();
	};
}
