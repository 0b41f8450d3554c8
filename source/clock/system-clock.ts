import {setTimeout as wait} from 'node:timers/promises';
import type {Clock} from '../scaler/ports.ts';
import {instant} from '../model/time.ts';

/**
The machine's clock. With a speed other than 1 (a demo), time runs that many times faster from the moment of the call on,
and sleeps are that much shorter.
*/
export function systemClock(speed = 1): Clock {
	const began = Date.now();
	return {
		now: () => instant(began + ((Date.now() - began) * speed)),
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
