import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {groupsOf} from '../soak/groups.ts';
import {liveDay} from '../soak/live-day.ts';
import {planDay} from '../soak/plan-day.ts';
import {promises, type PromiseName} from '../soak/promises.ts';

/**
Lives those days, with the groups of troubles that SOAK_GROUPS names besides the classic ones; says which promise broke on which seed, and
that each promise was looked at.
*/
export async function soak(t: ExecutionContext, from: number, count: number, isWired: boolean): Promise<void> {
	const groups = groupsOf(process.env.SOAK_GROUPS ?? 'classic');
	const looks = new Map<PromiseName, number>();
	for (let seed = from; seed < from + count; seed++) {
		const day = await liveDay(planDay(seed, isWired, groups));
		const [broken] = day.broken;
		t.is(broken, undefined, `seed ${seed}; the shortest run: npm run simulate:soak -- --seed ${seed} --trace ${isWired ? '--wired' : '--in-process'}`);
		for (const [promise, times] of day.counts) {
			looks.set(promise, (looks.get(promise) ?? 0) + times);
		}
	}

	// Over ports in process no client of ours is there to keep a limit.
	const unlooked = Object.keys(promises).filter(promise => !looks.has(promise as PromiseName) && (isWired || promise !== 'withinBudget') && promise !== 'withinCost'); // Only days with limits look at that: the group money.
	t.deepEqual(unlooked, [], 'promises that were never looked at');
	if (process.env.CI !== undefined) {
		t.log(Object.fromEntries(looks));
	}
}
