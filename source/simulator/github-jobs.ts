import {later, type Instant} from '../model/time.ts';
import type {HostOutcome} from './faults.ts';

/**
A job as a scenario writes it down.
*/
export type JobSpec = {
	readonly name: string;
	/**
	Default: `self-hosted`.
	*/
	readonly labels?: readonly string[];
	/**
	How long it runs; default 30.
	*/
	readonly durationSeconds?: number;
	/**
	How the servers made for it turn out, one after another; the last counts for all later ones, but a single one other than `ok` happens once.
	*/
	readonly outcome?: HostOutcome | readonly HostOutcome[];
	/**
	Held back by GitHub for good, or for so long.
	*/
	readonly held?: {readonly as: 'waiting' | 'pending' | 'requested'; readonly seconds?: number};
	/**
	Names of jobs of the run that must end well first; the job is not listed before.
	*/
	readonly needs?: readonly string[];
	/**
	Whether it counts among our jobs that must be done; default: whether it is `self-hosted` and its run is not cancelled.
	*/
	readonly isCounted?: boolean;
};

export type RunSpec = {
	/**
	Default "ci", "main", "push".
	*/
	readonly workflow?: string;
	readonly branch?: string;
	readonly event?: string;
	readonly jobs: readonly JobSpec[];
	/**
	Seconds from now to its arrival; default none.
	*/
	readonly afterSeconds?: number;
	/**
	Seconds from its arrival to somebody's cancelling it.
	*/
	readonly cancelAfterSeconds?: number;
};

export type SimulatedJob = {
	readonly id: number;
	readonly run: SimulatedRun;
	readonly name: string;
	readonly labels: readonly string[];
	readonly durationSeconds: number;
	readonly needs: readonly string[];
	readonly isCounted: boolean;
	readonly held: JobSpec['held'];
	/**
	Whether GitHub's own machines run it.
	*/
	readonly isHosted: boolean;
	readonly jobLagSeconds: number;
	readonly outcomes: HostOutcome[];
	/**
	The world's truth; what the API says lags behind.
	*/
	truth: 'unborn' | 'held' | 'queued' | 'running' | 'completed';
	conclusion: 'success' | 'failure' | 'cancelled' | undefined;
	createdAt: Instant;
	startedAt: Instant | undefined;
	endedAt: Instant | undefined;
	/**
	Until when a runner has it that never starts it.
	*/
	lostUntil: Instant | undefined;
	runner: {readonly id: number; readonly name: string} | undefined;
};

export type SimulatedRun = {
	readonly id: number;
	readonly number: number;
	readonly workflow: string;
	readonly branch: string;
	readonly event: string;
	readonly jobsLagSeconds: number;
	readonly jobs: SimulatedJob[];
	createdAt: Instant;
	updatedAt: Instant;
	isBorn: boolean;
};

export type JobStatusText = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'pending' | 'requested';

/**
What the API says of a job now.
*/
export function jobStatus(job: SimulatedJob, now: Instant): JobStatusText {
	switch (job.truth) {
		case 'unborn':
		case 'queued': {
			return 'queued';
		}

		case 'held': {
			return job.held?.as ?? 'waiting';
		}

		case 'running': {
			return job.startedAt !== undefined && now < later(job.startedAt, job.jobLagSeconds) ? 'queued' : 'in_progress';
		}

		case 'completed': {
			return 'completed';
		}
	}
}

/**
What the API says of a run now: `queued` only while no job has begun, so that later queued jobs hide in an `in_progress` run.
*/
export function runStatus(run: SimulatedRun, now: Instant): JobStatusText {
	const statuses = run.jobs.filter(job => job.truth !== 'unborn').map(job => jobStatus(job, now));
	if (statuses.length === run.jobs.length && statuses.every(status => status === 'completed')) {
		return 'completed';
	}

	if (statuses.some(status => status === 'completed' || status === 'in_progress')) {
		return 'in_progress';
	}

	return statuses.includes('queued') ? 'queued' : statuses[0] ?? 'queued';
}
