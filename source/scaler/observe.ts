import {missingLabels} from '../model/labels.ts';
import type {Job} from '../model/job.ts';
import {isServerName} from '../model/server-name.ts';
import type {Runner} from '../model/runner.ts';
import type {Server} from '../model/server.ts';
import type {Read} from '../model/snapshot.ts';
import {secondsBetween, type Instant} from '../model/time.ts';
import {lookOf, withLook} from './history.ts';
import {bookJobs, bookServers} from './ledger.ts';
import {claimTimeline, stamp, type Live} from './live.ts';
import {PortError, type ListRead} from './ports.ts';
import {extentOf, noteRead, type ReadOutcome} from './read-notes.ts';
import {knownServers, readOneByOne, runnersOfServers} from './read-one-by-one.ts';
import {gapsOf} from './trust.ts';

/**
How long this engine's own creating and deleting is believed over a list that says otherwise, seconds.
*/
const listLagSeconds = 120;

/**
How long a server that was just created is believed to be there without asking, seconds.
*/
const freshSeconds = 30;

/**
A few, since the first poll is dearer than those after it, and an answer that changed costs where an unchanged one does not.
*/
const pollCostsKept = 5;

const unreadJobsKept = 5000;

/**
Reads jobs, runners and servers side by side into `live.reads`. Never throws: what could not be read is a failed read with the last rows, what could not be
read of a list is a gap in it.
*/
export async function observe(live: Live): Promise<void> {
	const {github, clock} = live.ports;
	const {stopping} = live;
	const counted: number[] = [];
	const count = <Item>(list: ListRead<Item>) => {
		counted.push(list.counted);
		return list;
	};

	const now = clock.now();
	const areServersDue = now >= live.nextServersAt;
	const isGithubDue = now >= live.nextGithubAt;
	live.serversPolledAt = areServersDue ? now : live.serversPolledAt;
	live.githubPolledAt = isGithubDue ? now : live.githubPolledAt;
	const [jobs, runners, servers] = await Promise.all([
		isGithubDue
			? read(live, 'jobs', live.reads.jobs, async () => {
				const {items, gaps} = count(await github.readJobs(stopping, 'poll'));
				return {items: items.filter(job => job.status !== 'completed'), gaps};
			})
			: undefined,
		isGithubDue
			? read(live, 'runners', live.reads.runners, async () => readOneByOne(live, live.reads.runners, async () => count(await github.readRunners(stopping)), runnersOfServers(live)))
			: undefined,
		areServersDue
			? read(live, 'servers', live.reads.servers, async () => readOneByOne(live, live.reads.servers, async () => live.ports.hetzner.readServers(stopping), knownServers(live)))
			: undefined,
	]);
	if (stopping.aborted) {
		return;
	}

	if (counted.length === 2) {
		live.pollCosts = [...live.pollCosts, counted.reduce((sum, cost) => sum + cost, 0)].slice(-pollCostsKept);
	}

	const items = servers === undefined || servers.state === 'failed' ? live.reads.servers.items : await withOwnDeeds(live, servers.items);
	if (jobs !== undefined) {
		live.unreadJobs = unreadJobs(live, jobs); // Together with what was read: in between, a job would be in neither.
	}

	live.reads = {jobs: jobs ?? live.reads.jobs, runners: runners ?? live.reads.runners, servers: servers === undefined ? live.reads.servers : {...servers, items}};
	book(live, clock.now());
}

// What was known before and a list with gaps does not tell of: whether it is done or unread, only a later list says.
function unreadJobs({reads, unreadJobs: before}: Live, jobs: Read<Job>): readonly Job[] {
	if (jobs.state !== 'partial') {
		return jobs.state === 'whole' ? [] : before; // A read that failed keeps its last rows itself.
	}

	const told = new Set(jobs.items.map(({id}) => id));
	const runs = new Set(jobs.gaps.map(({runId}) => runId));
	const mayBeUnread = (job: Job) => runs.has(undefined) || runs.has(job.runId);
	return [...before, ...reads.jobs.items].filter(job => !told.has(job.id) && mayBeUnread(job)).slice(-unreadJobsKept);
}

