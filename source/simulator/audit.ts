import {secondsBetween} from '../model/time.ts';
import type {Api} from './faults.ts';
import type {RequestCount} from './request-pipeline.ts';
import {billMicros} from './billing.ts';
import type {Violation} from './violations.ts';
import type {World} from './world.ts';

/**
What truly happened, whatever the APIs said. Our jobs are those a scenario counts.
*/
export type Audit = {
	readonly jobs: {readonly total: number; readonly done: number; readonly failed: number; readonly queued: number; readonly running: number};
	readonly jobsKilled: number;
	readonly foreignTouched: number;
	readonly serversLeft: number;
	readonly serversCreated: number;
	/**
	Deleted servers whose runner never had a job.
	*/
	readonly serversWithoutJob: number;
	readonly mostServersAtOnce: number;
	/**
	Seconds from created to started, of counted jobs that started; undefined before the first.
	*/
	readonly waits: {readonly p50Seconds: number; readonly p95Seconds: number; readonly count: number} | undefined;
	/**
	`unchanged`: answered 304. `refused`: answered 4xx, 5xx or not at all.
	*/
	readonly requests: Readonly<Record<Api, RequestCount>>;
	readonly costMicros: number;
	readonly faultsTriggered: ReadonlyMap<string, number>;
	readonly violations: readonly Violation[];
};

/**
The world's books at this moment.
*/
export function auditWorld(world: World): Audit {
	const now = world.now();
	const jobs = world.github.jobs().filter(job => job.isCounted);
	const alive = world.hetzner.servers.values().filter(server => !server.isForeign).toArray();
	const waits = jobs.flatMap(job => job.startedAt === undefined ? [] : [secondsBetween(job.createdAt, job.startedAt)]).toSorted((a, b) => a - b);
	const {list: violations} = world.violations;
	return {
		jobs: {
			total: jobs.length,
			done: jobs.filter(job => job.conclusion === 'success').length,
			failed: jobs.filter(job => job.conclusion === 'failure' || job.conclusion === 'cancelled').length,
			queued: jobs.filter(job => job.run.isCreated && job.actualState === 'queued').length,
			running: jobs.filter(job => job.actualState === 'running').length,
		},
		jobsKilled: violations.filter(violation => violation.code === 'jobKilled').length,
		foreignTouched: violations.filter(violation => violation.code === 'foreignTouched').length,
		serversLeft: alive.length,
		serversCreated: world.hetzner.createdCount(),
		serversWithoutJob: world.hetzner.gone.filter(server => !server.isForeign && !server.host.hasRunJob).length,
		mostServersAtOnce: world.hetzner.mostAtOnce(),
		waits: waits.length === 0 ? undefined : {p50Seconds: quantile(waits, 0.5), p95Seconds: quantile(waits, 0.95), count: waits.length},
		requests: {...world.pipeline.counts},
		costMicros: billMicros([...alive, ...world.hetzner.gone.filter(server => !server.isForeign)], now),
		faultsTriggered: world.faults.triggerCounts(),
		violations,
	};
}

// Nearest rank, of sorted values.
function quantile(values: readonly number[], part: number): number {
	return values[Math.max(0, Math.ceil(values.length * part) - 1)] ?? 0;
}
