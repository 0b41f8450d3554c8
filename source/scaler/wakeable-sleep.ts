import {secondsBetween, type Instant} from '../model/time.ts';
import type {Clock} from './ports.ts';

const shortestSeconds = 0.2;

/** Sleep that somebody can end. */
export type WakeableSleep = {
	/** Sleeps until then; true when woken early by a ring. An abort ends it too. Never throws. */
	sleepUntil: (until: Instant, signal: AbortSignal) => Promise<boolean>;
	/** Wakes the sleeper, if there is one. */
	wake: () => void;
	/** The same, and when nobody sleeps the next sleep ends at once. */
	hint: () => void;
	/** Whether there was a hint; there is none any more. */
	takeHint: () => boolean;
};

/** An alarm on that clock. */
export function createWakeableSleep(clock: Clock): WakeableSleep {
	let wake: (() => void) | undefined;
	let isHinted = false;
	return {
		async sleepUntil(until, signal) {
			if (isHinted) {
				return true;
			}

			const woken = Promise.withResolvers<true>();
			const leave = new AbortController();
			wake = () => {
				woken.resolve(true);
			};

			const slept = clock.sleep(Math.max(shortestSeconds, secondsBetween(clock.now(), until)), AbortSignal.any([signal, leave.signal])).then(() => false, () => false);
			try {
				return await Promise.race([slept, woken.promise]);
			} finally {
				wake = undefined;
				leave.abort();
			}
		},
		wake() {
			wake?.();
		},
		hint() {
			isHinted = true;
			wake?.();
		},
		takeHint() {
			const wasHinted = isHinted;
			isHinted = false;
			return wasHinted;
		},
	};
}
