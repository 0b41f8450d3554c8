import type {Instant} from './time.ts';

export type JobId = number & {readonly of: 'job'};
export type RunId = number & {readonly of: 'run'};

/**
Where a job stands at GitHub. `waiting` (approval) and `pending` (concurrency)
must not start a server. `unknown`: GitHub says a word that we do not know,
or none; such a job starts no server, and protects the runner that it names.
*/
export type JobStatus = 'queued' | 'inProgress' | 'completed' | 'waiting' | 'pending' | 'requested' | 'unknown';

/**
A job of a workflow run. Names, labels and branch are written by whoever opened the pull request: treat as hostile.
*/
export type Job = {
	readonly id: JobId;
	readonly runId: RunId;
	readonly runAttempt: number;
	readonly name: string;
	readonly workflowName: string;
	readonly branch: string;
	readonly status: JobStatus;
	/**
	In the order of `runs-on`.
	*/
	readonly labels: readonly string[];
	readonly createdAt: Instant;
	readonly startedAt: Instant | undefined;
	/**
	The runner that has it; undefined while none has.
	*/
	readonly runnerName: string | undefined;
	readonly url: string;
};

/**
What a job is called by.
*/
export type NamedJob = Pick<Job, 'id' | 'name' | 'workflowName'>;

/**
Only what a job is called by: what is told of it many times need not be all of it.
*/
export function namedJob({id, name, workflowName}: Job): NamedJob {
	return {id, name, workflowName};
}

/**
The repository whose jobs are served.
*/
export type Repository = {readonly owner: string; readonly name: string};

/**
The repository of a text of the form OWNER/NAME.
*/
export function namedRepository(text: string): Repository {
	const [owner = '', name = ''] = text.split('/', 2);
	return {owner, name};
}

/**
"ci / test (20, ubuntu)": how a job is named to people.
*/
export function formatJob(job: Pick<Job, 'name' | 'workflowName'>): string {
	return job.workflowName === '' ? job.name : `${job.workflowName} / ${job.name}`;
}
