import type {Repository} from '../model/job.ts';
import {later} from '../model/time.ts';
import {rngFor} from './chance.ts';
import type {Faults} from './faults.ts';
import {createAssignment} from './github-assignment.ts';
import {makeRun, rerun} from './github-arrivals.ts';
import type {RunSpec, SimulatedJob, SimulatedRun} from './github-jobs.ts';
import {createJit} from './github-jit.ts';
import {createRegistration} from './github-registration.ts';
import type {SimulatedRunner} from './github-runners.ts';
import type {WorldParameters} from './parameters.ts';
import type {Schedule} from './schedule.ts';
import type {Violations} from './violations.ts';

type Parts = {
	readonly seed: number;
	readonly repository: Repository;
	readonly parameters: WorldParameters;
	readonly schedule: Schedule;
	readonly faults: Faults;
	readonly violations: Violations;
};

const runsKept = 500;

/**
How long a job must have been told as in progress before a runner is let go of that has it.
*/
const letGoAfterSeconds = 15;

export type GitHubWorld = ReturnType<typeof createGitHubWorld>;

/**
GitHub: runs, jobs, runners and tokens of one repository, and who gets which job.
*/
export function createGitHubWorld(parts: Parts) {
	const {seed, parameters, schedule, faults, violations} = parts;
	const runs: SimulatedRun[] = [];
	const runners = new Map<number, SimulatedRunner>();
	let runCount = 0;
	const {arrivals, assign, endJob, cancelRun} = createAssignment({
		seed, parameters, schedule, faults, jobs, runners,
	});
	const {tokens, addRunner, registrationToken, register} = createRegistration({
		seed, parameters, schedule, faults, runners,
	});
	const {jitConfigs, jitConfig, startJit} = createJit({
		seed, parameters, schedule, faults, runners, addRunner,
	});

	function jobs(): SimulatedJob[] {
		return runs.flatMap(run => run.jobs);
	}

	// What just began nobody can know of, so that GitHub keeps it; what the API has told of can be looked up, and is kept by whoever looks (actions/runner #4422).
	function isLetGo(job: SimulatedJob): boolean {
		const isTold = job.startedAt !== undefined && schedule.now() >= later(job.startedAt, job.jobLagSeconds + letGoAfterSeconds)
			&& schedule.now() >= later(job.run.createdAt, job.run.jobsLagSeconds + letGoAfterSeconds);
		return isTold && faults.trigger('letsGoOfBusyRunners', () => true) !== undefined;
	}

	// A world may go on for weeks: of more than so many runs, the oldest that are over are dropped.
	function forgetOldRuns(): void {
		if (runs.length <= runsKept * 2) {
			return;
		}

		const surplus = runs.length - runsKept;
		const kept = runs.filter((run, index) => index >= surplus || run.jobs.some(job => job.actualState !== 'completed'));
		runs.splice(0, runs.length, ...kept);
	}

	return {
		repository: parts.repository,
		runs,
		runners,
		jobs,
		tokens,
		addRunner,
		registrationToken,
		register,
		jitConfigs,
		jitConfig,
		startJit,
		cancelRun,
		rerun(run: SimulatedRun): void {
			rerun(run, arrivals);
		},
		/**
		DELETE of a run that is over.
		*/
		removeRun(run: SimulatedRun): void {
			runs.splice(runs.indexOf(run), 1);
		},
		/**
		A real runner says how its job ended.
		*/
		endJob,
		addRun(spec: RunSpec): SimulatedRun {
			const run = makeRun(spec, ++runCount, arrivals);
			runs.push(run);
			forgetOldRuns();
			return run;
		},
		/**
		The runner's program listens for a job; `onEnd` is called once its job has ended, or it has been removed because no job came: so goes one with a
		just-in-time configuration that idles for some minutes (actions/runner#4726).
		*/
		connect(runner: SimulatedRunner, onEnd: (how: 'job' | 'removed') => void): void {
			runner.isOnline = true;
			runner.onEnd = onEnd;
			if (runner.isJit) {
				schedule.after(rngFor(seed, 'idle', runner.id).between(parameters.jitIdleSeconds), () => {
					if (runner.job !== undefined || runner.jobEndedAt !== undefined || runner.isRemoved || !runners.has(runner.id)) {
						return;
					}

					faults.count('an idle JIT runner is removed');
					runner.isOverlooked = true;
					runners.delete(runner.id);
					runner.onEnd?.('removed');
				});
			}

			schedule.after(rngFor(seed, 'assign', runner.id).between(parameters.assignSeconds), assign);
		},
		/**
		The runner's program ended or its machine died; abruptly, GitHub notices late. A job it had is lost.
		*/
		disconnect(runner: SimulatedRunner, isAbrupt: boolean): void {
			runner.onEnd = undefined;
			runner.isOverlooked = true;
			const {job} = runner;
			schedule.after(isAbrupt ? parameters.offlineLagSeconds : 1, () => {
				runner.isOnline = false;
			});
			schedule.after(86_400, () => {
				runners.delete(runner.id); // Offline ephemeral runners are removed after a day.
			});
			if (job !== undefined) {
				schedule.after(parameters.lostRunnerSeconds, () => {
					if (job.actualState === 'running') {
						endJob(job, 'failure');
					}
				});
			}
		},
		/**
		The record of a runner without a job vanishes; its program does not learn of it.
		*/
		forget(runner: SimulatedRunner): void {
			if (runner.job === undefined) {
				runners.delete(runner.id);
			}
		},
		/**
		DELETE of a runner.
		*/
		removeRunner(id: number): 'removed' | 'gone' | {readonly busy: string} {
			const runner = runners.get(id);
			if (runner === undefined || runner.isRemoved) {
				return 'gone';
			}

			violations.check('jobKilled');
			violations.check('foreignTouched');
			const endedAgo = runner.jobEndedAt === undefined ? Infinity : (schedule.now() - runner.jobEndedAt) / 1000;
			if ((runner.job !== undefined && !isLetGo(runner.job)) || endedAgo < parameters.busyAfterEndSeconds) {
				return {busy: `Runner "${runner.name}" is currently running a job and cannot be deleted.`};
			}

			if (runner.isForeign) {
				violations.add('foreignTouched', `runner ${runner.name} was removed, and it is not ours`, {jobId: undefined, name: runner.name});
			}

			if (runner.job !== undefined) {
				violations.add('jobKilled', `runner ${runner.name} was removed while it ran job ${runner.job.id}`, {jobId: runner.job.id, name: runner.name});
				endJob(runner.job, 'failure');
			}

			runner.isRemoved = true;
			runner.isOnline = false;
			const lingerSeconds = rngFor(seed, 'linger', id).between(parameters.lingerSeconds);
			if (lingerSeconds === 0) {
				runners.delete(id);
			} else {
				schedule.after(lingerSeconds, () => {
					runners.delete(id);
				});
			}

			return 'removed';
		},
		/**
		What the API says: late to turn true, and false in between while that fault is in force.
		*/
		isSaidBusy(runner: SimulatedRunner): boolean {
			const {job} = runner;
			if (job === undefined) {
				return runner.isOnline && !runner.isForeign && faults.trigger('saysBusy', () => true) !== undefined;
			}

			return job.startedAt !== undefined && schedule.now() >= later(job.startedAt, runner.busyLagSeconds)
				&& faults.trigger('saysIdle', fault => fault.job === undefined || fault.job === job.name) === undefined;
		},
		/**
		What the API says: a runner at work may read as offline.
		*/
		isSaidOnline(runner: SimulatedRunner): boolean {
			const {job} = runner;
			return runner.isOnline && (job === undefined || faults.trigger('saysOffline', fault => fault.job === undefined || fault.job === job.name) === undefined);
		},
	};
}
