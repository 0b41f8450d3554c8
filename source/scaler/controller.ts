import type {Catalogue} from '../model/catalogue.ts';
import type {EngineEvent} from '../model/event.ts';
import type {Job, JobId} from '../model/job.ts';
import type {Micros} from '../model/money.ts';
import type {Policy} from '../model/policy.ts';
import type {Runner, RunnerId} from '../model/runner.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import type {Creation, Read, SetUp} from '../model/snapshot.ts';
import type {Instant} from '../model/time.ts';
import type {
	CoolPair, JobVerdict, RunnerVerdict, ServerVerdict,
} from '../model/verdict.ts';
import type {HostScripts, ServerScripts} from './ports/machine.ts';
import type {Budget} from './ports/request.ts';

/**
`paused`: no new servers. `frozen`: nothing is deleted either. `draining`: no new servers, idle ones go at once.
*/
export type Mode = 'scaling' | 'paused' | 'frozen' | 'draining';

/**
One line of Activity.
*/
export type ActivityEntry = {readonly id: number; readonly at: Instant; readonly event: EngineEvent};

/**
How a deletion that an operator asked for stands.
*/
export type Deletion =
	| {readonly state: 'checking' | 'unregistering' | 'deleting'}
	| {readonly state: 'deleted'}
	| {readonly state: 'kept'; readonly reason: string};

/**
Moments of one server's life that the engine saw; undefined when not (yet). `serverId`: whose they are, once the server has an id. A server that is
made anew under the same name begins with an empty one.
*/
export type Timeline = {
	readonly serverId?: ServerId | undefined;
	readonly jobQueuedAt?: Instant | undefined;
	readonly jobSeenAt?: Instant | undefined;
	readonly createdAt?: Instant | undefined;
	readonly sshAt?: Instant | undefined;
	readonly setupEndedAt?: Instant | undefined;
	readonly startupEndedAt?: Instant | undefined;
	readonly registeredAt?: Instant | undefined;
	readonly runningAt?: Instant | undefined;
	readonly offAt?: Instant | undefined;
	readonly goneAt?: Instant | undefined;
	/**
	The maximum number of servers for which its job waited before it was requested; undefined: it did not.
	*/
	readonly waitedForLimit?: number | undefined;
};

/**
The line in a server's output above which the output of an earlier server of the same name stands.
*/
export const earlierServerLine = '--- above: an earlier server of this name ---';

/**
Seconds from queued to started of the last jobs seen to start; undefined before the first.
*/
export type Waits = {readonly p50Seconds: number; readonly p95Seconds: number; readonly count: number};

/**
One minute of the last hour: the most that any poll in it saw. `at` is its beginning.
*/
export type PastMinute = {readonly at: Instant; readonly longestWaitSeconds: number; readonly busyServers: number; readonly servers: number};

/**
All that a console shows. Replaced whole at each change, never changed in place: unchanged parts stay the same objects.
*/
export type EngineState = {
	readonly repository: string;
	readonly version: string;
	readonly startedAt: Instant;
	/**
	The engine's clock when this was published. A console adds its own elapsed seconds times `clockSpeed`.
	*/
	readonly publishedAt: Instant;
	/**
	Seconds of the engine's clock in one real second; 1 but in a demo.
	*/
	readonly clockSpeed: number;
	readonly mode: Mode;
	readonly policy: Policy;
	readonly phase: 'starting' | 'running' | 'stopping' | 'stopped';
	readonly nextReadAt: Instant | undefined;
	/**
	Before then GitHub's lists / the list of servers are not polled again: later than usual while a request budget is short.
	*/
	readonly githubDueAt: Instant;
	readonly hetznerDueAt: Instant;
	/**
	Last good reads' rows, even when the newest read failed.
	*/
	readonly jobs: Read<Job>;
	readonly servers: Read<Server>;
	readonly runners: Read<Runner>;
	readonly creations: readonly Creation[];
	readonly setUps: ReadonlyMap<ServerName, SetUp>;
	readonly timelines: ReadonlyMap<ServerName, Timeline>;
	/**
	The last lines of set-up output by server name, at most 200 each; cleaned, without secrets. `earlierServerLine` divides those of two servers of one name.
	*/
	readonly output: ReadonlyMap<ServerName, readonly string[]>;
	/**
	The scripts that each server was handed, as far as that was recorded.
	*/
	readonly serverScripts: ReadonlyMap<ServerId, ServerScripts>;
	readonly jobVerdicts: ReadonlyMap<JobId, JobVerdict>;
	readonly serverVerdicts: ReadonlyMap<ServerId, ServerVerdict>;
	readonly runnerVerdicts: ReadonlyMap<RunnerId, RunnerVerdict>;
	readonly deletions: ReadonlyMap<ServerName, Deletion>;
	/**
	Newest last, at most 500.
	*/
	readonly activity: readonly ActivityEntry[];
	readonly catalogue: Catalogue | undefined;
	/**
	What Hetzner refused last, by type and location; until `retryAt` it is not asked again.
	*/
	readonly refusals: ReadonlyMap<string, CoolPair>;
	readonly githubBudget: Budget | undefined;
	readonly hetznerBudget: Budget | undefined;
	/**
	Sum of the living servers' hourly prices; undefined while prices are unknown.
	*/
	readonly hourlyMicros: Micros | undefined;
	/**
	What was spent since midnight UTC, as far as this engine saw or those before it wrote down.
	*/
	readonly todayMicros: Micros | undefined;
	/**
	The same since the first of the month, UTC.
	*/
	readonly monthMicros: Micros | undefined;
	readonly waits: Waits | undefined;
	/**
	The last hour, oldest first; minutes in which nothing could be read are missing.
	*/
	readonly history: readonly PastMinute[];
	/**
	Our jobs seen to start / to finish since the engine started, and the last one's moment.
	*/
	readonly jobsStarted: number;
	readonly jobsDone: number;
	readonly lastJobAt: Instant | undefined;
};

