import type {Job, JobId} from '../model/job.ts';
import type {Dearer, Placement} from '../model/placement.ts';
import type {Policy} from '../model/policy.ts';
import type {Runner, RunnerId} from '../model/runner.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import type {Snapshot} from '../model/snapshot.ts';
import type {Instant} from '../model/time.ts';
import type {JobVerdict, RunnerVerdict, ServerVerdict} from '../model/verdict.ts';
import type {Mode} from './controller.ts';
import {countFailures} from './failures.ts';
import type {Memory} from './memory.ts';
import type {Spending} from './money-limits.ts';
import {passedOverRunners} from './passed-over.ts';
import {planScaleDown} from './scale-down/plan.ts';
import {planScaleUp} from './scale-up/plan.ts';
import {remember} from './sightings.ts';

/**
Why a server is to go. `off`: it does nothing any more; the others still run, so more is asked before they go.
*/
export type DeleteReason = {readonly kind: 'off' | 'idle' | 'zombie' | 'drain'; readonly words: string};

/**
What is to be done.
*/
export type Action =
	| {readonly type: 'createServer'; readonly name: ServerName; readonly job: Job; readonly labels: readonly string[]; readonly placement: Placement; readonly dearer?: Dearer | undefined}
	| {readonly type: 'deleteServer'; readonly server: Server; readonly reason: DeleteReason}
	| {readonly type: 'removeRunner'; readonly runner: Runner; readonly reason: string};

/**
What else bears on a plan: what the operator wants, and whose turn it is.
*/
export type Stance = {
	readonly mode: Mode;
	/**
	Whether this time servers may be created / deleted: each has its own interval.
	*/
	readonly isScaleUpDue: boolean;
	readonly isScaleDownDue: boolean;
	/**
	What on our own side would make every new server useless, in a sentence that says what to do; undefined: nothing.
	*/
	readonly ownFault: string | undefined;
	/**
	Until when an API's request limit forbids creating.
	*/
	readonly blocked: {readonly api: 'GitHub' | 'Hetzner'; readonly retryAt: Instant | undefined} | undefined;
	/**
	Needed where the policy limits cost.
	*/
	readonly spending: Spending | undefined;
};

export type Plan = {
	readonly actions: readonly Action[];
	readonly jobVerdicts: ReadonlyMap<JobId, JobVerdict>;
	readonly serverVerdicts: ReadonlyMap<ServerId, ServerVerdict>;
	readonly runnerVerdicts: ReadonlyMap<RunnerId, RunnerVerdict>;
	readonly memory: Memory;
};

/**
What to do next and why not more: pure, the same arguments give the same answer.
*/
export function plan(snapshot: Snapshot, before: Memory, policy: Policy, stance: Stance, now: Instant): Plan {
	const memory = remember(before, snapshot, now);
	const down = planScaleDown(snapshot, memory, policy, stance, now);
	const doomed = new Set(down.actions.filter(action => action.type === 'deleteServer').map(action => action.server.id));
	const passedOver = passedOverRunners(snapshot, memory, now);
	const counted = countFailures(memory, snapshot, down.serverVerdicts, passedOver, now);
	const up = planScaleUp(snapshot, counted, policy, stance, {doomed, passedOver}, now);
	return {
		actions: [...down.actions, ...up.actions],
		jobVerdicts: up.verdicts,
		serverVerdicts: down.serverVerdicts,
		runnerVerdicts: down.runnerVerdicts,
		memory: {...counted, postponed: new Map([...counted.postponed].filter(([id]) => down.due.has(id) || snapshot.deletions.has(id)))},
	};
}
