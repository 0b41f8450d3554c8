import {setImmediate as turn} from 'node:timers/promises';
import type {Clock} from '../scaler/ports.ts';
import {instant, later, type Instant} from '../model/time.ts';

type Sleeper = {readonly at: Instant; readonly order: number; readonly wake: () => void};

/**
A clock that stands still until told to move, and then wakes whoever sleeps, in order of time.
*/
export type VirtualClock = Clock & {
	/**
	Moves on by that many seconds, stopping at each sleeper on the way; resolves when all that they started has come to rest.
	*/
	pass: (seconds: number) => Promise<void>;
	/**
	Moves on until the condition holds (true) or that many seconds are over (false).
	*/
	passUntil: (condition: () => boolean, seconds: number) => Promise<boolean>;
};

/**
A virtual clock that begins at that moment.
*/
export function virtualClock(start: Instant): VirtualClock {
	let now = start;
	let count = 0;
	let sleepers: Sleeper[] = [];

	// Promises settle in between: a few turns of the event loop let everything that was woken run to its next sleep.
	async function rest(): Promise<void> {
		for (let turns = 0; turns < 3; turns++) {
			await turn();
		}
	}

	async function passUntil(condition: () => boolean, seconds: number): Promise<boolean> {
		const end = later(now, seconds);
		await rest();
		while (!condition()) {
			const next = sleepers.toSorted((a, b) => a.at === b.at ? a.order - b.order : a.at - b.at)[0];
			if (next === undefined || next.at > end) {
				now = end;
				return condition();
			}

			sleepers = sleepers.filter(sleeper => sleeper !== next);
			now = instant(Math.max(now, next.at));
			next.wake();
			await rest();
		}

		return true;
	}

	return {
		now: () => now,
		async sleep(seconds, signal) {
			signal?.throwIfAborted();
			const {promise, resolve, reject} = Promise.withResolvers<void>();
			const sleeper = {at: later(now, Math.max(0, seconds)), order: count++, wake: resolve};
			sleepers.push(sleeper);
			const abort = () => {
				sleepers = sleepers.filter(other => other !== sleeper);
				reject(signal?.reason as Error);
			};

			signal?.addEventListener('abort', abort, {once: true});
			try {
				await promise;
			} finally {
				signal?.removeEventListener('abort', abort);
			}
		},
		async pass(seconds) {
			await passUntil(() => false, seconds);
		},
		passUntil,
	};
}
