import type * as z from 'zod';
import {instant} from '../model/time.ts';
import {
	ReadOnlyError,
	type Attachment,
	type Controller,
	type EngineState,
} from '../scaler/controller.ts';
import {
	ask,
	requestHandshake,
	RemoteError,
	misunderstood,
	type Asking,
} from './ask.ts';
import {followOnce, type Received} from './follow.ts';
import {paths, type Handshake} from './protocol.ts';
import {answers} from './schema/requests.ts';

const retryMilliseconds = {first: 500, most: 5000};

export type RemoteOptions = {
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
	/**
	Who serves there, when that has been asked just now.
	*/
	readonly handshake?: Handshake;
	/**
	Resolves as soon as a long state's first rows are there; `attachment` says how many are to come.
	@default false
	*/
	readonly isHurried?: boolean;
};

/**
A controller for the engine behind a socket. Resolves with its first state;
throws LinkError when there is none. When the engine is lost, the last state
stays, `attachment` says since when, and it is looked for again and again. `close` leaves the engine running.
*/
export async function connectRemote(options: RemoteOptions): Promise<Controller> {
	const {socketPath, version, clockNow} = options;
	const leave = new AbortController();
	const asking: Asking = {socketPath, version, signal: leave.signal};
	const listeners = new Set<() => void>();
	const first = Promise.withResolvers<undefined>();
	let handshake = options.handshake ?? await requestHandshake(asking);
	let state: EngineState | undefined;
	let lost: Extract<Attachment, {at: 'socket'}>['lost'];

	const notifyListeners = () => {
		for (const listener of listeners) {
			listener();
		}
	};

	let coming: number | undefined;
	const heard = ({state: next, by, rows}: Received) => {
		handshake = by;
		coming = rows;
		if (rows !== undefined && (state !== undefined || options.isHurried !== true)) {
			return; // What is known already is more.
		}

		state = options.isReadOnly ? {...next, policy: {...next.policy, isReadOnly: true}} : next;
		lost = undefined;
		first.resolve(undefined);
		notifyListeners();
	};

	async function follow(): Promise<void> {
		let wait = retryMilliseconds.first;
		let greeted: Handshake | undefined = handshake;
		while (!leave.signal.aborted) {
			let hasHeard = false;
			const reason = await followOnce(asking, greeted, next => {
				hasHeard = true;
				heard(next);
			});
			greeted = undefined; // The next that answers may be another.
			if (leave.signal.aborted) {
				return;
			}

			first.reject(new RemoteError(reason));
			wait = hasHeard ? retryMilliseconds.first : Math.min(wait * 2, retryMilliseconds.most);
			lost = {since: lost?.since ?? instant(clockNow()), reason};
			notifyListeners();
			await pause(wait, leave.signal);
		}
	}

	void follow();
	await first.promise.catch((error: unknown) => {
		leave.abort();
		throw error;
	});
	const known = (): EngineState => {
		if (state === undefined) {
			throw new RemoteError('nothing has been heard of the engine yet');
		}

		return state;
	};

	// Guards against asking an engine that is not there, too: the person is to know at once that nothing was done.
	const act = async (path: string, body: unknown): Promise<unknown> => {
		if (known().policy.isReadOnly) {
			throw new ReadOnlyError();
		}

		if (lost !== undefined) {
			throw new RemoteError(`the engine does not answer (${lost.reason}): nothing was done`);
		}

		return ask(asking, 'POST', path, body);
	};

	return {
		state: known,
		attachment: () => ({
			at: 'socket', where: `${handshake.where}${options.whereToo ?? ''}`, lost, coming,
		}),
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		readNow() {
			void ask(asking, 'POST', paths.readNow).catch(() => undefined); // That it is lost is on the screen.
		},
		async setMode(mode, by) {
			await act(paths.mode, {mode, by});
		},
		async deleteServers(names, by, typed = new Set()) {
			return understood('deletions', paths.deleteServers, await act(paths.deleteServers, {names, by, typed}));
		},
		async keepServer(name, seconds, by) {
			await act(paths.keepServer, {name, seconds, by});
		},
		async setMaxRunners(limit, by) {
			await act(paths.maxRunners, {limit, by});
		},
		async drainServer(name, isDraining, by) {
			await act(paths.drainServer, {name, isDraining, by});
		},
		async scripts() {
			return understood('scripts', paths.scripts, await ask(asking, 'GET', paths.scripts));
		},
		async scriptText(hash) {
			const {text} = understood('scriptText', paths.scriptText, await ask(asking, 'GET', `${paths.scriptText}?${hash}`));
			return text;
		},
		async scriptVariables() {
			return understood('scriptVariables', paths.scriptVariables, await ask(asking, 'GET', paths.scriptVariables));
		},
		async close() {
			leave.abort();
		},
	};
}

// The answer, checked.
function understood<Name extends keyof typeof answers>(name: Name, path: string, value: unknown): z.infer<(typeof answers)[Name]> {
	const parsed = answers[name].safeParse(value);
	if (!parsed.success) {
		throw misunderstood(`at ${path}`);
	}

	return parsed.data as z.infer<(typeof answers)[Name]>; // TypeScript does not follow a name to its schema's answer.
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
