import {setTimeout as wait} from 'node:timers/promises';
import type {Clock} from '../scaler/ports.ts';
import {instant} from '../model/time.ts';

/**
The machine's clock as it was at the start, and since then what truly passed: a machine that sets its clock meanwhile makes no limit run out. With a speed other than 1 (a demo), time runs that many times faster from the moment of the call on,
and sleeps are that much shorter.
*/
export function systemClock(speed = 1): Clock {
	const began = Date.now();
	const from = performance.now();
	return {
		now: () => instant(began + ((performance.now() - from) * speed)),
		async sleep(seconds, signal) {
			try {
				await wait(Math.max(0, seconds * 1000 / speed), undefined, signal === undefined ? {} : {signal});
			} catch (error) {
				signal?.throwIfAborted(); // Node wraps the signal's reason in an error of its own.
				throw error;
			}
		},
	};
}
