import PQueue from 'p-queue';
import * as z from 'zod';
import type {Job, JobId, RunId} from '../model/job.ts';
import {secondsBetween} from '../model/time.ts';
import type {Gap} from '../model/snapshot.ts';
import type {JobSource, ListRead} from '../scaler/ports.ts';
import type {Client, Tally} from './client.ts';
import type {Asked} from './errors.ts';
import type {Urgency} from './governor.ts';
import {parseJob} from './rows.ts';
import {hasNewFirstPage} from './pages.ts';
import {
	byUrgency, isDue, listOfJobs, newRunJobs, readRunJobs, type RunJobs,
} from './run-jobs.ts';
import {runLister, type Runs} from './runs.ts';

const readsAtOnce = 10;

/**
That many of the newest runs that were never read go before all other reads of a poll: a job of ours may wait in them.
*/
const newRuns = 20;

/**
Runs that were never read are read as long as that share of the hour's requests is left.
*/
const shareOfFirstReads = 0.3;

/**
Up to that many active runs are all asked with each poll.
*/
const fewRuns = 50;

/**
Active runs whose jobs are asked for between two polls, the last changed first: those that have jobs under way, as a job that waits for another one of its
run is queued without a change of the lists, and new ones, whose jobs appear a moment after the run.
*/
const wakeRuns = 3;
const newRunSeconds = 30;

const runStatus = z.object({status: z.string()});

type Reading = {readonly signal: AbortSignal; readonly tally: Tally; readonly urgency: Urgency};

