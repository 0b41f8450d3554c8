import type {RunnerId} from '../model/runner.ts';
import type {ServerName} from '../model/server-name.ts';
import type {ServerId} from '../model/server.ts';
import type {Instant} from '../model/time.ts';
import type {CoolPair} from '../model/verdict.ts';

/**
Since when a fact has held, and how many reads in a row said so.
*/
export type Sighting = {readonly since: Instant; readonly reads: number; readonly lastReadAt: Instant};

/**
How often servers for one set of labels came to nothing in a row, and when the next may be made.
*/
export type Failures = {readonly count: number; readonly retryAt: Instant; readonly lastReason: string};

/**
What planning remembers from one time to the next. It is never written down: a restart begins with an empty one,
which may lengthen a limit but never shortens it.
*/
export type Memory = {
	/**
	Which server had which name last: a name may come back with another server, of which nothing is known yet.
	*/
	readonly ids: ReadonlyMap<string, ServerId>;
	readonly off: ReadonlyMap<ServerId, Sighting>;
	/**
	Servers that are being deleted.
	*/
	readonly leaving: ReadonlyMap<ServerId, Sighting>;
	/**
	Runners online, not busy, and named by no job. Keyed by name, as runners and servers share it.
	*/
	readonly idle: ReadonlyMap<string, Sighting>;
	/**
	Runners busy by GitHub's flag that no running job names.
	*/
	readonly busyUnnamed: ReadonlyMap<string, Sighting>;
	/**
	Runners offline, not busy, and named by no job.
	*/
	readonly offline: ReadonlyMap<string, Sighting>;
	/**
	Servers that run without a runner of their name.
	*/
	readonly missing: ReadonlyMap<ServerName, Sighting>;
	/**
	Runner records of ours without a server.
	*/
	readonly leftover: ReadonlyMap<RunnerId, Sighting>;
	/**
	Servers whose runner has been seen registered / with a job.
	*/
	readonly registered: ReadonlySet<ServerName>;
	readonly worked: ReadonlySet<ServerName>;
	/**
	Refused (type, location) pairs, by their key.
	*/
	readonly cool: ReadonlyMap<string, CoolPair>;
	/**
	No server is created before then: the account's limit was hit.
	*/
	readonly accountLimit: {readonly answer: string; readonly tries: number; readonly retryAt: Instant} | undefined;
	/**
	Names that servers of somebody else hold.
	*/
	readonly foreignNames: ReadonlySet<string>;
	/**
	By label set: servers that failed before they ran a job.
	*/
	readonly failures: ReadonlyMap<string, Failures>;
	/**
	Servers whose failure has been counted.
	*/
	readonly counted: ReadonlySet<ServerName>;
	/**
	Servers whose runner GitHub refused to remove (422), since when and with what words.
	*/
	readonly refusals: ReadonlyMap<ServerId, {readonly since: Instant; readonly answer: string}>;
	/**
	Servers that an operator wants kept until then.
	*/
	readonly keptUntil: ReadonlyMap<ServerName, Instant>;
};

/**
The memory of an engine that has seen nothing yet.
*/
export const emptyMemory: Memory = {
	ids: new Map(),
	off: new Map(),
	leaving: new Map(),
	idle: new Map(),
	busyUnnamed: new Map(),
	offline: new Map(),
	missing: new Map(),
	leftover: new Map(),
	registered: new Set(),
	worked: new Set(),
	cool: new Map(),
	accountLimit: undefined,
	foreignNames: new Set(),
	failures: new Map(),
	counted: new Set(),
	refusals: new Map(),
	keptUntil: new Map(),
};

/**
A copy of the map with one entry set.
*/
export function withEntry<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, value: Value): ReadonlyMap<Key, Value> {
	return new Map(map).set(key, value);
}

/**
A copy of the map without one entry.
*/
export function withoutEntry<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> {
	const copy = new Map(map);
	copy.delete(key);
	return copy;
}
