import {createParser} from 'eventsource-parser';
import * as z from 'zod';
import {instant} from '../model/time.ts';
import {
	ReadOnlyError,
	type Attachment,
	type Controller,
	type EngineState,
} from '../scaler/controller.ts';
import {
	ask,
	askHello,
	LinkError,
	openRequest,
	type Asking,
} from './ask.ts';
import {changedBy, type Difference} from './difference.ts';
import {
	deletions,
	heartbeatSeconds,
	paths,
	type Hello,
} from './protocol.ts';
import {hostScripts} from './schema/state.ts';
import {readState} from './read-state.ts';
import {fromWire} from './wire.ts';

const retryMilliseconds = {first: 500, most: 5000};
/**
Without a word for so long the engine counts as lost, milliseconds: two heartbeats and a half.
*/
const silenceMilliseconds = heartbeatSeconds * 2500;

export type LinkOptions = {
	readonly socketPath: string;
	readonly version: string;
	/**
	Refuses every call that changes something, before the engine is asked.
	*/
	readonly isReadOnly: boolean;
	/**
	The machine's clock in milliseconds.
	*/
	readonly clockNow: () => number;
	/**
	Named before the engine's own `where`: " on ci.example.com" for one that is reached over SSH.
	@default ''
	*/
	readonly whereToo?: string;
};

/**
A controller for the engine behind a socket. Resolves with its first state; throws LinkError when there is none. When the engine is lost, the last state
stays, `attachment` says since when, and it is looked for again and again. `close` leaves the engine running.
*/
export async function connectLink(options: LinkOptions): Promise<Controller> {
	const {socketPath, version, clockNow} = options;
	const leave = new AbortController();
	const asking: Asking = {socketPath, version, signal: leave.signal};
	const listeners = new Set<() => void>();
	const first = Promise.withResolvers<undefined>();
	let greeting = await askHello(asking);
	let state: EngineState | undefined;
	let lost: Extract<Attachment, {at: 'socket'}>['lost'];

	const tell = () => {
		for (const listener of listeners) {
			listener();
		}
	};

	const isOther = () => greeting.version !== version;
	const heard = (next: EngineState) => {
		state = isOther() || options.isReadOnly ? {...next, policy: {...next.policy, isReadOnly: true}} : next;
		lost = undefined;
		first.resolve(undefined);
		tell();
	};

	async function follow(): Promise<void> {
		let wait = retryMilliseconds.first;
		let isGreeted = true;
		while (!leave.signal.aborted) {
			let hasHeard = false;
			const reason = await followOnce(asking, isGreeted, next => {
				hasHeard = true;
				heard(next);
			});
			isGreeted = false;
			if (leave.signal.aborted) {
				return;
			}

			first.reject(new LinkError(reason));
			wait = hasHeard ? retryMilliseconds.first : Math.min(wait * 2, retryMilliseconds.most);
			lost ??= {since: instant(clockNow()), reason};
			tell();
			await pause(wait, leave.signal);
			greeting = await newGreeting(asking, greeting);
		}
	}

	void follow();
	await first.promise.catch((error: unknown) => {
		leave.abort();
		throw error;
	});
	const known = (): EngineState => {
		if (state === undefined) {
			throw new LinkError('nothing has been heard of the engine yet');
		}

		return state;
	};

	// Also guards against asking an engine that is not there: the person is to know at once that nothing was done.
	const act = async <Schema extends z.ZodType>(schema: Schema, path: string, body: unknown): Promise<z.infer<Schema>> => {
		if (known().policy.isReadOnly) {
			throw new ReadOnlyError();
		}

		if (lost !== undefined) {
			throw new LinkError(`the engine does not answer (${lost.reason}): nothing was done`);
		}

		return ask(asking, schema, 'POST', path, body);
	};

	const nothing = z.object({});
	return {
		state: known,
		attachment: () => ({
			at: 'socket', where: `${greeting.where}${options.whereToo ?? ''}`, isOtherVersion: isOther(), lost,
		}),
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		readNow() {
			void ask(asking, nothing, 'POST', paths.readNow).catch(() => undefined); // That it is lost is on the screen.
		},
		async setMode(mode, by) {
			await act(nothing, paths.mode, {mode, by});
		},
		async deleteServers(names, by, typed = new Set()) {
			return act(deletions, paths.deleteServers, {names, by, typed});
		},
		async keepServer(name, seconds, by) {
			await act(nothing, paths.keepServer, {name, seconds, by});
		},
		async scripts() {
			return ask(asking, hostScripts, 'GET', paths.scripts);
		},
		async scriptVariables() {
			return ask(asking, z.record(z.string(), z.string()), 'GET', paths.scriptVariables);
		},
		async close() {
			leave.abort();
		},
	};
}

// An engine that came back may be another version; one that speaks another language is as good as lost, and says so at the next try.
async function newGreeting(asking: Asking, before: Hello): Promise<Hello> {
	try {
		return await askHello(asking);
	} catch {
		return before;
	}
}

// Hands on each state until the stream ends, and answers why it did.
async function followOnce(asking: Asking, isGreeted: boolean, heard: (state: EngineState) => void): Promise<string> {
	const silence = new AbortController();
	let watch: NodeJS.Timeout | undefined;
	const hasSpoken = () => {
		clearTimeout(watch);
		watch = setTimeout(() => {
			silence.abort();
		}, silenceMilliseconds);
	};

	try {
		hasSpoken();
		if (!isGreeted) {
			await askHello(asking);
		}

		const response = await openRequest({...asking, signal: AbortSignal.any([silence.signal, ...(asking.signal === undefined ? [] : [asking.signal])])}, 'GET', paths.events);
		let raw: unknown;
		let before: EngineState | undefined;
		const parser = createParser({
			onEvent({event, data}) {
				raw = event === 'state' ? fromWire(data) : changedBy(raw, fromWire(data) as Difference); // Whatever comes of it is parsed below.
				before = readState(raw, before);
				heard(before);
			},
		});
		response.setEncoding('utf8');
		for await (const piece of response) {
			hasSpoken();
			parser.feed(String(piece));
		}

		return 'it has ended';
	} catch (error) {
		return silence.signal.aborted ? 'it has gone silent' : (error instanceof Error ? error.message : String(error));
	} finally {
		clearTimeout(watch);
	}
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	return new Promise(resolve => {
		const timer = setTimeout(resolve, milliseconds);
		signal.addEventListener('abort', () => {
			clearTimeout(timer);
			resolve();
		}, {once: true});
	});
}
