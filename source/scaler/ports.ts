import type {Catalogue} from '../model/catalogue.ts';
import type {EngineEvent} from '../model/event.ts';
import type {Job, JobId} from '../model/job.ts';
import type {Architecture, Placement} from '../model/placement.ts';
import type {Runner, RunnerId} from '../model/runner.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import type {Gap} from '../model/snapshot.ts';
import type {Instant} from '../model/time.ts';
import type {SavedState} from './saved-state.ts';

/**
Time as the engine knows it. In a simulation it is virtual, in a demo it runs faster.
*/
export type Clock = {
	now: () => Instant;
	/**
	Resolves after that many seconds of this clock; rejects with the signal's reason when aborted.
	*/
	sleep: (seconds: number, signal?: AbortSignal) => Promise<void>;
};

/**
An API's request budget as its last answers told it.
*/
export type Budget = {
	readonly remaining: number;
	readonly limit: number;
	/**
	When the whole budget is there again.
	*/
	readonly resetAt: Instant;
	/**
	No request before then: the API said so (a limit was hit).
	*/
	readonly blockedUntil: Instant | undefined;
};

/**
A port that could not do what was asked, in a sentence for a person; `retryAt` when the other side said when.
*/
export class PortError extends Error {
	override readonly name = 'PortError';
	readonly retryAt: Instant | undefined;
	/**
	What kind of trouble: `refused` credentials or rights, `limited` by a request limit, `unreachable` or a broken answer.
	*/
	readonly kind: 'refused' | 'limited' | 'unreachable' | 'notFound';

	/**
	`newToken`: another token, or one with more rights, would mend it.
	*/
	readonly remedy: 'newToken' | undefined;

	constructor(message: string, options: PortErrorOptions) {
		super(message, {cause: options.cause});
		this.kind = options.kind;
		this.retryAt = options.retryAt;
		this.remedy = options.remedy;
	}
}

export type PortErrorOptions = {
	readonly kind: PortError['kind'];
	readonly retryAt?: Instant | undefined;
	readonly remedy?: PortError['remedy'];
	readonly cause?: unknown;
};

/**
What one list said: `items` are true, `gaps` tell what could not be read; without gaps it is whole. `counted`: the requests of this read that the
API counts against the budget of the hour and that come again with each such read: not an answer 304, nor what is read once and then kept.
*/
export type ListRead<Item> = {readonly items: readonly Item[]; readonly gaps: readonly Gap[]; readonly counted: number};

/**
Where jobs come from. Polling is the first such source; others wake the engine through `onChange`.
*/
export type JobSource = {
	/**
	Jobs of all runs that are not completed. `poll`: those of runs that did not change for long may be as old as the last time they were asked for;
	`evidence`: all are asked for now. Throws PortError when nothing could be read.
	*/
	readJobs: (signal: AbortSignal, purpose?: 'poll' | 'evidence') => Promise<ListRead<Job>>;
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
	The runner program that GitHub wants now.
	*/
	runnerDownload: (architecture: Architecture) => Promise<RunnerDownload>;
	/**
	Undefined before the first answer.
	*/
	budget: () => Budget | undefined;
};

export type CreateRequest = {
	readonly name: ServerName;
	readonly placement: Placement;
	readonly job: Pick<Job, 'id' | 'runId'>;
	readonly runnerLabels: readonly string[];
	/**
	What cloud-init gets: the host key that the first session expects. Undefined: the image decides.
	*/
	readonly userData?: string | undefined;
	readonly engineSet: string;
};

/**
A foreseen no of Hetzner's, by what it is about: `noCapacity` this type in this location, `typeLimit` this type anywhere (dedicated cores, say),
`accountLimit` (servers, Primary IPs) and `rateLimited` everything, `invalid` what this one request asked for.
*/
export type CreateRefusal =
	| {readonly code: 'nameTaken'; readonly answer: string}
	| {readonly code: 'noCapacity'; readonly answer: string}
	| {readonly code: 'typeLimit'; readonly answer: string}
	| {readonly code: 'accountLimit'; readonly answer: string}
	| {readonly code: 'rateLimited'; readonly answer: string; readonly retryAt: Instant | undefined}
	| {readonly code: 'invalid'; readonly answer: string};

/**
`unknown`: the answer was lost, the server may or may not exist. Look it up by name; never repeat blindly.
*/
export type CreateAnswer =
	| {readonly outcome: 'created'; readonly server: Server}
	| {readonly outcome: 'refused'; readonly refusal: CreateRefusal}
	| {readonly outcome: 'unknown'; readonly answer: string};

/**
How the making of a server ended, which goes on after Hetzner has answered the create call. `unknown`: it could not be learned.
*/
export type CreationEnd = {readonly outcome: 'done' | 'unknown'} | {readonly outcome: 'failed'; readonly answer: string};

