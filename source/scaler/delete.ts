import {priceOf} from '../model/catalogue.ts';
import type {Actor} from '../model/event.ts';
import {costMicros, formatMoney, type Micros} from '../model/money.ts';
import type {Server} from '../model/server.ts';
import {
	ageSeconds, later, formatDuration, secondsBetween,
} from '../model/time.ts';
import type {DeleteReason} from './action.ts';
import type {Deletion} from './controller.ts';
import {recordDeleteEnd, recordDeleteFailure} from './delete-troubles.ts';
import {
	countermand, needsNoConsent, newSetUp, reasonToKeep, type DeletionRequest,
} from './deletion-evidence.ts';
import type {EngineInternals} from './engine-state.ts';
import {blockedUntil} from './polling-interval.ts';
import {PortError} from './ports.ts';

/**
How long a server with delete protection is left before it is asked for again, seconds.
*/
const protectedSeconds = 3600;

const byEngine: Actor = {kind: 'engine'};

/**
Deletes a server that planning has decided on. Never throws.
*/
export async function deletePlanned(engine: EngineInternals, server: Server, reason: DeleteReason): Promise<Deletion> {
	return deleteServer(engine, {
		server, reason, by: byEngine, isTyped: false, at: engine.ports.clock.now(), report() {/* The verdict shows it. */},
	});
}

/**
Checks a server again, unregisters its runner, deletes it. Whatever says that it may have a job keeps it: GitHub's busy flag, a running
job that names it, GitHub's refusal (422) to remove the runner, or no answer at all. Never throws; answers how it ended.
*/
export async function deleteServer(engine: EngineInternals, request: DeletionRequest): Promise<Deletion> {
	const {server} = request;
	if (engine.deletions.has(server.id)) {
		return {state: 'kept', reason: 'its deletion is under way already'};
	}

	engine.startDeletion(server.id);
	try {
		request.report({state: 'checking'});
		// What needs GitHub's consent takes its turn before it looks for evidence, not after: GitHub is told to let go one runner a second.
		const end = needsNoConsent(engine, request) ? await check(engine, request) : await engine.unregistering.add(async () => check(engine, request));
		recordDeleteEnd(engine, server.name);
		if (end.state === 'kept') {
			recordKept(engine, request, end.reason);
			if (request.reason.kind !== 'off') {
				postpone(engine, request);
			}
		}

		return end;
	} catch (error) {
		const answer = recordDeleteFailure(engine, server.name, error);
		postpone(engine, request);
		return {state: 'kept', reason: answer};
	} finally {
		engine.endDeletion(server.id);
	}
}

function postpone(engine: EngineInternals, {server, by}: DeletionRequest): void {
	if (by.kind === 'engine') {
		engine.postponeDeletion(server.id);
	}
}

// Asking one API for a server whose other cannot be asked would use up both. Throws PortError while one of them takes no requests.
function askOnlyWhenAllowed(engine: EngineInternals, request: DeletionRequest): void {
	const {clock, github, cloud} = engine.ports;
	const now = clock.now();
	const isGithubAsked = !request.isTyped && !needsNoConsent(engine, request);
	const budgets = [{api: 'Hetzner', budget: cloud.budget()}, ...isGithubAsked ? [{api: 'GitHub', budget: github.budget()}] : []];
	for (const {api, budget} of budgets) {
		const until = blockedUntil(budget, now);
		if (until !== undefined) {
			const what = (budget?.remaining ?? 0) > 0 ? 'secondary limit, on requests a minute, is reached' : 'request limit is used up';
			throw new PortError(`${api}'s ${what}: no requests for ${formatDuration(Math.ceil(secondsBetween(now, until)))}`, {kind: 'limited', retryAt: until});
		}
	}
}

async function check(engine: EngineInternals, request: DeletionRequest): Promise<Deletion> {
	const {server} = request;
	askOnlyWhenAllowed(engine, request);
	const kept = await reasonToKeep(engine, request) ?? countermand(engine, request) ?? newSetUp(engine, request);
	if (kept !== undefined) {
		return {state: 'kept', reason: kept};
	}

	request.report({state: 'deleting'});
	const answer = await engine.ports.cloud.deleteServer(server.id);
	if (typeof answer === 'string') {
		recordDeletion(engine, request);
		return {state: 'deleted'};
	}

	const retryAt = later(engine.ports.clock.now(), protectedSeconds);
	engine.recordProtection(server.id, {answer: answer.protected, retryAt});
	return {state: 'kept', reason: `${answer.protected}; switch its delete protection off in Hetzner's console`};
}

function recordKept(engine: EngineInternals, {server, by}: DeletionRequest, reason: string): void {
	if (by.kind === 'operator' || engine.keptFor.get(server.name) !== reason) {
		engine.record({
			code: 'serverKept', server: server.name, reason, by,
		});
	}

	engine.recordKeptFor(server.name, reason);
}

function recordDeletion(engine: EngineInternals, {server, reason, by}: DeletionRequest): void {
	const now = engine.ports.clock.now();
	engine.recordDeletion(server.id);
	const price = priceOf(engine.catalogue, server.serverType, server.location);
	engine.record({
		code: 'serverDeleted', server: server.name, reason: reason.words, by, ageSeconds: ageSeconds(server.created, now),
		...(price === undefined ? {cost: undefined} : costOf(costMicros(price, server.created, now), engine.catalogue?.currency ?? 'EUR')),
	});
}

function costOf(micros: Micros, currency: string): {readonly cost: string; readonly costMicros: Micros; readonly currency: string} {
	return {cost: formatMoney(micros, currency), costMicros: micros, currency};
}
