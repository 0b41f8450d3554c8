import {priceOf} from '../model/catalogue.ts';
import type {Actor} from '../model/event.ts';
import {sayJob, type Job} from '../model/job.ts';
import {missingLabels} from '../model/labels.ts';
import {costMicros, sayMoney, type Micros} from '../model/money.ts';
import type {Runner} from '../model/runner.ts';
import type {Server} from '../model/server.ts';
import {
	ageSeconds, later, sayDuration, secondsBetween, type Instant,
} from '../model/time.ts';
import type {Deletion} from './controller.ts';
import {recordDeleteEnd, recordDeleteFailure} from './delete-troubles.ts';
import type {Live} from './live.ts';
import {withEntry} from './memory.ts';
import {blockedUntil} from './pace.ts';
import type {DeleteReason} from './plan.ts';
import {PortError, type ListRead} from './ports.ts';
import {offRefusalSeconds} from './scale-down/powered-off.ts';
import {jobsByRunner} from './sightings.ts';
import {assignmentLagSeconds, isEnough} from './trust.ts';

type Order = {
	readonly server: Server;
	readonly reason: DeleteReason | {readonly kind: 'operator'; readonly words: string};
	readonly by: Actor;
	/**
	The operator typed the server's name: it goes even if its runner is busy.
	*/
	readonly isTyped: boolean;
	readonly tell: (deletion: Deletion) => void;
	/**
	When it was decided.
	*/
	readonly at: Instant;
};

/**
How old the jobs may be that serve one more deletion, seconds.
*/
const sharedReadSeconds = 2;

/**
How long a server with delete protection, or a runner record that GitHub does not let go of, is left before it is asked for again, seconds.
*/
const refusedSeconds = 3600;

/**
The first and the longest pause before a deletion that came to nothing is tried again, seconds. Each try asks both APIs: a hundred servers that GitHub wrongly calls
idle would use up Hetzner's hour within minutes, and then nothing could be deleted any more.
*/
const firstPauseSeconds = 5;
const longestPauseSeconds = 60;

const engine: Actor = {kind: 'engine'};

/**
Deletes a server that planning has decided on. Never throws.
*/
export async function deleteDoomed(live: Live, server: Server, reason: DeleteReason): Promise<Deletion> {
	return deleteServer(live, {
		server, reason, by: engine, isTyped: false, at: live.ports.clock.now(), tell() {/* The verdict shows it. */},
	});
}

/**
Looks at a server again, unregisters its runner, deletes it. Whatever says that it may have a job keeps it: GitHub's busy flag, a running
job that names it, GitHub's refusal (422) to remove the runner, or no answer at all. Never throws; answers how it ended.
*/
export async function deleteServer(live: Live, order: Order): Promise<Deletion> {
	const {server} = order;
	if (live.deletions.has(server.id)) {
		return {state: 'kept', reason: 'its deletion is under way already'};
	}

	live.deletions = new Set([...live.deletions, server.id]);
	live.changed();
	try {
		order.tell({state: 'checking'});
		// What needs GitHub's consent takes its turn before it looks for evidence, not after: GitHub is told to let go one runner a second.
		const end = needsNoConsent(live, order) ? await check(live, order) : await live.unregistering.add(async () => check(live, order));
		recordDeleteEnd(live, server.name);
		if (end.state === 'kept') {
			recordKept(live, order, end.reason);
			if (order.reason.kind !== 'off') {
				postpone(live, order);
			}
		}

		return end;
	} catch (error) {
		const answer = recordDeleteFailure(live, server.name, error);
		postpone(live, order);
		return {state: 'kept', reason: answer};
	} finally {
		live.deletions = new Set([...live.deletions].filter(id => id !== server.id));
		live.changed();
	}
}

function postpone(live: Live, {server, by}: Order): void {
	if (by.kind === 'operator') {
		return;
	}

	const tries = (live.memory.postponed.get(server.id)?.tries ?? 0) + 1;
	const pause = Math.min(longestPauseSeconds, firstPauseSeconds * (2 ** (tries - 1)));
	live.memory = {...live.memory, postponed: withEntry(live.memory.postponed, server.id, {tries, retryAt: later(live.ports.clock.now(), pause)})};
}

// Asking one API for a server whose other cannot be asked would use up both. Throws PortError while one of them takes no requests.
function askOnlyWhenAllowed(live: Live, order: Order): void {
	const {clock, github, hetzner} = live.ports;
	const now = clock.now();
	const isGithubAsked = !order.isTyped && !needsNoConsent(live, order);
	const budgets = [{api: 'Hetzner', budget: hetzner.budget()}, ...isGithubAsked ? [{api: 'GitHub', budget: github.budget()}] : []];
	for (const {api, budget} of budgets) {
		const until = blockedUntil(budget, now);
		if (until !== undefined) {
			const what = (budget?.remaining ?? 0) > 0 ? 'secondary limit, on requests a minute, is reached' : 'request limit is used up';
			throw new PortError(`${api}'s ${what}: no requests for ${sayDuration(Math.ceil(secondsBetween(now, until)))}`, {kind: 'limited', retryAt: until});
		}
	}
}