async function read<Item>(live: Live, what: keyof Live['reads'], before: Read<Item>, ask: () => Promise<Pick<ListRead<Item>, 'items' | 'gaps'>>): Promise<Read<Item>> {
	const {clock} = live.ports;
	const since = before.state === 'whole' ? undefined : before.fault.since;
	try {
		const {items, gaps} = await ask();
		const at = clock.now();
		if (gaps.length > 0) {
			const reason = `could not read ${gaps.slice(0, 3).map(gap => gap.what).join(', ')}${gaps.length > 3 ? ` and ${gaps.length - 3} more` : ''}`;
			tell(live, what, {state: 'partial', reason, extent: extentOf(gaps)}, at);
			return {
				state: 'partial', items, at, gaps, fault: {reason, since: since ?? at, retryAt: undefined},
			};
		}

		tell(live, what, {state: 'whole'}, at);
		return {state: 'whole', items, at};
	} catch (error) {
		const now = clock.now();
		const reason = error instanceof Error ? error.message : String(error);
		if (!live.stopping.aborted) {
			tell(live, what, {state: 'failed', reason}, now);
		}

		const retryAt = error instanceof PortError ? error.retryAt : undefined;
		const failed: Read<Item> = {
			state: 'failed', items: before.items, at: before.at, fault: {reason, since: since ?? now, retryAt},
		};
		if (!live.stopping.aborted) {
			// Another list may take long: the screen says so at once, and nothing is decided on it. The rows are today's: a server may have been made meanwhile.
			live.reads = {...live.reads, [what]: {...failed, items: live.reads[what].items}};
			live.changed();
		}

		return failed;
	}
}

function tell(live: Live, what: keyof Live['reads'], outcome: ReadOutcome, now: Instant): void {
	const {told, event} = noteRead(what, live.toldTroubles[what], outcome, now);
	live.toldTroubles = {...live.toldTroubles, [what]: told};
	if (event !== undefined) {
		live.note(event);
	}
}

// Hetzner's list lags behind: what this engine deleted is on its way out, and what it knew a moment ago is gone only when a look at
// that one server says so. A list that is minutes old would else make servers vanish, and others be made in their place.
async function withOwnDeeds(live: Live, listed: readonly Server[]): Promise<readonly Server[]> {
	const ids = new Set(listed.map(server => server.id));
	const before = live.reads.servers.items.filter(server => !ids.has(server.id) && server.status !== 'deleting');
	const unlisted = await Promise.all(before.map(async server => confirm(live, server)));
	const now = live.ports.clock.now();
	live.deleted = new Map([...live.deleted].filter(([id, at]) => ids.has(id) && secondsBetween(at, now) < listLagSeconds));
	live.created = new Map([...live.created].filter(([, at]) => secondsBetween(at, now) < listLagSeconds));
	return [
		...listed.map(server => live.deleted.has(server.id) ? {...server, status: 'deleting' as const} : server),
		...unlisted.filter(server => server !== undefined),
		...live.reads.servers.items.filter(server => !ids.has(server.id) && live.created.has(server.id) && server.status !== 'deleting' && before.every(({id}) => id !== server.id)), // Made while the list was read.
	];
}

async function confirm(live: Live, server: Server): Promise<Server | undefined> {
	const createdAt = live.created.get(server.id);
	if (createdAt !== undefined && secondsBetween(createdAt, live.ports.clock.now()) < freshSeconds) {
		return server;
	}

	try {
		return await live.ports.hetzner.readServer(server.id);
	} catch {
		return server; // No answer is no proof that it is gone.
	}
}

function book(live: Live, now: Instant): void {
	const {jobs, servers, runners} = live.reads;
	if (servers.state !== 'failed') {
		const unread = gapsOf(servers).flatMap(({serverId}) => serverId ?? []);
		live.ledger = bookServers(live.ledger, servers.items, live.catalogue, now, unread);
		for (const server of servers.items) {
			if (live.timelines.has(server.name)) {
				claimTimeline(live, server.name, server.id);
			}

			if (server.status === 'off') {
				stamp(live, server.name, {offAt: now});
			}
		}
	}

	if (jobs.state !== 'failed') {
		bookNews(live, [...jobs.items, ...live.unreadJobs], now);
	}

	const look = lookOf(live, now);
	if (look !== undefined) {
		live.history = withLook(live.history, look, now);
	}

	if (runners.state !== 'failed') {
		for (const runner of runners.items) {
			const {name} = runner;
			const timeline = isServerName(name) ? live.timelines.get(name) : undefined;
			if (isServerName(name) && timeline !== undefined && timeline.registeredAt === undefined && (runner.isOnline || runner.isBusy)) {
				stamp(live, name, {registeredAt: now});
				live.note({code: 'runnerRegistered', server: name});
			}
		}
	}
}

function bookNews(live: Live, jobs: readonly Job[], now: Instant): void {
	const news = bookJobs(live.ledger, jobs, job => missingLabels(live.policy.withLabels, job.labels).length === 0, now);
	live.ledger = news.ledger;
	for (const job of news.seen) {
		live.note({code: 'jobSeen', job, labels: job.labels});
	}

	for (const job of news.started) {
		const server = job.runnerName ?? '';
		live.note({
			code: 'jobStarted', job, server, waitSeconds: secondsBetween(job.createdAt, job.startedAt ?? now),
		});
		if (isServerName(server) && live.timelines.has(server)) {
			stamp(live, server, {runningAt: job.startedAt ?? now});
		}
	}

	for (const job of news.done) {
		live.note({code: 'jobDone', job, server: job.runnerName});
	}
}
