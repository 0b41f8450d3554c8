import type {Job} from '../model/job.ts';
import type {Runner} from '../model/runner.ts';
import {isServerName} from '../model/server-name.ts';
import type {ServerId} from '../model/server.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {instant, type Instant} from '../model/time.ts';
import type {Memory, Sighting} from './memory.ts';

/**
Running jobs by the name of the runner that has them.
*/
export function jobsByRunner(jobs: readonly Job[]): ReadonlyMap<string, Job> {
	const named = new Map<string, Job>();
	for (const job of jobs) {
		if (job.status === 'inProgress' && job.runnerName !== undefined) {
			named.set(job.runnerName, job);
		}
	}

	return named;
}

/**
The memory after one more look: since when which servers are off, which runners idle, offline or gone.
A list that is not whole changes nothing: a fact is counted only by a read that would have shown its contrary.
*/
export function remember(memory: Memory, snapshot: Snapshot, now: Instant): Memory {
	return rememberRunners(rememberServers(memory, snapshot, now), snapshot, now);
}

function rememberServers(memory: Memory, snapshot: Snapshot, now: Instant): Memory {
	const {servers} = snapshot;
	if (servers.state !== 'whole') {
		return memory;
	}

	const ids = new Set(servers.items.map(server => server.id));
	const names = new Map<string, ServerId>(servers.items.map(server => [server.name, server.id]));
	const isSame = (name: string) => names.get(name) === (memory.ids.get(name) ?? names.get(name));
	const isAlive = (name: string) => (names.has(name) && isSame(name)) || snapshot.creations.some(creation => creation.name === name);
	const off = servers.items.filter(server => server.status === 'off').map(server => server.id);
	return {
		...memory,
		ids: names,
		missing: new Map([...memory.missing].filter(([name]) => isSame(name))),
		off: look(memory.off, off, servers.at, now),
		leaving: look(memory.leaving, servers.items.filter(server => server.status === 'deleting').map(server => server.id), servers.at, now),
		registered: new Set([...memory.registered].filter(name => isAlive(name))),
		worked: new Set([...memory.worked].filter(name => isAlive(name))),
		counted: new Set([...memory.counted].filter(name => isAlive(name))),
		refusals: new Map([...memory.refusals].filter(([id]) => ids.has(id))),
		keptUntil: new Map([...memory.keptUntil].filter(([name, until]) => isAlive(name) && until > now)),
	};
}

function rememberRunners(memory: Memory, snapshot: Snapshot, now: Instant): Memory {
	const {servers, runners, jobs} = snapshot;
	if (runners.state !== 'whole') {
		return memory;
	}

	const working = jobsByRunner(jobs.items);
	const seen = {
		...memory,
		registered: new Set([...memory.registered, ...runners.items.map(runner => runner.name).filter(name => isServerName(name))]),
		worked: new Set([
			...memory.worked,
			...runners.items.filter(runner => runner.isBusy || working.has(runner.name)).map(runner => runner.name).filter(name => isServerName(name)),
		]),
	};
	if (servers.state !== 'whole' || jobs.state !== 'whole') {
		return seen;
	}

	const at = instant(Math.min(runners.at, jobs.at));
	const free = runners.items.filter(runner => !runner.isBusy && !working.has(runner.name));
	const byName = new Set(runners.items.map(runner => runner.name));
	const serverNames = new Set<string>([...servers.items.map(server => server.name), ...snapshot.creations.map(creation => creation.name)]);
	return {
		...seen,
		idle: look(memory.idle, free.filter(runner => runner.isOnline).map(runner => runner.name), at, now),
		offline: look(memory.offline, free.filter(runner => !runner.isOnline).map(runner => runner.name), at, now),
		busyUnnamed: look(memory.busyUnnamed, runners.items.filter(runner => runner.isBusy && !working.has(runner.name)).map(runner => runner.name), at, now),
		missing: look(memory.missing, servers.items.filter(server => server.status !== 'off' && !byName.has(server.name)).map(server => server.name), at, now),
		leftover: look(memory.leftover, runners.items.filter(runner => isLeftover(runner, serverNames, working)).map(runner => runner.id), at, now),
	};
}

function isLeftover(runner: Runner, serverNames: ReadonlySet<string>, working: ReadonlyMap<string, Job>): boolean {
	return isServerName(runner.name) && !serverNames.has(runner.name) && !runner.isOnline && !runner.isBusy && !working.has(runner.name);
}

function look<Key>(before: ReadonlyMap<Key, Sighting>, keys: readonly Key[], readAt: Instant, now: Instant): ReadonlyMap<Key, Sighting> {
	const after = new Map<Key, Sighting>();
	for (const key of keys) {
		const known = before.get(key);
		if (known === undefined) {
			after.set(key, {since: now, reads: 1, lastReadAt: readAt});
		} else {
			after.set(key, known.lastReadAt === readAt ? known : {since: known.since, reads: known.reads + 1, lastReadAt: readAt});
		}
	}

	return after;
}
