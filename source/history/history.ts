import type {EngineEvent} from '../model/event.ts';
import {formatJob, type JobId} from '../model/job.ts';
import {startedHours, type Micros} from '../model/money.ts';
import {formatPlacement} from '../model/placement.ts';
import {secondsBetween, type Instant} from '../model/time.ts';

/**
A job of ours as the journal tells it.
*/
export type PastJob = {
	readonly id: JobId;
	readonly name: string;
	readonly workflow: string;
	readonly labels: readonly string[];
	readonly queuedAt: Instant | undefined;
	readonly startedAt: Instant | undefined;
	readonly doneAt: Instant | undefined;
	readonly waitSeconds: number | undefined;
	readonly server: string | undefined;
};

/**
A server of ours as the journal tells it. `costMicros`: hours begun times price,
until its end or, while the journal tells of none, until now; undefined: its price
is not known.
*/
export type PastServer = {
	readonly name: string;
	readonly pair: string;
	readonly madeFor: JobId;
	readonly createdAt: Instant;
	readonly deletedAt: Instant | undefined;
	readonly costMicros: Micros | undefined;
};

/**
`running`: servers of whose end the journal does not tell, counted with the hours begun so far.
*/
export type History = {readonly jobs: readonly PastJob[]; readonly servers: readonly PastServer[]; readonly currency: string; readonly running: number};

/**
Jobs and servers out of a journal as of that moment, in the order in which they were first seen.
*/
export function historyOf(entries: ReadonlyArray<{readonly at: Instant; readonly event: EngineEvent}>, now: Instant): History {
	const jobs = new Map<JobId, PastJob>();
	const servers = new Map<string, PastServer>();
	const hourly = new Map<string, Micros>();
	const costUntil = (server: PastServer, end: Instant): Micros | undefined => {
		const price = hourly.get(server.name);
		return price === undefined ? undefined : startedHours(server.createdAt, end) * price;
	};

	let currency = 'EUR';
	const record = (job: {readonly id: JobId; readonly name: string; readonly workflowName: string}, news: Partial<PastJob>) => {
		const before = jobs.get(job.id) ?? {
			id: job.id, name: formatJob(job), workflow: job.workflowName, labels: [], queuedAt: undefined, startedAt: undefined, doneAt: undefined, waitSeconds: undefined, server: undefined,
		};
		jobs.set(job.id, {...before, ...news});
	};

	for (const {at, event} of entries) {
		switch (event.code) { // eslint-disable-line @typescript-eslint/switch-exhaustiveness-check
			case 'jobSeen': {
				record(event.job, {queuedAt: at, labels: event.labels});

				break;
			}

			case 'jobStarted': {
				record(event.job, {startedAt: at, waitSeconds: event.waitSeconds, server: event.server});

				break;
			}

			case 'jobDone': {
				record(event.job, {doneAt: at});

				break;
			}

			case 'serverCreated': {
				currency = event.currency ?? currency;
				if (event.hourlyMicros !== undefined) {
					hourly.set(event.server, event.hourlyMicros);
				}

				const before = servers.get(event.server);
				if (before !== undefined) {
					servers.delete(event.server);
					servers.set(`${event.server} of ${before.createdAt}`, before); // Its name came back with another server.
				}

				servers.set(event.server, {
					name: event.server, pair: formatPlacement(event.placement), madeFor: event.job.id, createdAt: at, deletedAt: undefined, costMicros: undefined,
				});

				break;
			}

			case 'serverGone': {
				const server = servers.get(event.server);
				if (server !== undefined) {
					servers.set(event.server, {...server, deletedAt: at, costMicros: costUntil(server, at)});
				}

				break;
			}

			case 'serverDeleted': {
				currency = event.currency ?? currency;
				const server = servers.get(event.server);
				if (server !== undefined) {
					servers.set(event.server, {...server, deletedAt: at, costMicros: event.costMicros ?? costUntil(server, at)});
				}

				break;
			}
		// No default
		}
	}

	const counted = servers.values().map(server => server.deletedAt === undefined ? {...server, costMicros: costUntil(server, now)} : server).toArray();
	return {
		jobs: jobs.values().toArray(), servers: counted, currency, running: counted.filter(({deletedAt}) => deletedAt === undefined).length,
	};
}

/**
One line of a summary. Waits are of the jobs that started; costs are hours begun times price, of servers that still run until now.
*/
export type Sum = {
	readonly of: string;
	readonly jobs: number;
	readonly started: number;
	readonly p50Seconds: number | undefined;
	readonly p95Seconds: number | undefined;
	readonly servers: number;
	readonly costMicros: Micros;
};

export type Grouping = 'day' | 'workflow' | 'label';

/**
Jobs, waits, servers and cost by day (UTC), by workflow or by set of labels. A server counts to
the job that ran on it, else to the one it was made for, and to the day on which it was created.
*/
export function sumsOf({jobs, servers}: History, grouping: Grouping): readonly Sum[] {
	const ran = new Map(jobs.flatMap(job => job.server === undefined ? [] : [[job.server, job] as const]));
	const byId = new Map(jobs.map(job => [job.id, job]));
	const jobGroup = (job: PastJob | undefined): string => grouping === 'workflow' ? job?.workflow ?? '' : (job?.labels ?? []).toSorted().join(',');
	const groups = new Map<string, {jobs: PastJob[]; servers: PastServer[]}>();
	const group = (name: string) => {
		const found = groups.get(name) ?? {jobs: [], servers: []};
		groups.set(name, found);
		return found;
	};

	for (const job of jobs) {
		group(grouping === 'day' ? dayOf(job.queuedAt ?? job.startedAt) : jobGroup(job)).jobs.push(job);
	}

	for (const server of servers) {
		group(grouping === 'day' ? dayOf(server.createdAt) : jobGroup(ran.get(server.name) ?? byId.get(server.madeFor))).servers.push(server);
	}

	return groups.entries().map(([of, found]) => sumOf(of, found)).toArray().toSorted((a, b) => a.of.localeCompare(b.of));
}

function sumOf(of: string, {jobs, servers}: {readonly jobs: readonly PastJob[]; readonly servers: readonly PastServer[]}): Sum {
	const waits = jobs.flatMap(job => job.waitSeconds ?? []).toSorted((a, b) => a - b);
	const at = (share: number) => waits[Math.max(0, Math.ceil(share * waits.length) - 1)];
	return {
		of, jobs: jobs.length, started: waits.length, p50Seconds: at(0.5), p95Seconds: at(0.95), servers: servers.length, costMicros: servers.reduce((sum, server) => sum + (server.costMicros ?? 0), 0),
	};
}

/**
How long a job ran, seconds; undefined while it does, or when its start was not seen.
*/
export function ranSeconds({startedAt, doneAt}: PastJob): number | undefined {
	return startedAt === undefined || doneAt === undefined ? undefined : secondsBetween(startedAt, doneAt);
}

function dayOf(at: Instant | undefined): string {
	return at === undefined ? '' : new Date(at).toISOString().slice(0, 10);
}
