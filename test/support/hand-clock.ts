import {instant, later, type Instant} from '../../source/model/time.ts';
import type {Clock} from '../../source/scaler/ports.ts';

/**
A clock that stands still but for its sleepers: a sleep moves it on at once. `slept` lists the seconds.
*/
export function handClock(start: Instant = instant(Date.UTC(2026, 10, 24, 12))): Clock & {
	readonly slept: readonly number[];
	readonly pass: (seconds: number) => void;
} {
	let now = start;
	const slept: number[] = [];
	return {
		slept,
		now: () => now,
		pass(seconds) {
			now = later(now, seconds);
		},
		async sleep(seconds, signal) {
			signal?.throwIfAborted();
			slept.push(seconds);
			now = later(now, seconds);
		},
	};
}
