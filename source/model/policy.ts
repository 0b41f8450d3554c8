import type {Repository} from './job.ts';

/**
The settings that planning looks at. Limits are seconds.
*/
export type Policy = {
	readonly repository: Repository;
	/**
	A job must carry all of these to be served. Compared without case.
	*/
	readonly withLabels: readonly string[];
	/**
	Server types to try in order, for jobs that name none by a `server-{type}` label.
	*/
	readonly serverTypes: readonly string[];
	/**
	Server types that a job's own `server-{type}` label may choose, `*` for any characters; undefined: all.
	*/
	readonly allowedServerTypes?: readonly string[] | undefined;
	/**
	Locations to try in order; empty: Hetzner picks.
	*/
	readonly locations: readonly string[];
	readonly image: string;
	/**
	A mark of what an engine sets servers up with (labels, SSH key, scripts): engines of one repository whose marks differ leave each other's servers alone.
	*/
	readonly engineSet: string;
	/**
	Where the repository is seen by people and runners: "https://github.com", or a GitHub Enterprise Server.
	*/
	readonly githubUrl: string;
	/**
	The runner group that runners join.
	*/
	readonly runnerGroup: string;
	/**
	Undefined: no limit.
	*/
	readonly maxRunners: number | undefined;
	readonly maxPoweredOffSeconds: number;
	readonly maxIdleRunnerSeconds: number;
	/**
	From the end of the startup script to the runner's first sight.
	*/
	readonly maxRunnerRegistrationSeconds: number;
	/**
	From create to the first SSH answer.
	*/
	readonly maxServerReadySeconds: number;
	/**
	Both scripts together, from the first SSH answer.
	*/
	readonly maxSetupSeconds: number;
	/**
	A server older than that goes as soon as it runs no job; undefined: however old it is.
	*/
	readonly maxServerLifeSeconds?: number | undefined;
	readonly scaleUpIntervalSeconds: number;
	readonly scaleDownIntervalSeconds: number;
	/**
	Creations and set-ups at once.
	*/
	readonly workers: number;
	readonly isDryRun: boolean;
	/**
	Whether nobody may act from a console.
	*/
	readonly isReadOnly: boolean;
};
