import type {Job, JobId} from '../model/job.ts';
import {runnersByServer, type Runner} from '../model/runner.ts';
import {isServerName, serverOfRunner} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {instant, type Instant} from '../model/time.ts';
import type {Memory, Streak} from './memory.ts';
import {gapsOf, unreadServers} from './trust.ts';

/**
How many names of servers that are gone are remembered as ours.
*/
const ownNamesKept = 2000;

/**
Running jobs by the server whose runner has them (of runners of others: by the runner's name). A job in a state that we do not know counts when it names a runner.
*/
export function jobsByServer(jobs: readonly Job[]): ReadonlyMap<string, Job> {
	const named = new Map<string, Job>();
	for (const job of jobs) {
		if ((job.status === 'inProgress' || job.status === 'unknown') && job.runnerName !== undefined) {
			named.set(serverOfRunner(job.runnerName), job);
		}
	}

	return named;
}

/**
The memory after one more poll: since when which servers are off, which runners idle, offline or gone.
What a list could not tell of keeps what was known; a list that failed tells nothing.
*/
export function updateMemory(memory: Memory, snapshot: Snapshot, now: Instant): Memory {
	return rememberRunners(rememberServers(rememberJobs(memory, snapshot, now), snapshot, now), snapshot, now);
}

function rememberJobs(memory: Memory, {jobs, unreadJobs}: Snapshot, now: Instant): Memory {
	if (jobs.state === 'failed') {
		return memory;
	}

	const unreadRuns = gapsOf(jobs).flatMap(({runId}) => runId ?? []);
	const queued = [...jobs.items, ...unreadJobs].filter(job => job.status === 'queued');
	const isListed = new Set(jobs.items.map(job => job.id));
	const isWhole = jobs.state === 'whole';
	const listed = <Value>(map: ReadonlyMap<JobId, Value>) => new Map([...map].filter(([id]) => isListed.has(id)));
	return {
		...memory,
		jobSeen: new Map(queued.map(({id}) => [id, memory.jobSeen.get(id) ?? now])),
		unreadRuns: new Map(unreadRuns.map(id => [id, memory.unreadRuns.get(id) ?? now])),
		jobFailures: isWhole ? listed(memory.jobFailures) : memory.jobFailures,
		refusedJobs: isWhole ? listed(memory.refusedJobs) : memory.refusedJobs,
		untilPoll: new Map([...memory.untilPoll].filter(([, {readAt}]) => readAt === jobs.at)),
	};
}

function rememberServers(memory: Memory, snapshot: Snapshot, now: Instant): Memory {
	const {servers} = snapshot;
	if (servers.state === 'failed') {
		return memory;
	}

	const unread = new Set(gapsOf(servers).map(({serverId}) => serverId));
	const ids = new Set(servers.items.map(server => server.id));
	const isThere = (id: ServerId) => ids.has(id) || unread.has(id);
	const names = new Map<string, ServerId>([
		...[...memory.ids].filter(([, id]) => unread.has(id)), ...servers.items.map(server => [server.name, server.id] as const),
	]);
	const isSame = (name: string) => names.get(name) === (memory.ids.get(name) ?? names.get(name));
	const isAlive = (name: string) => (names.has(name) && isSame(name)) || snapshot.creations.some(creation => creation.name === name);
	const keyed = <Value>(map: ReadonlyMap<ServerId, Value>) => new Map([...map].filter(([id]) => isThere(id)));
	const named = <Key extends string, Value>(map: ReadonlyMap<Key, Value>) => new Map([...map].filter(([name]) => isAlive(name)));
	const withStatus = (status: Server['status']) => servers.items.filter(server => server.status === status).map(server => server.id);
	return {
		...memory,
		ids: names,
		firstSeen: new Map([...servers.items.map(({id}) => [id, now] as const), ...keyed(memory.firstSeen)]),
		reached: keyed(memory.reached),
		ownNames: new Set([...[...memory.ownNames].filter(name => !names.has(name)).slice(-ownNamesKept), ...names.keys()]),
		hasRun: new Set([...memory.hasRun, ...withStatus('running')].filter(id => isThere(id))),
		missing: new Map([...memory.missing].filter(([name]) => isSame(name))),
		off: streak(memory.off, withStatus('off'), servers.at, now, id => unread.has(id)),
		leaving: streak(memory.leaving, withStatus('deleting'), servers.at, now, id => unread.has(id)),
		registered: new Set([...memory.registered].filter(name => isAlive(name))),
		worked: named(memory.worked),
		counted: new Set([...memory.counted].filter(name => isAlive(name))),
		refusals: keyed(memory.refusals),
		drained: keyed(memory.drained),
		protected: new Map([...keyed(memory.protected)].filter(([, {retryAt}]) => retryAt > now)),
		keptUntil: new Map([...named(memory.keptUntil)].filter(([, until]) => until > now)),
	};
}

