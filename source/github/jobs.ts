import PQueue from 'p-queue';
import type {Job, JobId, RunId} from '../model/job.ts';
import type {Gap} from '../model/snapshot.ts';
import {PortError, type JobSource, type ListRead} from '../scaler/ports.ts';
import type {Client} from './client.ts';
import type {Asked} from './errors.ts';
import {readList} from './pages.ts';
import {parseJob} from './rows.ts';

const readsAtOnce = 10;

/**
GitHub lists no more runs than that of one status, though it counts them.
*/
const mostRuns = 1000;

/**
Jobs by polling. Queued jobs also hide in runs that are in progress already (a matrix, `needs`): both lists are read,
then the jobs of each run: 2 + (active runs) requests.
*/
export function jobReader(client: Client): JobSource {
	return {readJobs: async signal => readJobs(client, signal), readJob: async id => readJob(client, id)};
}

async function readJobs(client: Client, signal: AbortSignal): Promise<ListRead<Job>> {
	// One after the other, in the order in which a run passes: one that moves on between two reads side by side would be in neither list.
	const lists = [];
	for (const status of ['queued', 'in_progress']) {
		const [list] = await Promise.allSettled([readRunIds(client, status, signal)]);
		lists.push(list);
	}

	signal.throwIfAborted();
	const failed = lists.filter(list => list.status === 'rejected');
	if (failed.length === lists.length) {
		throw asError(failed[0]?.reason);
	}

	const gaps: Gap[] = [];
	const runIds = new Set<number>();
	for (const [index, list] of lists.entries()) {
		const name = index === 0 ? 'queued runs' : 'in_progress runs';
		if (list.status === 'rejected') {
			gaps.push({what: name});
			continue;
		}

		for (const id of list.value.ids) {
			runIds.add(id);
		}

		if (list.value.unread > 0) {
			gaps.push({what: `${list.value.unread} of the ${name}`});
		}
	}

	const jobs = new Map<JobId, Job>();
	const errors: Error[] = [];
	const queue = new PQueue({concurrency: readsAtOnce});
	await queue.addAll([...runIds].map(runId => async () => {
		try {
			const read = await readRunJobs(client, runId, signal);
			for (const job of read.jobs) {
				jobs.set(job.id, job);
			}

			if (read.unread > 0) {
				gaps.push({what: `${read.unread} jobs of run ${runId}`, runId: runId as RunId});
			}
		} catch (error) {
			errors.push(asError(error));
			gaps.push({what: `jobs of run ${runId}`, runId: runId as RunId});
		}
	}));
	signal.throwIfAborted();
	const [firstError] = errors;
	if (firstError !== undefined && errors.length === runIds.size) {
		throw firstError; // Nothing at all could be read.
	}

	return {items: [...jobs.values()], gaps, counted: 2 + runIds.size};
}

function asError(reason: unknown): Error {
	return reason instanceof Error ? reason : new Error(String(reason));
}

async function readRunIds(client: Client, status: string, signal: AbortSignal): Promise<{ids: Iterable<number>; unread: number}> {
	const read = await readList(client, {
		route: 'GET /repos/{owner}/{repo}/actions/runs',
		key: 'workflow_runs',
		parameters: {status, exclude_pull_requests: true},
		most: mostRuns,
	}, {doing: `reading ${status} runs`, permission: 'Actions: read'}, signal);
	return {ids: read.rows.keys(), unread: read.broken + read.short};
}

async function readRunJobs(client: Client, runId: number, signal: AbortSignal): Promise<{jobs: readonly Job[]; unread: number}> {
	const asked: Asked = {doing: `reading jobs of run ${runId}`, permission: 'Actions: read'};
	try {
		const read = await readList(client, {
			route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
			key: 'jobs',
			parameters: {run_id: runId, filter: 'latest'},
		}, asked, signal);
		const jobs = read.rows.values().map(row => parseJob(row)).filter(job => job !== undefined).toArray();
		return {jobs, unread: read.broken + read.short + read.rows.size - jobs.length};
	} catch (error) {
		if (error instanceof PortError && error.kind === 'notFound') {
			return {jobs: [], unread: 0}; // The run was deleted since it was listed.
		}

		throw error;
	}
}

async function readJob(client: Client, id: JobId): Promise<Job | undefined> {
	const asked: Asked = {doing: `reading job ${id}`, permission: 'Actions: read'};
	const answer = await client.ask('GET /repos/{owner}/{repo}/actions/jobs/{job_id}', {job_id: id}, asked, {expect: [404]});
	if (answer.status === 404) {
		return undefined;
	}

	const job = parseJob(answer.data);
	if (job === undefined) {
		throw client.broken(asked, 'it is no job');
	}

	return job;
}
