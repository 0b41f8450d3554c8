import type {Job, JobId} from '../model/job.ts';
import type {Dearer, Placement} from '../model/placement.ts';
import type {Runner, RunnerId} from '../model/runner.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import type {Instant} from '../model/time.ts';
import type {JobVerdict, RunnerVerdict, ServerVerdict} from '../model/verdict.ts';
import type {Mode} from './controller.ts';
import type {Memory} from './memory.ts';
import type {Spending} from './money-limits.ts';

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
export type PlanInput = {
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

/**
What planning answers: what to do, a verdict for everything that there is, and what to remember.
*/
export type Plan = {
	readonly actions: readonly Action[];
	readonly jobVerdicts: ReadonlyMap<JobId, JobVerdict>;
	readonly serverVerdicts: ReadonlyMap<ServerId, ServerVerdict>;
	readonly runnerVerdicts: ReadonlyMap<RunnerId, RunnerVerdict>;
	readonly memory: Memory;
};
