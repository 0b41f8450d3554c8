import type {Job, JobId} from '../../model/job.ts';
import type {Architecture} from '../../model/placement.ts';
import type {Runner, RunnerId} from '../../model/runner.ts';
import type {Budget, ListRead, PortError} from './request.ts';

/**
Where jobs come from: polling is the first such source.
*/
export type JobSource = {
	/**
	Jobs of all runs that are not completed. `poll`: those of runs that did not change for long may be as old as the last time they were asked for;
	`evidence`: all are asked for now. Throws PortError when nothing could be read.
	*/
	readJobs: (signal: AbortSignal, purpose?: 'poll' | 'evidence') => Promise<ListRead<Job>>;
	/**
	Whether something has changed since the last read that a poll should see at once: by requests that GitHub does not count while nothing has. False when that
	cannot be told so, or when there is no room for requests. Throws PortError.
	*/
	hasNews: (signal: AbortSignal) => Promise<boolean>;
	/**
	One job, fresh; undefined when GitHub has none of that id. Throws PortError.
	*/
	readJob: (id: JobId) => Promise<Job | undefined>;
};

/**
What a runner's set-up needs from GitHub.
*/
export type RunnerDownload = {readonly url: string; readonly filename: string; readonly sha256: string};

/**
How a request for a just-in-time configuration ended. `taken`: a runner has that name. `invalid`: GitHub takes no such labels. `noEndpoint`: GitHub has none to
give (an old Enterprise Server), or does not know the runner group. `unknown`: the answer was lost, and there may be a runner of that name now.
*/
export type JitAnswer =
	| {readonly outcome: 'minted'; readonly config: string; readonly id: RunnerId}
	| {readonly outcome: 'taken'}
	| {readonly outcome: 'invalid'; readonly answer: string}
	| {readonly outcome: 'noEndpoint'}
	| {readonly outcome: 'unknown'; readonly error: PortError};

/**
GitHub's side of runners. All throw PortError when the answer is not one of those named.
*/
export type GitHub = JobSource & {
	/**
	All runners of the repository. A row that is missing from a list that is known to be short is asked for by name. Throws PortError when nothing could be read.
	*/
	readRunners: (signal: AbortSignal) => Promise<ListRead<Runner>>;
	/**
	The runner of exactly that name, fresh (no cached answer).
	*/
	findRunner: (name: string) => Promise<Runner | undefined>;
	/**
	`busy`: GitHub refuses (422) because it has a job. `gone`: there was no such runner.
	*/
	removeRunner: (id: RunnerId) => Promise<'removed' | 'gone' | {readonly busy: string}>;
	/**
	A registration token that is good for that long more, five minutes unless told; one serves many servers. `isFresh`: a new one, because GitHub
	refused a runner that came with the last.
	*/
	registrationToken: (options?: {readonly minimumSeconds?: number; readonly isFresh?: boolean}) => Promise<string>;
	/**
	One runner's record under that name, with exactly these labels, and the configuration with which its program starts once. Never repeated by itself.
	*/
	jitConfig: (request: {readonly name: string; readonly labels: readonly string[]}) => Promise<JitAnswer>;
	/**
	Whether it would give a just-in-time configuration, asked without making one. Throws PortError where it refuses.
	*/
	mayMint: () => Promise<'yes' | 'noEndpoint'>;
	/**
	The runner program that GitHub wants now.
	*/
	runnerDownload: (architecture: Architecture) => Promise<RunnerDownload>;
	/**
	Undefined before the first answer.
	*/
	budget: () => Budget | undefined;
};
