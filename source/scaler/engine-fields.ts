import type PQueue from 'p-queue';
import type {Catalogue} from '../model/catalogue.ts';
import type {EngineEvent} from '../model/event.ts';
import type {Job, JobId} from '../model/job.ts';
import type {Policy} from '../model/policy.ts';
import type {Runner, RunnerId} from '../model/runner.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import type {Creation, Read, SetUp} from '../model/snapshot.ts';
import type {Instant} from '../model/time.ts';
import type {Plan} from './action.ts';
import type {
	ActivityEntry, Deletion, Mode, PastMinute, Timeline,
} from './controller.ts';
import type {Accounting} from './accounting.ts';
import type {Memory} from './memory.ts';
import type {ListRead, PortError, Ports} from './ports.ts';
import type {LoggedTrouble} from './read-notes.ts';

/**
The newest of the three lists.
*/
export type Reads = {readonly jobs: Read<Job>; readonly runners: Read<Runner>; readonly servers: Read<Server>};

/**
Deletions that fail for one cause: told when the first does, and when it is over with how many there were.
*/
export type DeleteTrouble = {
	readonly answer: string; readonly since: Instant; readonly lastAt: Instant;
	readonly servers: ReadonlySet<ServerName>; readonly waiting: ReadonlySet<ServerName>; readonly tries: number;
	readonly hasEased: boolean;
};

/**
What an engine knows and where it stands: only `engine-state.ts` and the changes it is made of assign to these.
*/
export type EngineFields = {
	/**
	What the settings ask for, and what an operator changed of it.
	*/
	policy: Policy;
	mode: Mode;
	phase: 'starting' | 'running' | 'stopping' | 'stopped';
	memory: Memory;
	reads: Reads;
	/**
	Jobs that the newest read should have told of again but could not.
	*/
	unreadJobs: readonly Job[];
	/**
	What the log tells of each list's trouble.
	*/
	loggedTroubles: Readonly<Partial<Record<keyof Reads, LoggedTrouble | undefined>>>;
	catalogue: Catalogue | undefined;
	latest: Plan | undefined;
	/**
	Jobs of the latest plan that have waited for the maximum number of servers, and how many that was.
	*/
	waitedForLimit: ReadonlyMap<JobId, number>;
	nextReadAt: Instant | undefined;
	setUps: ReadonlyMap<ServerName, SetUp>;
	creations: ReadonlyMap<ServerName, Creation>;
	/**
	Servers created by this engine a moment ago, and when.
	*/
	created: ReadonlyMap<ServerId, Instant>;
	/**
	Servers being deleted right now / whose deletion Hetzner has accepted, since when.
	*/
	deletions: ReadonlySet<ServerId>;
	deleted: ReadonlyMap<ServerId, Instant>;
	/**
	What on our own side makes every new server useless; undefined: nothing that is known. Since when, and what to do about it.
	*/
	ownFault: {readonly reason: string; readonly since: Instant} | undefined;
	/**
	What the last polls cost of GitHub's hour, requests, the newest last.
	*/
	pollCosts: readonly number[];
	/**
	When GitHub's lists and the servers' list may be read again, and when they last were: each at its own interval when a budget is short.
	*/
	nextGithubAt: Instant;
	githubPolledAt: Instant;
	nextServersAt: Instant;
	serversPolledAt: Instant;
	/**
	Where the next rows of a list that is read one by one begin.
	*/
	singlyFrom: number;
	/**
	The question for a registration token, and for whether GitHub would give a configuration, that are under way, for all who need an answer.
	*/
	questions: ReadonlyMap<'token' | 'mint', Promise<string>>;
	/**
	Until when GitHub is not asked for a registration again, after how long a pause, and what it said. Undefined: all is well.
	*/
	noToken: {readonly until: Instant; readonly seconds: number; readonly error: PortError} | undefined;
	/**
	The registration token of the last startup script that failed: GitHub may have refused it, so no other server gets it. Undefined: none failed.
	*/
	suspectToken: string | undefined;
	/**
	The names under which each server's runner was to be registered by this engine, each asked for once; the record's id once GitHub has told it and as long as
	it may be of use.
	*/
	mints: ReadonlyMap<ServerName, ReadonlyArray<{readonly name: string; readonly id: RunnerId | undefined}>>;
	/**
	Until when GitHub is believed to give just-in-time configurations without being asked again; `no`: it has none to give.
	*/
	mintable: Instant | 'no' | undefined;
	/**
	The longest that a server took from its configuration to the start of its runner, seconds, when a configuration may lapse in that time.
	*/
	slowSetUpSeconds: number | undefined;
	/**
	When GitHub last refused a configuration for a reason that only a mint shows, and its words. Undefined: it gave one since.
	*/
	mintRefusal: {readonly at: Instant; readonly reason: string} | undefined;
	/**
	Sentences about registration that the log has had.
	*/
	recordedWays: ReadonlySet<string>;
	/**
	Why the engine last kept a server that it wanted to delete: told once, not at every poll.
	*/
	keptFor: ReadonlyMap<ServerName, string>;
	/**
	The newest read of the jobs right before a deletion.
	*/
	lastEvidence: {readonly at: Instant; readonly read: Promise<ListRead<Job>>} | undefined;
	/**
	Deletions that fail, by their cause.
	*/
	deleteTroubles: ReadonlyMap<string, DeleteTrouble>;
	/**
	What became of the deletions operators asked for.
	*/
	operatorDeletions: ReadonlyMap<ServerName, Deletion>;
	timelines: ReadonlyMap<ServerName, Timeline>;
	output: ReadonlyMap<ServerName, readonly string[]>;
	activity: readonly ActivityEntry[];
	accounting: Accounting;
	history: readonly PastMinute[];
	/**
	Servers whose set-up is being followed, and what ends that.
	*/
	following: ReadonlyMap<ServerName, AbortController>;
};

/**
What an engine works with; the same as long as it runs.
*/
export type EngineParts = {
	readonly ports: Ports;
	/**
	Aborted when the engine is told to stop.
	*/
	readonly stopping: AbortSignal;
	/**
	SSH connections being opened wait here for their turn.
	*/
	readonly sshConnections: PQueue;
	/**
	Deletions that need GitHub's consent wait here, before they look for evidence: GitHub takes one write a second, and evidence is to be fresh when it is asked.
	*/
	readonly unregistering: PQueue;
	/**
	Writes to Activity and the journal.
	*/
	readonly record: (event: EngineEvent) => void;
	/**
	Something visible has changed: publish soon.
	*/
	readonly changed: () => void;
	/**
	Plan again on the newest reads, without a new poll.
	*/
	readonly replan: () => void;
};

/**
What the named changes work on.
*/
export type Changeable = EngineFields & EngineParts;
