import {instant, later} from '../model/time.ts';
import {rngFor} from './chance.ts';
import type {RunSpec, SimulatedJob, SimulatedRun} from './github-jobs.ts';
import type {WorldParameters} from './parameters.ts';
import type {Schedule} from './schedule.ts';

/**
Labels that mean GitHub's own machines.
*/
function isHostedLabel(label: string): boolean {
	return /^(?:ubuntu|windows|macos)-/iv.test(label);
}

export type Arrivals = {
	readonly seed: number;
	readonly parameters: WorldParameters;
	readonly schedule: Schedule;
	/**
	Called when a job became queued.
	*/
	readonly onQueued: (job: SimulatedJob) => void;
	readonly cancel: (run: SimulatedRun) => void;
	readonly jobs: () => readonly SimulatedJob[];
};

/**
The id of the so many-th run of a world of that seed, the first being 1: what a fault is aimed at before the run is there.
*/
export function runIdOf(seed: number, number: number): number {
	return 18_993_000_000 + (seed % 1000 * 100_000) + (number * 37);
}

/**
Makes a run and its jobs and has them arrive in time.
*/
export function makeRun(spec: RunSpec, number: number, arrivals: Arrivals): SimulatedRun {
	const {schedule, parameters} = arrivals;
	const rng = rngFor(arrivals.seed, 'run', number);
	const createdAt = later(schedule.now(), spec.afterSeconds ?? 0);
	const run: SimulatedRun = {
		id: runIdOf(arrivals.seed, number),
		number,
		workflow: spec.workflow ?? 'ci',
		branch: spec.branch ?? 'main',
		event: spec.event ?? 'push',
		jobsLagSeconds: rng.between(parameters.jobsLagSeconds),
		jobs: [],
		attempt: 1,
		createdAt,
		updatedAt: createdAt,
		isCreated: false,
	};
	for (const [index, job] of spec.jobs.entries()) {
		const labels = job.labels ?? ['self-hosted'];
		const isSelfHosted = labels.some(label => label.toLowerCase() === 'self-hosted');
		run.jobs.push({
			id: 54_251_000_000 + (arrivals.seed % 1000 * 1_000_000) + (number * 1000) + (index * 3),
			run,
			name: job.name,
			labels,
			durationSeconds: job.durationSeconds ?? 30,
			needs: job.needs ?? [],
			isCounted: job.isCounted ?? (isSelfHosted && spec.cancelAfterSeconds === undefined && job.held === undefined),
			concurrencyGroup: job.concurrencyGroup,
			group: job.group,
			held: job.held,
			isHosted: labels.some(label => isHostedLabel(label)) && !isSelfHosted,
			isSelfHosted,
			jobLagSeconds: rng.between(parameters.jobLagSeconds),
			outcomes: typeof job.outcome === 'string' ? (job.outcome === 'ok' ? [] : [job.outcome, 'ok']) : [...job.outcome ?? []],
			actualState: 'scheduled',
			conclusion: undefined,
			createdAt,
			startedAt: undefined,
			endedAt: undefined,
			lostUntil: undefined,
			runner: undefined,
		});
	}

	const isLater = spec.afterSeconds !== undefined && spec.afterSeconds > 0;
	const arrive = () => {
		run.isCreated = true;
		createJobs(run, arrivals);
		if (spec.cancelAfterSeconds !== undefined) {
			schedule.after(spec.cancelAfterSeconds, () => {
				arrivals.cancel(run);
			});
		}
	};

	if (isLater) {
		schedule.at(createdAt, arrive);
	} else {
		arrive();
	}

	return run;
}

/**
Runs a run that is over once more: its jobs begin anew, under other ids.
*/
export function rerun(run: SimulatedRun, arrivals: Arrivals): void {
	run.attempt++;
	run.updatedAt = arrivals.schedule.now();
	for (const [index, job] of run.jobs.entries()) {
		run.jobs[index] = {
			...job, id: job.id + 300_000, actualState: 'scheduled', conclusion: undefined, startedAt: undefined, endedAt: undefined, lostUntil: undefined, runner: undefined,
		};
	}

	createJobs(run, arrivals);
}

/**
Jobs whose needs are met become queued (or held). Call when a job of the run has ended.
*/
export function createJobs(run: SimulatedRun, arrivals: Arrivals): void {
	const now = arrivals.schedule.now();
	for (const job of run.jobs) {
		const needed = run.jobs.filter(other => job.needs.includes(other.name));
		if (job.actualState !== 'scheduled' || needed.some(other => other.actualState !== 'completed')) {
			continue;
		}

		if (needed.some(other => other.conclusion !== 'success')) {
			Object.assign(job, {actualState: 'completed', conclusion: 'cancelled', endedAt: now});
			continue;
		}

		job.createdAt = instant(now);
		run.updatedAt = now;
		if (job.held === undefined) {
			enter(job, arrivals);
			continue;
		}

		job.actualState = 'held';
		if (job.held.seconds !== undefined) {
			arrivals.schedule.after(job.held.seconds, () => {
				if (job.actualState === 'held') {
					enter(job, arrivals);
				}
			});
		}
	}
}

/**
The place that a job leaves in its concurrency group goes to the one that is pending.
*/
export function leaveGroup(left: SimulatedJob, arrivals: Arrivals): void {
	const next = inGroup(left, arrivals).find(job => job.actualState === 'held');
	if (next !== undefined && inGroup(left, arrivals).every(job => job.actualState === 'held')) {
		queue(next, arrivals);
	}
}

// As GitHub has it: one of a group at a time, one more that is pending, and a newer one takes its place.
function enter(job: SimulatedJob, arrivals: Arrivals): void {
	const others = inGroup(job, arrivals);
	if (others.every(other => other.actualState === 'held')) {
		queue(job, arrivals);
		return;
	}

	const outdone = others.filter(candidate => candidate.actualState === 'held');
	for (const other of outdone) {
		Object.assign(other, {actualState: 'completed', conclusion: 'cancelled', endedAt: arrivals.schedule.now()});
		createJobs(other.run, arrivals);
	}

	job.held = {as: 'pending'};
	job.actualState = 'held';
}

function inGroup(job: SimulatedJob, arrivals: Arrivals): readonly SimulatedJob[] {
	const isAtIt = ({actualState, held}: SimulatedJob) => actualState === 'queued' || actualState === 'running' || (actualState === 'held' && held?.as === 'pending');
	return job.concurrencyGroup === undefined ? [] : arrivals.jobs().filter(other => other !== job && other.concurrencyGroup === job.concurrencyGroup && isAtIt(other));
}

function queue(job: SimulatedJob, arrivals: Arrivals): void {
	job.actualState = 'queued';
	arrivals.onQueued(job);
}
