import {later, type Instant} from '../../source/model/time.ts';
import type {World} from '../../source/simulator/world.ts';
import type {ClientWatch} from './engines.ts';
import type {Watch} from './promises.ts';

/**
The refill of one request: less than that after a 429, Hetzner can't have changed its mind.
*/
const hetznerPauseSeconds = 1;

/**
GitHub's documentation: without a retry-after, and with requests left, wait for at least a minute.
*/
const githubPauseSeconds = 60;

/**
What was sent before a refusal came back was on its way, seconds.
*/
const onItsWaySeconds = 0.01;

/**
Checks that no client asks between an API's "not before" and that moment: promise 6.
*/
export function budgetWatch(world: World, watch: Watch): ClientWatch {
	return (engine, api, answer) => {
		let notBefore: Instant | undefined;
		let refusedAt: Instant | undefined;
		return async incoming => {
			const now = world.now();
			watch.check('withinBudget', notBefore !== undefined && refusedAt !== undefined && now < notBefore && now > later(refusedAt, onItsWaySeconds)
				? `engine ${engine} asked ${api} for ${incoming.method} ${incoming.path}, ${((notBefore - now) / 1000).toFixed(1)} s before it may`
				: undefined);
			const answered = await answer(incoming);
			if (answered === 'reset') {
				return answered;
			}

			const {status, headers = {}} = answered.reply;
			const isSpent = headers['x-ratelimit-remaining'] === '0';
			const isLimit = status === 429 || (status === 403 && (headers['retry-after'] !== undefined || isSpent || isSecondary(answered.reply.body)));
			if (isLimit) {
				const then = world.now();
				refusedAt = then;
				const seconds = Number(headers['retry-after'] ?? NaN);
				// The reset is told by the API's own clock, as its date is.
				const reset = api === 'github' && isSpent ? then + (Number(headers['x-ratelimit-reset'] ?? NaN) * 1000) - Date.parse(headers.date ?? '') : NaN;
				const pause = api === 'github' ? githubPauseSeconds : hetznerPauseSeconds;
				const until = Number.isFinite(seconds) ? later(then, seconds) : (Number.isNaN(reset) ? later(then, pause) : (reset as Instant));
				notBefore = notBefore === undefined || until > notBefore ? later(until, -0.001) : notBefore;
			}

			return answered;
		};
	};
}

function isSecondary(body: unknown): boolean {
	return JSON.stringify(body ?? '').includes('secondary rate limit');
}
