import {priceOf} from '../model/catalogue.ts';
import type {Actor} from '../model/event.ts';
import {sayJob, type Job} from '../model/job.ts';
import {missingLabels} from '../model/labels.ts';
import {costMicros, sayMoney, type Micros} from '../model/money.ts';
import type {Runner} from '../model/runner.ts';
import type {Server} from '../model/server.ts';
import {
	ageSeconds, later, secondsBetween, type Instant,
} from '../model/time.ts';
import type {Deletion} from './controller.ts';
import type {EngineInternals} from './engine-state.ts';
import {withEntry} from './memory.ts';
import {blockedUntil} from './pace.ts';
import type {DeleteReason} from './action.ts';
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

const byEngine: Actor = {kind: 'engine'};

/**
Deletes a server that planning has decided on. Never throws.
*/
export async function deleteDoomed(engine: EngineInternals, server: Server, reason: DeleteReason): Promise<Deletion> {
	return deleteServer(engine, {
		server, reason, by: byEngine, isTyped: false, at: engine.ports.clock.now(), tell() {/* The verdict shows it. */},
	});
}

/**
Looks at a server again, unregisters its runner, deletes it. Whatever says that it may have a job keeps it: GitHub's busy flag, a running
job that names it, GitHub's refusal (422) to remove the runner, or no answer at all. Never throws; answers how it ended.
*/
export async function deleteServer(engine: EngineInternals, order: Order): Promise<Deletion> {
	const {server} = order;
	if (engine.deletions.has(server.id)) {
		return {state: 'kept', reason: 'its deletion is under way already'};
	}

	engine.deletions = new Set([...engine.deletions, server.id]);
	engine.changed();
	try {
		order.tell({state: 'checking'});
		// What needs GitHub's consent takes its turn before it looks for evidence, not after: GitHub is told to let go one runner a second.
		const end = needsNoConsent(engine, order) ? await check(engine, order) : await engine.unregistering.add(async () => check(engine, order));
		if (end.state === 'kept') {
			recordKept(engine, order, end.reason);
			if (order.reason.kind !== 'off') {
				postpone(engine, order);
			}
		}

		return end;
	} catch (error) {
		const answer = error instanceof Error ? error.message : String(error);
		if (engine.keptFor.get(server.name) !== answer || order.by.kind === 'operator') {
			engine.note({code: 'deleteFailed', server: server.name, answer});
		}

		engine.keptFor = withEntry(engine.keptFor, server.name, answer);
		postpone(engine, order);
		return {state: 'kept', reason: answer};
	} finally {
		engine.deletions = new Set([...engine.deletions].filter(id => id !== server.id));
		engine.changed();
	}
}

function postpone(engine: EngineInternals, {server, by}: Order): void {
	if (by.kind === 'operator') {
		return;
	}

	const tries = (engine.memory.postponed.get(server.id)?.tries ?? 0) + 1;
	const pause = Math.min(longestPauseSeconds, firstPauseSeconds * (2 ** (tries - 1)));
	engine.memory = {...engine.memory, postponed: withEntry(engine.memory.postponed, server.id, {tries, retryAt: later(engine.ports.clock.now(), pause)})};
}

// Asking one API for a server whose other cannot be asked would use up both.
function notAskedNow(engine: EngineInternals, order: Order): string | undefined {
	const {clock, github, hetzner} = engine.ports;
	const now = clock.now();
	const isGithubAsked = !order.isTyped && !needsNoConsent(engine, order);
	const until = blockedUntil(hetzner.budget(), now) ?? (isGithubAsked ? blockedUntil(github.budget(), now) : undefined);
	return until === undefined ? undefined : `${blockedUntil(hetzner.budget(), now) === undefined ? 'GitHub' : 'Hetzner'}'s request limit is used up`;
}

async function check(engine: EngineInternals, order: Order): Promise<Deletion> {
	const {server} = order;
	const blocked = notAskedNow(engine, order);
	if (blocked !== undefined) {
		return {state: 'kept', reason: blocked};
	}

	const kept = await reasonToKeep(engine, order) ?? countermand(engine, order) ?? newSetUp(engine, order);
	if (kept !== undefined) {
		return {state: 'kept', reason: kept};
	}

	order.tell({state: 'deleting'});
	const answer = await engine.ports.hetzner.deleteServer(server.id);
	if (typeof answer === 'string') {
		recordDeletion(engine, order);
		return {state: 'deleted'};
	}

	const retryAt = later(engine.ports.clock.now(), refusedSeconds);
	engine.memory = {...engine.memory, protected: withEntry(engine.memory.protected, server.id, {answer: answer.protected, retryAt})};
	return {state: 'kept', reason: `${answer.protected}; switch its delete protection off in Hetzner's console`};
}