/**
Jobs by polling: the lists of runs that are not completed, then the jobs of each. What GitHub confirms as unchanged (304) costs nothing of the
hour; what there is no room for in this minute is read with the next polls, the newest first.
*/
export function jobReader(client: Client): JobSource {
	const records = new Map<RunId, RunJobs>();
	const {listRuns, haveChanged} = runLister(client);
	let isReading: Promise<unknown> = Promise.resolve();

	async function readJobs(signal: AbortSignal, purpose: 'poll' | 'evidence'): Promise<ListRead<Job>> {
		const reading: Reading = {signal, tally: {counted: 0}, urgency: purpose === 'evidence' ? 'evidence' : 'jobs'};
		const runs = await listRuns({signal, tally: reading.tally, isDeep: purpose === 'evidence'});
		const gaps = [...runs.gaps];
		takeIn(runs);
		await askAfterUnlisted(runs, reading);
		const {asked, errors} = await readDue(reading, purpose);
		signal.throwIfAborted();
		const [firstError] = errors;
		if (firstError !== undefined && errors.length === records.size) {
			throw firstError; // Nothing at all could be read.
		}

		const items = new Map<JobId, Job>();
		for (const record of records.values()) {
			const gap = gapOf(record, purpose === 'evidence' && !asked.has(record.id) && isDue(record, client.clock.now(), purpose, records.size <= fewRuns));
			gaps.push(...gap);
			for (const job of record.failures > 0 ? [] : record.jobs) {
				items.set(job.id, job);
			}
		}

		return {items: [...items.values()], gaps, counted: reading.tally.counted};
	}

	// The pages that have changed are kept: the poll that follows is told 304.
	async function hasNews(signal: AbortSignal): Promise<boolean> {
		if (!client.governor.hasRoom('jobs')) {
			return false;
		}

		const now = client.clock.now();
		const asked: Asked = {doing: 'asking for new jobs', permission: 'Actions: read'};
		const watched = [...records.values()]
			.filter(({jobs, failures, changedAt}) => failures === 0
				&& (jobs.some(({status}) => status === 'inProgress') || secondsBetween(changedAt ?? now, now) < newRunSeconds))
			.toSorted((a, b) => (b.changedAt ?? 0) - (a.changedAt ?? 0)).slice(0, wakeRuns);
		const found = await Promise.all([haveChanged(signal), ...watched.map(async record => hasNewFirstPage(client, listOfJobs(record, now), record.memory, asked, signal))]);
		return found.includes(true);
	}

	function takeIn({active, completed}: Runs): void {
		for (const [id, run] of active) {
			const record = records.get(id) ?? newRunJobs(id);
			record.run = run;
			records.set(id, record);
		}

		for (const id of completed) {
			records.delete(id);
		}
	}

	// A run that was active and is in no list any more has ended, or moves between the lists, or stands where nobody looks: GitHub is asked which.
	async function askAfterUnlisted({active}: Runs, reading: Reading): Promise<void> {
		const unlisted = [...records.values()].filter(({id}) => !active.has(id));
		await all(unlisted, () => reading.urgency, async ({id}) => {
			const doing: Asked = {doing: `reading run ${id}`, permission: 'Actions: read'};
			try {
				const answer = await client.ask('GET /repos/{owner}/{repo}/actions/runs/{run_id}', {run_id: id, exclude_pull_requests: true}, doing, {...reading, expect: [404]});
				if (answer.status === 404 || runStatus.safeParse(answer.data).data?.status === 'completed') {
					records.delete(id);
				}
			} catch {
				reading.signal.throwIfAborted(); // It stays, and its jobs are read.
			}
		});
	}

	async function readDue(reading: Reading, purpose: 'poll' | 'evidence'): Promise<{readonly asked: ReadonlySet<RunId>; readonly errors: readonly Error[]}> {
		const asked = new Set<RunId>();
		const errors: Error[] = [];
		const now = client.clock.now();
		const due = [...records.values()].filter(record => isDue(record, now, purpose, records.size <= fewRuns)).toSorted(byUrgency);
		const urgent = new Set(due.filter(({readAt}) => readAt === undefined).slice(0, newRuns));
		const urgencyOf = (record: RunJobs): Urgency => urgent.has(record) ? 'evidence' : reading.urgency;
		await all(due, urgencyOf, async record => {
			asked.add(record.id);
			try {
				if (!await readRunJobs(client, record, {...reading, urgency: urgencyOf(record), isOnce: !urgent.has(record)})) {
					records.delete(record.id);
				}
			} catch (error) {
				errors.push(error instanceof Error ? error : new Error(String(error)));
			}
		});
		return {asked, errors};
	}

	// While the hour is short, runs that were never read wait, but for the newest: the first read of each costs.
	function isAffordable(record: RunJobs, urgency: Urgency): boolean {
		const budget = client.limits.budget();
		return record.readAt !== undefined || urgency === 'evidence' || budget === undefined || budget.remaining >= budget.limit * shareOfFirstReads;
	}

	// As many as there is room for in this minute.
	async function all(items: readonly RunJobs[], urgencyOf: (item: RunJobs) => Urgency, read: (item: RunJobs) => Promise<void>): Promise<void> {
		const queue = new PQueue({concurrency: readsAtOnce});
		await queue.addAll(items.map(item => async () => {
			if (client.governor.hasRoom(urgencyOf(item)) && isAffordable(item, urgencyOf(item))) {
				await read(item);
			}
		}));
	}

	return {
		// One after another: two at once would ask for the same.
		async readJobs(signal, purpose = 'poll') {
			const read = isReading.then(async () => readJobs(signal, purpose));
			isReading = read.catch(() => undefined);
			return read;
		},
		// Never beside a poll, which asks for the same.
		async hasNews(signal) {
			const answer = isReading.then(async () => hasNews(signal));
			isReading = answer.catch(() => undefined);
			return answer;
		},
		readJob: async id => readJob(client, id),
	};
}

function gapOf({id, readAt, failures, missing}: RunJobs, isOld: boolean): readonly Gap[] {
	if (readAt === undefined || failures > 0 || isOld) {
		return [{what: `jobs of run ${id}`, runId: id}];
	}

	return missing > 0 ? [{what: `${missing} jobs of run ${id}`, runId: id}] : [];
}

async function readJob(client: Client, id: JobId): Promise<Job | undefined> {
	const asked: Asked = {doing: `reading job ${id}`, permission: 'Actions: read'};
	const answer = await client.ask('GET /repos/{owner}/{repo}/actions/jobs/{job_id}', {job_id: id}, asked, {expect: [404]});
	if (answer.status === 404) {
		return undefined;
	}

	const job = parseJob(answer.data, {now: client.clock.now()});
	if (job === undefined) {
		throw client.broken(asked, 'it is no job');
	}

	return job;
}
