import {priceOf, type Catalogue} from '../model/catalogue.ts';
import type {Job, JobId} from '../model/job.ts';
import {costMicros, type Micros, type Price} from '../model/money.ts';
import {isServerName} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import {instant, secondsBetween, type Instant} from '../model/time.ts';
import type {Waits} from './controller.ts';

type Account = {readonly price: Price; readonly created: Instant; readonly goneAt: Instant | undefined};

/**
What the engine has seen of money and waiting since it started.
*/
export type Ledger = {
	readonly accounts: ReadonlyMap<ServerId, Account>;
	/**
	The last waits from queued to started, seconds.
	*/
	readonly waits: readonly number[];
	/**
	Our jobs seen running, and on which runner.
	*/
	readonly running: ReadonlyMap<JobId, Job>;
	readonly seen: ReadonlySet<JobId>;
	readonly started: number;
	readonly done: number;
	readonly lastJobAt: Instant | undefined;
};

const waitsKept = 200;

/**
The ledger of an engine that has seen nothing yet.
*/
export const emptyLedger: Ledger = {
	accounts: new Map(), waits: [], running: new Map(), seen: new Set(), started: 0, done: 0, lastJobAt: undefined,
};

/**
The ledger after a whole list of servers: new ones get an account, gone ones an end.
*/
export function bookServers(ledger: Ledger, servers: readonly Server[], catalogue: Catalogue | undefined, now: Instant): Ledger {
	const accounts = new Map<ServerId, Account>();
	const alive = new Set(servers.map(server => server.id));
	const midnight = lastMidnight(now);
	for (const [id, account] of ledger.accounts) {
		const goneAt = account.goneAt ?? (alive.has(id) ? undefined : now);
		if (goneAt === undefined || goneAt >= midnight) {
			accounts.set(id, {...account, goneAt});
		}
	}

	for (const server of servers) {
		const price = priceOf(catalogue, server.serverType, server.location);
		if (price !== undefined && !accounts.has(server.id)) {
			accounts.set(server.id, {price, created: server.created, goneAt: undefined});
		}
	}

	return {...ledger, accounts};
}

/**
What changed among our jobs since the last whole list.
*/
export type JobNews = {readonly ledger: Ledger; readonly seen: readonly Job[]; readonly started: readonly Job[]; readonly done: readonly Job[]};

/**
The ledger after a whole list of jobs, and what is new in it. `isOurs` tells which jobs we serve.
*/
export function bookJobs(ledger: Ledger, jobs: readonly Job[], isOurs: (job: Job) => boolean, now: Instant): JobNews {
	const queued = jobs.filter(job => job.status === 'queued' && isOurs(job));
	const running = jobs.filter(job => job.status === 'inProgress' && isServerName(job.runnerName ?? ''));
	const stillRunning = new Set(running.map(job => job.id));
	const listed = new Set(jobs.map(job => job.id));
	const seen = queued.filter(job => !ledger.seen.has(job.id));
	const started = running.filter(job => !ledger.running.has(job.id));
	const done = ledger.running.values().filter(job => !stillRunning.has(job.id)).toArray();
	const waits = started.map(job => Math.max(0, secondsBetween(job.createdAt, job.startedAt ?? now)));
	return {
		ledger: {
			...ledger,
			waits: [...ledger.waits, ...waits].slice(-waitsKept),
			running: new Map(running.map(job => [job.id, job])),
			seen: ledger.seen.intersection(listed).union(new Set(seen.map(job => job.id))),
			started: ledger.started + started.length,
			done: ledger.done + done.length,
			lastJobAt: seen.length + started.length + done.length > 0 ? now : ledger.lastJobAt,
		},
		seen,
		started,
		done,
	};
}

/**
The middle and the 95th percentile of the waits seen; undefined before the first.
*/
export function summariseWaits(waits: readonly number[]): Waits | undefined {
	if (waits.length === 0) {
		return undefined;
	}

	const sorted = waits.toSorted((a, b) => a - b);
	const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
	return {p50Seconds: at(0.5), p95Seconds: at(0.95), count: sorted.length};
}

/**
What the hours that started since local midnight cost, as far as the ledger goes.
*/
export function spentToday(ledger: Ledger, now: Instant): Micros {
	const midnight = lastMidnight(now);
	return ledger.accounts.values().reduce((sum, {price, created, goneAt}) => {
		const total = costMicros(price, created, goneAt ?? now);
		const before = created >= midnight ? 0 : costMicros(price, created, midnight);
		return sum + Math.max(0, total - before);
	}, 0);
}

function lastMidnight(now: Instant): Instant {
	return instant(new Date(now).setHours(0, 0, 0, 0));
}
