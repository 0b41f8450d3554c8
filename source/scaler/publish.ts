import {priceOf} from '../model/catalogue.ts';
import type {JobId} from '../model/job.ts';
import type {Micros} from '../model/money.ts';
import type {Instant} from '../model/time.ts';
import type {JobVerdict} from '../model/verdict.ts';
import type {EngineState} from './controller.ts';
import {spentThisMonth, spentToday, summariseWaits} from './ledger.ts';
import type {Live} from './live.ts';
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
export function stateOf(live: Live, identity: Identity): EngineState {
	const {jobs, servers, runners} = live.reads;
	const now = live.ports.clock.now();
	const creations = live.creations.values().toArray();
	return {
		...identity,
		repository: `${live.policy.repository.owner}/${live.policy.repository.name}`,
		publishedAt: now,
		mode: live.mode,
		policy: live.policy,
		phase: live.phase,
		nextReadAt: live.nextReadAt,
		githubDueAt: live.nextGithubAt,
		hetznerDueAt: live.nextServersAt,
		jobs: live.unreadJobs.length === 0 ? jobs : {...jobs, items: [...jobs.items, ...live.unreadJobs]},
		servers,
		runners,
		creations,
		setUps: live.setUps,
		timelines: live.timelines,
		output: live.output,
		jobVerdicts: withUnread(live),
		serverVerdicts: live.latest?.serverVerdicts ?? nothing,
		runnerVerdicts: live.latest?.runnerVerdicts ?? nothing,
		deletions: live.asked,
		activity: live.activity,
		catalogue: live.catalogue,
		refusals: live.memory.cool,
		githubBudget: live.ports.github.budget(),
		hetznerBudget: live.ports.hetzner.budget(),
		hourlyMicros: hourly(live),
		todayMicros: live.catalogue === undefined ? undefined : spentToday(live.ledger, now),
		monthMicros: live.catalogue === undefined ? undefined : spentThisMonth(live.ledger, now),
		waits: summariseWaits(live.ledger.waits),
		history: live.history,
		jobsStarted: live.ledger.started,
		jobsDone: live.ledger.done,
		lastJobAt: live.ledger.lastJobAt,
	};
}

function withUnread({latest, unreadJobs, reads: {jobs}}: Live): EngineState['jobVerdicts'] {
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

function hourly(live: Live): Micros | undefined {
	return live.catalogue === undefined
		? undefined
		: live.reads.servers.items.reduce((sum, server) => sum + (priceOf(live.catalogue, server.serverType, server.location)?.hourlyMicros ?? 0), 0);
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
