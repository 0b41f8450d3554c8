// Builders of model values for tests: everything has a plain default, a test says only what matters to it.
import type {Catalogue} from '../../../source/model/catalogue.ts';
import type {Job, JobId, RunId} from '../../../source/model/job.ts';
import type {Policy} from '../../../source/model/policy.ts';
import type {Runner, RunnerId} from '../../../source/model/runner.ts';
import {serverNameFor} from '../../../source/model/server-name.ts';
import type {Server, ServerId} from '../../../source/model/server.ts';
import {instant, later, type Instant} from '../../../source/model/time.ts';
import {plainLanguage} from '../../../source/model/wishes.ts';

export const start = instant(Date.UTC(2026, 10, 24, 8, 0, 0));

/**
A moment so many seconds after the start.
*/
export function at(seconds: number): Instant {
	return later(start, seconds);
}

/**
The settings as they are when nobody sets anything, for one server type.
*/
export function givenPolicy(changes: Partial<Policy> = {}): Policy {
	return {
		repository: {owner: 'acme', name: 'widgets'}, withLabels: ['self-hosted'], serverTypes: ['cx23'], locations: [], image: 'ubuntu-24.04', language: plainLanguage, maxPriceMicros: undefined, scriptNames: [], ignoresVolumes: false, labelLimits: [], maxRunnersInRun: undefined, maxCostMicros: {hour: undefined, day: undefined, month: undefined}, priorities: new Map(), engineSet: 'set', githubUrl: 'https://github.com', runnerGroup: 'Default',
		maxRunners: undefined, maxPoweredOffSeconds: 20, maxIdleRunnerSeconds: 120, maxRunnerRegistrationSeconds: 60,
		maxServerReadySeconds: 180, maxSetupSeconds: 600,
		scaleUpIntervalSeconds: 10, scaleDownIntervalSeconds: 10, wakeIntervalSeconds: 0,
		workers: 10, isDryRun: false, isReadOnly: false, ...changes,
	};
}

/**
A queued job with that id.
*/
export function givenJob(id: number, changes: Partial<Job> = {}): Job {
	return {
		id: id as JobId, runId: 7 as RunId, runAttempt: 1, name: `job ${id}`, workflowName: 'ci', branch: 'main', status: 'queued', labels: ['self-hosted'],
		createdAt: start, startedAt: undefined, runnerName: undefined, url: '', ...changes,
	};
}

/**
A running server with that id, made for the job of the same id.
*/
export function givenServer(id: number, changes: Partial<Server> = {}): Server {
	return {
		id: id as ServerId, name: serverNameFor(givenJob(id), new Set()), status: 'running', created: start, ip: '127.0.0.1', serverType: 'cx23', architecture: 'x64', location: 'fsn1',
		runId: 7 as RunId, jobId: id as JobId, runnerLabels: ['self-hosted'], startupEndedAt: undefined, engineSet: 'set', ...changes,
	};
}

/**
The idle runner on that server.
*/
export function givenRunner(id: number, changes: Partial<Runner> = {}): Runner {
	return {
		id: id as RunnerId, name: givenServer(id).name, isOnline: true, isBusy: false, labels: ['self-hosted', 'Linux', 'X64'], version: '2.338.0', ...changes,
	};
}

/**
Three server types at one price.
*/
export function givenCatalogue(hourlyMicros = 11_424): Catalogue {
	const price = {hourlyMicros, monthlyMicros: 7_000_000};
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
