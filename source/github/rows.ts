import * as z from 'zod';
import type {
	Job,
	JobId,
	JobStatus,
	RunId,
} from '../model/job.ts';
import type {Runner, RunnerId} from '../model/runner.ts';
import {parseInstant, type Instant} from '../model/time.ts';

// Field by field: what one row leaves out or says oddly is unknown, and stops neither its other fields nor other rows.
const text = z.string().optional().catch(undefined);
const number = z.int().positive().optional().catch(undefined);
const moment = text.transform((value): Instant | undefined => value === undefined ? undefined : parseInstant(value));
const texts = z.array(z.unknown()).transform(values => values.filter(value => typeof value === 'string')).optional().catch(undefined);

const statuses: Readonly<Record<string, JobStatus>> = {
	queued: 'queued',
	in_progress: 'inProgress',
	completed: 'completed',
	waiting: 'waiting',
	pending: 'pending',
	requested: 'requested',
};

const jobRow = z.object({
	id: z.int().positive(),
	run_id: number,
	run_attempt: number,
	name: text,
	workflow_name: text,
	head_branch: text,
	status: text,
	labels: texts,
	created_at: moment,
	started_at: moment,
	runner_name: text,
	html_url: text,
});

/**
A job, or undefined for a row without an id. A status that is not known, or labels that cannot be read, make it `unknown`: it starts no server.
A queued job's runner may be null, 0 or "": all mean none.
*/
export function parseJob(row: unknown, {runId, now}: {readonly runId?: RunId | undefined; readonly now: Instant}): Job | undefined {
	const {data} = jobRow.safeParse(row);
	if (data === undefined) {
		return undefined;
	}

	const said = Object.hasOwn(statuses, data.status ?? '') ? statuses[data.status ?? ''] : undefined;
	const status = said === 'queued' && data.labels === undefined ? 'unknown' : (said ?? 'unknown');
	const isBegun = status === 'inProgress' || status === 'completed';
	return {
		id: data.id as JobId,
		runId: (data.run_id ?? runId ?? 0) as RunId,
		runAttempt: data.run_attempt ?? 1,
		name: data.name ?? `job ${data.id}`,
		workflowName: data.workflow_name ?? '',
		branch: data.head_branch ?? '',
		status,
		labels: data.labels ?? [],
		// GitHub Enterprise Server before 3.9 sends no created_at; a queued job's started_at is when it was created.
		createdAt: data.created_at ?? data.started_at ?? now,
		startedAt: isBegun ? data.started_at : undefined,
		runnerName: data.runner_name === '' ? undefined : data.runner_name,
		url: data.html_url ?? '',
	};
}

const runRow = z.object({
	id: z.int().positive(), status: text, updated_at: text, created_at: text,
});

/**
A run of a list: `stamp` changes when the run does.
*/
export type Run = {readonly id: RunId; readonly isCompleted: boolean; readonly stamp: string; readonly createdAt: string | undefined};

/**
A run, or undefined for a row without an id.
*/
export function parseRun(row: unknown): Run | undefined {
	const {data} = runRow.safeParse(row);
	return data && {
		id: data.id as RunId, isCompleted: data.status === 'completed', stamp: `${data.status} ${data.updated_at}`, createdAt: data.created_at,
	};
}

const runnerRow = z.object({
	id: z.int().positive(),
	name: text,
	status: text,
	busy: z.boolean().optional().catch(undefined),
	labels: z.array(z.object({name: z.string()}).optional().catch(undefined)).optional().catch(undefined),
	ephemeral: z.boolean().optional().catch(undefined),
	os: text,
	version: text,
});

/**
A runner, or undefined for a row without an id or a name. One whose state cannot be read is busy.
*/
export function parseRunner(row: unknown): Runner | undefined {
	const {data} = runnerRow.safeParse(row);
	if (data?.name === undefined || data.name === '') {
		return undefined;
	}

	return {
		id: data.id as RunnerId,
		name: data.name,
		isOnline: data.status === undefined || data.status === 'online',
		isBusy: data.busy !== false || data.status === undefined,
		labels: (data.labels ?? []).flatMap(label => label === undefined ? [] : [label.name]),
		isEphemeral: data.ephemeral,
		version: data.version,
		...(data.os === 'unknown' && data.version === undefined && {isUnused: true}),
	};
}

const idRow = z.object({id: z.int().positive()});

/**
The id of a row, or undefined when it has none.
*/
export function parseId(row: unknown): number | undefined {
	return idRow.safeParse(row).data?.id;
}
