import type {Actor} from '../model/event.ts';
import {formatJob, type Job} from '../model/job.ts';
import {missingLabels} from '../model/labels.ts';
import {runnersByServer, type Runner} from '../model/runner.ts';
import {serverOfRunner} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import {ageSeconds, secondsBetween, type Instant} from '../model/time.ts';
import type {DeleteReason} from './action.ts';
import type {Deletion} from './controller.ts';
import type {EngineInternals} from './engine-state.ts';
import {recordNames} from './mint.ts';
import type {ListRead} from './ports.ts';
import {offRefusalSeconds} from './scale-down/powered-off.ts';
import {jobsByServer} from './update-memory.ts';
import {assignmentLagSeconds, isEnough} from './trust.ts';

/**
A server that is to be deleted: who decided it, when, and why.
*/
export type DeletionRequest = {
	readonly server: Server;
	readonly reason: DeleteReason | {readonly kind: 'operator'; readonly words: string};
	readonly by: Actor;
	/**
	The operator typed the server's name: it goes even if its runner is busy.
	*/
	readonly isTyped: boolean;
	readonly report: (deletion: Deletion) => void;
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
What an operator ordered while the deletion was on its way: asked right before each call that changes something. An operator's own deletion stands.
*/
export function countermand(engine: EngineInternals, {server, by}: DeletionRequest): string | undefined {
	if (by.kind === 'operator') {
		return undefined;
	}

	const until = engine.memory.keptUntil.get(server.name);
	return engine.mode === 'frozen' ? 'frozen' : (until !== undefined && until > engine.ports.clock.now() ? 'kept by an operator' : undefined);
}

/**
The last check before the act, on both sides; undefined when nothing speaks for keeping it. Throws PortError when a side can't be asked.
*/
export async function reasonToKeep(engine: EngineInternals, request: DeletionRequest): Promise<string | undefined> {
	const {server, reason, isTyped, report} = request;
	const {cloud} = engine.ports;
	const fresh = await cloud.readServer(server.id);
	if (fresh === undefined) {
		return undefined; // Gone or no longer ours: the delete call, which asks again, finds nothing to do.
	}

	const isOff = fresh.status === 'off';
	if (reason.kind === 'off' && !isOff) {
		return 'it is no longer off';
	}

	if (isTyped) {
		await unregisterRegardless(engine, server, report);
		return undefined;
	}

	const records = isKnownToHaveNoRunner(engine, server, isOff) ? [] : await findRecords(engine, server);
	const runner = runnersByServer(records).get(server.name);
	if (!isOff) {
		const speaks = (runner?.isBusy === true ? 'its runner is busy' : undefined) ?? contradiction(engine, request, runner) ?? await jobOf(engine, request, runner);
		if (speaks !== undefined) {
			return speaks;
		}
	}

	const countermanded = countermand(engine, request);
	if (records.length === 0 || countermanded !== undefined) {
		return countermanded;
	}

	report({state: 'unregistering'});
	// Its runner first: while GitHub does not let go of that, nothing else is touched.
	for (const record of records.toSorted((a, b) => Number(b === runner) - Number(a === runner))) {
		const refused = await unregister(engine, server, record, isOff);
		if (refused !== undefined) {
			return refused;
		}
	}

	return undefined;
}

// Its runner, and what earlier registrations for it have left.
async function findRecords(engine: EngineInternals, server: Server): Promise<readonly Runner[]> {
	const found = await Promise.all(recordNames(engine, server).map(async name => engine.ports.github.findRunner(name)));
	return found.filter(record => record !== undefined);
}

// A server that is off and whose runner is in no whole list needs no further question: an ephemeral runner's record ends with its job.
function isKnownToHaveNoRunner(engine: EngineInternals, server: Server, isOff: boolean): boolean {
	const {runners} = engine.reads;
	return isOff && runners.state === 'whole' && runners.items.every(runner => serverOfRunner(runner.name) !== server.name);
}

/**
Whether GitHub need not be asked before that server goes.
*/
export function needsNoConsent(engine: EngineInternals, {server, reason}: DeletionRequest): boolean {
	return reason.kind === 'off' && isKnownToHaveNoRunner(engine, server, true);
}

/**
What was decided because no runner was there, because it was offline, or because SSH did not answer, does not hold when that has changed since.
*/
export function newSetUp(engine: EngineInternals, {server, reason, at}: DeletionRequest): string | undefined {
	const setUp = engine.setUps.get(server.name);
	return (reason.kind === 'zombie' || reason.kind === 'drain') && (setUp?.step === 'setup' || setUp?.step === 'startup') && setUp.since >= at ? 'its set-up has begun' : undefined;
}

function contradiction(engine: EngineInternals, {server, reason}: DeletionRequest, runner: Runner | undefined): string | undefined {
	return reason.kind === 'zombie' && runner?.isOnline === true && !engine.memory.idle.has(server.name) ? 'its runner has come online' : undefined;
}

async function jobOf(engine: EngineInternals, {server}: DeletionRequest, runner: Runner | undefined): Promise<string | undefined> {
	const read = await readEvidence(engine, server);
	if (read === undefined) {
		return undefined;
	}

	const job = jobsByServer(read.items).get(server.name);
	if (job !== undefined) {
		return `${formatJob(job)} runs on it`;
	}

	// GitHub shows a job as queued for a while after a runner got it (actions/runner#4422): one that has only just come may be this one's.
	const now = engine.ports.clock.now();
	const isNew = (id: Job['id']) => ageSeconds(engine.memory.jobSeen.get(id) ?? now, now) < assignmentLagSeconds;
	const arrived = read.items.find(({id, status, labels}) => status === 'queued' && isNew(id) && runner?.isOnline === true && missingLabels(labels, runner.labels).length === 0);
	if (arrived !== undefined) {
		return `${formatJob(arrived)} has just been queued, and may be its own`;
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
	if (engine.lastEvidence === undefined || secondsBetween(engine.lastEvidence.at, now) > sharedReadSeconds) {
		engine.shareEvidence(engine.ports.github.readJobs(engine.stopping, 'evidence'));
	}

	try {
		return await engine.lastEvidence?.read;
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
	const since = engine.recordRunnerRefusal(server.id, removed.busy);
	return isOff && ageSeconds(since, now) >= offRefusalSeconds ? undefined : `GitHub refuses to remove its runner: ${removed.busy}`;
}

async function unregisterRegardless(engine: EngineInternals, server: Server, report: DeletionRequest['report']): Promise<void> {
	report({state: 'unregistering'});
	try {
		for (const record of await findRecords(engine, server)) {
			await engine.ports.github.removeRunner(record.id);
		}
	} catch {
		// Its name was typed: it goes without GitHub's consent, and its record is swept up as a leftover later.
	}
}
