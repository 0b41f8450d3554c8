import type {Catalogue} from './catalogue.ts';
import type {Job, JobId, RunId} from './job.ts';
import type {Dearer, Placement} from './placement.ts';
import type {Runner} from './runner.ts';
import type {ServerName} from './server-name.ts';
import type {Server, ServerId} from './server.ts';
import type {Instant} from './time.ts';

/**
Why a read failed or came back short. `retryAt` when the other side said when to ask again.
*/
export type ReadFault = {readonly reason: string; readonly since: Instant; readonly retryAt: Instant | undefined};

/**
A part of a list that could not be read. What it names by id is left alone; everything else is decided on direct evidence.
*/
export type Gap = {
	/** For people, after "could not read": "jobs of run 42". */
	readonly what: string;
	/**
	The run whose jobs are unknown / the runner, by name / the server whose row could not be read; none of them: anything may be missing.
	*/
	readonly runId?: RunId | undefined;
	readonly runnerName?: string | undefined;
	readonly serverId?: ServerId | undefined;
	/** Rows that nobody here knows of may be missing: what is known was asked for one by one. */
	readonly hidesOthers?: boolean | undefined;
};

/**
What one list said.
`whole`: all of it. `partial`: `items` are true, `gaps` say what is missing.
`failed`: nothing could be read, `items` are the last known ones.
*/
export type Read<Item> =
	| {readonly state: 'whole'; readonly items: readonly Item[]; readonly at: Instant}
	| {readonly state: 'partial'; readonly items: readonly Item[]; readonly at: Instant; readonly gaps: readonly Gap[]; readonly fault: ReadFault}
	| {readonly state: 'failed'; readonly items: readonly Item[]; readonly at: Instant | undefined; readonly fault: ReadFault};

/**
How far a server's set-up is, as the engine that follows it over SSH knows.
*/
export type SetUp =
	| {readonly step: 'waitingForSsh'; readonly since: Instant; readonly lastAnswer: string | undefined}
	| {readonly step: 'setup' | 'startup'; readonly sshAt: Instant; readonly since: Instant}
	| {readonly step: 'done'; readonly sshAt: Instant | undefined; readonly setupEndedAt: Instant | undefined; readonly endedAt: Instant}
	| {readonly step: 'failed'; readonly at: Instant; readonly reason: string; readonly lastLines: readonly string[]};

/**
A server that has been asked for and is in no list yet.
*/
export type Creation = {
	readonly name: ServerName;
	readonly jobId: JobId;
	readonly runId: RunId;
	readonly labels: readonly string[];
	readonly placement: Placement;
	readonly dearer?: Dearer | undefined;
	readonly since: Instant;
};

/**
All that planning knows of the world at one moment.
*/
export type Snapshot = {
	readonly jobs: Read<Job>;
	/**
	Jobs as they were when last read that the newest read should have told of again
	but could not: they are served no more, and protect the runners they name.
	*/
	readonly unreadJobs: readonly Job[];
	readonly runners: Read<Runner>;
	readonly servers: Read<Server>;
	readonly catalogue: Catalogue | undefined;
	readonly setUps: ReadonlyMap<ServerName, SetUp>;
	readonly creations: readonly Creation[];
	/**
	Servers being deleted by this engine right now.
	*/
	readonly deletions: ReadonlySet<ServerId>;
};
