import type {Catalogue} from '../../../source/model/catalogue.ts';
import type {EngineEvent} from '../../../source/model/event.ts';
import type {Job, JobStatus, RunId} from '../../../source/model/job.ts';
import type {Policy} from '../../../source/model/policy.ts';
import type {Runner} from '../../../source/model/runner.ts';
import {serverNameFor, type ServerName} from '../../../source/model/server-name.ts';
import type {Server} from '../../../source/model/server.ts';
import type {Creation, Read} from '../../../source/model/snapshot.ts';
import {instant, later, type Instant} from '../../../source/model/time.ts';
import type {JobVerdict, RunnerVerdict, ServerVerdict} from '../../../source/model/verdict.ts';
import type {
	Deletion, EngineState, PastMinute, Timeline,
} from '../../../source/scaler/controller.ts';
import * as model from './model.ts';

/**
A made-up moment at which given states are published: 24 November 2026, 14:02:11 UTC.
*/
export const publishedAt = instant(Date.UTC(2026, 10, 24, 14, 2, 11));

/**
A moment that many seconds before the given state was published.
*/
export function ago(seconds: number): Instant {
	return later(publishedAt, -seconds);
}

type JobOptions = {
	readonly number: number; readonly name?: string; readonly workflow?: string; readonly labels?: readonly string[];
	readonly status?: JobStatus; readonly age?: number; readonly runner?: string; readonly started?: number;
};

/**
A job with that number, of run 4800 + number.
*/
export function givenJob({number, name = `job ${number}`, workflow = 'ci', labels = ['self-hosted'], status = 'queued', age = 60, runner, started}: JobOptions): Job {
	return model.givenJob(9900 + number, {
		runId: (4800 + number) as RunId,
		name,
		workflowName: workflow,
		status,
		labels,
		createdAt: ago(age),
		startedAt: started === undefined ? undefined : ago(started),
		runnerName: runner,
		url: `https://github.com/acme/widgets/actions/runs/${4800 + number}/job/${9900 + number}`,
	});
}

/**
The name of the server that is made for a job.
*/
export function givenName(job: Job): ServerName {
	return serverNameFor(job, new Set());
}

/**
A server that was made for that job.
*/
export function givenServer(job: Job, options: Partial<Pick<Server, 'status' | 'serverType' | 'location' | 'ip'>> & {readonly age?: number} = {}): Server {
	const {age = 300, ...rest} = options;
	return model.givenServer(Number(job.id) + 10_000, {
		name: givenName(job), created: ago(age), ip: '198.51.100.7', runId: job.runId, jobId: job.id, runnerLabels: job.labels, ...rest,
	});
}

/**
The runner on a server.
*/
export function givenRunner(server: Server, options: {readonly isBusy?: boolean; readonly isOnline?: boolean} = {}): Runner {
	return model.givenRunner(Number(server.id) + 10_000, {name: server.name, ...options});
}

export const givenPolicy: Policy = model.givenPolicy({locations: ['fsn1', 'nbg1'], maxRunners: 10});

export const givenCatalogue: Catalogue = model.givenCatalogue(10_472);

/**
A list that was read whole two seconds ago.
*/
export function whole<Item>(items: readonly Item[]): Read<Item> {
	return {state: 'whole', items, at: ago(2)};
}

export type GivenWorld = {
	readonly jobs?: ReadonlyArray<readonly [Job, JobVerdict]>;
	readonly servers?: ReadonlyArray<readonly [Server, ServerVerdict]>;
	readonly runners?: ReadonlyArray<readonly [Runner, RunnerVerdict]>;
	readonly creations?: readonly Creation[];
	readonly timelines?: ReadonlyArray<readonly [ServerName, Timeline]>;
	readonly output?: ReadonlyArray<readonly [ServerName, readonly string[]]>;
	readonly events?: ReadonlyArray<readonly [number, EngineEvent]>;
	readonly history?: readonly PastMinute[];
	readonly deletions?: ReadonlyArray<readonly [ServerName, Deletion]>;
	readonly but?: Partial<EngineState>;
};

/**
An engine's state in which just that is so; everything else is quiet.
*/
export function givenState(world: GivenWorld = {}): EngineState {
	const {jobs = [], servers = [], runners = [], creations = [], timelines = []} = world;
	const {output = [], events = [], history = [], deletions = [], but = {}} = world;
	return {
		repository: 'acme/widgets',
		version: '0.1.0',
		startedAt: ago((3 * 86_400) + (4 * 3600)),
		publishedAt,
		clockSpeed: 1,
		mode: 'scaling',
		policy: givenPolicy,
		phase: 'running',
		nextReadAt: later(publishedAt, 3),
		githubDueAt: publishedAt,
		hetznerDueAt: publishedAt,
		jobs: whole(jobs.map(([job]) => job)),
		servers: whole(servers.map(([server]) => server)),
		runners: whole(runners.map(([runner]) => runner)),
		creations,
		setUps: new Map(),
		timelines: new Map(timelines),
		output: new Map(output),
		serverScripts: new Map(),
		jobVerdicts: new Map(jobs.map(([job, verdict]) => [job.id, verdict])),
		serverVerdicts: new Map(servers.map(([server, verdict]) => [server.id, verdict])),
		runnerVerdicts: new Map(runners.map(([runner, verdict]) => [runner.id, verdict])),
		deletions: new Map(deletions),
		activity: events.map(([seconds, event], id) => ({id, at: ago(seconds), event})),
		catalogue: givenCatalogue,
		refusals: new Map(), githubBudget: {
			remaining: 4812, limit: 5000, resetAt: later(publishedAt, 1200), blockedUntil: undefined,
		},
		hetznerBudget: {
			remaining: 3590, limit: 3600, resetAt: later(publishedAt, 1200), blockedUntil: undefined,
		},
		hourlyMicros: servers.length * 10_472,
		todayMicros: 2_140_000,
		monthMicros: 38_400_000,
		history,
		waits: {p50Seconds: 48, p95Seconds: 130, count: 31},
		jobsStarted: 33,
		jobsDone: 31,
		lastJobAt: ago(840),
		...but,
	};
}
