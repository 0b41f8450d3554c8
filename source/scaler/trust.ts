import type {Job} from '../model/job.ts';
import type {Policy} from '../model/policy.ts';
import type {Runner} from '../model/runner.ts';
import {serverOfRunner} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import type {Gap, Read} from '../model/snapshot.ts';
import {ageSeconds, type Instant} from '../model/time.ts';
import type {Memory, Streak} from './memory.ts';

/**
A fact is believed when two reads in a row showed it (DESIGN 5: GitHub's `busy` flag lies for a minute at a time).
*/
export const readsToBelieve = 2;

/**
GitHub may show a job as queued, and its runner as free, for a minute after the runner got it (actions/runner#4422).
*/
export const assignmentLagSeconds = 60;

/**
The rule of partial knowledge: what a gap names by id is left alone, everything else is decided on direct evidence.
As long as any job may be unread, the evidence against a runner must have held for longer: for three minutes since some jobs could not be read,
for four since none could. Then its record is asked for by name and unregistered before its server goes, which GitHub refuses while it has a job.
*/
const gapSeconds = {partial: 180, failed: 240};

/**
How long a job that can no longer be read goes on protecting the runner it was last seen on, against that runner's own record, seconds. Long: in 2026 GitHub
called busy runners idle and let go of them for half an hour, and a server whose job has ended switches itself off.
*/
const unreadJobSeconds = 3600;

/**
Whether that evidence is enough to act on, given what could be read of jobs.
*/
export function isEnough(streak: Streak | undefined, jobs: Read<Job>, now: Instant): boolean {
	return streak === undefined || streak.reads < readsToBelieve ? false : jobs.state === 'whole' || Math.min(ageSeconds(streak.since, now), ageSeconds(jobs.fault.since, now)) >= gapSeconds[jobs.state];
}

/**
Whether a server was made for a job of a run that cannot be read: that job most likely runs on it, whatever its runner's record says.
*/
export function isOwnRunUnread(server: Server, memory: Memory, now: Instant): boolean {
	const since = server.runId === undefined ? undefined : memory.unreadRuns.get(server.runId);
	return since !== undefined && ageSeconds(since, now) < unreadJobSeconds;
}

/**
Whether a job that can no longer be read still speaks for a runner whose own record has said for that long that it has none.
*/
export function doesUnreadJobProtect(streak: Streak | undefined, now: Instant): boolean {
	return streak === undefined || ageSeconds(streak.since, now) < unreadJobSeconds;
}

/**
The parts of a list that could not be read.
*/
export function gapsOf(read: Read<unknown>): readonly Gap[] {
	return read.state === 'partial' ? read.gaps : [];
}

/**
The servers whose runner could not be read.
*/
export function unreadServers(runners: Read<Runner>): ReadonlySet<string> {
	return new Set(gapsOf(runners).flatMap(({runnerName}) => runnerName === undefined ? [] : [serverOfRunner(runnerName)]));
}

/**
How long a server has been waited for, whole seconds, for the limits that count from its creation: since its first sight by our own clock, which outlives
a restart, or since its creation when that came later: our clock may have been put right in between. A creation that is still to come says nothing.
*/
export function waitedForServer(server: Server, memory: Memory, now: Instant): number {
	const seen = memory.firstSeen.get(server.id) ?? now;
	return ageSeconds(server.created > seen && server.created <= now ? server.created : seen, now);
}

/**
How old a server is, and of how many seconds, once that is more than --max-server-life; undefined before, and without that limit.
*/
export function outlivedBy(server: Server, memory: Memory, {maxServerLifeSeconds: limitSeconds}: Policy, now: Instant): {readonly forSeconds: number; readonly limitSeconds: number} | undefined {
	const forSeconds = waitedForServer(server, memory, now);
	return limitSeconds === undefined || forSeconds < limitSeconds ? undefined : {forSeconds, limitSeconds};
}

/**
The longest that a server may rightly take from its creation to a registered runner, seconds.
*/
export function allLimits(policy: Policy): number {
	return policy.maxServerReadySeconds + policy.maxSetupSeconds + policy.maxRunnerRegistrationSeconds;
}

/**
Whether a server is known to have run. One that is `off` without that is on its way to its first start, which may come late (terraform-provider-hcloud#505).
*/
export function hasEverRun(server: Server, memory: Memory): boolean {
	return memory.hasRun.has(server.id) || memory.registered.has(server.name) || server.startupEndedAt !== undefined;
}
