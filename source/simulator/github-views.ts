import {later} from '../model/time.ts';
import {
	jobStatus,
	runStatus,
	type JobStatusText,
	type SimulatedJob,
	type SimulatedRun,
} from './github-jobs.ts';
import type {SimulatedRunner} from './github-runners.ts';
import type {World} from './world.ts';

/**
Runs as the list shows them, newest first; of that status or conclusion when given.
*/
export function listedRuns(world: World, status: string | undefined): readonly SimulatedRun[] {
	world.now();
	if ((status === 'queued' || status === 'in_progress') && world.github.runs.some(run => run.isCreated && isHidden(world, run))) {
		world.faults.count('a held job hides the others of its run');
	}

	return world.github.runs
		.filter(run => run.isCreated && (status === undefined || statusOf(world, run) === status || runConclusion(world, run) === status))
		.toSorted((a, b) => b.createdAt === a.createdAt ? b.id - a.id : b.createdAt - a.createdAt);
}

// Whether it has jobs that are queued or run, and is not listed as such.
function isHidden(world: World, run: SimulatedRun): boolean {
	const status = statusOf(world, run);
	return ['waiting', 'pending', 'requested'].includes(status) && run.jobs.some(job => job.actualState === 'queued' || job.actualState === 'running');
}

/**
What the API says of a run.
*/
export function statusOf(world: World, run: SimulatedRun): JobStatusText {
	return runStatus(run, world.now(), world.parameters.runStatus);
}

/**
A run's conclusion; undefined before its end.
*/
export function runConclusion(world: World, run: SimulatedRun): 'success' | 'failure' | 'cancelled' | undefined {
	if (statusOf(world, run) !== 'completed') {
		return undefined;
	}

	const conclusions = new Set(run.jobs.map(job => job.conclusion));
	return conclusions.has('failure') ? 'failure' : (conclusions.has('cancelled') ? 'cancelled' : 'success');
}

/**
A run's jobs as listed: a moment later than the run itself, and none that waits for others.
*/
export function listedJobs(world: World, run: SimulatedRun): readonly SimulatedJob[] {
	return world.now() < later(run.createdAt, run.jobsLagSeconds) ? [] : run.jobs.filter(job => job.actualState !== 'scheduled');
}

/**
What the API says of a job: its status, and its runner once it says that it runs.
*/
export function saidOf(world: World, job: SimulatedJob): {readonly status: JobStatusText; readonly runner: SimulatedJob['runner']} {
	const status = jobStatus(job, world.now());
	return {status, runner: status === 'in_progress' || status === 'completed' ? job.runner : undefined};
}

/**
The job of that id, once it is listed.
*/
export function findJob(world: World, id: number): SimulatedJob | undefined {
	world.now();
	return world.github.runs.find(run => run.isCreated && run.jobs.some(job => job.id === id))?.jobs.find(job => job.id === id && job.actualState !== 'scheduled');
}

/**
Runners as listed, by id; of exactly that name when given: that may miss one that holds the name.
*/
export function listedRunners(world: World, name: string | undefined): readonly SimulatedRunner[] {
	world.now();
	const found = world.github.runners.values().filter(runner => name === undefined || runner.name === name).toArray();
	return name !== undefined && found.length > 0 && world.faults.trigger('nameFilterMisses', () => true) !== undefined ? [] : found;
}
