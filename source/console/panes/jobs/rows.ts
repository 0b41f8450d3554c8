import {type Job, formatJob} from '../../../model/job.ts';
import {serverOfRunner} from '../../../model/server-name.ts';
import {ageSeconds, type Instant} from '../../../model/time.ts';
import type {JobVerdict} from '../../../model/verdict.ts';
import type {EngineState} from '../../../scaler/controller.ts';
import {formatAge} from '../../components/clock.ts';
import {byText, inOrder, type Order} from '../../components/compare.ts';
import type {Role, Sign} from '../../theme/theme.ts';
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
	const madeFor = new Map<number | undefined, string>();
	for (const server of engine.servers.items) {
		madeFor.set(server.jobId, server.name);
	}

	for (const creation of engine.creations) {
		madeFor.set(creation.jobId, creation.name);
	}

	const rows = engine.jobs.items.map(job => {
		const verdict = engine.jobVerdicts.get(job.id);
		return {
			id: String(job.id), job, verdict, server: serverOf(job, verdict) ?? (job.status === 'queued' ? madeFor.get(job.id) : undefined),
		};
	}).filter(row => groupOf(row) !== 'done');
	return rows.toSorted(comparisons[order % comparisons.length] ?? byNeed);
}

/**
The running jobs by the server (of runners of others: by the runner) that each is on.
*/
export function jobsOnRunners(engine: Pick<EngineState, 'jobs'>): ReadonlyMap<string, Job> {
	const jobs = new Map<string, Job>();
	for (const job of engine.jobs.items) {
		if (job.status === 'inProgress' && job.runnerName !== undefined) {
			jobs.set(serverOfRunner(job.runnerName), job);
		}
	}

	return jobs;
}

/**
Which of the groups a job belongs to.
*/
export function groupOf(row: Pick<JobRow, 'job' | 'verdict'>): JobGroup {
	return row.verdict === undefined ? groupsByStatus[row.job.status] : (groupsByVerdict[row.verdict.code] ?? 'waiting');
}

const groupsByVerdict: Readonly<Partial<Record<JobVerdict['code'], JobGroup>>> = {
	notOurs: 'foreign', heldAtGitHub: 'held', running: 'running', done: 'done',
};

const groupsByStatus: Readonly<Record<Job['status'], JobGroup>> = {
	queued: 'waiting', inProgress: 'running', completed: 'done', waiting: 'held', pending: 'held', requested: 'held', unknown: 'held',
};

/**
The sign and the role that tell at a glance how a job fares.
*/
export function jobAppearance(row: Pick<JobRow, 'job' | 'verdict'>): {readonly sign: Sign; readonly role: Role} {
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
			return waitingAppearance(row.verdict);
		}
	}
}

/**
How long a job waits, or waited before it ran.
*/
export function formatWait({job}: Pick<JobRow, 'job'>, now: Instant): string {
	return formatAge(ageSeconds(job.createdAt, job.startedAt ?? now));
}

type Appearance = {readonly sign: Sign; readonly role: Role};

const cannot: Appearance = {sign: 'cannot', role: 'wrong'};
const coming: Appearance = {sign: 'coming', role: 'working'};
const waitingAppearances: Readonly<Partial<Record<JobVerdict['code'], Appearance>>> = {
	unservable: cannot, refused: cannot, accountLimit: cannot, creating: coming, toCreate: coming, serverComing: coming, runnerReady: coming, wouldCreate: coming,
};

function waitingAppearance(verdict: JobVerdict | undefined): Appearance {
	return (verdict === undefined ? undefined : waitingAppearances[verdict.code]) ?? {sign: 'waits', role: 'waiting'};
}

function serverOf(job: Job, verdict: JobVerdict | undefined): string | undefined {
	if (verdict?.code === 'creating' || verdict?.code === 'toCreate' || verdict?.code === 'serverComing') {
		return verdict.server;
	}

	const runner = verdict?.code === 'runnerReady' ? verdict.runner : ((verdict?.code === 'running' ? verdict.runnerName : undefined) ?? job.runnerName);
	return runner === undefined ? undefined : serverOfRunner(runner);
}

const byId: Order<JobRow> = (a, b) => a.job.id - b.job.id;
const byNeed: Order<JobRow> = inOrder((a, b) => groups.indexOf(groupOf(a)) - groups.indexOf(groupOf(b)), (a, b) => a.job.createdAt - b.job.createdAt, byId);

const comparisons: ReadonlyArray<Order<JobRow>> = [
	byNeed,
	inOrder((a, b) => b.job.createdAt - a.job.createdAt, byId),
	inOrder((a, b) => byText(formatJob(a.job), formatJob(b.job)), byId),
];