async function check(live: Live, order: Order): Promise<Deletion> {
	const {server} = order;
	askOnlyWhenAllowed(live, order);
	const kept = await reasonToKeep(live, order) ?? countermand(live, order) ?? newSetUp(live, order);
	if (kept !== undefined) {
		return {state: 'kept', reason: kept};
	}

	order.tell({state: 'deleting'});
	const answer = await live.ports.hetzner.deleteServer(server.id);
	if (typeof answer === 'string') {
		recordDeletion(live, order);
		return {state: 'deleted'};
	}

	const retryAt = later(live.ports.clock.now(), refusedSeconds);
	live.memory = {...live.memory, protected: withEntry(live.memory.protected, server.id, {answer: answer.protected, retryAt})};
	return {state: 'kept', reason: `${answer.protected}; switch its delete protection off in Hetzner's console`};
}

// What an operator ordered while the deletion was on its way: asked right before each call that changes something. An operator's own deletion stands.
function countermand(live: Live, {server, by}: Order): string | undefined {
	if (by.kind === 'operator') {
		return undefined;
	}

	const until = live.memory.keptUntil.get(server.name);
	return live.mode === 'frozen' ? 'frozen' : (until !== undefined && until > live.ports.clock.now() ? 'kept by an operator' : undefined);
}

// The last check before the act, on both sides; undefined when nothing speaks for keeping it. Throws PortError when a side can't be asked.
async function reasonToKeep(live: Live, order: Order): Promise<string | undefined> {
	const {server, reason, isTyped, tell} = order;
	const {hetzner, github} = live.ports;
	const fresh = await hetzner.readServer(server.id);
	if (fresh === undefined) {
		return undefined; // Gone or no longer ours: the delete call, which asks again, finds nothing to do.
	}

	const isOff = fresh.status === 'off';
	if (reason.kind === 'off' && !isOff) {
		return 'it is no longer off';
	}

	if (isTyped) {
		await unregisterWhateverItSays(live, server.name, tell);
		return undefined;
	}

	const runner = isKnownToHaveNoRunner(live, server, isOff) ? undefined : await github.findRunner(server.name);
	if (!isOff) {
		const speaks = (runner?.isBusy === true ? 'its runner is busy' : undefined) ?? contradiction(live, order, runner) ?? await jobOf(live, order, runner);
		if (speaks !== undefined) {
			return speaks;
		}
	}

	const countermanded = countermand(live, order);
	if (runner === undefined || countermanded !== undefined) {
		return countermanded;
	}

	tell({state: 'unregistering'});
	return unregister(live, server, runner, isOff);
}

// A server that is off and whose runner is in no whole list needs no further question: an ephemeral runner's record ends with its job.
function isKnownToHaveNoRunner(live: Live, server: Server, isOff: boolean): boolean {
	const {runners} = live.reads;
	return isOff && runners.state === 'whole' && runners.items.every(runner => runner.name !== server.name);
}

function needsNoConsent(live: Live, {server, reason}: Order): boolean {
	return reason.kind === 'off' && isKnownToHaveNoRunner(live, server, true);
}

// What was decided because no runner was there, because it was offline, or because SSH did not answer, does not hold when that has changed since.
function newSetUp(live: Live, {server, reason, at}: Order): string | undefined {
	const setUp = live.setUps.get(server.name);
	return (reason.kind === 'zombie' || reason.kind === 'drain') && (setUp?.step === 'setup' || setUp?.step === 'startup') && setUp.since >= at ? 'its set-up has begun' : undefined;
}

function contradiction(live: Live, {reason}: Order, runner: Runner | undefined): string | undefined {
	return reason.kind === 'zombie' && runner?.isOnline === true && !live.memory.idle.has(runner.name) ? 'its runner has come online' : undefined;
}

async function jobOf(live: Live, {server}: Order, runner: Runner | undefined): Promise<string | undefined> {
	const read = await readEvidence(live, server);
	if (read === undefined) {
		return undefined;
	}

	const job = jobsByRunner(read.items).get(server.name);
	if (job !== undefined) {
		return `${sayJob(job)} runs on it`;
	}

	// GitHub shows a job as queued for a while after a runner got it (actions/runner#4422): one that has only just come may be this one's.
	const now = live.ports.clock.now();
	const isNew = (id: Job['id']) => ageSeconds(live.memory.jobSeen.get(id) ?? now, now) < assignmentLagSeconds;
	const arrived = read.items.find(({id, status, labels}) => status === 'queued' && isNew(id) && runner?.isOnline === true && missingLabels(labels, runner.labels).length === 0);
	if (arrived !== undefined) {
		return `${sayJob(arrived)} has just been queued, and may be its own`;
	}

	return read.gaps.length > 0 && !isKnownWithGaps(live, server) ? `could not read ${read.gaps[0]?.what ?? 'all jobs'}` : undefined;
}

