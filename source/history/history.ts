import type {EngineEvent} from '../model/event.ts';
import {sayJob, type JobId} from '../model/job.ts';
import type {Micros} from '../model/money.ts';
import {sayPair} from '../model/placement.ts';
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
A server of ours as the journal tells it; what it cost is known once it is deleted.
*/
export type PastServer = {
	readonly name: string;
	readonly pair: string;
	readonly madeFor: JobId;
	readonly createdAt: Instant;
	readonly deletedAt: Instant | undefined;
	readonly costMicros: Micros | undefined;
};

export type History = {readonly jobs: readonly PastJob[]; readonly servers: readonly PastServer[]; readonly currency: string};

/**
Jobs and servers out of a journal, in the order in which they were first seen.
*/
export function historyOf(entries: ReadonlyArray<{readonly at: Instant; readonly event: EngineEvent}>): History {
	const jobs = new Map<JobId, PastJob>();
	const servers = new Map<string, PastServer>();
	let currency = 'EUR';
	const tell = (job: {readonly id: JobId; readonly name: string; readonly workflowName: string}, news: Partial<PastJob>) => {
		const before = jobs.get(job.id) ?? {
			id: job.id, name: sayJob(job), workflow: job.workflowName, labels: [], queuedAt: undefined, startedAt: undefined, doneAt: undefined, waitSeconds: undefined, server: undefined,
		};
		jobs.set(job.id, {...before, ...news});
	};

	for (const {at, event} of entries) {
		switch (event.code) { // eslint-disable-line @typescript-eslint/switch-exhaustiveness-check
			case 'jobSeen': {
				tell(event.job, {queuedAt: at, labels: event.labels});

				break;
			}

			case 'jobStarted': {
				tell(event.job, {startedAt: at, waitSeconds: event.waitSeconds, server: event.server});

				break;
			}

			case 'jobDone': {
				tell(event.job, {doneAt: at});

				break;
			}

			case 'serverCreated': {
				servers.set(event.server, {
					name: event.server, pair: sayPair(event.placement), madeFor: event.job.id, createdAt: at, deletedAt: undefined, costMicros: undefined,
				});

				break;
			}

			case 'serverDeleted': {
				currency = event.currency ?? currency;
				const server = servers.get(event.server);
				if (server !== undefined) {
					servers.set(event.server, {...server, deletedAt: at, costMicros: event.costMicros});
				}

				break;
			}
		// No default
		}
	}

	return {jobs: jobs.values().toArray(), servers: servers.values().toArray(), currency};
}

/**
One line of a summary. Waits are of the jobs that started; costs of the servers that are deleted.
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
Jobs, waits, servers and cost by local day, by workflow or by set of labels. A server counts to the job that ran on it, else to the one it was made for.
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
	if (at === undefined) {
		return '';
	}

	const date = new Date(at);
	const two = (number: number) => String(number).padStart(2, '0');
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
