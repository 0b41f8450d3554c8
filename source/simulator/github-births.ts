import {instant, later} from '../model/time.ts';
import {diceFor} from './chance.ts';
import type {RunSpec, SimulatedJob, SimulatedRun} from './github-jobs.ts';
import type {Knobs} from './knobs.ts';
import type {Schedule} from './schedule.ts';

/**
Labels that mean GitHub's own machines.
*/
export function isHostedLabel(label: string): boolean {
	return /^(?:ubuntu|windows|macos)-/iv.test(label);
}

export type Births = {
	readonly seed: number;
	readonly knobs: Knobs;
	readonly schedule: Schedule;
	/**
	Called when a job became queued.
	*/
	readonly onQueued: (job: SimulatedJob) => void;
	readonly cancel: (run: SimulatedRun) => void;
};

/**
Makes a run and its jobs and has them arrive in time.
*/
export function makeRun(spec: RunSpec, number: number, births: Births): SimulatedRun {
	const {schedule, knobs} = births;
	const dice = diceFor(births.seed, 'run', number);
	const createdAt = later(schedule.now(), spec.afterSeconds ?? 0);
	const run: SimulatedRun = {
		id: 18_993_000_000 + (births.seed % 1000 * 100_000) + (number * 37),
		number,
		workflow: spec.workflow ?? 'ci',
		branch: spec.branch ?? 'main',
		event: spec.event ?? 'push',
		jobsLagSeconds: dice.between(knobs.jobsLagSeconds),
		jobs: [],
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
			held: job.held,
			isHosted: labels.some(label => isHostedLabel(label)) && !isSelfHosted,
			jobLagSeconds: dice.between(knobs.jobLagSeconds),
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
			job.truth = 'queued';
			births.onQueued(job);
			continue;
		}

		job.truth = 'held';
		if (job.held.seconds !== undefined) {
			births.schedule.after(job.held.seconds, () => {
				if (job.truth !== 'held') {
					return;
				}

				job.truth = 'queued';
				births.onQueued(job);
			});
		}
	}
}
