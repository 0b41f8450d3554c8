import type {JobId} from '../model/job.ts';
import {labelSetKey} from '../model/labels.ts';
import {describeZombieReason} from '../model/describe-verdict.ts';
import type {Server, ServerId} from '../model/server.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {later, type Instant} from '../model/time.ts';
import type {ServerVerdict, ZombieReason} from '../model/verdict.ts';
import {
	withEntry, type FailureCause, type Failures, type Memory,
} from './memory.ts';
import {assignmentLagSeconds} from './trust.ts';

const firstPauseSeconds = 15;
const longestPauseSeconds = 600;
/**
The same for what fails by one and the same cause again and again.
*/
const longestPauseForOneCause = 3600;

/**
After so many servers for one job that ended without it, the next is made only after so long: each has cost an hour.
*/
const serversPerJob = 10;
const givenUpSeconds = 8 * 3600;

/**
What failed: a server made for these labels and that job, or only an attempt to make one.
*/
export type Failure = {
	readonly labels: readonly string[]; readonly jobId: JobId | undefined; readonly cause: FailureCause; readonly reason: string;
	/** When its server was made; undefined: none was. */
	readonly madeAt?: Instant | undefined;
};

/**
The memory with one more server that ended without a job. Each round doubles the pause before the next one for these labels: 15 s up to
10 minutes, and up to an hour when all of them failed by the same cause, since every try pays a full hour. Ten servers of a burst that fail together are one round.
*/
function recordFailure(memory: Memory, {labels, jobId, cause, reason, madeAt}: Failure, now: Instant): Memory {
	const key = labelSetKey(labels);
	const before = memory.failures.get(key);
	const count = (before?.count ?? 0) + 1;
	const isSameRound = before !== undefined && madeAt !== undefined && madeAt <= before.lastAt;
	const rounds = (before?.rounds ?? 0) + (isSameRound ? 0 : 1);
	const sameCause = before?.cause === cause ? before.sameCause + (isSameRound ? 0 : 1) : 1;
	const longest = sameCause === rounds ? longestPauseForOneCause : longestPauseSeconds;
	const failures: Failures = isSameRound
		? {
			...before, count, cause, sameCause, lastReason: reason,
		}
		: {
			count, rounds, cause, sameCause, lastAt: now, lastReason: reason, retryAt: later(now, Math.min(longest, firstPauseSeconds * (2 ** (rounds - 1)))),
		};
	const ofJob = jobId === undefined ? undefined : memory.jobFailures.get(jobId);
	return {
		...memory,
		failures: withEntry(memory.failures, key, failures),
		jobFailures: jobId === undefined
			? memory.jobFailures
			: withEntry(memory.jobFailures, jobId, {
				count: (ofJob?.count ?? 0) + 1, lastReason: reason, lastAt: now, labelSet: key,
			}),
	};
}

/**
The memory with one more create call that Hetzner refused for what this job asks: it waits 15 s, twice as long each time, up to an hour.
*/
export function recordRefusal(memory: Memory, id: JobId, answer: string, now: Instant): Memory {
	const tries = (memory.refusedJobs.get(id)?.tries ?? 0) + 1;
	const pause = Math.min(longestPauseForOneCause, firstPauseSeconds * (2 ** (tries - 1)));
	return {...memory, refusedJobs: withEntry(memory.refusedJobs, id, {tries, answer, retryAt: later(now, pause)})};
}

/**
The memory after a server went that this engine did not delete: when it never had a job, and its own still waits, it failed as any other
(two engines that delete each other's failing servers would else make them in turn, without end).
*/
export function recordGone(memory: Memory, server: Server, isItsJobQueued: boolean, now: Instant): Memory {
	return memory.worked.has(server.name) || memory.counted.has(server.name) || !isItsJobQueued
		? memory
		: recordFailure(memory, {
			labels: server.runnerLabels, jobId: server.jobId, cause: 'deleted', reason: 'it was deleted before it had a job', madeAt: memory.firstSeen.get(server.id),
		}, now);
}

/**
Whether servers for a label set are made one at a time, until one works: it has failed in more than one round, or for three servers in one.
*/
export function isTriedSingly({rounds, count}: Failures): boolean {
	return rounds > 1 || count >= 3;
}

