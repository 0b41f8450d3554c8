import {type Job, sayJob} from '../../../model/job.ts';
import type {JobVerdict} from '../../../model/verdict.ts';
import type {EngineState} from '../../../scaler/controller.ts';
import type {Role, Sign} from '../../theme.ts';
import type {JobRow} from '../rows.ts';

/**
`waiting`: ours, not started yet; `held`: GitHub holds it back; `foreign`: not ours to serve.
*/
export type JobGroup = 'waiting' | 'held' | 'running' | 'foreign' | 'done';

export const jobOrders = ['what waits first', 'newest first', 'by name'] as const;

const groups: readonly JobGroup[] = ['waiting', 'running', 'held', 'foreign', 'done'];

/**
Jobs as rows: those that wait or are being served first, the oldest on top; then what runs; what is not ours last.
*/
export function jobRows(engine: Pick<EngineState, 'jobs' | 'jobVerdicts' | 'servers' | 'creations'>, order: number): readonly JobRow[] {
	const madeFor = new Map<number, string>([
		...engine.servers.items.flatMap(server => server.jobId === undefined ? [] : [[server.jobId, server.name] as const]),
		...engine.creations.map(creation => [creation.jobId, creation.name] as const),
	]);
	const rows = engine.jobs.items.map(job => {
		const verdict = engine.jobVerdicts.get(job.id);
		return {
			id: String(job.id), job, verdict, server: serverOf(job, verdict) ?? (job.status === 'queued' ? madeFor.get(job.id) : undefined),
		};
	}).filter(row => groupOf(row) !== 'done');
	return rows.toSorted(comparisons[order % comparisons.length] ?? byNeed);
}

/**
Which of the groups a job belongs to.
*/
export function groupOf(row: Pick<JobRow, 'job' | 'verdict'>): JobGroup {
	switch (row.verdict?.code) {
		case 'notOurs': {
			return 'foreign';
		}

		case 'heldAtGitHub': {
			return 'held';
		}

		case 'running': {
			return 'running';
		}

		case 'done': {
			return 'done';
		}

		case undefined: {
			return row.job.status === 'completed' ? 'done' : (row.job.status === 'inProgress' ? 'running' : (row.job.status === 'queued' ? 'waiting' : 'held'));
		}

		default: {
			return 'waiting';
		}
	}
}

/**
The sign and the role that tell at a glance how a job fares.
*/
export function jobLook(row: Pick<JobRow, 'job' | 'verdict'>): {readonly sign: Sign; readonly role: Role} {
	switch (groupOf(row)) {
		case 'running': {
			return {sign: 'runs', role: 'good'};
		}

		case 'foreign':
		case 'done': {
			return {sign: 'none', role: 'dim'};
		}

		case 'held': {
			return {sign: 'waits', role: 'dim'};
		}

		case 'waiting': {
			return waitingLook(row.verdict);
		}
	}
}

function waitingLook(verdict: JobVerdict | undefined): {readonly sign: Sign; readonly role: Role} {
	switch (verdict?.code) {
		case 'unservable':
		case 'refused':
		case 'accountLimit': {
			return {sign: 'cannot', role: 'wrong'};
		}

		case 'creating':
		case 'toCreate':
		case 'serverComing':
		case 'runnerReady':
		case 'wouldCreate': {
			return {sign: 'coming', role: 'working'};
		}

		default: {
			return {sign: 'waits', role: 'waiting'};
		}
	}
}

function serverOf(job: Job, verdict: JobVerdict | undefined): string | undefined {
	switch (verdict?.code) {
		case 'running': {
			return verdict.runnerName ?? job.runnerName;
		}

		case 'creating':
		case 'toCreate':
		case 'serverComing': {
			return verdict.server;
		}

		case 'runnerReady': {
			return verdict.runner;
		}

		default: {
			return job.runnerName;
		}
	}
}

function byNeed(a: JobRow, b: JobRow): number {
	return (groups.indexOf(groupOf(a)) - groups.indexOf(groupOf(b))) || (a.job.createdAt - b.job.createdAt) || (a.job.id - b.job.id);
}

const comparisons: ReadonlyArray<(a: JobRow, b: JobRow) => number> = [
	byNeed,
	(a, b) => (b.job.createdAt - a.job.createdAt) || (a.job.id - b.job.id),
	(a, b) => sayJob(a.job).localeCompare(sayJob(b.job)) || (a.job.id - b.job.id),
];
