import {instant, later} from '../model/time.ts';
import {rngFor} from './chance.ts';
import type {RunSpec, SimulatedJob, SimulatedRun} from './github-jobs.ts';
import type {WorldParameters} from './parameters.ts';
import type {Schedule} from './schedule.ts';

/**
Labels that mean GitHub's own machines.
*/
export function isHostedLabel(label: string): boolean {
	return /^(?:ubuntu|windows|macos)-/iv.test(label);
}

export type Births = {
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
export function makeRun(spec: RunSpec, number: number, births: Births): SimulatedRun {
	const {schedule, parameters} = births;
	const dice = rngFor(births.seed, 'run', number);
	const createdAt = later(schedule.now(), spec.afterSeconds ?? 0);
	const run: SimulatedRun = {
		id: runIdOf(births.seed, number),
		number,
		workflow: spec.workflow ?? 'ci',
		branch: spec.branch ?? 'main',
		event: spec.event ?? 'push',
		jobsLagSeconds: dice.between(parameters.jobsLagSeconds),
		jobs: [],
		attempt: 1,
		createdAt,
		updatedAt: createdAt,
		isBorn: false,
	};
	for (const [index, job] of spec.jobs.entries()) {
		const labels = job.labels ?? ['self-hosted'];
		const isSelfHosted = labels.some(label => label.toLowerCase() === 'self-hosted');
		run.jobs.push({
			id: 54_251_000_000 + (births.seed % 1000 * 1_000_000) + (number * 1000) + (index * 3),
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
			jobLagSeconds: dice.between(parameters.jobLagSeconds),
			outcomes: typeof job.outcome === 'string' ? (job.outcome === 'ok' ? [] : [job.outcome, 'ok']) : [...job.outcome ?? []],
			truth: 'unborn',
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
		run.isBorn = true;
		bearJobs(run, births);
		if (spec.cancelAfterSeconds !== undefined) {
			schedule.after(spec.cancelAfterSeconds, () => {
				births.cancel(run);
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
export function rerun(run: SimulatedRun, births: Births): void {
	run.attempt++;
	run.updatedAt = births.schedule.now();
	for (const [index, job] of run.jobs.entries()) {
		run.jobs[index] = {
			...job, id: job.id + 300_000, truth: 'unborn', conclusion: undefined, startedAt: undefined, endedAt: undefined, lostUntil: undefined, runner: undefined,
		};
	}

	bearJobs(run, births);
}

/**
Jobs whose needs are met become queued (or held). Call when a job of the run has ended.
*/
export function bearJobs(run: SimulatedRun, births: Births): void {
	const now = births.schedule.now();
	for (const job of run.jobs) {
		const needed = run.jobs.filter(other => job.needs.includes(other.name));
		if (job.truth !== 'unborn' || needed.some(other => other.truth !== 'completed')) {
			continue;
		}

		if (needed.some(other => other.conclusion !== 'success')) {
			Object.assign(job, {truth: 'completed', conclusion: 'cancelled', endedAt: now});
			continue;
		}

		job.createdAt = instant(now);
		run.updatedAt = now;
		if (job.held === undefined) {
			enter(job, births);
			continue;
		}

		job.truth = 'held';
		if (job.held.seconds !== undefined) {
			births.schedule.after(job.held.seconds, () => {
				if (job.truth === 'held') {
					enter(job, births);
				}
			});
		}
	}
}

/**
The place that a job leaves in its concurrency group goes to the one that is pending.
*/
export function leaveGroup(left: SimulatedJob, births: Births): void {
	const next = inGroup(left, births).find(job => job.truth === 'held');
	if (next !== undefined && inGroup(left, births).every(job => job.truth === 'held')) {
		queue(next, births);
	}
}

// As GitHub has it: one of a group at a time, one more that is pending, and a newer one takes its place.
function enter(job: SimulatedJob, births: Births): void {
	const others = inGroup(job, births);
	if (others.every(other => other.truth === 'held')) {
		queue(job, births);
		return;
	}

	const outdone = others.filter(candidate => candidate.truth === 'held');
	for (const other of outdone) {
		Object.assign(other, {truth: 'completed', conclusion: 'cancelled', endedAt: births.schedule.now()});
		bearJobs(other.run, births);
	}

	job.held = {as: 'pending'};
	job.truth = 'held';
}

function inGroup(job: SimulatedJob, births: Births): readonly SimulatedJob[] {
	const isAtIt = ({truth, held}: SimulatedJob) => truth === 'queued' || truth === 'running' || (truth === 'held' && held?.as === 'pending');
	return job.concurrencyGroup === undefined ? [] : births.jobs().filter(other => other !== job && other.concurrencyGroup === job.concurrencyGroup && isAtIt(other));
}

function queue(job: SimulatedJob, births: Births): void {
	job.truth = 'queued';
	births.onQueued(job);
}
