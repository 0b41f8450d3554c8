import type {ServerName} from '../../model/server-name.ts';
import type {Server} from '../../model/server.ts';

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
