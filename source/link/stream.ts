import type {ServerResponse} from 'node:http';
import type {Controller, EngineState} from '../scaler/controller.ts';
import {difference} from './difference.ts';
import {heartbeatSeconds} from './protocol.ts';
import {toWire} from './wire.ts';

/**
Changes within this time go out together, milliseconds.
*/
const coalesceMilliseconds = 100;
/**
A console that takes nothing for this long is let go, milliseconds.
*/
const patienceMilliseconds = 60_000;

/**
Sends one console the state whole, then what changes. At most one message waits in this process: while a console is slow, changes add up to one,
so that neither the engine nor another console waits for it, and memory stays bounded. Returns what ends it.
*/
export function streamState(controller: Controller, response: ServerResponse): () => void {
	let sent: EngineState | undefined;
	let isFull = false;
	let soon: NodeJS.Timeout | undefined;
	let patience: NodeJS.Timeout | undefined;

	const write = (text: string) => {
		isFull = !response.write(text);
		if (isFull) {
			patience = setTimeout(() => {
				response.destroy();
			}, patienceMilliseconds);
		}
	};

	const send = () => {
		soon = undefined;
		if (isFull) {
			return;
		}

		const state = controller.state();
		const change = sent === undefined ? undefined : difference(sent, state);
		if (sent === undefined) {
			write(`event: state\ndata: ${toWire(state)}\n\n`);
		} else if (change !== undefined) {
			write(`event: change\ndata: ${toWire(change)}\n\n`);
		}

		sent = state;
	};

	const poke = () => {
		soon ??= setTimeout(send, coalesceMilliseconds);
	};

	response.on('drain', () => {
		isFull = false;
		clearTimeout(patience);
		poke();
	});
	const unsubscribe = controller.subscribe(poke);
	const heartbeat = setInterval(() => {
		if (!isFull) {
			write(':\n\n');
		}
	}, heartbeatSeconds * 1000);
	const end = () => {
		unsubscribe();
		clearTimeout(soon);
		clearTimeout(patience);
		clearInterval(heartbeat);
	};

	response.on('close', end);
	send();
	return () => {
		send();
		end();
		response.end();
	};
}
