import PQueue from 'p-queue';
import type {Catalogue} from '../model/catalogue.ts';
import type {EngineEvent} from '../model/event.ts';
import type {Job} from '../model/job.ts';
import type {Policy} from '../model/policy.ts';
import type {Runner} from '../model/runner.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import type {
	Creation,
	Read,
	SetUp,
	Snapshot,
} from '../model/snapshot.ts';
import type {Instant} from '../model/time.ts';
import {
	earlierServerLine,
	type ActivityEntry,
	type Deletion,
	type Mode,
	type PastMinute,
	type Timeline,
} from './controller.ts';
import type {DeleteTrouble} from './delete-troubles.ts';
import {
	bookPaid, emptyLedger, type Ledger, type Paid,
} from './ledger.ts';
import {
	emptyMemory, withEntry, withoutEntry, type Memory,
} from './memory.ts';
import type {Plan} from './plan.ts';
import {memoryOf, type SavedState} from './saved-state.ts';
import type {ListRead, PortError, Ports} from './ports.ts';
import type {ToldTrouble} from './read-notes.ts';

/**
The newest of the three lists.
*/
export type Reads = {readonly jobs: Read<Job>; readonly runners: Read<Runner>; readonly servers: Read<Server>};

/**
How many entries of Activity, and how many lines of a server's output, are kept.
*/
export const activityLimit = 500;
export const outputLimit = 200;

/**
SSH connections being opened at once, for each worker: most of that time is waiting for a machine to boot.
*/
const doorwayPerWorker = 4;

const unregisteringAtOnce = 3;

/**
The engine's state while it lives: the one place that changes. Everything that decides is pure and gets a Snapshot of it.
*/
export type Live = {
	readonly ports: Ports;
	/**
	As the settings say, but for the maximum number of servers, which an operator may change.
	*/
	policy: Policy;
	/**
	Aborted when the engine is told to stop.
	*/
	readonly stopping: AbortSignal;
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
	toldTroubles: Readonly<Partial<Record<keyof Reads, ToldTrouble | undefined>>>;
	catalogue: Catalogue | undefined;
	latest: Plan | undefined;
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
	When GitHub's lists and the servers' list may be read again, and when they last were: each at its own pace when a budget is short.
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
	The question for a registration token that is under way, for all who need one.
	*/
	tokenRequest: Promise<string> | undefined;
	/**
	Until when GitHub is not asked for a registration token again, after how long a pause, and what it said. Undefined: all is well.
	*/
	noToken: {readonly until: Instant; readonly seconds: number; readonly error: PortError} | undefined;
	/**
	The registration token of the last startup script that failed: GitHub may have refused it, so no other server gets it. Undefined: none failed.
	*/
	suspectToken: string | undefined;
	/**
	Why the engine last kept a server that it wanted to delete: told once, not with every look.
	*/
	keptFor: ReadonlyMap<ServerName, string>;
	/**
	The newest look at the jobs right before a deletion.
	*/
	lastLook: {readonly at: Instant; readonly read: Promise<ListRead<Job>>} | undefined;
	/**
	Deletions that fail, by their cause.
	*/
	deleteTroubles: ReadonlyMap<string, DeleteTrouble>;
	/**
	What became of the deletions operators asked for.
	*/
	asked: ReadonlyMap<ServerName, Deletion>;
	timelines: ReadonlyMap<ServerName, Timeline>;
	output: ReadonlyMap<ServerName, readonly string[]>;
	activity: readonly ActivityEntry[];
	ledger: Ledger;
	history: readonly PastMinute[];
	/**
	Servers whose set-up is being followed, and what ends that.
	*/
	readonly following: Map<ServerName, AbortController>;
	/**
	SSH connections being opened wait here for their turn.
	*/
	readonly doorway: PQueue;
	/**
	Deletions that need GitHub's consent wait here, before they look for evidence: GitHub takes one write a second, and evidence is to be fresh when it is asked.
	*/
	readonly unregistering: PQueue;
	/**
	Tells Activity and the journal.
	*/
	readonly note: (event: EngineEvent) => void;
	/**
	Something visible has changed: publish soon.
	*/
	readonly changed: () => void;
	/**
	Plan again on the newest reads, without a new look.
	*/
	readonly replan: () => void;
};