/**
Whether such a label set has a server made since its last failure that is still on its way.
*/
export function isBeingTried(memory: Memory, snapshot: Snapshot, labels: readonly string[]): boolean {
	const key = labelSetKey(labels);
	const failures = memory.failures.get(key);
	if (failures === undefined || !isTriedSingly(failures)) {
		return false;
	}

	return snapshot.creations.some(creation => labelSetKey(creation.labels) === key)
		|| snapshot.servers.items.some(server => labelSetKey(server.runnerLabels) === key && !memory.counted.has(server.name) && !memory.worked.has(server.name)
			&& (memory.firstSeen.get(server.id) ?? 0) >= failures.lastAt);
}

/**
Until when no more servers are made for a job, because too many ended without it; undefined while there may be one.
*/
export function givenUpUntil(memory: Memory, id: JobId, now: Instant): Instant | undefined {
	const failed = memory.jobFailures.get(id);
	const until = failed !== undefined && failed.count >= serversPerJob ? later(failed.lastAt, givenUpSeconds) : undefined;
	return until !== undefined && until > now ? until : undefined;
}

/**
The memory after all verdicts: each server that came to nothing is counted once. A runner that begins to work after the last
failure of its label set clears it; one that was at work before says nothing of those that failed since.
*/
export function countFailures(memory: Memory, snapshot: Snapshot, verdicts: ReadonlyMap<ServerId, ServerVerdict>, passedOver: ReadonlySet<string>, now: Instant): Memory {
	const queued = new Set(snapshot.jobs.items.filter(job => job.status === 'queued').map(job => job.id));
	let after = memory;
	for (const server of snapshot.servers.items) {
		const workedAt = memory.worked.get(server.name);
		if (workedAt !== undefined) {
			after = clearedBy(after, server, workedAt);
			continue;
		}

		const isItsJobQueued = server.jobId !== undefined && queued.has(server.jobId);
		const failure = after.counted.has(server.name) ? undefined : failureOf(server, verdicts.get(server.id), memory, isItsJobQueued, passedOver.has(server.name));
		if (failure !== undefined) {
			after = recordFailure({...after, counted: new Set([...after.counted, server.name])}, {
				labels: server.runnerLabels, jobId: isItsJobQueued ? server.jobId : undefined, madeAt: memory.firstSeen.get(server.id), ...failure,
			}, now);
		}
	}

	return after;
}

function clearedBy(memory: Memory, server: Server, workedAt: Instant): Memory {
	const key = labelSetKey(server.runnerLabels);
	const failures = memory.failures.get(key);
	if (failures === undefined || failures.lastAt >= workedAt) {
		return memory;
	}

	const rest = new Map(memory.failures);
	rest.delete(key);
	return {...memory, failures: rest, jobFailures: new Map([...memory.jobFailures].filter(([, {labelSet}]) => labelSet !== key))};
}

const causes: Readonly<Record<ZombieReason['why'], FailureCause | undefined>> = {
	notReady: 'neverReached', setUpTooLong: 'setUp', setUpFailed: 'setUp', neverRegistered: 'neverRegistered', runnerOffline: 'neverRegistered', runnerGone: undefined, abandoned: undefined,
};

function failureOf(server: Server, verdict: ServerVerdict | undefined, memory: Memory, isItsJobQueued: boolean, isPassedOver: boolean): Pick<Failure, 'cause' | 'reason'> | undefined {
	if (isPassedOver) {
		return {cause: 'neverGotJob', reason: 'GitHub gives it to no runner of ours, though one is free'};
	}

	if (verdict?.code === 'zombie') {
		const isOver = verdict.reason.why === 'setUpFailed' || verdict.forSeconds >= verdict.limitSeconds;
		const cause = causes[verdict.reason.why];
		return isOver && cause !== undefined ? {cause, reason: describeZombieReason(verdict.reason)} : undefined;
	}

	// Idle for its whole time while its own job waits, though it may be deleted in the moment before it counts as passed over.
	if (verdict?.code === 'idle' && isItsJobQueued && verdict.limitSeconds > 0 && verdict.forSeconds >= Math.max(verdict.limitSeconds, assignmentLagSeconds)) {
		return {cause: 'neverGotJob', reason: 'its runner was idle until its time was up, and its job still waits'};
	}

	// Off without a job seen: a job of seconds may have run unseen, but not its own, which still waits.
	if (verdict?.code === 'off' && isItsJobQueued) {
		return memory.registered.has(server.name)
			? {cause: 'neverGotJob', reason: 'its runner ended without taking a job'}
			: {cause: 'neverRegistered', reason: 'it went off before its runner registered'};
	}

	return undefined;
}