// What an operator ordered while the deletion was on its way: asked right before each call that changes something. An operator's own deletion stands.
function countermand(engine: EngineInternals, {server, by}: Order): string | undefined {
	if (by.kind === 'operator') {
		return undefined;
	}

	const until = engine.memory.keptUntil.get(server.name);
	return engine.mode === 'frozen' ? 'frozen' : (until !== undefined && until > engine.ports.clock.now() ? 'kept by an operator' : undefined);
}

// The last check before the act, on both sides; undefined when nothing speaks for keeping it. Throws PortError when a side can't be asked.
async function reasonToKeep(engine: EngineInternals, order: Order): Promise<string | undefined> {
	const {server, reason, isTyped, tell} = order;
	const {hetzner, github} = engine.ports;
	const fresh = await hetzner.readServer(server.id);
	if (fresh === undefined) {
		return undefined; // Gone or no longer ours: the delete call, which asks again, finds nothing to do.
	}

	const isOff = fresh.status === 'off';
	if (reason.kind === 'off' && !isOff) {
		return 'it is no longer off';
	}

	if (isTyped) {
		await unregisterWhateverItSays(engine, server.name, tell);
		return undefined;
	}

	const runner = isKnownToHaveNoRunner(engine, server, isOff) ? undefined : await github.findRunner(server.name);
	if (!isOff) {
		const speaks = (runner?.isBusy === true ? 'its runner is busy' : undefined) ?? contradiction(engine, order, runner) ?? await jobOf(engine, order, runner);
		if (speaks !== undefined) {
			return speaks;
		}
	}

	const countermanded = countermand(engine, order);
	if (runner === undefined || countermanded !== undefined) {
		return countermanded;
	}

	tell({state: 'unregistering'});
	return unregister(engine, server, runner, isOff);
}

// A server that is off and whose runner is in no whole list needs no further question: an ephemeral runner's record ends with its job.
function isKnownToHaveNoRunner(engine: EngineInternals, server: Server, isOff: boolean): boolean {
	const {runners} = engine.reads;
	return isOff && runners.state === 'whole' && runners.items.every(runner => runner.name !== server.name);
}

function needsNoConsent(engine: EngineInternals, {server, reason}: Order): boolean {
	return reason.kind === 'off' && isKnownToHaveNoRunner(engine, server, true);
}

// What was decided because no runner was there, because it was offline, or because SSH did not answer, does not hold when that has changed since.
function newSetUp(engine: EngineInternals, {server, reason, at}: Order): string | undefined {
	const setUp = engine.setUps.get(server.name);
	return reason.kind === 'zombie' && (setUp?.step === 'setup' || setUp?.step === 'startup') && setUp.since >= at ? 'its set-up has begun' : undefined;
}

function contradiction(engine: EngineInternals, {reason}: Order, runner: Runner | undefined): string | undefined {
	return reason.kind === 'zombie' && runner?.isOnline === true && !engine.memory.idle.has(runner.name) ? 'its runner has come online' : undefined;
}

async function jobOf(engine: EngineInternals, {server}: Order, runner: Runner | undefined): Promise<string | undefined> {
	const read = await readEvidence(engine, server);
	if (read === undefined) {
		return undefined;
	}

	const job = jobsByRunner(read.items).get(server.name);
	if (job !== undefined) {
		return `${sayJob(job)} runs on it`;
	}

	// GitHub shows a job as queued for a while after a runner got it (actions/runner#4422): one that has only just come may be this one's.
	const now = engine.ports.clock.now();
	const isNew = (id: Job['id']) => ageSeconds(engine.memory.jobSeen.get(id) ?? now, now) < assignmentLagSeconds;
	const arrived = read.items.find(({id, status, labels}) => status === 'queued' && isNew(id) && runner?.isOnline === true && missingLabels(labels, runner.labels).length === 0);
	if (arrived !== undefined) {
		return `${sayJob(arrived)} has just been queued, and may be its own`;
	}

	return read.gaps.length > 0 && !isKnownWithGaps(engine, server) ? `could not read ${read.gaps[0]?.what ?? 'all jobs'}` : undefined;
}

// Whether the runner's own record has spoken against a job for long enough to do without all jobs (trust.ts).
function isKnownWithGaps(engine: EngineInternals, {name}: Server): boolean {
	const {memory, reads, ports} = engine;
	return reads.jobs.state !== 'whole' && isEnough(memory.idle.get(name) ?? memory.offline.get(name) ?? memory.missing.get(name), reads.jobs, ports.clock.now());
}

