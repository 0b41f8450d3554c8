import type {Placement} from '../model/placement.ts';
import {later, type Instant} from '../model/time.ts';
import type {CoolPair} from '../model/verdict.ts';
import {withEntry, withoutEntry, type Memory} from './memory.ts';

const firstPauseSeconds = 20;
const longestPauseSeconds = 300;
const accountPauseSeconds = 60;
const longestAccountPauseSeconds = 600;

/**
The key under which a (type, location) pair cools down.
*/
function pairKey(placement: Pick<Placement, 'serverType' | 'location'>): string {
	return `${placement.serverType}@${placement.location ?? ''}`;
}

// For a limit of the account on a type, wherever (dedicated cores, say).
function typeKey(placement: Pick<Placement, 'serverType'>): string {
	return `${placement.serverType}@everywhere`;
}

/**
The refusal that still cools this pair down, or undefined when it may be asked.
*/
export function backoffOf(memory: Memory, placement: Placement, now: Instant): CoolPair | undefined {
	return [memory.cool.get(pairKey(placement)), memory.cool.get(typeKey(placement))].find(cool => cool !== undefined && cool.retryAt > now);
}

/**
Hetzner had no room for this pair (scope `type`: the account may have no more of this type, anywhere): it is left alone for 20 s, twice as long after each further refusal, up to 5 minutes, by all jobs.
Calls that were under way when it was refused, and are refused as well, lengthen nothing: a burst of ten is one refusal. `chance` (0 to 1) spreads the retries of several engines over a tenth of the pause.
*/
export function backOff(memory: Memory, placement: Placement, answer: string, chance: number, now: Instant, scope: 'pair' | 'type' = 'pair'): Memory {
	if (backoffOf(memory, placement, now) !== undefined) {
		return memory;
	}

	const key = scope === 'pair' ? pairKey(placement) : typeKey(placement);
	const tries = (memory.cool.get(key)?.tries ?? 0) + 1;
	const pause = Math.min(longestPauseSeconds, firstPauseSeconds * (2 ** (tries - 1))) * (1 + (chance / 10));
	return {
		...memory, cool: withEntry(memory.cool, key, {
			placement, answer, tries, since: memory.cool.get(key)?.since ?? now, retryAt: later(now, pause),
		}),
	};
}

/**
Hetzner made a server of this pair: it is asked freely again, and so is the account.
*/
export function clearBackoff(memory: Memory, placement: Placement): Memory {
	return {...memory, cool: withoutEntry(withoutEntry(memory.cool, pairKey(placement)), typeKey(placement)), accountLimit: undefined};
}

/**
The account's limit was hit: nothing at all is created for a minute, twice as long each time, up to 10 minutes; calls under way at that moment lengthen nothing.
*/
export function backOffAccount(memory: Memory, answer: string, now: Instant): Memory {
	if (memory.accountLimit !== undefined && memory.accountLimit.retryAt > now) {
		return memory;
	}

	const tries = (memory.accountLimit?.tries ?? 0) + 1;
	const pause = Math.min(longestAccountPauseSeconds, accountPauseSeconds * (2 ** (tries - 1)));
	return {...memory, accountLimit: {answer, tries, retryAt: later(now, pause)}};
}
