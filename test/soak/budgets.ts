import {later, type Instant} from '../../source/model/time.ts';
import type {World} from '../../source/simulator/world.ts';
import type {ClientWatch} from './engines.ts';
import type {Watch} from './promises.ts';

/**
The refill of one request: less than that after a 429, Hetzner can't have changed its mind.
*/
const hetznerPauseSeconds = 1;

/**
Checks that no client asks between an API's "not before" and that moment: promise 6.
*/
export function budgetWatch(world: World, watch: Watch): ClientWatch {
	return (engine, api, answer) => {
		let notBefore: Instant | undefined;
		return async incoming => {
			const now = world.now();
			watch.check('withinBudget', notBefore !== undefined && now < notBefore
				? `engine ${engine} asked ${api} for ${incoming.method} ${incoming.path}, ${((notBefore - now) / 1000).toFixed(1)} s before it may`
				: undefined);
			const answered = await answer(incoming);
			if (answered === 'reset') {
				return answered;
			}

			const {status, headers = {}} = answered.reply;
			const isLimit = status === 429 || (status === 403 && (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0'));
			if (isLimit) {
				const then = world.now();
				const seconds = Number(headers['retry-after'] ?? NaN);
				const reset = api === 'github' ? Number(headers['x-ratelimit-reset'] ?? NaN) * 1000 : NaN;
				const until = Number.isFinite(seconds) ? later(then, seconds) : (Number.isNaN(reset) ? later(then, hetznerPauseSeconds) : (reset as Instant));
				notBefore = notBefore === undefined || until > notBefore ? later(until, -0.001) : notBefore;
			}

			return answered;
		};
	};
}
