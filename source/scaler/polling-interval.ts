import {later, secondsBetween, type Instant} from '../model/time.ts';
import type {Policy} from '../model/policy.ts';
import type {EngineInternals} from './engine-state.ts';
import type {Budget} from './ports.ts';

/**
Timers fire a little early.
*/
export const timerSlackSeconds = 0.1;

/**
How soon after a poll the next one may be asked for by a person, seconds.
*/
const hurrySeconds = 2;

/**
The share of a request budget that is left to the project's other users.
*/
const shareForOthers = 0.2;

const usualCost = 3;

/**
A budget and what a poll costs of it, requests. `refills`: bit by bit (Hetzner); otherwise all at once at its reset (GitHub).
*/
export type Spending = {readonly budget: Budget | undefined; readonly cost: number; readonly refills: boolean};

/**
The longest time between two polls of an API that has any request left, seconds; and of one whose unchanged answers cost nothing while its budget is short.
A limit that reads wrong, or that others use up, would else keep the engine blind until the next reset, up to an hour.
*/
const longestSeconds = 120;
const longestFreeSeconds = 60;

/**
Seconds between two polls of one API: the configured ones, or more when polls at that interval would use up its budget before it is full again, yet never
more than two minutes, nor longer than an interval after its reset.
*/
export function pollSeconds(configuredSeconds: number, {budget, cost, refills}: Spending, now: Instant): number {
	const untilReset = budget === undefined ? 0 : secondsBetween(now, budget.resetAt);
	if (budget === undefined || untilReset <= 0) {
		return configuredSeconds;
	}

	const usable = budget.remaining - (budget.limit * shareForOthers);
	if (refills) {
		const perSecond = (budget.limit - budget.remaining) / untilReset;
		return usable >= cost || perSecond <= 0 ? configuredSeconds : bounded((cost - usable) / perSecond);
	}

	return usable >= (untilReset / configuredSeconds) * cost ? configuredSeconds : bounded(usable <= cost ? longestSeconds : (untilReset * cost) / usable);

	function bounded(seconds: number): number {
		return Math.max(configuredSeconds, Math.min(seconds, cost === 0 ? longestFreeSeconds : longestSeconds, untilReset + configuredSeconds));
	}
}

/**
Seconds from one poll to the next when what the polls at that interval leave of the budget goes to polls in between.
*/
export function spareSeconds(configuredSeconds: number, {budget, cost}: Spending, now: Instant): number {
	const untilReset = budget === undefined ? 0 : secondsBetween(now, budget.resetAt);
	if (budget === undefined || untilReset <= 0) {
		return 0;
	}

	const spare = budget.remaining - (budget.limit * shareForOthers) - ((untilReset / configuredSeconds) * cost);
	return spare <= cost ? configuredSeconds : Math.min(configuredSeconds, (untilReset * cost) / spare);
}

/**
What a poll costs of GitHub's hour once it is warm, requests: the cheapest of the last ones, as the first reads all that later ones need not.
*/
export function warmCost(pollCosts: readonly number[]): number {
	return pollCosts.length < 2 ? usualCost : Math.min(...pollCosts);
}

/**
Until when an API may not be asked at all, or undefined when it may.
*/
export function blockedUntil(budget: Budget | undefined, now: Instant): Instant | undefined {
	return budget?.blockedUntil !== undefined && budget.blockedUntil > now ? budget.blockedUntil : undefined;
}

/**
Seconds between two polls when no budget is short.
*/
function usualInterval(policy: Policy): number {
	return Math.min(policy.scaleUpIntervalSeconds, policy.scaleDownIntervalSeconds);
}

/**
Says when each API is polled next, by its own budget: a short one is no reason to be blind on the other. Answers the interval that was recorded last.
*/
export function schedulePolls(engine: EngineInternals, now: Instant, recorded: number): number {
	const {policy, ports} = engine;
	const usual = usualInterval(policy);
	const github = pollSeconds(usual, {budget: ports.github.budget(), cost: warmCost(engine.pollCosts), refills: false}, now);
	const cloud = pollSeconds(usual, {budget: ports.cloud.budget(), cost: 1, refills: true}, now);
	const nextAt = (last: Instant, seconds: number) => later(last, (seconds > usual ? seconds : Math.min(usual, hurrySeconds)) - timerSlackSeconds);
	engine.schedulePolls(nextAt(engine.githubPolledAt, github), nextAt(engine.serversPolledAt, cloud));
	return recordInterval(engine, recorded, Math.max(github, cloud));
}

/**
Says so when polls become rarer or usual again; answers the interval that was recorded last, 0 when it is the usual one.
*/
function recordInterval(engine: EngineInternals, recorded: number, interval: number): number {
	const usual = usualInterval(engine.policy);
	if (interval > usual && interval > recorded * 1.5) {
		engine.record({code: 'intervalWidened', seconds: Math.ceil(interval), reason: 'the request budget would run out; a fifth of it is left to others'});
		return interval;
	}

	if (interval <= usual && recorded > usual) {
		engine.record({code: 'intervalRestored', seconds: usual});
		return 0;
	}

	return recorded;
}
