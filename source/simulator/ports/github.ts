import type {
	Job,
	JobId,
	JobStatus,
	RunId,
} from '../../model/job.ts';
import type {Runner, RunnerId} from '../../model/runner.ts';
import {secondsBetween, type Instant} from '../../model/time.ts';
import type {Gap} from '../../model/snapshot.ts';
import type {GitHub, JitAnswer, ListRead} from '../../scaler/ports.ts';
import {apiTime} from '../api-clock.ts';
import type {JobStatusText, SimulatedJob, SimulatedRun} from '../github-jobs.ts';
import {
	findJob,
	listedJobs,
	listedRunners,
	listedRuns,
	saidOf,
	statusOf,
} from '../github-views.ts';
import type {SimulatedRunner} from '../github-runners.ts';
import {offeredDownloads} from '../runner-downloads.ts';
import type {World} from '../world.ts';
import {CallError, createCaller, type Caller} from './call.ts';

/**
The GitHub port straight on the world.
*/
export function inProcessGitHub(world: World): GitHub {
	const caller = createCaller(world, 'github');
	const read = {api: 'github', isRead: true} as const;
	const write = {api: 'github', isRead: false} as const;
	const active = new Set<SimulatedRun>();
	let runners: readonly Runner[] = [];
	let token: {readonly token: string; readonly expiresAt: Instant} | undefined;
	return {
		readJobs: async signal => readJobs(world, caller, active, signal),
		async hasNews(signal) {
			const before = caller.counted();
			for (const [status, of] of lists) {
				await caller.call({api: 'github', operation: 'listRuns', isRead: true}, () => of.flatMap(one => listedRuns(world, one).map(run => run.id)), {key: `runs ${status}`, signal});
			}

			return caller.counted() > before;
		},
		async readJob(id) {
			return caller.call({...read, operation: 'readJob', subject: id}, () => {
				const job = findJob(world, id);
				return job === undefined ? undefined : toJob(world, job);
			});
		},
		async readRunners(signal) {
			const before = caller.counted();
			const items = await caller.call({...read, operation: 'listRunners'}, () => listedRunners(world, undefined).map(runner => toRunner(world, runner)), {key: 'runners', signal});
			runners = items;
			return {items, gaps: [], counted: caller.counted() - before};
		},
		async findRunner(name) {
			const found = await caller.call({...read, operation: 'listRunners'}, () => listedRunners(world, name).map(runner => toRunner(world, runner))[0]);
			const known = runners.find(runner => runner.name === name)?.id;
			return found ?? (known === undefined
				? undefined
				: caller.call({...read, operation: 'readRunner', subject: known}, () => listedRunners(world, undefined).filter(({id}) => id === known).map(runner => toRunner(world, runner))[0]));
		},
		removeRunner: async id => caller.call({...write, operation: 'removeRunner', subject: id}, () => world.github.removeRunner(id)),
		async registrationToken({minimumSeconds = 300, isFresh = false} = {}) {
			if (token === undefined || isFresh || secondsBetween(world.now(), token.expiresAt) < minimumSeconds) {
				token = await caller.call({...write, operation: 'registrationToken'}, () => world.github.registrationToken());
			}

			return token.token;
		},
		async jitConfig({name, labels}) {
			try {
				return await caller.call({...write, operation: 'jitConfig'}, (): JitAnswer => {
					const answer = world.github.jitConfig({name, labels, groupId: 1});
					return typeof answer === 'object'
						? {outcome: 'minted', config: answer.config, id: answer.runner.id as RunnerId}
						: {outcome: answer === 'taken' ? 'taken' : 'noEndpoint'};
				});
			} catch (error) {
				if (!(error instanceof CallError)) {
					throw error;
				}

				const outcome = outcomes[error.status];
				return outcome ?? (error.kind === 'unreachable' ? {outcome: 'unknown', error} : Promise.reject(error));
			}
		},
		async mayMint() {
			return caller.call({...write, operation: 'jitConfig'}, () => world.parameters.githubHasJit ? 'yes' : 'noEndpoint');
		},
		runnerDownload: async architecture => caller.call({...read, operation: 'downloads'}, () => {
			const row = offeredDownloads(world.faults).find(({os, architecture: theirs}) => os === 'linux' && theirs === architecture);
			if (row === undefined) {
				throw new CallError(`GitHub names no runner for linux ${architecture}`, {kind: 'unreachable', status: 200, code: 'no row'});
			}

			const {url, filename, sha256} = row;
			return {url, filename, sha256};
		}, {key: 'downloads'}),
		budget: caller.budget,
	};
}

