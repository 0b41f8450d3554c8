import type {JobId, RunId} from '../model/job.ts';
import type {RunnerId} from '../model/runner.ts';
import type {ServerName} from '../model/server-name.ts';
import type {ServerId} from '../model/server.ts';
import type {Instant} from '../model/time.ts';
import type {CoolPair} from '../model/verdict.ts';

/**
Since when a fact has held, and how many reads in a row said so.
*/
export type Streak = {readonly since: Instant; readonly reads: number; readonly lastReadAt: Instant};

/**
Why a server ended without having run a job: its set-up failed or took too long, it was never reached, its runner never registered,
GitHub gave its runner no job though one waited, or somebody deleted it before that.
*/
export type FailureCause = 'setUp' | 'neverReached' | 'neverRegistered' | 'neverGotJob' | 'deleted';

/**
Servers for one set of labels that ended without a job, in a row: how many, in how many rounds (those that were made before the last failure was known
belong to its round), how many rounds ended by the same cause as the last one, and when the next server may be made.
*/
export type Failures = {
	readonly count: number; readonly rounds: number; readonly cause: FailureCause; readonly sameCause: number; readonly lastAt: Instant; readonly retryAt: Instant; readonly lastReason: string;
};

/**
Servers made for one job that ended without it.
*/
export type JobFailures = {readonly count: number; readonly lastReason: string; readonly lastAt: Instant; readonly labelSet: string};

/**
What planning remembers from one time to the next. A restart begins with an empty one but for what `saved-state.ts` names:
that may lengthen a limit but never shortens it.
*/
export type Memory = {
	/**
	Which server had which name last: a name may come back with another server, of which nothing is known yet.
	*/
	readonly ids: ReadonlyMap<string, ServerId>;
	/**
	When a server / a queued job was first seen, by our own clock, across restarts for servers.
	*/
	readonly firstSeen: ReadonlyMap<ServerId, Instant>;
	readonly jobSeen: ReadonlyMap<JobId, Instant>;
	/**
	Runs whose jobs cannot be read, since when.
	*/
	readonly unreadRuns: ReadonlyMap<RunId, Instant>;
	/**
	Servers whose set-up has been seen to begin, since when, across restarts: one that stops answering later is not one that never did.
	*/
	readonly reached: ReadonlyMap<ServerId, Instant>;
	/**
	Names of servers of ours, the living and those that went lately: runner records of these names are ours.
	*/
	readonly ownNames: ReadonlySet<string>;
	/**
	Servers that have been seen running: before that, `off` means that the first start is still to come (terraform-provider-hcloud#505).
	*/
	readonly hasRun: ReadonlySet<ServerId>;
	readonly off: ReadonlyMap<ServerId, Streak>;
	/**
	Servers that are being deleted.
	*/
	readonly leaving: ReadonlyMap<ServerId, Streak>;
	/**
	Runners online, not busy, and named by no job. Keyed, as the others here, by the server's name (model/runner.ts); of runners of others by their own.
	*/
	readonly idle: ReadonlyMap<string, Streak>;
	/**
	Runners busy by GitHub's flag that no running job names.
	*/
	readonly busyUnnamed: ReadonlyMap<string, Streak>;
	/**
	Runners offline, not busy, and named by no job.
	*/
	readonly offline: ReadonlyMap<string, Streak>;
	/**
	Servers that run without a runner: at most with a record that no program has connected with.
	*/
	readonly missing: ReadonlyMap<ServerName, Streak>;
	/**
	Runner records of ours without a server.
	*/
	readonly leftover: ReadonlyMap<RunnerId, Streak>;
	/**
	Servers whose runner has been seen registered / with a job, since when.
	*/
	readonly registered: ReadonlySet<ServerName>;
	readonly worked: ReadonlyMap<ServerName, Instant>;
	/**
	Refused (type, location) pairs, by their key.
	*/
	readonly cool: ReadonlyMap<string, CoolPair>;
	/**
	No server is created before then: the account's limit was hit.
	*/
	readonly accountLimit: {readonly answer: string; readonly tries: number; readonly retryAt: Instant} | undefined;
	/**
	Names that servers of somebody else hold.
	*/
	readonly foreignNames: ReadonlySet<string>;
	/**
	By label set, and by job: servers that ended without having run a job. The one place that counts them.
	*/
	readonly failures: ReadonlyMap<string, Failures>;
	readonly jobFailures: ReadonlyMap<JobId, JobFailures>;
	/**
	Jobs whose create call Hetzner refuses for what it asks: no server was paid for, but asking again at once is no answer either.
	*/
	readonly refusedJobs: ReadonlyMap<JobId, {readonly tries: number; readonly answer: string; readonly retryAt: Instant}>;
	/**
	Jobs whose server could not be made on what the newest read says: they wait for another read of the jobs than that of this moment.
	*/
	readonly untilPoll: ReadonlyMap<JobId, {readonly readAt: Instant | undefined; readonly reason: string}>;
	/**
	Servers whose failure has been counted.
	*/
	readonly counted: ReadonlySet<ServerName>;
	/**
	Servers whose runner GitHub refused to remove (422), since when and with what words.
	*/
	readonly refusals: ReadonlyMap<ServerId, {readonly since: Instant; readonly answer: string}>;
	/**
	Servers whose deletion came to nothing (it failed, or something spoke for keeping it) and is still due: how often in a row, and when it is tried again.
	*/
	readonly postponed: ReadonlyMap<ServerId, {readonly tries: number; readonly retryAt: Instant}>;
	/**
	Servers that an operator wants kept until then.
	*/
	readonly keptUntil: ReadonlyMap<ServerName, Instant>;
	/**
	Servers that get no further job and go when they are done, and which operator wants that.
	*/
	readonly drained: ReadonlyMap<ServerId, string>;
	/**
	The maximum number of servers as an operator has set it, and what the settings said then; undefined: as the settings say.
	*/
	readonly runnerLimit: {readonly limit: number | undefined; readonly configured: number | undefined} | undefined;
	/**
	Servers with delete protection / runner records that GitHub does not let us remove: asked again then.
	*/
	readonly protected: ReadonlyMap<ServerId, Refusal>;
	readonly keptRecords: ReadonlyMap<RunnerId, Refusal>;
};

