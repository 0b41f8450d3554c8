import {secondsBetween} from '../model/time.ts';
import type {Clock} from '../scaler/ports.ts';
import {HetznerError} from './errors.ts';
import type {HetznerRequest, Send} from './request.ts';

/**
When a request may be sent again: after which codes, and for how many seconds in all.
*/
type Rule = {readonly codes: readonly string[]; readonly seconds: number};

// "conflict" and "locked" say that nothing happened. Lost answers say nothing: a POST may have made a server,
// so it is not sent again (the answer is looked up by name instead). Repeating the others does no harm.
const lostAnswers = ['no_answer', 'broken_answer', 'bad_gateway', 'unavailable', 'timeout', 'server_error'];
const rules: Readonly<Record<HetznerRequest['method'], Rule>> = {
	GET: {codes: ['conflict', 'locked', 'rate_limit_exceeded', ...lostAnswers], seconds: 15},
	PUT: {codes: ['conflict', 'locked', 'rate_limit_exceeded', ...lostAnswers], seconds: 30},
	DELETE: {codes: ['conflict', 'locked', 'rate_limit_exceeded', ...lostAnswers], seconds: 60},
	POST: {codes: ['conflict', 'locked'], seconds: 5},
};

/**
Sends again what may be sent again, with growing pauses (1, 2, 4, 8 s) by the clock; the last error is thrown.
*/
export function retrying(send: Send, clock: Clock): Send {
	return async (request, signal) => {
		const rule = rules[request.method];
		const began = clock.now();
		for (let pause = 1; ; pause = Math.min(8, pause * 2)) {
			try {
				return await send(request, signal);
			} catch (error) {
				if (!(error instanceof HetznerError) || !rule.codes.includes(error.code)) {
					throw error;
				}

				const wait = error.retryAt === undefined ? pause : Math.max(pause, secondsBetween(clock.now(), error.retryAt));
				if (secondsBetween(began, clock.now()) + wait > rule.seconds) {
					throw error;
				}

				await clock.sleep(wait, signal);
			}
		}
	};
}
