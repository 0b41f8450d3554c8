import PQueue from 'p-queue';
import type {EngineEvent} from '../model/event.ts';
import type {Policy} from '../model/policy.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {creatingChanges} from './changes/creating.ts';
import {deletingChanges} from './changes/deleting.ts';
import {pollingChanges} from './changes/polling.ts';
import {setUpChanges} from './changes/set-ups.ts';
import type {ActivityEntry, Mode} from './controller.ts';
import type {Changeable, EngineFields, EngineParts} from './engine-fields.ts';
import {bookPaid, emptyAccounting, type Paid} from './accounting.ts';
import {emptyMemory} from './memory.ts';
import {memoryOf, type SavedState} from './saved-state.ts';
import type {Ports} from './ports.ts';

/**
How many entries of Activity are kept.
*/
export const activityLimit = 500;

/**
SSH connections being opened at once, for each worker: most of that time is waiting for a machine to boot.
*/
const connectionsPerWorker = 4;

const unregisteringAtOnce = 3;

type Changes = ReturnType<typeof changesOf>;

/**
The state of an engine while it runs. Everybody may read it; it changes only by its named changes. All that decides is pure and gets a Snapshot of it.
*/
export type EngineInternals = Readonly<EngineFields> & EngineParts & Changes;

/**
What engines before this one left in writing: their activity, the oldest first, what they paid in this month, and what outlives a restart.
*/
export type Earlier = {
	readonly activity: ReadonlyArray<Omit<ActivityEntry, 'id'>>; readonly paid: readonly Paid[]; readonly saved?: SavedState | undefined;
};

const noneEarlier: Earlier = {activity: [], paid: []};

/**
The state of an engine that has seen nothing yet.
*/
export function createEngineState(
	ports: Ports,
	policy: Policy,
	stopping: AbortSignal,
	calls: Pick<EngineParts, 'changed' | 'replan'>,
	earlier: Earlier = noneEarlier,
): EngineInternals {
	let entries = earlier.activity.length;
	const state: Changeable = {
		...initialFields(ports, policy, earlier),
		ports,
		stopping,
		sshConnections: new PQueue({concurrency: policy.workers * connectionsPerWorker}),
		unregistering: new PQueue({concurrency: unregisteringAtOnce}),
		record(event: EngineEvent) {
			const at = ports.clock.now();
			state.activity = [...state.activity.slice(1 - activityLimit), {id: entries++, at, event}];
			ports.journal.record(event, at);
			calls.changed();
		},
		...calls,
	};
	return Object.assign(state, changesOf(state));
}

function changesOf(state: Changeable) {
	return {
		...pollingChanges(state),
		...creatingChanges(state),
		...deletingChanges(state),
		...setUpChanges(state),
		/**
		The maximum number of servers as an operator wants it.
		*/
		setMaxRunners(limit: number | undefined): void {
			const before = state.policy.maxRunners;
			const configured = state.memory.runnerLimit === undefined ? before : state.memory.runnerLimit.configured;
			state.memory = {...state.memory, runnerLimit: limit === configured ? undefined : {limit, configured}};
			state.policy = {...state.policy, maxRunners: limit};
		},
		setMode(mode: Mode): void {
			state.mode = mode;
		},
		setPhase(phase: EngineFields['phase']): void {
			state.phase = phase;
		},
	};
}

function initialFields({clock}: Ports, policy: Policy, {saved, activity, paid}: Earlier): EngineFields {
	const now = clock.now();
	const memory = saved === undefined ? emptyMemory : memoryOf(saved);
	// Settings that were changed since then are the newer word.
	const runnerLimit = memory.runnerLimit?.configured === policy.maxRunners ? memory.runnerLimit : undefined;
	const unread = {
		state: 'failed', items: [], at: undefined, fault: {reason: 'not read yet', since: now, retryAt: undefined},
	} as const;
	return {
		mode: saved?.mode ?? 'scaling',
		phase: 'starting',
		policy: runnerLimit === undefined ? policy : {...policy, maxRunners: runnerLimit.limit},
		memory: {...memory, runnerLimit},
		unreadJobs: [],
		reads: {jobs: unread, runners: unread, servers: unread},
		loggedTroubles: {},
		catalogue: undefined,
		latest: undefined,
		waitedForLimit: new Map(),
		nextReadAt: undefined,
		setUps: new Map(),
		creations: new Map(),
		created: new Map(),
		deletions: new Set(),
		deleted: new Map(),
		ownFault: undefined,
		pollCosts: [],
		singlyFrom: 0,
		nextGithubAt: now,
		nextServersAt: now,
		githubPolledAt: now,
		serversPolledAt: now,
		questions: new Map(),
		noToken: undefined,
		suspectToken: undefined,
		mints: new Map(),
		mintable: undefined,
		slowSetUpSeconds: undefined,
		mintRefusal: undefined,
		recordedWays: new Set(),
		keptFor: new Map(),
		lastEvidence: undefined,
		deleteTroubles: new Map(),
		operatorDeletions: new Map(),
		timelines: new Map(),
		output: new Map(),
		activity: activity.map(({at, event}, id) => ({id, at, event})).slice(-activityLimit),
		accounting: bookPaid(emptyAccounting, paid, now),
		history: [],
		following: new Map(),
	};
}

/**
What planning is to see of it.
*/
export function snapshotOf(engine: EngineInternals): Snapshot {
	return {
		...engine.reads,
		unreadJobs: engine.unreadJobs,
		catalogue: engine.catalogue,
		setUps: engine.setUps,
		creations: engine.creations.values().toArray(),
		deletions: engine.deletions,
	};
}
