import {priceOf} from '../model/catalogue.ts';
import type {Actor} from '../model/event.ts';
import {sayJob, type Job} from '../model/job.ts';
import {missingLabels} from '../model/labels.ts';
import {costMicros, sayMoney, type Micros} from '../model/money.ts';
import type {Runner} from '../model/runner.ts';
import type {Server} from '../model/server.ts';
import {ageSeconds, secondsBetween} from '../model/time.ts';
import type {Deletion} from './controller.ts';
import type {Live} from './live.ts';
import {withEntry} from './memory.ts';
import type {DeleteReason} from './plan.ts';
import type {ListRead} from './ports.ts';
import {offRefusalSeconds} from './scale-down/powered-off.ts';
import {jobsByRunner} from './sightings.ts';

type Order = {
	readonly server: Server;
	readonly reason: DeleteReason | {readonly kind: 'operator'; readonly words: string};
	readonly by: Actor;
	/**
	The operator typed the server's name: it goes even if its runner is busy.
	*/
	readonly isTyped: boolean;
	readonly tell: (deletion: Deletion) => void;
};

/**
How old a look at the jobs may be to serve one more deletion, seconds.
*/
const sharedLookSeconds = 2;

const engine: Actor = {kind: 'engine'};

/**
Deletes a server that planning has doomed. Never throws.
*/
export async function deleteDoomed(live: Live, server: Server, reason: DeleteReason): Promise<Deletion> {
	return deleteServer(live, {
		server, reason, by: engine, isTyped: false, tell() {/* The verdict shows it. */},
	});
}

/**
Looks at a server again, unregisters its runner, deletes it. Whatever says that it may have a job keeps it: GitHub's busy flag, a running
job that names it, GitHub's refusal (422) to remove the runner, or no answer at all. Never throws; answers how it ended.
*/
export async function deleteServer(live: Live, order: Order): Promise<Deletion> {
	const {server, by} = order;
	if (live.deletions.has(server.id)) {
		return {state: 'kept', reason: 'its deletion is under way already'};
	}

	live.deletions = new Set([...live.deletions, server.id]);
	live.changed();
	try {
		const kept = await reasonToKeep(live, order);
		if (kept !== undefined) {
			tellKept(live, order, kept);
			return {state: 'kept', reason: kept};
		}

		order.tell({state: 'deleting'});
		const answer = await live.ports.hetzner.deleteServer(server.id);
		if (typeof answer !== 'string') {
			tellKept(live, order, answer.protected);
			return {state: 'kept', reason: answer.protected};
		}

		farewell(live, order);
		return {state: 'deleted'};
	} catch (error) {
		const answer = error instanceof Error ? error.message : String(error);
		live.note({code: 'deleteFailed', server: server.name, answer});
		return {state: 'kept', reason: answer};
	} finally {
		live.deletions = new Set([...live.deletions].filter(id => id !== server.id));
		live.changed();
	}
}

// The last look before the act, on both sides; undefined when nothing speaks for keeping it. Throws PortError when a side can't be asked.
async function reasonToKeep(live: Live, {server, reason, isTyped, tell}: Order): Promise<string | undefined> {
	const {hetzner, github} = live.ports;
	tell({state: 'checking'});
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
		const busy = runner?.isBusy === true ? 'its runner is busy' : (await jobOf(live, server, runner));
		if (busy !== undefined) {
			return busy;
		}
	}

	if (runner === undefined) {
		return undefined;
	}

	tell({state: 'unregistering'});
	return unregister(live, server, runner, isOff);
}

// A server that is off and whose runner is in no whole list needs no further question: an ephemeral runner's record ends with its job.
function isKnownToHaveNoRunner(live: Live, server: Server, isOff: boolean): boolean {
	const {runners} = live.reads;
	return isOff && runners.state === 'whole' && runners.items.every(runner => runner.name !== server.name);
}

async function jobOf(live: Live, server: Server, runner: Runner | undefined): Promise<string | undefined> {
	const known = new Set(live.reads.jobs.items.map(({id}) => id));
	const {items: jobs, gaps} = await lookAtJobs(live);
	const job = jobsByRunner(jobs).get(server.name);
	if (job !== undefined) {
		return `${sayJob(job)} runs on it`;
	}

	// GitHub shows a job as queued for a while after a runner got it (actions/runner #4422): what the decision did not know of may be this one's.
	const arrived = jobs.find(({id, status, labels}) => status === 'queued' && !known.has(id) && runner?.isOnline === true && missingLabels(labels, runner.labels).length === 0);
	if (arrived !== undefined) {
		return `${sayJob(arrived)} has just been queued, and may be its own`;
	}

	return gaps.length > 0 ? `could not read ${gaps[0]?.what ?? 'all jobs'}` : undefined;
}

// One look serves all deletions of the same moment.
async function lookAtJobs(live: Live): Promise<ListRead<Job>> {
	const now = live.ports.clock.now();
	if (live.lastLook === undefined || secondsBetween(live.lastLook.at, now) > sharedLookSeconds) {
		live.lastLook = {at: now, read: live.ports.github.readJobs(live.stopping)};
	}

	return live.lastLook.read;
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

function tellKept(live: Live, {server, by}: Order, reason: string): void {
	if (by.kind === 'operator' || live.keptFor.get(server.name) !== reason) {
		live.note({
			code: 'serverKept', server: server.name, reason, by,
		});
	}

	live.keptFor = withEntry(live.keptFor, server.name, reason);
}

function farewell(live: Live, {server, reason, by}: Order): void {
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
Removes a runner's record that no server stands behind. Never throws.
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
	} catch (error) {
		live.note({code: 'runnerKept', runner: runner.name, reason: error instanceof Error ? error.message : String(error)});
	}
}

function costOf(micros: Micros, currency: string): {readonly cost: string; readonly costMicros: Micros; readonly currency: string} {
	return {cost: sayMoney(micros, currency), costMicros: micros, currency};
}