// Whether the runner's own record has spoken against a job for long enough to do without all jobs (trust.ts).
function isKnownWithGaps(live: Live, {name}: Server): boolean {
	const {memory, reads, ports} = live;
	return reads.jobs.state !== 'whole' && isEnough(memory.idle.get(name) ?? memory.offline.get(name) ?? memory.missing.get(name), reads.jobs, ports.clock.now());
}

// One read serves all deletions of the same moment. Undefined: no jobs can be read, and have not been for so long that the runner's record decides.
async function readEvidence(live: Live, server: Server): Promise<ListRead<Job> | undefined> {
	const now = live.ports.clock.now();
	if (live.lastLook === undefined || secondsBetween(live.lastLook.at, now) > sharedReadSeconds) {
		live.lastLook = {at: now, read: live.ports.github.readJobs(live.stopping, 'evidence')};
	}

	try {
		return await live.lastLook.read;
	} catch (error) {
		if (live.reads.jobs.state === 'failed' && isKnownWithGaps(live, server)) {
			return undefined;
		}

		throw error;
	}
}

async function unregister(live: Live, server: Server, runner: Runner, isOff: boolean): Promise<string | undefined> {
	const removed = await live.ports.github.removeRunner(runner.id);
	if (typeof removed === 'string') {
		return undefined;
	}

	const now = live.ports.clock.now();
	const refusal = live.memory.refusals.get(server.id) ?? {since: now, answer: removed.busy};
	live.memory = {...live.memory, refusals: withEntry(live.memory.refusals, server.id, refusal)};
	return isOff && ageSeconds(refusal.since, now) >= offRefusalSeconds ? undefined : `GitHub refuses to remove its runner: ${removed.busy}`;
}

async function unregisterWhateverItSays(live: Live, name: string, tell: Order['tell']): Promise<void> {
	tell({state: 'unregistering'});
	try {
		const runner = await live.ports.github.findRunner(name);
		if (runner !== undefined) {
			await live.ports.github.removeRunner(runner.id);
		}
	} catch {
		// Its name was typed: it goes without GitHub's consent, and its record is swept up as a leftover later.
	}
}

function recordKept(live: Live, {server, by}: Order, reason: string): void {
	if (by.kind === 'operator' || live.keptFor.get(server.name) !== reason) {
		live.note({
			code: 'serverKept', server: server.name, reason, by,
		});
	}

	live.keptFor = withEntry(live.keptFor, server.name, reason);
}

function recordDeletion(live: Live, {server, reason, by}: Order): void {
	const now = live.ports.clock.now();
	live.deleted = withEntry(live.deleted, server.id, now);
	const {servers} = live.reads;
	live.reads = {...live.reads, servers: {...servers, items: servers.items.map(other => other.id === server.id ? {...other, status: 'deleting' as const} : other)}};
	const price = priceOf(live.catalogue, server.serverType, server.location);
	live.note({
		code: 'serverDeleted', server: server.name, reason: reason.words, by, ageSeconds: ageSeconds(server.created, now),
		...(price === undefined ? {cost: undefined} : costOf(costMicros(price, server.created, now), live.catalogue?.currency ?? 'EUR')),
	});
}

/**
Removes a runner's record that no server stands behind. Never throws; a refusal is told once and believed for an hour.
*/
export async function removeLeftover(live: Live, runner: Runner, reason: string): Promise<void> {
	try {
		const fresh = await live.ports.github.findRunner(runner.name);
		if (fresh?.id !== runner.id || fresh.isOnline || fresh.isBusy) {
			return;
		}

		const removed = await live.ports.github.removeRunner(runner.id);
		live.note(typeof removed === 'string'
			? {code: 'runnerRemoved', runner: runner.name, reason}
			: {code: 'runnerKept', runner: runner.name, reason: removed.busy});
		if (typeof removed !== 'string') {
			keepRecord(live, runner, removed.busy);
		}
	} catch (error) {
		const answer = error instanceof Error ? error.message : String(error);
		if (error instanceof PortError && error.kind === 'refused') {
			live.note({code: 'runnerKept', runner: runner.name, reason: answer});
			keepRecord(live, runner, answer);
		}
	}
}

function keepRecord(live: Live, runner: Runner, answer: string): void {
	live.memory = {...live.memory, keptRecords: withEntry(live.memory.keptRecords, runner.id, {answer, retryAt: later(live.ports.clock.now(), refusedSeconds)})};
}

function costOf(micros: Micros, currency: string): {readonly cost: string; readonly costMicros: Micros; readonly currency: string} {
	return {cost: sayMoney(micros, currency), costMicros: micros, currency};
}
