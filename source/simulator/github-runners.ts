import type {Instant} from '../model/time.ts';
import type {SimulatedJob} from './github-jobs.ts';

/**
A runner's record at GitHub, and what the world knows of its program.
*/
export type SimulatedRunner = {
	readonly id: number;
	readonly name: string;
	readonly labels: readonly string[];
	readonly architecture: 'x64' | 'arm64';
	readonly isEphemeral: boolean;
	/**
	Made by generate-jitconfig: known before it first connects.
	*/
	readonly isJit: boolean;
	readonly isForeign: boolean;
	readonly group: string;
	readonly createdAt: Instant;
	readonly busyLagSeconds: number;
	version: string | undefined;
	isOnline: boolean;
	/**
	Never offered a job, though its labels fit.
	*/
	isOverlooked: boolean;
	/**
	Never starts the job that it is given.
	*/
	losesAssignment: boolean;
	/**
	Removed, though still listed.
	*/
	isRemoved: boolean;
	job: SimulatedJob | undefined;
	jobEndedAt: Instant | undefined;
	/**
	Tells the runner's program that its job has ended, or that GitHub has removed it.
	*/
	onEnd: ((how: 'job' | 'removed') => void) | undefined;
};

export type Registration = {
	readonly token: string;
	readonly name: string;
	readonly labels: readonly string[];
	readonly architecture: 'x64' | 'arm64';
	readonly version: string;
};

/**
Whether it can be given a job.
*/
export function isFree(runner: SimulatedRunner): boolean {
	return runner.isOnline && runner.job === undefined && !runner.isOverlooked && !runner.isRemoved && (runner.onEnd !== undefined || runner.isForeign);
}

/**
Whether it is in the job's group, if that has one, and has all labels of the job, whatever their case.
*/
export function isFor(runner: SimulatedRunner, job: SimulatedJob): boolean {
	const offered = new Set(runner.labels.map(label => label.toLowerCase()));
	return (job.group === undefined || job.group === runner.group) && job.labels.every(label => offered.has(label.toLowerCase()));
}

/**
Whether a version like "2.329.0" is older than another.
*/
export function isOlder(version: string, floor: string): boolean {
	const parts = version.split('.').map(Number);
	const floorParts = floor.split('.').map(Number);
	const index = floorParts.findIndex((part, at) => part !== (parts[at] ?? 0));
	return index !== -1 && (parts[index] ?? 0) < (floorParts[index] ?? 0);
}
