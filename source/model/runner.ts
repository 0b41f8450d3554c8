import {serverOfRunner} from './server-name.ts';

export type RunnerId = number & {readonly of: 'runner'};

/**
A self-hosted runner's record at GitHub. `serverOfRunner` says which server's it is.
*/
export type Runner = {
	readonly id: RunnerId;
	readonly name: string;
	/**
	Whether it is connected. An offline one may still be working (actions/runner #3892).
	*/
	readonly isOnline: boolean;
	/**
	Whether GitHub says it has a job. Believe `false` only with more evidence: it lies (actions/runner #4422).
	*/
	readonly isBusy: boolean;
	readonly labels: readonly string[];
	/**
	Whether its record ends with its first job; undefined where GitHub does not say.
	*/
	readonly isEphemeral?: boolean | undefined;
	/**
	The runner program's version; undefined until it first connected.
	*/
	readonly version: string | undefined;
	/**
	Set while it is only a just-in-time record: GitHub has handed out its configuration, and no program has connected with it yet. That is no runner so far.
	*/
	readonly isUnused?: boolean | undefined;
};

/**
Whether a runner program has ever stood behind that record.
*/
export function hasConnected({isUnused, isOnline, isBusy}: Runner): boolean {
	return isUnused !== true || isOnline || isBusy;
}

/**
The runner of each server, by the server's name: of several records of one server (earlier registrations that came to nothing) the busy one, else the one that
is online, else the newest. Records that no program has connected with are left out. Runners of others stand under their own names.
*/
export function runnersByServer(runners: readonly Runner[]): ReadonlyMap<string, Runner> {
	const found = new Map<string, Runner>();
	for (const runner of runners) {
		const server = serverOfRunner(runner.name);
		const other = found.get(server);
		if (hasConnected(runner) && (other === undefined || rank(runner) > rank(other) || (rank(runner) === rank(other) && runner.id > other.id))) {
			found.set(server, runner);
		}
	}

	return found;
}

function rank({isOnline, isBusy}: Runner): number {
	return isBusy ? 2 : Number(isOnline);
}