function rememberRunners(memory: Memory, snapshot: Snapshot, now: Instant): Memory {
	const {servers, runners, jobs} = snapshot;
	if (runners.state === 'failed') {
		return memory;
	}

	const working = jobsByServer(jobs.state === 'failed' ? [] : jobs.items);
	const byServer = runnersByServer(runners.items);
	const having = (fits: (runner: Runner, name: string) => boolean) => [...byServer].filter(([name, runner]) => fits(runner, name)).map(([name]) => name);
	const atWork = having((runner, name) => runner.isBusy || working.has(name)).filter(name => isServerName(name));
	const seen = {
		...memory,
		registered: new Set([...memory.registered, ...[...byServer.keys(), ...working.keys()].filter(name => isServerName(name))]),
		worked: new Map([...atWork.map(name => [name, now] as const), ...memory.worked]),
		keptRecords: new Map([...memory.keptRecords].filter(([, {retryAt}]) => retryAt > now)),
	};
	if (servers.state === 'failed') {
		return seen;
	}

	const unread = unreadServers(runners);
	const isUnread = (name: string) => unread.has(name);
	// A list of jobs that failed says nothing against what the runners' own records say: how long that must hold is trust.ts's matter.
	const at = instant(jobs.state === 'failed' ? runners.at : Math.min(runners.at, jobs.at));
	const isFree = (runner: Runner, name: string) => !runner.isBusy && !working.has(name);
	const serverNames = new Set<string>([...servers.items.map(server => server.name), ...snapshot.creations.map(creation => creation.name)]);
	const gone = servers.items.filter(server => server.status !== 'off' && !byServer.has(server.name)).map(server => server.name);
	return {
		...seen,
		idle: streak(memory.idle, having((runner, name) => isFree(runner, name) && runner.isOnline), at, now, isUnread),
		offline: streak(memory.offline, having((runner, name) => isFree(runner, name) && !runner.isOnline), at, now, isUnread),
		busyUnnamed: streak(memory.busyUnnamed, having((runner, name) => runner.isBusy && !working.has(name)), at, now, isUnread),
		missing: streak(memory.missing, gone.filter(name => !isUnread(name)), at, now, isUnread),
		leftover: streak(memory.leftover, runners.items.filter(runner => isLeftover(runner, serverNames, working, memory)).map(runner => runner.id), at, now),
	};
}

/*
Records that are ours and that no server stands behind. Ours are those of servers that this engine, or one before it here, has known: a name's form says
nothing, as an engine on another Hetzner project gives the same names (pytorch/test-infra#5384). A runner that is not ephemeral is a machine somebody keeps.
*/
function isLeftover(runner: Runner, serverNames: ReadonlySet<string>, working: ReadonlyMap<string, Job>, memory: Memory): boolean {
	const server = serverOfRunner(runner.name);
	return memory.ownNames.has(server) && runner.isEphemeral !== false
		&& !serverNames.has(server) && !runner.isOnline && !runner.isBusy && !working.has(server);
}

// What is unread keeps its streak as it was.
function streak<Key>(before: ReadonlyMap<Key, Streak>, keys: readonly Key[], readAt: Instant, now: Instant, isUnread: (key: Key) => boolean = () => false): ReadonlyMap<Key, Streak> {
	const after = new Map([...before].filter(([key]) => isUnread(key)));
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
