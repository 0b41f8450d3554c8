import type {Job, RunId} from '../model/job.ts';
import {later, secondsBetween, type Instant} from '../model/time.ts';
import {PortError} from '../scaler/ports.ts';
import type {Client, Tally} from './client.ts';
import type {Asked} from './errors.ts';
import type {Urgency} from './governor.ts';
import {
	listMemory, readList, type List, type ListMemory,
} from './pages.ts';
import {parseJob, type Run} from './rows.ts';

/**
A run whose jobs stay as they are is asked after at most that many seconds.
*/
const mostSeconds = 20;

/**
A run whose jobs cannot be read is asked again after a pause that doubles up to that, seconds (actions/runner#3872: one stays so for weeks).
*/
const mostFailedSeconds = 60;
const firstFailedSeconds = 5;

/**
Jobs of a run whose row has not changed are good evidence for that long, seconds, when GitHub's own machines take them all.
*/
const evidenceSeconds = 120;

/**
Labels of the machines that GitHub itself provides.
*/
const hostedLabel = /^(?:ubuntu|windows|macos)-/iv;

/**
One active run and what is known of its jobs.
*/
export type RunJobs = {
	readonly id: RunId;
	/** What its row says now, and what it said when the jobs were read. */
	run: Run | undefined;
	readStamp: string | undefined;
	jobs: readonly Job[];
	/** When its jobs were last read whole or in part, and when they last changed. */
	readAt: Instant | undefined;
	changedAt: Instant | undefined;
	/** How many of them are missing in what was read. */
	missing: number;
	failures: number;
	retryAt: Instant | undefined;
	readonly memory: ListMemory<Job>;
};

/**
A run of which nothing is known yet.
*/
export function newRunJobs(id: RunId): RunJobs {
	return {
		id, run: undefined, readStamp: undefined, jobs: [], readAt: undefined, changedAt: undefined, missing: 0, failures: 0, retryAt: undefined, memory: listMemory(),
	};
}

/**
The list of a run's jobs.
*/
export function listOfJobs({id, jobs}: RunJobs, now: Instant): List<Job> {
	const firstSeen = new Map(jobs.map(job => [Number(job.id), job.createdAt]));
	return {
		route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
		key: 'jobs',
		parameters: {run_id: id, filter: 'latest'},
		parse: row => parseJob(row, {runId: id, now: firstSeen.get(Number(Reflect.get(new Object(row), 'id'))) ?? now}),
	};
}

/**
Reads a run's jobs into it. Answers false when GitHub has no such run any more. Throws PortError.
*/
export async function readRunJobs(client: Client, record: RunJobs, {signal, tally, urgency, isOnce}: {readonly signal: AbortSignal; readonly tally: Tally; readonly urgency: Urgency; readonly isOnce?: boolean}): Promise<boolean> {
	const asked: Asked = {doing: `reading jobs of run ${record.id}`, permission: 'Actions: read'};
	const stamp = record.run?.stamp;
	const now = client.clock.now();
	try {
		const read = await readList(client, listOfJobs(record, now), record.memory, asked, {
			signal, tally, urgency, isOnce: isOnce ?? false,
		});
		const jobs = [...read.items.values()];
		const isSame = jobs.length === record.jobs.length && jobs.every((job, index) => job === record.jobs[index]); // A 304 brings the same objects.
		Object.assign(record, {
			jobs, missing: read.short + read.broken, readAt: now, readStamp: stamp, failures: 0, retryAt: undefined, changedAt: isSame ? (record.changedAt ?? now) : now,
		});
		return true;
	} catch (error) {
		if (error instanceof PortError && error.kind === 'notFound') {
			return false; // The run was deleted since it was listed.
		}

		if (!signal.aborted) {
			record.retryAt = later(now, Math.min(mostFailedSeconds, firstFailedSeconds * (2 ** record.failures)));
			record.failures++;
		}

		throw error;
	}
}

/**
Whether a run's jobs are to be asked for now: always when little is to be read (`isFew`) or its row has changed, else the more rarely the longer
they have not.
*/
export function isDue(record: RunJobs, now: Instant, purpose: 'poll' | 'evidence', isFew: boolean): boolean {
	if (record.retryAt !== undefined) {
		return record.retryAt <= now;
	}

	if (record.readAt === undefined || record.run?.stamp !== record.readStamp || isFew) {
		return true;
	}

	const age = secondsBetween(record.readAt, now);
	return purpose === 'evidence' ? age > evidenceSeconds || record.jobs.some(job => !(job.status === 'completed' || isHosted(job))) : age + 1 >= Math.min(mostSeconds, secondsBetween(record.changedAt ?? now, now) / 4);
}

function isHosted({labels, runnerName}: Job): boolean {
	return labels.length > 0 && labels.every(label => hostedLabel.test(label)) && !(runnerName ?? '').startsWith('gh-actions-runner-');
}

/**
The order in which runs are asked: what was never read, what has changed, then what was read longest ago; the newest first.
*/
export function byUrgency(a: RunJobs, b: RunJobs): number {
	const rank = (record: RunJobs) => record.readAt === undefined ? 0 : (record.run?.stamp === record.readStamp ? 2 : 1);
	const byRank = rank(a) - rank(b);
	if (byRank !== 0) {
		return byRank;
	}

	const byAge = rank(a) === 2 ? (a.readAt ?? 0) - (b.readAt ?? 0) : 0;
	return byAge === 0 ? b.id - a.id : byAge;
}
