// Builders of model values for tests: everything has a plain default, a test says only what matters to it.
import type {Catalogue} from '../../source/model/catalogue.ts';
import type {Job, JobId, RunId} from '../../source/model/job.ts';
import type {Policy} from '../../source/model/policy.ts';
import type {Runner, RunnerId} from '../../source/model/runner.ts';
import {serverNameFor} from '../../source/model/server-name.ts';
import type {Server, ServerId} from '../../source/model/server.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {instant, later, type Instant} from '../../source/model/time.ts';
import {plainLanguage} from '../../source/model/wishes.ts';
import {emptyMemory, type Memory} from '../../source/scaler/memory.ts';
import type {Plan, PlanInput} from '../../source/scaler/action.ts';
import {plan} from '../../source/scaler/plan.ts';

export const start = instant(Date.UTC(2026, 10, 24, 8, 0, 0));

/**
A moment so many seconds after the start.
*/
export function at(seconds: number): Instant {
	return later(start, seconds);
}

export function givenPolicy(changes: Partial<Policy> = {}): Policy {
	return {
		repository: {owner: 'acme', name: 'widgets'}, withLabels: ['self-hosted'], serverTypes: ['cx23'], locations: [], image: 'ubuntu-24.04', language: plainLanguage, maxPriceMicros: undefined, scriptNames: [], ignoresVolumes: false, labelLimits: [], maxRunnersInRun: undefined, maxCostMicros: {hour: undefined, day: undefined, month: undefined}, priorities: new Map(), engineSet: 'set', githubUrl: 'https://github.com', runnerGroup: 'Default',
		maxRunners: undefined, maxPoweredOffSeconds: 20, maxIdleRunnerSeconds: 120, maxRunnerRegistrationSeconds: 60,
		maxServerReadySeconds: 180, maxSetupSeconds: 600,
		scaleUpIntervalSeconds: 10, scaleDownIntervalSeconds: 10, wakeIntervalSeconds: 0,
		workers: 10, isDryRun: false, isReadOnly: false, ...changes,
	};
}

export function givenJob(id: number, changes: Partial<Job> = {}): Job {
	return {
		id: id as JobId, runId: 7 as RunId, runAttempt: 1, name: `job ${id}`, workflowName: 'ci', branch: 'main', status: 'queued', labels: ['self-hosted'],
		createdAt: start, startedAt: undefined, runnerName: undefined, url: '', ...changes,
	};
}

export function givenServer(id: number, changes: Partial<Server> = {}): Server {
	return {
		id: id as ServerId, name: serverNameFor(givenJob(id), new Set()), status: 'running', created: start, ip: '127.0.0.1', serverType: 'cx23', architecture: 'x64', location: 'fsn1',
		runId: 7 as RunId, jobId: id as JobId, runnerLabels: ['self-hosted'], startupEndedAt: undefined, engineSet: 'set', ...changes,
	};
}

export function givenRunner(id: number, changes: Partial<Runner> = {}): Runner {
	return {
		id: id as RunnerId, name: givenServer(id).name, isOnline: true, isBusy: false, labels: ['self-hosted', 'Linux', 'X64'], version: '2.338.0', ...changes,
	};
}

const price = {hourlyMicros: 11_424, monthlyMicros: 7_000_000};

export function givenCatalogue(): Catalogue {
	const type = (name: string, architecture: 'x64' | 'arm64', locations: readonly string[]) => [name, {
		name, architecture, cores: 2, memoryGigabytes: 4, diskGigabytes: 40, likelyAt: new Set<string>(), unavailableAfter: undefined,
		prices: new Map(locations.map(location => [location, price])),
	}] as const;
	return {
		currency: 'EUR',
		serverTypes: new Map([type('cx23', 'x64', ['fsn1', 'nbg1', 'hel1']), type('cpx22', 'x64', ['fsn1', 'nbg1']), type('cax11', 'arm64', ['fsn1', 'nbg1', 'hel1'])]),
		locations: ['fsn1', 'nbg1', 'hel1'],
		imageArchitectures: new Set(['x64', 'arm64'] as const),
		images: [],
	};
}

type Lists = {readonly jobs?: readonly Job[]; readonly servers?: readonly Server[]; readonly runners?: readonly Runner[]};

/**
A snapshot whose three lists are whole, read at that second.
*/
export function givenSnapshot(seconds: number, lists: Lists, changes: Partial<Snapshot> = {}): Snapshot {
	const whole = <Item>(items: readonly Item[] = []) => ({state: 'whole', items, at: at(seconds)} as const);
	return {
		jobs: whole(lists.jobs), servers: whole(lists.servers), runners: whole(lists.runners),
		unreadJobs: [], catalogue: givenCatalogue(), setUps: new Map(), creations: [], deletions: new Set(), ...changes,
	};
}

export const fault = {reason: 'GitHub answers 502', since: start, retryAt: undefined};

export type Look = {readonly second: number; readonly snapshot: Snapshot};

/**
Plans one look after the other, each with the memory of the one before; answers the last plan.
*/
export function planLooks(looks: readonly Look[], options: {
	readonly policy?: Policy;
	readonly input?: Partial<PlanInput>;
	readonly memory?: Memory;
} = {}): Plan {
	let memory = options.memory ?? emptyMemory;
	let made: Plan | undefined;
	for (const {second, snapshot} of looks) {
		made = plan(snapshot, memory, options.policy ?? givenPolicy(), {
			mode: 'scaling', isScaleUpDue: true, isScaleDownDue: true, ownFault: undefined, blocked: undefined, spending: undefined, ...options.input,
		}, at(second));
		memory = made.memory;
	}

	if (made === undefined) {
		throw new Error('no looks');
	}

	return made;
}

/**
The same world looked at every ten seconds from 0 on, up to that second.
*/
export function looksUntil(second: number, lists: Lists, changes: Partial<Snapshot> = {}): readonly Look[] {
	const seconds = Array.from({length: Math.floor(second / 10) + 1}, (_, index) => index * 10);
	return seconds.map(look => ({second: look, snapshot: givenSnapshot(look, lists, changes)}));
}