const outcomes: Readonly<Record<number, JitAnswer>> = {404: {outcome: 'noEndpoint'}, 409: {outcome: 'taken'}, 422: {outcome: 'invalid', answer: '422 Validation Failed'}};

// A run passes from the first to the second, and may go back.
const lists: ReadonlyArray<readonly [name: string, statuses: readonly JobStatusText[]]> = [['queued', ['queued', 'waiting', 'pending', 'requested']], ['in_progress', ['in_progress']]];

// Lists of the runs that are not completed, then the jobs of each; what fails is a gap, and when no list of runs could be read the first failure is thrown.
// `active`: the runs of the read before, of which one that is in no list is asked after.
async function readJobs(world: World, caller: Caller, active: Set<SimulatedRun>, signal: AbortSignal): Promise<ListRead<Job>> {
	const gaps: Gap[] = [];
	const failures: unknown[] = [];
	const before = caller.counted();
	const runs = new Set<SimulatedRun>();
	for (const [status, of] of lists) {
		try {
			const listed = await caller.call({api: 'github', operation: 'listRuns', isRead: true}, () => of.flatMap(one => listedRuns(world, one).map(run => run.id)), {key: `runs ${status}`, signal});
			for (const run of world.github.runs) {
				if (listed.includes(run.id)) {
					runs.add(run);
				}
			}
		} catch (error) {
			failures.push(error);
			gaps.push({what: `${status} runs`});
		}
	}

	if (failures.length === lists.length) {
		throw failures[0];
	}

	for (const run of active) {
		if (statusOf(world, run) !== 'completed') {
			runs.add(run);
		}
	}

	active.clear();
	for (const run of runs) {
		active.add(run);
	}

	failures.length = 0;
	const jobs = await Promise.all([...runs].map(async run => {
		try {
			return await caller.call({
				api: 'github', operation: 'listJobs', subject: run.id, isRead: true,
			}, () => listedJobs(world, run).map(job => toJob(world, job)), {key: `jobs ${run.id}`, signal});
		} catch (error) {
			failures.push(error);
			gaps.push({what: `jobs of run ${run.id}`, runId: run.id as RunId});
			return [];
		}
	}));
	signal.throwIfAborted();
	return {items: jobs.flat(), gaps, counted: caller.counted() - before};
}

const statuses: Readonly<Record<JobStatusText, JobStatus>> = {
	queued: 'queued', in_progress: 'inProgress', completed: 'completed', waiting: 'waiting', pending: 'pending', requested: 'requested',
};

function toJob(world: World, job: SimulatedJob): Job {
	const {status, runner} = saidOf(world, job);
	const {owner, name} = world.repository;
	return {
		id: job.id as JobId,
		runId: job.run.id as RunId,
		runAttempt: 1,
		name: job.name,
		workflowName: job.run.workflow,
		branch: job.run.branch,
		status: statuses[status],
		labels: job.labels,
		createdAt: apiTime(world, 'github', job.createdAt),
		startedAt: runner === undefined || job.startedAt === undefined ? undefined : apiTime(world, 'github', job.startedAt),
		runnerName: runner?.name,
		url: `https://github.com/${owner}/${name}/actions/runs/${job.run.id}/job/${job.id}`,
	};
}

function toRunner(world: World, runner: SimulatedRunner): Runner {
	return {
		id: runner.id as RunnerId, name: runner.name, isOnline: world.github.isSaidOnline(runner), isBusy: world.github.isSaidBusy(runner), labels: runner.labels, version: runner.version, ...(runner.isJit && runner.version === undefined && {isUnused: true}),
	};
}
