import type {Job} from '../../model/job.ts';
import type {Policy} from '../../model/policy.ts';
import type {Runner} from '../../model/runner.ts';
import type {Server} from '../../model/server.ts';
import type {SetUp} from '../../model/snapshot.ts';
import type {Instant} from '../../model/time.ts';
import type {ServerVerdict} from '../../model/verdict.ts';
import type {Memory} from '../memory.ts';
import type {DeleteReason} from '../plan.ts';

/**
All that is known of one server at one moment; what each rule judges.
*/
export type Evidence = {
	readonly server: Server;
	readonly runner: Runner | undefined;
	/**
	The running job that names its runner.
	*/
	readonly job: Job | undefined;
	/**
	Whether a queued job stands in the list that its runner could take, or has just taken.
	*/
	readonly hasQueuedJob: () => boolean;
	readonly setUp: SetUp | undefined;
	readonly memory: Memory;
	readonly policy: Policy;
	readonly isDraining: boolean;
	readonly now: Instant;
};

/**
What a rule says of a server: a verdict, and why it is to be deleted if it is. Undefined: not this rule's case.
*/
export type Judgement = {readonly verdict: ServerVerdict; readonly doomed?: DeleteReason} | undefined;

/**
A fact is believed when two reads in a row showed it (DESIGN 5: GitHub's `busy` flag lies for a minute at a time).
*/
export const readsToBelieve = 2;

/**
GitHub may show a job as queued, and its runner as free, for a minute after the runner got it (actions/runner #4422).
*/
export const assignmentLagSeconds = 60;
