import {secondsBetween, type Instant} from '../model/time.ts';
import type {Policy} from '../model/policy.ts';
import type {Live} from './live.ts';
import type {Budget} from './ports.ts';

/**
The share of a request budget that is left to the project's other users.
*/
const shareForOthers = 0.2;

/**
A budget and what a look costs of it, requests. `refills`: bit by bit (Hetzner); otherwise all at once at its reset (GitHub).
*/
export type Spending = {readonly budget: Budget | undefined; readonly cost: number; readonly refills: boolean};

/**
Seconds between two looks: the configured ones, or more when looks at that pace would use up a budget before it is full again.
*/
export function paceSeconds(configuredSeconds: number, spendings: readonly Spending[], now: Instant): number {
	return Math.max(configuredSeconds, ...spendings.map(spending => paceFor(configuredSeconds, spending, now)));
}

function paceFor(configuredSeconds: number, {budget, cost, refills}: Spending, now: Instant): number {
	if (budget === undefined) {
		return 0;
	}

	const untilReset = secondsBetween(now, budget.resetAt);
	const usable = budget.remaining - (budget.limit * shareForOthers);
	if (untilReset <= 0) {
		return 0;
	}

	if (refills) {
		const perSecond = (budget.limit - budget.remaining) / untilReset;
		return usable >= cost || perSecond <= 0 ? 0 : Math.min(untilReset, (cost - usable) / perSecond);
	}

	if (usable >= (untilReset / configuredSeconds) * cost) {
		return 0;
	}

	return usable <= cost ? untilReset : Math.min(untilReset, (untilReset * cost) / usable);
}

/**
Until when an API may not be asked at all, or undefined when it may.
*/
export function blockedUntil(budget: Budget | undefined, now: Instant): Instant | undefined {
	return budget?.blockedUntil !== undefined && budget.blockedUntil > now ? budget.blockedUntil : undefined;
}

/**
Seconds between two looks when no budget is short.
*/
export function usualPace(policy: Policy): number {
	return Math.min(policy.scaleUpIntervalSeconds, policy.scaleDownIntervalSeconds);
}

/**
Says so when looks become rarer or usual again; answers the pace that was said last, 0 when it is the usual one.
*/
export function tellPace(live: Live, said: number, pace: number): number {
	const usual = usualPace(live.policy);
	if (pace > usual && pace > said * 1.5) {
		live.note({code: 'intervalWidened', seconds: Math.ceil(pace), reason: 'the request budget would run out; a fifth of it is left to others'});
		return pace;
	}

	if (pace <= usual && said > usual) {
		live.note({code: 'intervalRestored', seconds: usual});
		return 0;
	}

	return said;
}
