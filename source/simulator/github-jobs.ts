import {later, type Instant} from '../model/time.ts';
import type {HostOutcome} from './faults.ts';

/**
`waiting`: for an approval that an environment asks for. `seconds` undefined: for good.
*/
export type Held = {readonly as: 'waiting' | 'pending' | 'requested'; readonly seconds?: number};

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
	readonly held?: Held;
	/**
	Of the jobs of a group, in whatever runs, one is queued or runs; the newest other one is `pending`, and those before it are cancelled.
	*/
	readonly concurrencyGroup?: string;
	/**
	`runs-on: {group: …}`: only runners of that group are given it, of which no answer tells. Ours are in "Default".
	*/
	readonly group?: string;
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
	readonly concurrencyGroup: string | undefined;
	readonly group: string | undefined;
	held: Held | undefined;
	/**
	Whether GitHub's own machines run it.
	*/
	readonly isHosted: boolean;
	readonly isSelfHosted: boolean;
	readonly jobLagSeconds: number;
	readonly outcomes: HostOutcome[];
	/**
	The world's actual state; what the API says lags behind.
	*/
	actualState: 'scheduled' | 'held' | 'queued' | 'running' | 'completed';
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
	attempt: number;
	createdAt: Instant;
	updatedAt: Instant;
	isCreated: boolean;
};

/**
Which of a run's jobs gives the run its status.
*/
export type RunStatusRule = 'leastAdvanced' | 'mostAdvanced';

export type JobStatusText = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'pending' | 'requested';

/**
What the API says of a job now.
*/
export function jobStatus(job: SimulatedJob, now: Instant): JobStatusText {
	switch (job.actualState) {
		case 'scheduled':
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

// Least advanced first.
const stages: readonly JobStatusText[] = ['requested', 'waiting', 'pending', 'queued', 'in_progress', 'completed'];

/**
What the API says of a run now. `leastAdvanced`: one job that waits for an approval makes a whole run `waiting`, and its queued and running jobs are in no list of
queued or running runs (cli/cli#13972, actions/actions-runner-controller#2723, kedacore/keda#5788).
`mostAdvanced`: `queued` only while no job has begun, so that later queued jobs hide in an `in_progress` run.
*/
export function runStatus(run: SimulatedRun, now: Instant, rule: RunStatusRule): JobStatusText {
	const statuses = run.jobs.filter(job => job.actualState !== 'scheduled').map(job => jobStatus(job, now));
	const isOver = statuses.every(status => status === 'completed');
	if (isOver && statuses.length === run.jobs.length) {
		return 'completed';
	}

	if (rule === 'leastAdvanced') {
		// Between two jobs, one of which needs the other, it goes on.
		return isOver ? 'in_progress' : stages.find(stage => statuses.includes(stage)) ?? 'queued';
	}

	if (statuses.some(status => status === 'completed' || status === 'in_progress')) {
		return 'in_progress';
	}

	return statuses.includes('queued') ? 'queued' : statuses[0] ?? 'queued';
}
