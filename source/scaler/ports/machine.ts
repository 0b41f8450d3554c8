import type {EngineEvent} from '../../model/event.ts';
import type {ServerName} from '../../model/server-name.ts';
import type {ServerId} from '../../model/server.ts';
import type {Instant} from '../../model/time.ts';

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
The scripts that a server was handed: of each text the first 12 hexadecimal digits of its SHA-256.
*/
export type ServerScripts = {readonly setup: string; readonly startup: string};

/**
Which scripts servers were handed, kept over a restart.
*/
export type ScriptRecords = {
	servers: () => ReadonlyMap<ServerId, ServerScripts>;
	/**
	The script with that hash; undefined when it is no longer kept. Never rejects.
	*/
	text: (hash: string) => Promise<string | undefined>;
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
