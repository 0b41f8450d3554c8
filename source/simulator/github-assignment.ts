import {later} from '../model/time.ts';
import {rngFor} from './chance.ts';
import type {Faults} from './faults.ts';
import {createJobs, leaveGroup, type Arrivals} from './github-arrivals.ts';
import type {SimulatedJob, SimulatedRun} from './github-jobs.ts';
import {isFor, isFree, type SimulatedRunner} from './github-runners.ts';
import type {WorldParameters} from './parameters.ts';
import type {Schedule} from './schedule.ts';

type Parts = {
	readonly seed: number;
	readonly parameters: WorldParameters;
	readonly schedule: Schedule;
	readonly faults: Faults;
	readonly jobs: () => readonly SimulatedJob[];
	readonly runners: Map<number, SimulatedRunner>;
};

const pickUpSeconds = 60;

/**
How often GitHub tries to give away jobs that it passed over.
*/
const passedOverSeconds = 10;

/**
Who gets which job, and how jobs begin and end.
*/
export function createAssignment({seed, parameters, schedule, faults, jobs, runners}: Parts) {
	const arrivals: Arrivals = {
		seed, parameters, schedule, jobs, onQueued: queue, cancel: cancelRun,
	};

	function queue(job: SimulatedJob): void {
		const rng = rngFor(seed, 'queue', job.id);
		schedule.after(86_400, () => {
			if (job.actualState === 'queued') {
				endJob(job, 'failure'); // GitHub gives up after a day.
			}
		});
		if (job.isHosted) {
			schedule.after(rng.between(parameters.hostedSeconds), () => {
				if (job.actualState === 'queued') {
					startJob(job, {id: 1_000_000_000 + (job.id % 1_000_000), name: `GitHub Actions ${1_000_000_000 + (job.id % 1_000_000)}`});
				}
			});
			return;
		}

		schedule.after(rng.between(parameters.assignSeconds), assign);
	}

	let willTryAgain = false;

	function passesOver(job: SimulatedJob): boolean {
		const fault = faults.trigger('unassigned', ({label, job: name}) => (label === undefined || job.labels.includes(label)) && (name === undefined || job.name === name));
		if (fault !== undefined && !willTryAgain) {
			willTryAgain = true;
			schedule.after(passedOverSeconds, () => {
				willTryAgain = false;
				assign();
			});
		}

		return fault !== undefined;
	}

	// Oldest job first, to the runner that has waited longest; a runner needs all labels of the job, whatever their case.
	function assign(): void {
		const waiting = jobs().filter(job => job.actualState === 'queued' && !job.isHosted && (job.lostUntil === undefined || job.lostUntil <= schedule.now())).toSorted((a, b) => a.createdAt === b.createdAt ? a.id - b.id : a.createdAt - b.createdAt);
		for (const job of waiting) {
			const runner = runners.values().find(candidate => isFree(candidate) && isFor(candidate, job));
			if (runner !== undefined && passesOver(job)) {
				continue;
			}

			if (runner?.losesAssignment === true) {
				loseAssignment(job, runner);
			} else if (runner !== undefined) {
				runner.job = job;
				startJob(job, runner);
			}
		}
	}

	// GitHub queues a job again that was not picked up within a minute, and the runner is forgotten (actions/runner #4617).
	function loseAssignment(job: SimulatedJob, runner: SimulatedRunner): void {
		runner.isOverlooked = true;
		job.lostUntil = later(schedule.now(), pickUpSeconds);
		schedule.after(pickUpSeconds, () => {
			runners.delete(runner.id);
			assign();
		});
	}

	function startJob(job: SimulatedJob, runner: {readonly id: number; readonly name: string}): void {
		job.actualState = 'running';
		job.startedAt = schedule.now();
		job.run.updatedAt = schedule.now();
		job.runner = {id: runner.id, name: runner.name};
		schedule.after(job.durationSeconds, () => {
			// A runner whose machine died never reports its end.
			const holder = runners.get(runner.id);
			if (job.actualState === 'running' && (job.isHosted || holder?.onEnd !== undefined || holder?.isForeign === true)) {
				endJob(job, 'success');
			}
		});
	}

	function endJob(job: SimulatedJob, conclusion: 'success' | 'failure' | 'cancelled'): void {
		job.actualState = 'completed';
		job.conclusion = conclusion;
		job.endedAt = schedule.now();
		job.run.updatedAt = schedule.now();
		createJobs(job.run, arrivals);
		leaveGroup(job, arrivals);
		const runner = runners.values().find(candidate => candidate.job === job);
		if (runner === undefined) {
			return;
		}

		runner.job = undefined;
		runner.jobEndedAt = schedule.now();
		runner.onEnd?.('job');
		if (runner.isEphemeral) {
			runner.isOverlooked = true;
			schedule.after(rngFor(seed, 'vanish', runner.id).between(parameters.vanishSeconds), () => {
				runners.delete(runner.id);
			});
		} else {
			schedule.after(1, assign);
		}
	}

	function cancelRun(run: SimulatedRun): void {
		for (const job of run.jobs) {
			if (job.actualState === 'running') {
				schedule.after(5, () => {
					if (job.actualState === 'running') {
						endJob(job, 'cancelled');
					}
				});
			} else if (job.actualState !== 'completed') {
				endJob(job, 'cancelled');
			}
		}
	}

	return {
		arrivals, assign, endJob, cancelRun,
	};
}
