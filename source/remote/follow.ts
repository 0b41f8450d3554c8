import {createParser} from 'eventsource-parser';
import type {EngineState} from '../scaler/controller.ts';
import {requestHandshake, openRequest, type Asking} from './ask.ts';
import {applyPatch, type Patch} from './patch.ts';
import {collectChunks, type Chunk} from './chunks.ts';
import {heartbeatSeconds, paths, type Handshake} from './protocol.ts';
import {readState} from './read-state.ts';
import {decode} from './codec.ts';

/**
Without a word for so long the engine counts as lost, milliseconds: two heartbeats and a half.
*/
const silenceMilliseconds = heartbeatSeconds * 2500;

/**
A state, and who told it. `rows`: it has its first rows only, of that many.
*/
export type Received = {readonly state: EngineState; readonly by: Handshake; readonly rows: number | undefined};

/**
Hands on each state until the stream ends; resolves with why it did. `greeted`: who serves there, when that is known already.
*/
export async function followOnce(asking: Asking, greeted: Handshake | undefined, heard: (heard: Received) => void): Promise<string> {
	const silence = new AbortController();
	let watch: NodeJS.Timeout | undefined;
	const hasAnswered = () => {
		clearTimeout(watch);
		watch = setTimeout(() => {
			silence.abort();
		}, silenceMilliseconds);
	};

	try {
		hasAnswered();
		const patient = {...asking, signal: AbortSignal.any([silence.signal, ...(asking.signal === undefined ? [] : [asking.signal])])};
		const by = greeted ?? await requestHandshake(patient);
		const {body} = await openRequest(patient, 'GET', paths.events);
		let raw: unknown;
		let before: EngineState | undefined;
		let collected = collectChunks();
		const parser = createParser({
			onEvent({event, data}) {
				const value = decode(data); // What comes of it is read below.
				switch (event) {
					case 'head': {
						const head = value as {readonly state: unknown; readonly rows: number};
						raw = head.state;
						collected = collectChunks();
						heard({state: readState(raw, undefined), by, rows: head.rows});
						return;
					}

					case 'rows': {
						collected.add(value as Chunk);
						return;
					}

					case 'whole': {
						raw = collected.whole(raw as Readonly<Record<string, unknown>>);
						collected = collectChunks();
						before = readState(raw, undefined);
						break;
					}

					case undefined:
					default: {
						raw = event === 'state' ? value : applyPatch(raw, value as Patch);
						before = readState(raw, before);
					}
				}

				heard({state: before, by, rows: undefined});
			},
		});
		for await (const piece of body) {
			hasAnswered();
			parser.feed(piece);
		}

		return 'it has ended';
	} catch (error) {
		return silence.signal.aborted ? 'it has gone silent' : (error instanceof Error ? error.message : String(error));
	} finally {
		clearTimeout(watch);
	}
}