/**
A no that waiting does not mend: what was said, and when it is asked again.
*/
export type Refusal = {readonly answer: string; readonly retryAt: Instant};

/**
The memory of an engine that has seen nothing yet.
*/
export const emptyMemory: Memory = {
	ids: new Map(),
	firstSeen: new Map(),
	jobSeen: new Map(),
	unreadRuns: new Map(),
	reached: new Map(),
	ownNames: new Set(),
	hasRun: new Set(),
	off: new Map(),
	leaving: new Map(),
	idle: new Map(),
	busyUnnamed: new Map(),
	offline: new Map(),
	missing: new Map(),
	leftover: new Map(),
	registered: new Set(),
	worked: new Map(),
	cool: new Map(),
	accountLimit: undefined,
	foreignNames: new Set(),
	failures: new Map(),
	jobFailures: new Map(),
	refusedJobs: new Map(),
	untilPoll: new Map(),
	counted: new Set(),
	refusals: new Map(),
	postponed: new Map(),
	keptUntil: new Map(),
	drained: new Map(),
	runnerLimit: undefined,
	protected: new Map(),
	keptRecords: new Map(),
};

/**
A copy of the map with one entry set.
*/
export function withEntry<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, value: Value): ReadonlyMap<Key, Value> {
	return new Map(map).set(key, value);
}

/**
A copy of the map without one entry.
*/
export function withoutEntry<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> {
	const copy = new Map(map);
	copy.delete(key);
	return copy;
}
