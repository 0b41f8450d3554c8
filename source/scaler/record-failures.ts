import {ageSeconds, formatDuration} from '../model/time.ts';
import type {EngineInternals} from './engine-state.ts';
import type {Memory} from './memory.ts';

/**
So many servers in a row that ended without a job are worth a line.
*/
const worthALine = 3;

/**
Writes a line when the third server in a row for one label set has ended without a job, and at each one after it: each cost an hour.
*/
export function recordHeavyFailures(engine: EngineInternals, before: Memory, after: Memory): void {
	const now = engine.ports.clock.now();
	for (const [labels, {count, lastReason, retryAt}] of after.failures) {
		if (count >= worthALine && count > (before.failures.get(labels)?.count ?? 0)) {
			engine.record({
				code: 'notice',
				text: `${count} servers in a row for ${labels} ended without running a job (${lastReason}); the next one is made in ${formatDuration(ageSeconds(now, retryAt))} at the earliest`,
			});
		}
	}
}