/**
What planning is to see of the living engine.
*/
export function snapshotOf(live: Live): Snapshot {
	return {
		...live.reads,
		unreadJobs: live.unreadJobs,
		catalogue: live.catalogue,
		setUps: live.setUps,
		creations: live.creations.values().toArray(),
		deletions: live.deletions,
	};
}

/**
Adds to what is known of a server's life; a moment once set stays.
*/
export function stamp(live: Live, name: ServerName, moments: Timeline): void {
	const before = live.timelines.get(name) ?? {};
	live.timelines = new Map(live.timelines).set(name, {...moments, ...before});
	live.changed();
}

/**
What is known under a name is the server's of that id from now on: an earlier server's moments go, its output stays above a line.
*/
export function claimTimeline(live: Live, name: ServerName, serverId: ServerId): void {
	const known = live.timelines.get(name)?.serverId;
	if (known !== undefined && known !== serverId) {
		beginTimeline(live, name);
	}

	if (known !== serverId) {
		stamp(live, name, {serverId});
	}
}

/**
Another server is about to be made under that name: nothing is known of it yet.
*/
export function beginTimeline(live: Live, name: ServerName): void {
	live.timelines = withoutEntry(live.timelines, name);
	const output = live.output.get(name) ?? [];
	if (output.length > 0 && output.at(-1) !== earlierServerLine) {
		live.output = withEntry(live.output, name, [...output, earlierServerLine].slice(-outputLimit));
	}
}

/**
What engines before this one left in writing: their activity, the oldest first, what they paid in this month, and what outlives a restart.
*/
export type Earlier = {readonly activity: ReadonlyArray<Omit<ActivityEntry, 'id'>>; readonly paid: readonly Paid[]; readonly saved?: SavedState | undefined};

const noneEarlier: Earlier = {activity: [], paid: []};

/**
The state of an engine that has seen nothing yet.
*/
export function createLive(ports: Ports, policy: Policy, stopping: AbortSignal, calls: Pick<Live, 'changed' | 'replan'>, earlier: Earlier = noneEarlier): Live {
	const fault = {reason: 'not read yet', since: ports.clock.now(), retryAt: undefined};
	let entries = earlier.activity.length;
	const saved = earlier.saved === undefined ? emptyMemory : memoryOf(earlier.saved);
	// Settings that were changed since then are the newer word.
	const runnerLimit = saved.runnerLimit?.configured === policy.maxRunners ? saved.runnerLimit : undefined;
	const live: Live = {
		ports,
		policy: runnerLimit === undefined ? policy : {...policy, maxRunners: runnerLimit.limit},
		stopping,
		mode: earlier.saved?.mode ?? 'scaling',
		phase: 'starting',
		memory: {...saved, runnerLimit},
		unreadJobs: [],
		reads: {
			jobs: {
				state: 'failed', items: [], at: undefined, fault,
			},
			runners: {
				state: 'failed', items: [], at: undefined, fault,
			},
			servers: {
				state: 'failed', items: [], at: undefined, fault,
			},
		},
		toldTroubles: {},
		catalogue: undefined,
		latest: undefined,
		nextReadAt: undefined,
		setUps: new Map(),
		creations: new Map(),
		created: new Map(),
		deletions: new Set(),
		deleted: new Map(),
		ownFault: undefined,
		pollCosts: [],
		singlyFrom: 0,
		nextGithubAt: ports.clock.now(),
		nextServersAt: ports.clock.now(),
		githubPolledAt: ports.clock.now(),
		serversPolledAt: ports.clock.now(),
		tokenRequest: undefined,
		noToken: undefined,
		suspectToken: undefined,
		keptFor: new Map(),
		lastLook: undefined,
		deleteTroubles: new Map(),
		asked: new Map(),
		timelines: new Map(),
		output: new Map(),
		activity: earlier.activity.map(({at, event}, id) => ({id, at, event})).slice(-activityLimit),
		ledger: bookPaid(emptyLedger, earlier.paid, ports.clock.now()),
		history: [],
		following: new Map(),
		doorway: new PQueue({concurrency: policy.workers * doorwayPerWorker}),
		unregistering: new PQueue({concurrency: unregisteringAtOnce}),
		note(event) {
			const at = ports.clock.now();
			live.activity = [...live.activity.slice(1 - activityLimit), {id: entries++, at, event}];
			ports.journal.record(event, at);
			calls.changed();
		},
		...calls,
	};
	return live;
}
