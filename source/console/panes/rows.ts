import type {Job} from '../../model/job.ts';
import type {Runner} from '../../model/runner.ts';
import type {Server} from '../../model/server.ts';
import type {ServerName} from '../../model/server-name.ts';
import type {Creation} from '../../model/snapshot.ts';
import type {JobVerdict, RunnerVerdict, ServerVerdict} from '../../model/verdict.ts';
import type {ActivityEntry, Deletion} from '../../scaler/controller.ts';

export type JobRow = {readonly id: string; readonly job: Job; readonly verdict: JobVerdict | undefined; readonly server: string | undefined};

/**
A server, or one that has been asked for. Both go by their name, so that a selection outlives the change.
*/
export type ServerRow = {
	readonly id: string;
	readonly name: ServerName;
	readonly is: {readonly kind: 'server'; readonly server: Server} | {readonly kind: 'creation'; readonly creation: Creation};
	readonly verdict: ServerVerdict | undefined;
	readonly runner: Runner | undefined;
	/**
	The job that runs there, as far as GitHub says.
	*/
	readonly job: Job | undefined;
	/**
	The job it was made for.
	*/
	readonly madeFor: Job | undefined;
	readonly deletion: Deletion | undefined;
};

export type RunnerRow = {readonly id: string; readonly runner: Runner; readonly verdict: RunnerVerdict | undefined; readonly job: Job | undefined};

export type ActivityRow = {readonly id: string; readonly entry: ActivityEntry; readonly text: string};
