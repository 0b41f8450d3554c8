import {missingLabels} from '../model/labels.ts';
import type {Job} from '../model/job.ts';
import {isServerName, serverOfRunner} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import type {Read} from '../model/snapshot.ts';
import {secondsBetween, type Instant} from '../model/time.ts';
import {pollOf, withPoll} from './history.ts';
import {bookJobs, bookServers} from './accounting.ts';
import type {EngineInternals} from './engine-state.ts';
import {PortError, type ListRead} from './ports.ts';
import {extentOf, noteRead, type ReadOutcome} from './read-notes.ts';
import {knownServers, readOneByOne, runnersOfServers} from './read-one-by-one.ts';
import {gapsOf} from './trust.ts';

/**
How long a server that was just created is believed to be there without asking, seconds.
*/
const freshSeconds = 30;

const unreadJobsKept = 5000;

/**
Reads jobs, runners and servers side by side into `engine.reads`. Never throws: what could not be read is a failed read with the last rows, what could not be
read of a list is a gap in it.
*/
export async function observe(engine: EngineInternals): Promise<void> {
	const {github, clock} = engine.ports;
	const {stopping} = engine;
	const counted: number[] = [];
	const count = <Item>(list: ListRead<Item>) => {
		counted.push(list.counted);
		return list;
	};

	const now = clock.now();
	const areServersDue = now >= engine.nextServersAt;
	const isGithubDue = now >= engine.nextGithubAt;
	engine.recordPollStart({github: isGithubDue, servers: areServersDue}, now);
	const [jobs, runners, servers] = await Promise.all([
		isGithubDue
			? read(engine, 'jobs', engine.reads.jobs, async () => {
				const {items, gaps} = count(await github.readJobs(stopping, 'poll'));
				return {items: items.filter(job => job.status !== 'completed'), gaps};
			})
			: undefined,
		isGithubDue
			? read(engine, 'runners', engine.reads.runners, async () => readOneByOne(engine, engine.reads.runners, async () => count(await github.readRunners(stopping)), runnersOfServers(engine)))
			: undefined,
		areServersDue
			? read(engine, 'servers', engine.reads.servers, async () => readOneByOne(engine, engine.reads.servers, async () => engine.ports.cloud.readServers(stopping), knownServers(engine)))
			: undefined,
	]);
	if (stopping.aborted) {
		return;
	}

	if (counted.length === 2) {
		engine.recordPollCost(counted.reduce((sum, cost) => sum + cost, 0));
	}

	const items = servers === undefined || servers.state === 'failed' ? engine.reads.servers.items : await withOwnOperations(engine, servers.items);
	engine.recordReads({
		jobs: jobs ?? engine.reads.jobs, runners: runners ?? engine.reads.runners, servers: servers === undefined ? engine.reads.servers : {...servers, items},
	}, jobs === undefined ? engine.unreadJobs : unreadJobs(engine, jobs));
	book(engine, clock.now());
}

// What was known before and a list with gaps does not tell of: whether it is done or unread, only a later list says.
function unreadJobs({reads, unreadJobs: before}: EngineInternals, jobs: Read<Job>): readonly Job[] {
	if (jobs.state !== 'partial') {
		return jobs.state === 'whole' ? [] : before; // A read that failed keeps its last rows itself.
	}

	const told = new Set(jobs.items.map(({id}) => id));
	const runs = new Set(jobs.gaps.map(({runId}) => runId));
	const mayBeUnread = (job: Job) => runs.has(undefined) || runs.has(job.runId);
	return [...before, ...reads.jobs.items].filter(job => !told.has(job.id) && mayBeUnread(job)).slice(-unreadJobsKept);
}

async function read<Item>(engine: EngineInternals, what: keyof EngineInternals['reads'], before: Read<Item>, ask: () => Promise<Pick<ListRead<Item>, 'items' | 'gaps'>>): Promise<Read<Item>> {
	const {clock} = engine.ports;
	const since = before.state === 'whole' ? undefined : before.fault.since;
	try {
		const {items, gaps} = await ask();
		const at = clock.now();
		if (gaps.length > 0) {
			const reason = `could not read ${gaps.slice(0, 3).map(gap => gap.what).join(', ')}${gaps.length > 3 ? ` and ${gaps.length - 3} more` : ''}`;
			recordRead(engine, what, {state: 'partial', reason, extent: extentOf(gaps)}, at);
			return {
				state: 'partial', items, at, gaps, fault: {reason, since: since ?? at, retryAt: undefined},
			};
		}

		recordRead(engine, what, {state: 'whole'}, at);
		return {state: 'whole', items, at};
	} catch (error) {
		const now = clock.now();
		const reason = error instanceof Error ? error.message : String(error);
		if (!engine.stopping.aborted) {
			recordRead(engine, what, {state: 'failed', reason}, now);
		}

		const retryAt = error instanceof PortError ? error.retryAt : undefined;
		const failed: Read<Item> = {
			state: 'failed', items: before.items, at: before.at, fault: {reason, since: since ?? now, retryAt},
		};
		if (!engine.stopping.aborted) {
			engine.recordFailedRead(what, failed); // Another list may take long: the screen says so at once.
		}

		return failed;
	}
}

