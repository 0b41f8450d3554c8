import {labelSetKey} from '../../model/labels.ts';
import type {Server, ServerId} from '../../model/server.ts';
import type {Snapshot} from '../../model/snapshot.ts';
import {later, type Instant} from '../../model/time.ts';
import {sayZombieReason} from '../../model/say-verdict.ts';
import type {ServerVerdict} from '../../model/verdict.ts';
import type {Failures, Memory} from '../memory.ts';

const firstPauseSeconds = 15;
const longestPauseSeconds = 600;

/**
The memory's failures after this look: a server that came to nothing counts once against its label set, and each in a row
doubles the pause before the next (15 s up to 10 min), since every try pays a full hour. A runner that works clears its set.
*/
export function countFailures(memory: Memory, snapshot: Snapshot, verdicts: ReadonlyMap<ServerId, ServerVerdict>, now: Instant): {failures: Memory['failures']; counted: Memory['counted']} {
	const failures = new Map(memory.failures);
	const counted = new Set(memory.counted);
	const queued = new Set(snapshot.jobs.items.filter(job => job.status === 'queued').map(job => job.id));
	for (const server of snapshot.servers.items) {
		if (memory.worked.has(server.name)) {
			if (failures.size > 0) {
				failures.delete(labelSetKey(server.runnerLabels));
			}

			continue;
		}

		const reason = counted.has(server.name) ? undefined : failureOf(server, verdicts.get(server.id), memory, server.jobId !== undefined && queued.has(server.jobId));
		if (reason === undefined) {
			continue;
		}

		counted.add(server.name);
		const key = labelSetKey(server.runnerLabels);
		failures.set(key, next(failures.get(key), reason, now));
	}

	return {failures, counted};
}

function failureOf(server: Server, verdict: ServerVerdict | undefined, memory: Memory, isItsJobQueued: boolean): string | undefined {
	if (verdict?.code === 'zombie') {
		const isOver = verdict.reason.why === 'setUpFailed' || verdict.forSeconds >= verdict.limitSeconds;
		return isOver && verdict.reason.why !== 'runnerGone' ? sayZombieReason(verdict.reason) : undefined;
	}

	// Off without a job seen: a job of seconds may have run unseen, but not its own, which still waits.
	if (server.status === 'off' && isItsJobQueued) {
		return memory.registered.has(server.name) ? 'its runner ended without taking a job' : 'it went off before its runner registered';
	}

	return undefined;
}

function next(before: Failures | undefined, reason: string, now: Instant): Failures {
	const count = (before?.count ?? 0) + 1;
	const pauseSeconds = Math.min(longestPauseSeconds, firstPauseSeconds * (2 ** (count - 1)));
	return {count, retryAt: later(now, pauseSeconds), lastReason: reason};
}
