import {sayUnservable, type Unservable} from './labels.ts';
import {sayPair, type Placement} from './placement.ts';
import {shortServerName, type ServerName} from './server-name.ts';
import {sayDuration, type Instant} from './time.ts';
import {sayJob, type Job} from './job.ts';

/**
How a pair of server type and location was refused, and when it is tried again.
*/
export type CoolPair = {readonly placement: Placement; readonly answer: string; readonly tries: number; readonly retryAt: Instant};

/**
What happens with a job, and why not sooner. Every job that GitHub lists has one at every moment.
*/
export type JobVerdict =
	| {readonly code: 'notOurs'; readonly missing: readonly string[]}
	| {readonly code: 'heldAtGitHub'; readonly status: 'waiting' | 'pending' | 'requested'}
	| {readonly code: 'running'; readonly runnerName: string | undefined; readonly since: Instant | undefined}
	| {readonly code: 'done'}
	| {readonly code: 'creating'; readonly server: ServerName; readonly placement: Placement; readonly since: Instant}
	| {readonly code: 'toCreate'; readonly server: ServerName; readonly placement: Placement}
	| {readonly code: 'wouldCreate'; readonly server: ServerName; readonly placement: Placement}
	| {readonly code: 'serverComing'; readonly server: ServerName; readonly step: 'booting' | 'settingUp' | 'registering'; readonly since: Instant}
	| {readonly code: 'runnerReady'; readonly runner: string; readonly since: Instant | undefined}
	| {readonly code: 'waitsForLimit'; readonly count: number; readonly limit: number}
	| {readonly code: 'waitsForWorker'; readonly workers: number}
	| {readonly code: 'refused'; readonly cool: CoolPair; readonly next: Placement; readonly nextAt: Instant}
	| {readonly code: 'afterFailures'; readonly count: number; readonly lastReason: string; readonly retryAt: Instant}
	| {readonly code: 'accountLimit'; readonly answer: string; readonly retryAt: Instant}
	| {readonly code: 'waitsForBudget'; readonly api: 'GitHub' | 'Hetzner'; readonly retryAt: Instant | undefined}
	| {readonly code: 'unservable'; readonly fault: Unservable}
	| {readonly code: 'notScaling'; readonly mode: 'paused' | 'frozen' | 'draining'}
	| {readonly code: 'unread'; readonly what: string; readonly reason: string};

/**
Why a server or its runner lives no longer than this.
*/
export type ZombieReason =
	| {readonly why: 'notReady'; readonly lastAnswer: string | undefined}
	| {readonly why: 'setUpTooLong'}
	| {readonly why: 'setUpFailed'; readonly reason: string}
	| {readonly why: 'neverRegistered'}
	| {readonly why: 'runnerGone'}
	| {readonly why: 'runnerOffline'};

/**
What happens with a server. `forSeconds` of `limitSeconds` have passed; whole seconds.
*/
export type ServerVerdict =
	| {readonly code: 'booting'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'settingUp'; readonly script: 'setup' | 'startup'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'registering'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'busy'; readonly job: Pick<Job, 'id' | 'name' | 'workflowName'> | undefined; readonly forSeconds: number | undefined}
	| {readonly code: 'idle'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'idleUnproven'; readonly forSeconds: number; readonly reads: number}
	| {readonly code: 'off'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'zombie'; readonly reason: ZombieReason; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'keptBusy'; readonly answer: string; readonly forSeconds: number}
	| {readonly code: 'keptUnread'; readonly missing: string}
	| {readonly code: 'keptByOperator'; readonly until: Instant}
	| {readonly code: 'frozen'}
	| {readonly code: 'deleting'; readonly reason: string}
	| {readonly code: 'wouldDelete'; readonly reason: string}
	| {readonly code: 'leaving'};

/**
What happens with a runner's record at GitHub.
*/
export type RunnerVerdict =
	| {readonly code: 'busy'; readonly job: Pick<Job, 'id' | 'name' | 'workflowName'> | undefined}
	| {readonly code: 'idle'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'offline'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'leftover'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'noServer'}
	| {readonly code: 'notOurs'}
	| {readonly code: 'kept'; readonly reason: string};

/**
Whether a server has outlived its reason: what the zombies screen lists.
*/
export function isZombie(verdict: ServerVerdict): boolean {
	return ['zombie', 'off', 'keptBusy'].includes(verdict.code);
}

