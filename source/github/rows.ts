import * as z from 'zod';
import type {
	Job,
	JobId,
	JobStatus,
	RunId,
} from '../model/job.ts';
import type {Runner, RunnerId} from '../model/runner.ts';
import {parseInstant, type Instant} from '../model/time.ts';

const moment = z.string().transform((text, context): Instant => {
	const parsed = parseInstant(text);
	if (parsed === undefined) {
		context.addIssue('is no moment in time');
		return z.NEVER;
	}

	return parsed;
});

const statuses = {
	queued: 'queued',
	in_progress: 'inProgress',
	completed: 'completed',
	waiting: 'waiting',
	pending: 'pending',
	requested: 'requested',
} as const satisfies Record<string, JobStatus>;

const jobRow = z.object({
	id: z.int().positive(),
	run_id: z.int().positive(),
	run_attempt: z.int().positive().nullish(),
	name: z.string(),
	workflow_name: z.string().nullish(),
	head_branch: z.string().nullish(),
	status: z.enum(['queued', 'in_progress', 'completed', 'waiting', 'pending', 'requested']),
	labels: z.array(z.string()),
	created_at: moment.nullish(),
	started_at: moment.nullish(),
	runner_name: z.string().nullish(),
	html_url: z.string().nullish(),
});

/**
A job, or undefined when the row is not of GitHub's form. A queued job's runner may be null, 0 or "": all mean none.
*/
export function parseJob(row: unknown): Job | undefined {
	const {data} = jobRow.safeParse(row);
	// GitHub Enterprise Server before 3.9 sends no created_at; a queued job's started_at is when it was created.
	const createdAt = data?.created_at ?? data?.started_at;
	if (data === undefined || createdAt === undefined || createdAt === null) {
		return undefined;
	}

	const isBegun = data.status === 'in_progress' || data.status === 'completed';
	return {
		id: data.id as JobId,
		runId: data.run_id as RunId,
		runAttempt: data.run_attempt ?? 1,
		name: data.name,
		workflowName: data.workflow_name ?? '',
		branch: data.head_branch ?? '',
		status: statuses[data.status],
		labels: data.labels,
		createdAt,
		startedAt: isBegun ? (data.started_at ?? undefined) : undefined,
		runnerName: data.runner_name === '' ? undefined : (data.runner_name ?? undefined),
		url: data.html_url ?? '',
	};
}

const runnerRow = z.object({
	id: z.int().positive(),
	name: z.string(),
	status: z.string(),
	busy: z.boolean(),
	labels: z.array(z.object({name: z.string()})),
	ephemeral: z.boolean().nullish(),
	version: z.string().nullish(),
});

/**
A runner, or undefined when the row is not of GitHub's form.
*/
export function parseRunner(row: unknown): Runner | undefined {
	const {data} = runnerRow.safeParse(row);
	return data && {
		id: data.id as RunnerId,
		name: data.name,
		isOnline: data.status === 'online',
		isBusy: data.busy,
		labels: data.labels.map(label => label.name),
		isEphemeral: data.ephemeral ?? undefined,
		version: data.version ?? undefined,
	};
}

const idRow = z.object({id: z.int().positive()});

/**
The id of a row, or undefined when it has none.
*/
export function parseId(row: unknown): number | undefined {
	return idRow.safeParse(row).data?.id;
}
