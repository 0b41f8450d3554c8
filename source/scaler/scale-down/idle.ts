import {ageSeconds, sayDuration} from '../../model/time.ts';
import {assignmentLagSeconds, readsToBelieve} from '../trust.ts';
import type {Evidence, Judgement} from './evidence.ts';

/**
A server whose runner waits for a job is deleted after --max-idle-runner-time, counted from the first sight of it as idle.
While a queued job that it could take has been known for less than a minute, it is kept: the job may be its own already.
*/
export function judgeIdle({runner, job, youngestQueuedAt, memory, policy, isDraining, now}: Evidence): Judgement {
	if (runner?.isOnline !== true || runner.isBusy || job !== undefined) {
		return undefined;
	}

	const sighting = memory.idle.get(runner.name);
	const forSeconds = sighting === undefined ? 0 : ageSeconds(sighting.since, now);
	const limitSeconds = isDraining ? 0 : policy.maxIdleRunnerSeconds;
	const youngest = sighting === undefined || forSeconds < limitSeconds ? undefined : youngestQueuedAt();
	if (sighting === undefined || forSeconds < limitSeconds || (youngest !== undefined && ageSeconds(youngest, now) < assignmentLagSeconds)) {
		return {verdict: {code: 'idle', forSeconds, limitSeconds}};
	}

	if (sighting.reads < readsToBelieve) {
		return {verdict: {code: 'idleUnproven', forSeconds, reads: sighting.reads}};
	}

	return {
		verdict: {code: 'idle', forSeconds, limitSeconds},
		doomed: {kind: isDraining ? 'drain' : 'idle', words: `idle for ${sayDuration(forSeconds)}`},
	};
}
