import type {Job} from '../model/job.ts';
import {runnersByServer, type Runner} from '../model/runner.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {secondsBetween, type Instant} from '../model/time.ts';
import type {Memory, Streak} from './memory.ts';
import {assignmentLagSeconds} from './trust.ts';
import {fittingJobs, type FittingJobs} from './fitting.ts';

/**
An idle runner of somebody else may be in a group that this repository's jobs never reach: it is given less time, seconds.
*/
const othersSeconds = 10;

/**
The runners, by their server's name, that are free, and have let a job wait that their labels fit: GitHub evidently does not give it to them
(a runner group, a policy, an incident: actions/runner#3872).
*/
export function passedOverRunners(snapshot: Snapshot, memory: Memory, now: Instant): ReadonlySet<string> {
	const queued = snapshot.jobs.items.filter(job => job.status === 'queued');
	const ours = new Set<string>(snapshot.servers.items.map(server => server.name));
	const oldest = fittingJobs(queued.toSorted((a, b) => seenAt(memory, a, now) - seenAt(memory, b, now)));
	return new Set([...runnersByServer(snapshot.runners.items)].filter(([name, runner]) => isPassedOver(runner, memory.idle.get(name), oldest, memory, ours.has(name), now)).map(([name]) => name));
}

function isPassedOver(runner: Runner, idle: Streak | undefined, oldest: FittingJobs, memory: Memory, isOurs: boolean, now: Instant): boolean {
	if (!runner.isOnline || runner.isBusy || idle === undefined) {
		return false;
	}

	const patience = isOurs ? assignmentLagSeconds : othersSeconds;
	const job = secondsBetween(idle.since, now) > patience ? oldest.first(runner.labels) : undefined;
	return job !== undefined && secondsBetween(seenAt(memory, job, now), now) > patience;
}

/**
Since when a queued job is known to wait, by our own clock: its date at GitHub may be wrong either way.
*/
export function seenAt(memory: Memory, job: Job, now: Instant): Instant {
	return memory.jobSeen.get(job.id) ?? now;
}
