import {
	earlier, instant, later, secondsBetween, type Instant,
} from '../model/time.ts';
import type {WakeableSleep} from './wakeable-sleep.ts';
import type {EngineInternals} from './engine-state.ts';
import {
	blockedUntil, pollSeconds, spareSeconds, warmCost,
} from './polling-interval.ts';

/**
Why a sleep between two polls ended: its time was up, somebody asked for a poll, or GitHub has news.
*/
export type SleepEnd = 'due' | 'asked' | 'news';

/**
Sleeps until the next poll. In between GitHub is asked every few seconds whether anything has changed, by conditional requests that it does not count (304).
Polls that this causes spend only what the regular ones leave of the budget. Never throws: whoever does not answer is polled at its time.
*/
export async function sleepUntilNews(engine: EngineInternals, sleep: WakeableSleep, until: Instant): Promise<SleepEnd> {
	const {ports: {clock, github}, stopping} = engine;
	for (;;) {
		const now = clock.now();
		const askAt = nextQuestion(engine, now);
		const isLast = askAt === undefined || askAt >= until;
		if (await sleep.sleepUntil(isLast ? until : askAt, stopping)) {
			if (!sleep.takeHint()) {
				return 'asked';
			}

			// What a hint causes stays within what the regular polls leave, as any news does; the hint itself is no evidence of anything.
			const allowedAt = earliestPoll(engine, clock.now());
			if (allowedAt !== undefined) {
				const at = earlier(instant(Math.max(allowedAt, later(engine.githubPolledAt, leastSeconds))), until);
				await clock.sleep(Math.max(0, secondsBetween(clock.now(), at)), stopping).catch(() => undefined);
				sleep.takeHint();
				return 'news';
			}

			continue;
		}

		if (isLast || stopping.aborted) {
			return 'due';
		}

		const leave = new AbortController();
		const patience = Math.max(0, secondsBetween(clock.now(), until));
		const isOver = clock.sleep(patience, AbortSignal.any([stopping, leave.signal])).then(() => false, () => false);
		const hasNews = await Promise.race([isOver, github.hasNews(AbortSignal.any([stopping, leave.signal])).catch(() => false)]);
		leave.abort(new Error('the next poll is due'));
		if (hasNews) {
			return 'news';
		}
	}
}

// Undefined: not before the next poll.
function nextQuestion(engine: EngineInternals, now: Instant): Instant | undefined {
	const interval = engine.policy.wakeIntervalSeconds;
	const allowedAt = interval === 0 ? undefined : earliestPoll(engine, now);
	return allowedAt === undefined ? undefined : instant(Math.max(later(now, interval), allowedAt));
}

/**
Polls that hints cause are that many seconds apart at least.
*/
const leastSeconds = 2;

// From when on news may cause a poll; undefined: not before the regular one.
function earliestPoll({policy, ports: {github}, pollCosts, githubPolledAt, nextGithubAt, mode}: EngineInternals, now: Instant): Instant | undefined {
	const budget = github.budget();
	if (mode !== 'scaling' || budget === undefined || blockedUntil(budget, now) !== undefined) {
		return undefined;
	}

	const spending = {budget, cost: warmCost(pollCosts) + 1, refills: false} as const; // One more for the page that brings the news.
	const isShort = pollSeconds(policy.scaleUpIntervalSeconds, spending, now) > policy.scaleUpIntervalSeconds;
	// Not before the poll that news would cause may be made: what the question has brought is told only once.
	return isShort ? undefined : instant(Math.max(later(githubPolledAt, spareSeconds(policy.scaleUpIntervalSeconds, spending, now)), nextGithubAt));
}
