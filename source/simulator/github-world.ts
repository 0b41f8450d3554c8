import type {Repository} from '../model/job.ts';
import {later, type Instant} from '../model/time.ts';
import {diceFor} from './chance.ts';
import type {Faults} from './faults.ts';
import {
	bearJobs,
	makeRun,
	type Births,
	type RunSpec,
	type SimulatedJob,
	type SimulatedRun,
} from './github-jobs.ts';
import {
	hasLabels,
	isFree,
	isOlder,
	type Registration,
	type SimulatedRunner,
} from './github-runners.ts';
import type {Knobs} from './knobs.ts';
import type {Schedule} from './schedule.ts';
import type {Violations} from './violations.ts';

type Parts = {
	readonly seed: number;
	readonly repository: Repository;
	readonly knobs: Knobs;
	readonly schedule: Schedule;
	readonly faults: Faults;
	readonly violations: Violations;
};

const runsKept = 500;

const pickUpSeconds = 60;

/**
How long a job must have been told as in progress before a runner is let go of that has it.
*/
const letGoAfterSeconds = 15;

export type GitHubWorld = ReturnType<typeof createGitHubWorld>;

/**
GitHub: runs, jobs, runners and tokens of one repository, and who gets which job.
*/
export function createGitHubWorld(parts: Parts) {
	const {seed, knobs, schedule, faults, violations} = parts;
	const runs: SimulatedRun[] = [];
	const runners = new Map<number, SimulatedRunner>();
	const tokens = new Map<string, Instant>();
	let runnerCount = 0;
	let runCount = 0;
	const births: Births = {
		seed, knobs, schedule, onQueued: queue, cancel: cancelRun,
	};

	function jobs(): SimulatedJob[] {
		return runs.flatMap(run => run.jobs);
	}

	function queue(job: SimulatedJob): void {
		const dice = diceFor(seed, 'queue', job.id);
		schedule.after(86_400, () => {
			if (job.truth === 'queued') {
				endJob(job, 'failure'); // GitHub gives up after a day.
			}
		});
		if (job.isHosted) {
			schedule.after(dice.between(knobs.hostedSeconds), () => {
				if (job.truth === 'queued') {
					startJob(job, {id: 1_000_000_000 + (job.id % 1_000_000), name: `GitHub Actions ${1_000_000_000 + (job.id % 1_000_000)}`});
				}
			});
			return;
		}

		schedule.after(dice.between(knobs.assignSeconds), assign);
	}

	// Oldest job first, to the runner that has waited longest; a runner needs all labels of the job, whatever their case.
	function assign(): void {
		const waiting = jobs().filter(job => job.truth === 'queued' && !job.isHosted && (job.lostUntil === undefined || job.lostUntil <= schedule.now())).toSorted((a, b) => a.createdAt === b.createdAt ? a.id - b.id : a.createdAt - b.createdAt);
		for (const job of waiting) {
			const runner = runners.values().find(candidate => isFree(candidate) && hasLabels(candidate, job));
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
		job.truth = 'running';
		job.startedAt = schedule.now();
		job.run.updatedAt = schedule.now();
		job.runner = {id: runner.id, name: runner.name};
		schedule.after(job.durationSeconds, () => {
			// A runner whose machine died never reports its end.
			const holder = runners.get(runner.id);
			if (job.truth === 'running' && (job.isHosted || holder?.onEnd !== undefined || holder?.isForeign === true)) {
				endJob(job, 'success');
			}
		});
	}

	function endJob(job: SimulatedJob, conclusion: 'success' | 'failure' | 'cancelled'): void {
		job.truth = 'completed';
		job.conclusion = conclusion;
		job.endedAt = schedule.now();
		job.run.updatedAt = schedule.now();
		bearJobs(job.run, births);
		const runner = runners.values().find(candidate => candidate.job === job);
		if (runner === undefined) {
			return;
		}

		runner.job = undefined;
		runner.jobEndedAt = schedule.now();
		runner.onEnd?.();
		if (runner.isEphemeral) {
			runner.isOverlooked = true;
			schedule.after(diceFor(seed, 'vanish', runner.id).between(knobs.vanishSeconds), () => {
				runners.delete(runner.id);
			});
		} else {
			schedule.after(1, assign);
		}
	}

	function cancelRun(run: SimulatedRun): void {
		for (const job of run.jobs) {
			if (job.truth === 'running') {
				schedule.after(5, () => {
					if (job.truth === 'running') {
						endJob(job, 'cancelled');
					}
				});
			} else if (job.truth !== 'completed') {
				endJob(job, 'cancelled');
			}
		}
	}

	// What just began nobody can know of, so that GitHub keeps it; what the API has told of can be looked up, and is kept by whoever looks (actions/runner #4422).
	function isLetGo(job: SimulatedJob): boolean {
		const isTold = job.startedAt !== undefined && schedule.now() >= later(job.startedAt, job.jobLagSeconds + letGoAfterSeconds)
			&& schedule.now() >= later(job.run.createdAt, job.run.jobsLagSeconds + letGoAfterSeconds);
		return isTold && faults.strike('letsGoOfBusyRunners', () => true) !== undefined;
	}

	// A world may go on for weeks: of more than so many runs, the oldest that are over are dropped.
	function forgetOldRuns(): void {
		if (runs.length <= runsKept * 2) {
			return;
		}

		const surplus = runs.length - runsKept;
		const kept = runs.filter((run, index) => index >= surplus || run.jobs.some(job => job.truth !== 'completed'));
		runs.splice(0, runs.length, ...kept);
	}

	function addRunner(runner: Pick<SimulatedRunner, 'name' | 'labels' | 'architecture'> & Partial<SimulatedRunner>): SimulatedRunner {
		const id = 2000 + ++runnerCount;
		const record: SimulatedRunner = {
			id,
			isEphemeral: true,
			isJit: false,
			isForeign: false,
			createdAt: schedule.now(),
			busyLagSeconds: diceFor(seed, 'runner', runner.name).between(knobs.busyLagSeconds),
			version: undefined,
			isOnline: false,
			isOverlooked: false,
			losesAssignment: false,
			isRemoved: false,
			job: undefined,
			jobEndedAt: undefined,
			onEnd: undefined,
			...runner,
		};
		runners.set(id, record);
		return record;
	}

	return {
		repository: parts.repository,
		runs,
		runners,
		jobs,
		/**
		Registration tokens that were ever handed out.
		*/
		tokens: (): readonly string[] => [...tokens.keys()],
		addRunner,
		cancelRun,
		/**
		A real runner says how its job ended.
		*/
		endJob,
		addRun(spec: RunSpec): SimulatedRun {
			const run = makeRun(spec, ++runCount, births);
			runs.push(run);
			forgetOldRuns();
			return run;
		},
		/**
		A registration token, good for an hour.
		*/
		registrationToken(): {readonly token: string; readonly expiresAt: Instant} {
			const token = `A${diceFor(seed, 'registration', tokens.size).text(28, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`;
			const expiresAt = later(schedule.now(), 3600);
			tokens.set(token, expiresAt);
			return {token, expiresAt};
		},
		/**
		What config.sh does: the new runner's record, or what config.sh prints when it fails. Replaces an idle record of the same name, as --replace does.
		*/
		register(registration: Registration): SimulatedRunner | string {
			const expiresAt = tokens.get(registration.token);
			if (expiresAt === undefined || expiresAt <= schedule.now()) {
				return 'Http response code: NotFound from \'POST https://api.github.com/actions/runner-registration\'';
			}

			if (isOlder(registration.version, knobs.runnerVersionFloor)) {
				return `Runner version v${registration.version} is deprecated and cannot register.`;
			}

			const namesake = runners.values().find(runner => runner.name === registration.name);
			if (namesake?.job !== undefined) {
				return `A runner exists with the same name ${registration.name}.`;
			}

			if (namesake !== undefined) {
				runners.delete(namesake.id);
			}

			return addRunner(registration);
		},
		/**
		The runner's program listens for a job; `onEnd` is called once its job has ended.
		*/
		connect(runner: SimulatedRunner, onEnd: () => void): void {
			runner.isOnline = true;
			runner.onEnd = onEnd;
			schedule.after(diceFor(seed, 'assign', runner.id).between(knobs.assignSeconds), assign);
		},
		/**
		The runner's program ended or its machine died; abruptly, GitHub notices late. A job it had is lost.
		*/
		disconnect(runner: SimulatedRunner, isAbrupt: boolean): void {
			runner.onEnd = undefined;
			runner.isOverlooked = true;
			const {job} = runner;
			schedule.after(isAbrupt ? knobs.offlineLagSeconds : 1, () => {
				runner.isOnline = false;
			});
			schedule.after(86_400, () => {
				runners.delete(runner.id); // Offline ephemeral runners are removed after a day.
			});
			if (job !== undefined) {
				schedule.after(knobs.lostRunnerSeconds, () => {
					if (job.truth === 'running') {
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

			violations.look('jobKilled');
			violations.look('foreignTouched');
			const endedAgo = runner.jobEndedAt === undefined ? Infinity : (schedule.now() - runner.jobEndedAt) / 1000;
			if ((runner.job !== undefined && !isLetGo(runner.job)) || endedAgo < knobs.busyAfterEndSeconds) {
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
			const lingerSeconds = diceFor(seed, 'linger', id).between(knobs.lingerSeconds);
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
				return runner.isOnline && !runner.isForeign && faults.strike('saysBusy', () => true) !== undefined;
			}

			return job.startedAt !== undefined && schedule.now() >= later(job.startedAt, runner.busyLagSeconds)
				&& faults.strike('saysIdle', fault => fault.job === undefined || fault.job === job.name) === undefined;
		},
		/**
		What the API says: a runner at work may read as offline.
		*/
		isSaidOnline(runner: SimulatedRunner): boolean {
			const {job} = runner;
			return runner.isOnline && (job === undefined || faults.strike('saysOffline', fault => fault.job === undefined || fault.job === job.name) === undefined);
		},
	};
}
