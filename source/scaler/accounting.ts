import {priceOf, type Catalogue} from '../model/catalogue.ts';
import type {Job, JobId} from '../model/job.ts';
import {
	costMicros, startedHours, type Micros, type Price,
} from '../model/money.ts';
import {isServerName, serverOfRunner} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import {
	instant, later, secondsBetween, type Instant,
} from '../model/time.ts';
import type {Waits} from './controller.ts';

export type Account = {readonly price: Price; readonly created: Instant; readonly goneAt: Instant | undefined};

/**
A server that an engine before this one deleted, and what it cost in all.
*/
export type Paid = {readonly created: Instant; readonly goneAt: Instant; readonly micros: Micros};

/**
What the engine has seen of money and waiting since it started, and what engines before it paid in this month.
*/
export type Accounting = {
	/**
	Servers that live, and those that went since midnight (UTC) or in the last hour.
	*/
	readonly accounts: ReadonlyMap<string, Account>;
	/**
	What servers that went before that cost in that month.
	*/
	readonly month: {readonly start: Instant; readonly micros: Micros};
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
The accounting of an engine that has seen nothing yet.
*/
export const emptyAccounting: Accounting = {
	accounts: new Map(), month: {start: instant(0), micros: 0}, waits: [], running: new Map(), seen: new Set(), started: 0, done: 0, lastJobAt: undefined,
};

/**
The accounting after a whole list of servers: new ones get an account, gone ones an end; `unread` are there, but could not be read.
*/
export function bookServers(accounting: Accounting, servers: readonly Server[], catalogue: Catalogue | undefined, now: Instant, unread: readonly ServerId[] = []): Accounting {
	const accounts = new Map<string, Account>();
	const alive = new Set([...servers.map(server => server.id), ...unread].map(String));
	const keptFrom = Math.min(lastMidnight(now), later(now, -3600));
	const start = firstOfMonth(now);
	let micros = accounting.month.start === start ? accounting.month.micros : 0;
	for (const [id, account] of accounting.accounts) {
		const goneAt = account.goneAt ?? (alive.has(id) ? undefined : now);
		if (goneAt === undefined || goneAt >= keptFrom) {
			accounts.set(id, goneAt === account.goneAt ? account : {...account, goneAt});
		} else {
			micros += spentSince(account, start, goneAt);
		}
	}

	for (const [id, account] of newAccounts(accounting, servers, catalogue)) {
		accounts.set(id, account);
	}

	return {...accounting, accounts, month: {start, micros}};
}

function newAccounts(accounting: Accounting, servers: readonly Server[], catalogue: Catalogue | undefined): ReadonlyArray<readonly [string, Account]> {
	return servers.flatMap(({id, serverType, location, created}) => {
		const price = priceOf(catalogue, serverType, location);
		return price === undefined || accounting.accounts.has(String(id)) ? [] : [[String(id), {price, created, goneAt: undefined}] as const];
	});
}

/**
The accounting with an account of a server that was made just now, so that its first hour counts at once.
*/
export function bookCreation(accounting: Accounting, server: Server, catalogue: Catalogue | undefined): Accounting {
	return {...accounting, accounts: new Map([...accounting.accounts, ...newAccounts(accounting, [server], catalogue)])};
}

/**
All accounts, with those of servers that were made since the last whole list.
*/
export function accountsOf(accounting: Accounting, servers: readonly Server[], catalogue: Catalogue | undefined): readonly Account[] {
	return [...accounting.accounts.values(), ...newAccounts(accounting, servers, catalogue).map(([, account]) => account)];
}

/**
The accounting with what engines before this one paid.
*/
export function bookPaid(accounting: Accounting, paid: readonly Paid[], now: Instant): Accounting {
	const accounts = new Map(accounting.accounts);
	for (const [index, {created, goneAt, micros}] of paid.entries()) {
		const price = {hourlyMicros: micros / startedHours(created, goneAt), monthlyMicros: Infinity};
		accounts.set(`paid ${index}`, {price, created, goneAt});
	}

	// Those of days before today are added up at once.
	const {month, accounts: today} = bookServers({...accounting, accounts}, [], undefined, now);
	return {...accounting, accounts: today, month};
}

/**
What changed among our jobs since the last whole list.
*/
export type JobNews = {readonly accounting: Accounting; readonly seen: readonly Job[]; readonly started: readonly Job[]; readonly done: readonly Job[]};

/**
The accounting after a whole list of jobs, and what is new in it. `isOurs` tells which jobs we serve.
*/
export function bookJobs(accounting: Accounting, jobs: readonly Job[], isOurs: (job: Job) => boolean, now: Instant): JobNews {
	const queued = jobs.filter(job => job.status === 'queued' && isOurs(job));
	const running = jobs.filter(job => job.status === 'inProgress' && isServerName(serverOfRunner(job.runnerName ?? '')));
	const stillRunning = new Set(running.map(job => job.id));
	const listed = new Set(jobs.map(job => job.id));
	const seen = queued.filter(job => !accounting.seen.has(job.id));
	const started = running.filter(job => !accounting.running.has(job.id));
	const done = accounting.running.values().filter(job => !stillRunning.has(job.id)).toArray();
	const waits = started.map(job => Math.max(0, secondsBetween(job.createdAt, job.startedAt ?? now)));
	return {
		accounting: {
			...accounting,
			waits: [...accounting.waits, ...waits].slice(-waitsKept),
			running: new Map(running.map(job => [job.id, job])),
			seen: accounting.seen.intersection(listed).union(new Set(seen.map(job => job.id))),
			started: accounting.started + started.length,
			done: accounting.done + done.length,
			lastJobAt: seen.length + started.length + done.length > 0 ? now : accounting.lastJobAt,
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
What the hours that started since midnight (UTC) cost, as far as the accounting goes.
*/
export function spentToday(accounting: Accounting, now: Instant): Micros {
	const midnight = lastMidnight(now);
	return accounting.accounts.values().reduce((sum, account) => sum + spentSince(account, midnight, now), 0);
}

/**
The same since the month began.
*/
export function spentThisMonth(accounting: Accounting, now: Instant): Micros {
	const start = firstOfMonth(now);
	const before = accounting.month.start === start ? accounting.month.micros : 0;
	return accounting.accounts.values().reduce((sum, account) => sum + spentSince(account, start, now), before);
}

/**
What the hours of a server that started since then cost: an hour belongs to the day in which it started.
*/
export function spentSince({price, created, goneAt}: Account, start: Instant, now: Instant): Micros {
	const total = costMicros(price, created, goneAt ?? now);
	const before = created >= start ? 0 : costMicros(price, created, start);
	return Math.max(0, total - before);
}

/**
When the day (UTC) of that moment began.
*/
export function lastMidnight(now: Instant): Instant {
	return instant(new Date(now).setUTCHours(0, 0, 0, 0));
}

/**
When the month (UTC) of that moment began.
*/
export function firstOfMonth(now: Instant): Instant {
	const date = new Date(now);
	return instant(Date.UTC(date.getUTCFullYear(), date.getUTCMonth()));
}