// One read serves all deletions of the same moment. Undefined: no jobs can be read, and have not been for so long that the runner's record decides.
async function readEvidence(engine: EngineInternals, server: Server): Promise<ListRead<Job> | undefined> {
	const now = engine.ports.clock.now();
	if (engine.lastLook === undefined || secondsBetween(engine.lastLook.at, now) > sharedReadSeconds) {
		engine.lastLook = {at: now, read: engine.ports.github.readJobs(engine.stopping, 'evidence')};
	}

	try {
		return await engine.lastLook.read;
	} catch (error) {
		if (engine.reads.jobs.state === 'failed' && isKnownWithGaps(engine, server)) {
			return undefined;
		}

		throw error;
	}
}

async function unregister(engine: EngineInternals, server: Server, runner: Runner, isOff: boolean): Promise<string | undefined> {
	const removed = await engine.ports.github.removeRunner(runner.id);
	if (typeof removed === 'string') {
		return undefined;
	}

	const now = engine.ports.clock.now();
	const refusal = engine.memory.refusals.get(server.id) ?? {since: now, answer: removed.busy};
	engine.memory = {...engine.memory, refusals: withEntry(engine.memory.refusals, server.id, refusal)};
	return isOff && ageSeconds(refusal.since, now) >= offRefusalSeconds ? undefined : `GitHub refuses to remove its runner: ${removed.busy}`;
}

async function unregisterWhateverItSays(engine: EngineInternals, name: string, tell: Order['tell']): Promise<void> {
	tell({state: 'unregistering'});
	try {
		const runner = await engine.ports.github.findRunner(name);
		if (runner !== undefined) {
			await engine.ports.github.removeRunner(runner.id);
		}
	} catch {
		// Its name was typed: it goes without GitHub's consent, and its record is swept up as a leftover later.
	}
}

function recordKept(engine: EngineInternals, {server, by}: Order, reason: string): void {
	if (by.kind === 'operator' || engine.keptFor.get(server.name) !== reason) {
		engine.note({
			code: 'serverKept', server: server.name, reason, by,
		});
	}

	engine.keptFor = withEntry(engine.keptFor, server.name, reason);
}

function recordDeletion(engine: EngineInternals, {server, reason, by}: Order): void {
	const now = engine.ports.clock.now();
	engine.deleted = withEntry(engine.deleted, server.id, now);
	const {servers} = engine.reads;
	engine.reads = {...engine.reads, servers: {...servers, items: servers.items.map(other => other.id === server.id ? {...other, status: 'deleting' as const} : other)}};
	const price = priceOf(engine.catalogue, server.serverType, server.location);
	engine.note({
		code: 'serverDeleted', server: server.name, reason: reason.words, by, ageSeconds: ageSeconds(server.created, now),
		...(price === undefined ? {cost: undefined} : costOf(costMicros(price, server.created, now), engine.catalogue?.currency ?? 'EUR')),
	});
}

/**
Removes a runner's record that no server stands behind. Never throws; a refusal is told once and believed for an hour.
*/
export async function removeLeftover(engine: EngineInternals, runner: Runner, reason: string): Promise<void> {
	try {
		const fresh = await engine.ports.github.findRunner(runner.name);
		if (fresh?.id !== runner.id || fresh.isOnline || fresh.isBusy) {
			return;
		}

		const removed = await engine.ports.github.removeRunner(runner.id);
		engine.note(typeof removed === 'string'
			? {code: 'runnerRemoved', runner: runner.name, reason}
			: {code: 'runnerKept', runner: runner.name, reason: removed.busy});
		if (typeof removed !== 'string') {
			keepRecord(engine, runner, removed.busy);
		}
	} catch (error) {
		const answer = error instanceof Error ? error.message : String(error);
		if (error instanceof PortError && error.kind === 'refused') {
			engine.note({code: 'runnerKept', runner: runner.name, reason: answer});
			keepRecord(engine, runner, answer);
		}
	}
}

function keepRecord(engine: EngineInternals, runner: Runner, answer: string): void {
	engine.memory = {...engine.memory, keptRecords: withEntry(engine.memory.keptRecords, runner.id, {answer, retryAt: later(engine.ports.clock.now(), refusedSeconds)})};
}

function costOf(micros: Micros, currency: string): {readonly cost: string; readonly costMicros: Micros; readonly currency: string} {
	return {cost: sayMoney(micros, currency), costMicros: micros, currency};
}