function recordRead(engine: EngineInternals, what: keyof EngineInternals['reads'], outcome: ReadOutcome, now: Instant): void {
	const {logged, event} = noteRead(what, engine.loggedTroubles[what], outcome, now);
	engine.recordLoggedTrouble(what, logged);
	if (event !== undefined) {
		engine.record(event);
	}
}

// Hetzner's list lags behind: what this engine deleted is on its way out, and what it knew a moment ago is gone only when a look at
// that one server says so. A list that is minutes old would else make servers vanish, and others be made in their place.
async function withOwnOperations(engine: EngineInternals, listed: readonly Server[]): Promise<readonly Server[]> {
	const ids = new Set(listed.map(server => server.id));
	const before = engine.reads.servers.items.filter(server => !ids.has(server.id) && server.status !== 'deleting');
	const unlisted = await Promise.all(before.map(async server => confirm(engine, server)));
	const now = engine.ports.clock.now();
	engine.forgetOwnChanges(id => ids.has(id), now);
	return [
		...listed.map(server => engine.deleted.has(server.id) ? {...server, status: 'deleting' as const} : server),
		...unlisted.filter(server => server !== undefined),
		...engine.reads.servers.items.filter(server => !ids.has(server.id) && engine.created.has(server.id) && server.status !== 'deleting' && before.every(({id}) => id !== server.id)), // Made while the list was read.
	];
}

async function confirm(engine: EngineInternals, server: Server): Promise<Server | undefined> {
	const createdAt = engine.created.get(server.id);
	if (createdAt !== undefined && secondsBetween(createdAt, engine.ports.clock.now()) < freshSeconds) {
		return server;
	}

	try {
		return await engine.ports.cloud.readServer(server.id);
	} catch {
		return server; // No answer is no proof that it is gone.
	}
}

function book(engine: EngineInternals, now: Instant): void {
	const {jobs, servers, runners} = engine.reads;
	if (servers.state !== 'failed') {
		const unread = gapsOf(servers).flatMap(({serverId}) => serverId ?? []);
		engine.recordAccounting(bookServers(engine.accounting, servers.items, engine.catalogue, now, unread));
		for (const server of servers.items) {
			if (engine.timelines.has(server.name)) {
				engine.claimTimeline(server.name, server.id);
			}

			if (server.status === 'off') {
				engine.recordMoments(server.name, {offAt: now});
			}
		}
	}

	if (jobs.state !== 'failed') {
		bookNews(engine, [...jobs.items, ...engine.unreadJobs], now);
	}

	const poll = pollOf(engine, now);
	if (poll !== undefined) {
		engine.recordHistory(withPoll(engine.history, poll, now));
	}

	if (runners.state !== 'failed') {
		for (const runner of runners.items) {
			const name = serverOfRunner(runner.name);
			const timeline = isServerName(name) ? engine.timelines.get(name) : undefined;
			if (isServerName(name) && timeline !== undefined && timeline.registeredAt === undefined && (runner.isOnline || runner.isBusy)) {
				engine.recordMoments(name, {registeredAt: now});
				engine.record({code: 'runnerRegistered', server: name});
			}
		}
	}
}

function bookNews(engine: EngineInternals, jobs: readonly Job[], now: Instant): void {
	const news = bookJobs(engine.accounting, jobs, job => missingLabels(engine.policy.withLabels, job.labels).length === 0, now);
	engine.recordAccounting(news.accounting);
	for (const job of news.seen) {
		engine.record({code: 'jobSeen', job, labels: job.labels});
	}

	for (const job of news.started) {
		const server = serverOfRunner(job.runnerName ?? '');
		engine.record({
			code: 'jobStarted', job, server, waitSeconds: secondsBetween(job.createdAt, job.startedAt ?? now),
		});
		if (isServerName(server) && engine.timelines.has(server)) {
			engine.recordMoments(server, {runningAt: job.startedAt ?? now});
		}
	}

	for (const job of news.done) {
		engine.record({code: 'jobDone', job, server: job.runnerName === undefined ? undefined : serverOfRunner(job.runnerName)});
	}
}
