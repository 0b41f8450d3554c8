import type {Catalogue} from '../../source/model/catalogue.ts';
import type {EngineEvent} from '../../source/model/event.ts';
import type {
	Job,
	JobId,
	JobStatus,
	RunId,
} from '../../source/model/job.ts';
import type {Policy} from '../../source/model/policy.ts';
import type {Runner, RunnerId} from '../../source/model/runner.ts';
import {serverNameFor, type ServerName} from '../../source/model/server-name.ts';
import type {Server, ServerId} from '../../source/model/server.ts';
import type {Creation, Read} from '../../source/model/snapshot.ts';
import {instant, later, type Instant} from '../../source/model/time.ts';
import {plainLanguage} from '../../source/model/wishes.ts';
import type {JobVerdict, RunnerVerdict, ServerVerdict} from '../../source/model/verdict.ts';
import type {
	Deletion, EngineState, PastMinute, Timeline,
} from '../../source/scaler/controller.ts';

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
	return {
		id: (9900 + number) as JobId,
		runId: (4800 + number) as RunId,
		runAttempt: 1,
		name,
		workflowName: workflow,
		branch: 'main',
		status,
		labels,
		createdAt: ago(age),
		startedAt: started === undefined ? undefined : ago(started),
		runnerName: runner,
		url: `https://github.com/acme/widgets/actions/runs/${4800 + number}/job/${9900 + number}`,
	};
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
	return {
		id: (Number(job.id) + 10_000) as ServerId,
		name: givenName(job),
		status: options.status ?? 'running',
		created: ago(options.age ?? 300),
		ip: options.ip ?? '198.51.100.7',
		serverType: options.serverType ?? 'cx23',
		architecture: 'x64',
		location: options.location ?? 'fsn1',
		runId: job.runId,
		jobId: job.id,
		runnerLabels: job.labels,
		startupEndedAt: undefined, engineSet: 'set',
	};
}

/**
The runner on a server.
*/
export function givenRunner(server: Server, options: {readonly isBusy?: boolean; readonly isOnline?: boolean} = {}): Runner {
	return {
		id: (Number(server.id) + 10_000) as RunnerId,
		name: server.name,
		isOnline: options.isOnline ?? true,
		isBusy: options.isBusy ?? false, labels: ['self-hosted', 'Linux', 'X64'], version: '2.330.0',
	};
}

export const givenPolicy: Policy = {
	repository: {owner: 'acme', name: 'widgets'}, withLabels: ['self-hosted'], serverTypes: ['cx23'], locations: ['fsn1', 'nbg1'], image: 'ubuntu-24.04', language: plainLanguage, maxPriceMicros: undefined, scriptNames: [], ignoresVolumes: false, labelLimits: [], maxRunnersInRun: undefined, maxCostMicros: {hour: undefined, day: undefined, month: undefined}, priorities: new Map(), engineSet: 'set',
	githubUrl: 'https://github.com', runnerGroup: 'Default', maxRunners: 10, maxPoweredOffSeconds: 20, maxIdleRunnerSeconds: 120,
	maxRunnerRegistrationSeconds: 60, maxServerReadySeconds: 180, maxSetupSeconds: 600, scaleUpIntervalSeconds: 10,
	scaleDownIntervalSeconds: 10, wakeIntervalSeconds: 0,
	workers: 10, isDryRun: false, isReadOnly: false,
};

export const givenCatalogue: Catalogue = {
	currency: 'EUR',
	locations: ['fsn1', 'nbg1', 'hel1'],
	imageArchitectures: new Set(['x64', 'arm64']),
	images: [],
	serverTypes: new Map(['cx23', 'cpx22', 'cax11'].map(name => [name, {
		name, architecture: name.startsWith('cax') ? 'arm64' : 'x64', cores: 2, memoryGigabytes: 4, diskGigabytes: 40, likelyAt: new Set<string>(), unavailableAfter: undefined,
		prices: new Map(['fsn1', 'nbg1', 'hel1'].map(location => [location, {hourlyMicros: 10_472, monthlyMicros: 6_500_000}])),
	}])),
};

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