/**
What a job's verdict says to a person.
*/
export function sayJobVerdict(verdict: JobVerdict, now: Instant): string {
	switch (verdict.code) {
		case 'notOurs': {
			return `ignored: not labelled ${verdict.missing.join(', ')}`;
		}

		case 'heldAtGitHub': {
			return verdict.status === 'waiting' ? 'held at GitHub: waits for approval' : (verdict.status === 'pending' ? 'held at GitHub: waits for its concurrency group' : 'held at GitHub: requested, not queued yet');
		}

		case 'running': {
			return `runs on ${verdict.runnerName === undefined ? 'a runner GitHub does not name' : shortServerName(verdict.runnerName)}`;
		}

		case 'done': {
			return 'done';
		}

		case 'creating': {
			return `creating ${shortServerName(verdict.server)}, ${sayPair(verdict.placement)}`;
		}

		case 'toCreate': {
			return `next: create ${shortServerName(verdict.server)}, ${sayPair(verdict.placement)}`;
		}

		case 'wouldCreate': {
			return `dry run: would create ${shortServerName(verdict.server)}, ${sayPair(verdict.placement)}`;
		}

		case 'serverComing': {
			const step = {booting: 'booting', settingUp: 'setting up', registering: 'registering'}[verdict.step];
			return `${step} ${shortServerName(verdict.server)}, ${sayAge(verdict.since, now)}`;
		}

		case 'runnerReady': {
			return `runner ${shortServerName(verdict.runner)} is free to take it`;
		}

		case 'waitsForLimit': {
			return `waits: ${verdict.count} of ${verdict.limit} servers`;
		}

		case 'waitsForWorker': {
			return `waits for one of ${verdict.workers} workers`;
		}

		case 'refused': {
			return `${sayPair(verdict.cool.placement)} refused, ${sayNext(verdict, now)} (try ${verdict.cool.tries + 1})`;
		}

		case 'afterFailures': {
			return `${verdict.count === 1 ? 'a server' : `${verdict.count} servers`} failed (${verdict.lastReason}), again ${sayUntil(verdict.retryAt, now)}`;
		}

		case 'accountLimit': {
			return `Hetzner: ${verdict.answer}; again ${sayUntil(verdict.retryAt, now)}`;
		}

		case 'waitsForBudget': {
			return `waits for ${verdict.api}'s request limit${verdict.retryAt === undefined ? '' : `, ${sayUntil(verdict.retryAt, now)}`}`;
		}

		case 'unservable': {
			return `cannot be served: ${sayUnservable(verdict.fault)}`;
		}

		case 'notScaling': {
			return {paused: 'waits: scaling up is paused', frozen: 'waits: scaling is paused both ways', draining: 'waits: draining, no new servers'}[verdict.mode];
		}

		case 'unread': {
			return `waits for a good read of ${verdict.what}: ${verdict.reason}`;
		}
	}
}

/**
What a server's verdict says to a person.
*/
export function sayServerVerdict(verdict: ServerVerdict, now: Instant): string {
	switch (verdict.code) {
		case 'booting': {
			return `boots, ${sayOf(verdict)}`;
		}

		case 'settingUp': {
			return `${verdict.script} script runs, ${sayOf(verdict)}`;
		}

		case 'registering': {
			return `registers its runner, ${sayOf(verdict)}`;
		}

		case 'busy': {
			return verdict.job === undefined ? 'busy, GitHub names no job yet' : `busy with ${sayJob(verdict.job)}`;
		}

		case 'idle': {
			return `idle ${sayOf(verdict)}`;
		}

		case 'idleUnproven': {
			return `idle ${sayDuration(verdict.forSeconds)}, deleted once a second read agrees`;
		}

		case 'off': {
			return `off ${sayOf(verdict)}`;
		}

		case 'zombie': {
			return `${sayZombieReason(verdict.reason)}, ${sayOf(verdict)}`;
		}

		case 'keptBusy': {
			return `kept: ${verdict.answer}`;
		}

		case 'keptUnread': {
			return `kept: no good read of ${verdict.missing}`;
		}

		case 'keptByOperator': {
			return `kept by an operator, ${sayDuration((verdict.until - now) / 1000)} left`;
		}

		case 'frozen': {
			return 'kept: scaling is paused both ways';
		}

		case 'deleting': {
			return `deleting: ${verdict.reason}`;
		}

		case 'wouldDelete': {
			return `dry run: would delete: ${verdict.reason}`;
		}

		case 'leaving': {
			return 'being deleted at Hetzner';
		}
	}
}

/**
What a runner's verdict says to a person.
*/
export function sayRunnerVerdict(verdict: RunnerVerdict): string {
	switch (verdict.code) {
		case 'busy': {
			return verdict.job === undefined ? 'busy, GitHub names no job yet' : `busy with ${sayJob(verdict.job)}`;
		}

		case 'idle': {
			return `idle ${sayOf(verdict)}`;
		}

		case 'offline': {
			return `offline ${sayOf(verdict)}`;
		}

		case 'leftover': {
			return `no server of its name, ${sayOf(verdict)}`;
		}

		case 'noServer': {
			return 'online, but no server of ours has its name';
		}

		case 'notOurs': {
			return 'not ours';
		}

		case 'kept': {
			return `kept: ${verdict.reason}`;
		}
	}
}

/**
Why a server has outlived its reason, in words.
*/
export function sayZombieReason(reason: ZombieReason): string {
	switch (reason.why) {
		case 'notReady': {
			return reason.lastAnswer === undefined ? 'SSH never answered' : `SSH never answered (${reason.lastAnswer})`;
		}

		case 'setUpTooLong': {
			return 'set-up takes too long';
		}

		case 'setUpFailed': {
			return `set-up failed: ${reason.reason}`;
		}

		case 'neverRegistered': {
			return 'its runner never registered';
		}

		case 'runnerGone': {
			return 'its runner is gone, yet it still runs';
		}

		case 'runnerOffline': {
			return 'its runner is offline without a job';
		}
	}
}

function sayOf(verdict: {readonly forSeconds: number; readonly limitSeconds: number}): string {
	return `${sayDuration(verdict.forSeconds)} of ${sayDuration(verdict.limitSeconds)}`;
}

function sayAge(since: Instant, now: Instant): string {
	return sayDuration((now - since) / 1000);
}

function sayUntil(when: Instant, now: Instant): string {
	return when <= now ? 'now' : `in ${sayDuration(Math.ceil((when - now) / 1000))}`;
}

function sayNext(verdict: {readonly cool: CoolPair; readonly next: Placement; readonly nextAt: Instant}, now: Instant): string {
	const isSame = verdict.next.serverType === verdict.cool.placement.serverType && verdict.next.location === verdict.cool.placement.location;
	return isSame ? `again ${sayUntil(verdict.nextAt, now)}` : `${verdict.next.location ?? verdict.next.serverType} next ${sayUntil(verdict.nextAt, now)}`;
}
