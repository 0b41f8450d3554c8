import {priceOf} from '../model/catalogue.ts';
import type {JobId} from '../model/job.ts';
import type {Micros} from '../model/money.ts';
import type {Instant} from '../model/time.ts';
import type {JobVerdict} from '../model/verdict.ts';
import type {EngineState} from './controller.ts';
import {spentThisMonth, spentToday, summariseWaits} from './accounting.ts';
import type {EngineInternals} from './engine-state.ts';
import type {Clock} from './ports.ts';

/**
What stays the same while an engine lives.
*/
export type Identity = {readonly version: string; readonly startedAt: Instant; readonly clockSpeed: number};

/**
Changes within this time reach consoles together, seconds.
*/
const publishSeconds = 0.2;

const nothing = new Map<never, never>();

/**
The state that consoles see, as of now. Parts that have not changed are the same objects as in the state before.
*/
export function stateOf(engine: EngineInternals, identity: Identity): EngineState {
	const {jobs, servers, runners} = engine.reads;
	const now = engine.ports.clock.now();
	const creations = engine.creations.values().toArray();
	return {
		...identity,
		repository: `${engine.policy.repository.owner}/${engine.policy.repository.name}`,
		publishedAt: now,
		mode: engine.mode,
		policy: engine.policy,
		phase: engine.phase,
		nextReadAt: engine.nextReadAt,
		githubDueAt: engine.nextGithubAt,
		hetznerDueAt: engine.nextServersAt,
		jobs: engine.unreadJobs.length === 0 ? jobs : {...jobs, items: [...jobs.items, ...engine.unreadJobs]},
		servers,
		runners,
		creations,
		setUps: engine.setUps,
		timelines: engine.timelines,
		output: engine.output,
		serverScripts: engine.ports.scriptRecords?.servers() ?? nothing,
		jobVerdicts: withUnread(engine),
		serverVerdicts: engine.latest?.serverVerdicts ?? nothing,
		runnerVerdicts: engine.latest?.runnerVerdicts ?? nothing,
		deletions: engine.operatorDeletions,
		activity: engine.activity,
		catalogue: engine.catalogue,
		refusals: engine.memory.cool,
		githubBudget: engine.ports.github.budget(),
		hetznerBudget: engine.ports.cloud.budget(),
		hourlyMicros: hourly(engine),
		todayMicros: engine.catalogue === undefined ? undefined : spentToday(engine.accounting, now),
		monthMicros: engine.catalogue === undefined ? undefined : spentThisMonth(engine.accounting, now),
		waits: summariseWaits(engine.accounting.waits),
		history: engine.history,
		jobsStarted: engine.accounting.started,
		jobsDone: engine.accounting.done,
		lastJobAt: engine.accounting.lastJobAt,
	};
}

function withUnread({latest, unreadJobs, reads: {jobs}}: EngineInternals): EngineState['jobVerdicts'] {
	const verdicts = latest?.jobVerdicts ?? nothing;
	if (unreadJobs.length === 0 || jobs.state === 'whole') {
		return verdicts;
	}

	const all = new Map<JobId, JobVerdict>(verdicts);
	for (const {id, status, runnerName, startedAt} of unreadJobs) {
		all.set(id, status === 'inProgress' ? {code: 'running', runnerName, since: startedAt} : {code: 'unread', what: 'jobs', reason: jobs.fault.reason});
	}

	return all;
}

function hourly(engine: EngineInternals): Micros | undefined {
	return engine.catalogue === undefined
		? undefined
		: engine.reads.servers.items.reduce((sum, server) => sum + (priceOf(engine.catalogue, server.serverType, server.location)?.hourlyMicros ?? 0), 0);
}

export type Publishing = {
	/**
	The state as last published.
	*/
	readonly state: () => EngineState;
	readonly subscribe: (listener: () => void) => () => void;
	/**
	Something visible has changed: publishes soon.
	*/
	readonly changed: () => void;
	/**
	Publishes at once.
	*/
	readonly publish: () => void;
};

/**
Tells consoles of changes; the state itself is made when the first of them asks for it.
*/
export function createPublishing(clock: Clock, make: () => EngineState): Publishing {
	const listeners = new Set<() => void>();
	let published: EngineState | undefined;
	let isPublishing = false;

	async function publishSoon(): Promise<void> {
		await clock.sleep(publishSeconds);
		isPublishing = false;
		publish();
	}

	function publish(): void {
		published = undefined;
		for (const listener of listeners) {
			listener();
		}
	}

	return {
		publish,
		state() {
			published ??= make();
			return published;
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		changed() {
			if (isPublishing) {
				return;
			}

			isPublishing = true;
			void publishSoon();
		},
	};
}
