import {ageSeconds, formatDuration} from '../../model/time.ts';
import {assignmentLagSeconds, outlivedBy, readsToBelieve} from '../trust.ts';
import type {Evidence, Judgement} from './evidence.ts';

/**
A server whose runner waits for a job is deleted after --max-idle-runner-time, counted from the first sight of it as idle.
After --max-server-life, counted from when the engine knows it, it is deleted as soon as it is idle.
While a queued job that it could take waits, it is kept until both have had a minute (one that is to go at once: until the job has): the job may be its own already, and GitHub takes that long to say so.
*/
export function judgeIdle({server, runner, job, youngestQueuedAt, memory, policy, isDraining, now}: Evidence): Judgement {
	if (runner?.isOnline !== true || runner.isBusy || job !== undefined) {
		return undefined;
	}

	const streak = memory.idle.get(server.name);
	const forSeconds = streak === undefined ? 0 : ageSeconds(streak.since, now);
	const outlived = outlivedBy(server, memory, policy, now);
	const limitSeconds = isDraining || outlived !== undefined ? 0 : policy.maxIdleRunnerSeconds;
	const verdict = outlived === undefined ? {code: 'idle', forSeconds, limitSeconds} as const : {code: 'outlived', ...outlived} as const;
	const youngest = streak === undefined || forSeconds < limitSeconds ? undefined : youngestQueuedAt();
	const mayBeGivenJob = youngest !== undefined && Math.min(ageSeconds(youngest, now), limitSeconds === 0 ? Infinity : forSeconds) < assignmentLagSeconds;
	if (streak === undefined || forSeconds < limitSeconds || mayBeGivenJob) {
		return {verdict};
	}

	if (streak.reads < readsToBelieve) {
		return {verdict: {code: 'idleUnproven', forSeconds, reads: streak.reads}};
	}

	return {
		verdict,
		toDelete: {
			kind: isDraining ? 'drain' : 'idle',
			words: outlived === undefined ? `idle for ${formatDuration(forSeconds)}` : `older than ${formatDuration(outlived.limitSeconds)} (--max-server-life) and idle`,
		},
	};
}
