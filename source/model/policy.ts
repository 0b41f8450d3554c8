import type {Repository} from './job.ts';
import type {Micros} from './money.ts';
import type {LabelLanguage} from './wishes.ts';

/**
The settings that planning uses. Limits are seconds.
*/
export type Policy = {
	readonly repository: Repository;
	/**
	A job must carry all of these to be served. Compared without case.
	*/
	readonly withLabels: readonly string[];
	/**
	Server types to try in order, for jobs whose labels name neither type nor size; empty: the cheapest that meet the usual need.
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
	readonly language: LabelLanguage;
	/**
	A server whose hour costs more is never created. Undefined: no limit on types that are named.
	*/
	readonly maxPriceMicros: Micros | undefined;
	/**
	Scripts that labels may name.
	*/
	readonly scriptNames: readonly string[];
	/**
	Whether a job that asks for a volume is served without it.
	*/
	readonly ignoresVolumes: boolean;
	/**
	A mark of what an engine sets servers up with (labels, SSH key, scripts):
	engines of one repository whose marks differ leave each other's servers alone.
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
	How runners register: `jit` with a configuration for one runner each, where GitHub and the startup script have it; `token` with a registration token for all.
	*/
	readonly registration?: 'jit' | 'token' | undefined;
	/**
	Undefined: no limit.
	*/
	readonly maxRunners: number | undefined;
	/**
	At most so many servers whose labels include all of these, folded.
	*/
	readonly labelLimits: ReadonlyArray<{readonly labels: readonly string[]; readonly limit: number}>;
	/**
	At most so many servers made for one workflow run. Undefined: no limit.
	*/
	readonly maxRunnersInRun: number | undefined;
	/**
	No server is created that would make the hours begun cost more: in the last hour, this day, this month (UTC). Undefined: no limit.
	*/
	readonly maxCostMicros: {readonly hour: Micros | undefined; readonly day: Micros | undefined; readonly month: Micros | undefined};
	/**
	Minutes by which jobs go before others that came at the same time, by a folded label or workflow name.
	*/
	readonly priorities: ReadonlyMap<string, number>;
	/**
	Whether servers are set up by a script of the operator's own, which may know systems that the built-in one does not.
	*/
	readonly hasOwnSetup?: boolean | undefined;
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
	Between two polls GitHub is asked that often whether there is news; 0: never.
	*/
	readonly wakeIntervalSeconds: number;
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