/**
Hetzner's side: only servers that carry our labels for this repository are ever seen or changed. Methods throw PortError.
*/
export type Hetzner = {
	/**
	All servers of ours. Throws PortError when nothing could be read.
	*/
	readServers: (signal: AbortSignal) => Promise<ListRead<Server>>;
	/**
	One server of ours, fresh; undefined when it does not exist or is not ours.
	*/
	readServer: (id: ServerId) => Promise<Server | undefined>;
	/**
	The server of that name: ours, somebody else's (`foreign`), or none.
	*/
	findServer: (name: ServerName) => Promise<Server | 'foreign' | undefined>;
	/**
	Resolves once Hetzner has answered the create call; does not wait for the boot. Never throws for a foreseen refusal or a lost answer.
	*/
	createServer: (request: CreateRequest) => Promise<CreateAnswer>;
	/**
	Resolves once a server that this port created is made, or its making has failed; many are asked after in one request. Never throws.
	*/
	awaitCreation: (id: ServerId, signal: AbortSignal) => Promise<CreationEnd>;
	/**
	Resolves once Hetzner accepted it. A locked server is retried inside for up to a minute. `protected`: someone has switched delete protection on.
	*/
	deleteServer: (id: ServerId) => Promise<'deleted' | 'gone' | {readonly protected: string}>;
	/**
	Writes on the server's labels that its startup script has ended well.
	*/
	markStartupEnded: (server: Server, at: Instant) => Promise<void>;
	readCatalogue: () => Promise<Catalogue>;
	budget: () => Budget | undefined;
};

/**
What the scripts on a new server get. `variables` reach them as environment; secrets among them are never logged.
*/
export type SetUpScripts = {
	readonly setupScript: string;
	readonly startupScript: string;
	readonly variables: Readonly<Record<string, string>>;
};

/**
A server whose set-up is to be begun, or followed: that needs no secret.
*/
export type SetUpRequest = {
	readonly server: Pick<Server, 'id' | 'name'>;
	readonly ip: string;
	/**
	Seconds for both scripts together; the host ends them after that.
	*/
	readonly maxSetupSeconds: number;
	/**
	Asked only once the server has shown the host key made for it and said that its scripts were never started: the scripts and their secrets, or why it gets none.
	When it rejects, so does the set-up, for the same reason.
	*/
	readonly start: () => Promise<SetUpScripts | {readonly refused: string}>;
};

/**
What happens while a server is set up. `step` says that a script began, at the host's own word; `line` is one line of its output;
`ended` closes: exit code 0 is good. `lost`: SSH could not connect or broke off; calling again follows on where it was.
`unknownHostKey`: its scripts were not started, as its host key is not the one made for it; `notStarted`: as `start` refused.
*/
export type SetUpNews =
	| {readonly news: 'answered'; readonly isResumed: boolean}
	| {readonly news: 'step'; readonly script: 'setup' | 'startup'}
	| {readonly news: 'line'; readonly text: string}
	| {readonly news: 'ended'; readonly exitCode: number; readonly script: 'setup' | 'startup'; readonly secondsAgo: number}
	| {readonly news: 'lost'; readonly answer: string; readonly kind: 'unreachable' | 'refusedKey' | 'changedHostKey' | 'unknownHostKey' | 'notStarted'};

/**
A way onto our servers.
*/
export type Shell = {
	/**
	Starts the scripts on the server unless they have been started before, then follows them to their end.
	The scripts run detached: they go on when the connection breaks, and are never run twice. Ends after one `ended` or one `lost`.
	*/
	setUp: (request: SetUpRequest, signal: AbortSignal) => AsyncIterable<SetUpNews>;
	/**
	Makes the host key by which the first session will know a server of that name; to be called right before it is created. `userData` gives it to cloud-init.
	Undefined when none can be made. Throws when it cannot be kept.
	*/
	prepareHostKey: (name: ServerName) => Promise<{readonly userData: string; readonly publicKey: string} | undefined>;
	/**
	Drops what was kept for a server's address (host key, connection); call when it is deleted.
	*/
	forget: (server: Pick<Server, 'id' | 'name'>) => Promise<void>;
};

/**
The three scripts in force and where each comes from.
*/
export type HostScript = {readonly kind: 'setup' | 'startup-x64' | 'startup-arm64'; readonly source: 'built in' | {readonly path: string}; readonly text: string};

export type HostScripts = {
	readonly setup: HostScript;
	readonly startupX64: HostScript;
	readonly startupArm64: HostScript;
	/**
	Scripts that job labels may name, in order of their names.
	*/
	readonly named: ReadonlyArray<{readonly name: string; readonly text: string}>;
};

/**
History for people; the engine works without it. Never throws.
*/
export type Journal = {
	record: (event: EngineEvent, at: Instant) => void;
	/**
	One line of a server's set-up output, already without secrets and control characters.
	*/
	output: (server: ServerName, line: string, at: Instant) => void;
};

/**
The machine that the engine runs on.
*/
export type Machine = {
	/**
	What there is here that would make every new server useless (a key that ssh does not take, a state folder that cannot be written), each in a sentence that
	says what to do. Empty: nothing. Never throws.
	*/
	problems: () => Promise<readonly string[]>;
};

/**
What outlives a restart, as JSON can hold it. Never throws.
*/
export type StateStore<State> = {
	/**
	Called after every plan: writes only what has changed.
	*/
	save: (state: State) => void;
};

/**
Chance, for spreading retries: a number from 0 up to 1.
*/
export type Chance = () => number;

/**
All that the engine needs of the world.
*/
export type Ports = {
	readonly clock: Clock;
	readonly chance: Chance;
	readonly github: GitHub;
	readonly hetzner: Hetzner;
	readonly shell: Shell;
	readonly journal: Journal;
	readonly scripts: HostScripts;
	readonly machine: Machine;
	readonly store: StateStore<SavedState>;
};
