import type {Job} from '../../model/job.ts';
import type {Policy} from '../../model/policy.ts';
import type {Runner} from '../../model/runner.ts';
import type {Server} from '../../model/server.ts';
import type {Read, SetUp} from '../../model/snapshot.ts';
import type {Instant} from '../../model/time.ts';
import type {ServerVerdict} from '../../model/verdict.ts';
import type {Memory} from '../memory.ts';
import type {DeleteReason} from '../action.ts';

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
	A job that could not be read again, last seen running on its runner.
	*/
	readonly unreadJob: Job | undefined;
	/**
	Since when the youngest queued job has been known that its runner could take, or has just taken; undefined: there is none.
	*/
	readonly youngestQueuedAt: () => Instant | undefined;
	readonly jobs: Read<Job>;
	readonly setUp: SetUp | undefined;
	readonly memory: Memory;
	readonly policy: Policy;
	readonly isDraining: boolean;
	readonly now: Instant;
};

/**
What a rule says of a server: a verdict, and why it is to be deleted if it is. Undefined: not this rule's case.
*/
export type Judgement = {readonly verdict: ServerVerdict; readonly toDelete?: DeleteReason} | undefined;
