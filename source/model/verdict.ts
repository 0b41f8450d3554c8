import type {NamedJob} from './job.ts';
import type {Unservable} from './unservable.ts';
import type {Micros} from './money.ts';
import type {Dearer, Placement} from './placement.ts';
import type {ServerName} from './server-name.ts';
import type {Instant} from './time.ts';

/**
How a pair of server type and location was refused, and when it is tried again.
*/
export type CoolPair = {readonly placement: Placement; readonly answer: string; readonly tries: number; readonly since: Instant; readonly retryAt: Instant};

/**
What happens with a job, and why not sooner. Every job that GitHub lists has one at every moment.
*/
export type JobVerdict =
	| {readonly code: 'notOurs'; readonly missing: readonly string[]}
	| {readonly code: 'heldAtGitHub'; readonly status: 'waiting' | 'pending' | 'requested' | 'unknown'}
	| {readonly code: 'running'; readonly runnerName: string | undefined; readonly since: Instant | undefined}
	| {readonly code: 'done'}
	| {readonly code: 'creating'; readonly server: ServerName; readonly placement: Placement; readonly dearer?: Dearer | undefined; readonly since: Instant}
	| {readonly code: 'toCreate'; readonly server: ServerName; readonly placement: Placement; readonly dearer?: Dearer | undefined}
	| {readonly code: 'wouldCreate'; readonly server: ServerName; readonly placement: Placement}
	| {readonly code: 'serverComing'; readonly server: ServerName; readonly step: 'booting' | 'settingUp' | 'registering'; readonly since: Instant}
	| {readonly code: 'runnerReady'; readonly runner: string; readonly since: Instant | undefined}
	| {readonly code: 'waitsForLimit'; readonly count: number; readonly limit: number; readonly of?: 'run' | readonly string[] | undefined}
	| {readonly code: 'waitsForMoney'; readonly period: 'hour' | 'day' | 'month'; readonly spentMicros: Micros; readonly limitMicros: Micros; readonly currency: string; readonly opensAt: Instant | undefined}
	| {readonly code: 'priceUnknown'; readonly placement: Placement}
	| {readonly code: 'waitsForWorker'; readonly workers: number}
	| {readonly code: 'refused'; readonly cool: CoolPair; readonly next: Placement; readonly nextAt: Instant}
	| {readonly code: 'afterFailures'; readonly count: number; readonly lastReason: string; readonly retryAt: Instant}
	| {readonly code: 'gaveUp'; readonly count: number; readonly lastReason: string; readonly until: Instant}
	| {readonly code: 'createRefused'; readonly answer: string; readonly tries: number; readonly retryAt: Instant}
	| {readonly code: 'ownFault'; readonly reason: string}
	| {readonly code: 'waitsForPoll'; readonly reason: string}
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
	| {readonly why: 'runnerOffline'}
	| {readonly why: 'abandoned'};

/**
What happens with a server. `forSeconds` of `limitSeconds` have passed; whole seconds.
*/
export type ServerVerdict =
	| {readonly code: 'booting'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'settingUp'; readonly script: 'setup' | 'startup'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'registering'; readonly forSeconds: number; readonly limitSeconds: number}
	| {
		readonly code: 'busy'; readonly job: NamedJob | undefined; readonly forSeconds: number | undefined;
		/**
		Set once it is older than that many seconds, as --max-server-life allows: it goes when its job ends.
		*/
		readonly lifeSeconds?: number | undefined;
		/**
		Set when an operator drains it: it goes when its job ends.
		*/
		readonly drainedBy?: string | undefined;
	}
	| {readonly code: 'idle'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'draining'; readonly by: string}
	| {readonly code: 'outlived'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'idleUnproven'; readonly forSeconds: number; readonly reads: number}
	| {readonly code: 'off'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'zombie'; readonly reason: ZombieReason; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'keptBusy'; readonly answer: string; readonly forSeconds: number}
	| {readonly code: 'keptUnread'; readonly missing: string}
	| {readonly code: 'keptProtected'; readonly answer: string}
	| {readonly code: 'otherEngine'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'keptByOperator'; readonly until: Instant}
	| {readonly code: 'deleting'; readonly reason: string}
	| {readonly code: 'wouldDelete'; readonly reason: string}
	| {readonly code: 'leaving'};

/**
What happens with a runner's record at GitHub.
*/
export type RunnerVerdict =
	| {readonly code: 'busy'; readonly job: NamedJob | undefined}
	| {readonly code: 'idle'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'offline'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'leftover'; readonly forSeconds: number; readonly limitSeconds: number}
	| {readonly code: 'awaited'}
	| {readonly code: 'noServer'}
	| {readonly code: 'notOurs'}
	| {readonly code: 'kept'; readonly reason: string};

/**
How long a server that is off may exist past its limit before it counts
as a zombie, seconds: the engine checks twice, and deleting takes time.
*/
const deletionGraceSeconds = 60;

/**
Whether a server has outlived its limits: what the zombies screen lists. One whose set-up failed has none left to wait for.
*/
export function isZombie(verdict: ServerVerdict): boolean {
	if (verdict.code === 'zombie' && verdict.reason.why === 'setUpFailed') {
		return true;
	}

	if (verdict.code === 'zombie') {
		return verdict.forSeconds >= verdict.limitSeconds;
	}

	return verdict.code === 'off' ? verdict.forSeconds >= verdict.limitSeconds + deletionGraceSeconds : verdict.code === 'keptBusy';
}
