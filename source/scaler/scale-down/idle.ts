import {ageSeconds, sayDuration} from '../../model/time.ts';
import {
	assignmentLagSeconds,
	readsToBelieve,
	type Evidence,
	type Judgement,
} from './evidence.ts';

/**
A server whose runner waits for a job is deleted after --max-idle-runner-time, counted from the first sight of it as idle.
While a queued job stands in the list that it could take, it gets a minute more: the job may be its own already.
*/
export function judgeIdle({runner, job, hasQueuedJob, memory, policy, isDraining, now}: Evidence): Judgement {
	if (runner?.isOnline !== true || runner.isBusy || job !== undefined) {
		return undefined;
	}

	const sighting = memory.idle.get(runner.name);
	const forSeconds = sighting === undefined ? 0 : ageSeconds(sighting.since, now);
	const limitSeconds = (isDraining ? 0 : policy.maxIdleRunnerSeconds) + (hasQueuedJob() ? assignmentLagSeconds : 0);
	if (sighting === undefined || forSeconds < limitSeconds) {
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