/**
A person at a console, as named in Activity.
*/
export type Operator = {readonly name: string};

/**
Where the engine is, seen from a console: in this process, or behind a socket. `where` is for people ("the service", "process 71 of anna").
While `lost` the state is the last one heard, and nothing can be asked.
`coming`: the state has its first rows only so far, of that many.
*/
export type Attachment =
	| {readonly at: 'here'}
	| {
		readonly at: 'socket'; readonly where: string; readonly lost: {readonly since: Instant; readonly reason: string} | undefined;
		readonly coming?: number | undefined;
	};

/**
What a console may ask of an engine, in this process or behind a socket. All changing calls are refused when read-only.
*/
export type Controller = {
	state: () => EngineState;
	/**
	Where the engine is. `lost.since` is by the machine's clock.
	*/
	attachment: () => Attachment;
	/**
	Calls back after each change of state or attachment; returns what ends that.
	*/
	subscribe: (listener: () => void) => () => void;
	/**
	Rejects with ReadOnlyError.
	*/
	setMode: (mode: Mode, by: Operator) => Promise<void>;
	readNow: () => void;
	/**
	Deletes servers after looking at each again: one whose runner has turned busy is kept, unless its name is in `typed`.
	Progress is in `state().deletions`; resolves when all have an end. Rejects with ReadOnlyError.
	*/
	deleteServers: (names: readonly ServerName[], by: Operator, typed?: ReadonlySet<ServerName>) => Promise<ReadonlyMap<ServerName, Deletion>>;
	/**
	Keeps the engine from deleting a server by itself for that long. Rejects with ReadOnlyError.
	*/
	keepServer: (name: ServerName, seconds: number, by: Operator) => Promise<void>;
	/**
	Changes the maximum number of servers of the running engine; undefined: no limit. Servers beyond it finish what they do. Outlives a restart, until the
	settings say something else. Rejects with ReadOnlyError.
	*/
	setMaxRunners: (limit: number | undefined, by: Operator) => Promise<void>;
	/**
	Gives a server no further job and deletes it when it has none; or takes that back. Outlives a restart. Rejects with ReadOnlyError, or with why it cannot be.
	*/
	drainServer: (name: ServerName, isDraining: boolean, by: Operator) => Promise<void>;
	scripts: () => Promise<HostScripts>;
	/**
	The text of a script that a server was handed, by its hash in `serverScripts`; undefined when it is no longer kept.
	*/
	scriptText: (hash: string) => Promise<string | undefined>;
	/**
	The environment that a server's scripts get, secrets masked.
	*/
	scriptVariables: () => Promise<Readonly<Record<string, string>>>;
	/**
	Stops the engine, or leaves it running when it lives elsewhere; resolves when that is done.
	*/
	close: () => Promise<void>;
};

/**
Why a server cannot be drained; undefined when it can.
*/
export function undrainable(server: Server, policy: Policy): string | undefined {
	if (policy.isDryRun) {
		return 'dry run: nothing is changed';
	}

	if (server.status === 'deleting') {
		return 'it is being deleted already';
	}

	if (server.status === 'off') {
		return 'it is off already, and is deleted soon';
	}

	return server.engineSet === undefined || server.engineSet === policy.engineSet ? undefined : 'another engine looks after it';
}

/**
A changing call on a read-only console or engine.
*/
export class ReadOnlyError extends Error {
	override readonly name = 'ReadOnlyError';

	constructor() {
		super('Nothing was changed: the engine can only be viewed from here (--read-only, or the socket of its --view-group).');
	}
}
