import {priceOf} from '../model/catalogue.ts';
import type {Job} from '../model/job.ts';
import {missingLabels} from '../model/labels.ts';
import type {Dearer, Placement} from '../model/placement.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import {secondsBetween} from '../model/time.ts';
import type {EngineInternals} from './engine-state.ts';
import type {CreateRefusal} from './ports.ts';
import {followSetUp, giveUpSetUp} from './provision.ts';
import {backoffOf} from './backoff.ts';
import {runnerNeeds} from './register.ts';
import {scriptTexts} from './script-variables.ts';

type CreateRequest = {readonly name: ServerName; readonly job: Job; readonly labels: readonly string[]; readonly placement: Placement; readonly dearer?: Dearer | undefined};

/**
How long the engine checks for a server whose create call lost its answer: waits between the checks, seconds.
*/
const lookUpPauses = [2, 5, 10, 15];

/**
Creates one server, unless its job no longer waits; then follows its set-up. Never throws: what went wrong is told and planned around.
*/
export async function createServer(engine: EngineInternals, request: CreateRequest): Promise<void> {
	const {
		name, job, labels, placement, dearer,
	} = request;
	const {clock} = engine.ports;
	engine.startCreation({
		name, jobId: job.id, runId: job.runId, labels, placement, dearer, since: clock.now(),
	});
	if (engine.timelines.get(name)?.serverId !== undefined) {
		engine.beginTimeline(name);
	}

	engine.recordMoments(name, {jobQueuedAt: job.createdAt, jobSeenAt: clock.now(), waitedForLimit: engine.waitedForLimit.get(job.id)});
	try {
		const server = await ask(engine, request);
		if (server !== undefined) {
			recordCreated(engine, server, request);
		}
	} catch (error) {
		skip(engine, request, error instanceof Error ? error.message : String(error));
	} finally {
		engine.endCreation(name);
		engine.replan();
	}
}

async function ask(engine: EngineInternals, request: CreateRequest): Promise<Server | undefined> {
	const {name, job, labels, placement} = request;
	const {github, cloud, shell} = engine.ports;
	const fresh = await github.readJob(job.id);
	if (fresh?.status !== 'queued') {
		engine.replaceJob(job.id, fresh);
		skip(engine, request, fresh === undefined ? 'its job is gone' : 'its job no longer waits');
		return undefined;
	}

	if (missingLabels(fresh.labels, labels).length > 0) {
		skip(engine, request, 'its job asks for other labels now');
		return undefined;
	}

	const texts = scriptTexts(engine, {runnerLabels: labels, architecture: placement.architecture});
	if ('refused' in texts) {
		skip(engine, request, texts.refused);
		return undefined;
	}

	await runnerNeeds(engine, placement.architecture, texts.startupScript); // Without them the server would be paid for nothing.
	if (engine.stopping.aborted || engine.mode !== 'scaling' || engine.ownFault !== undefined) {
		engine.record({code: 'createSkipped', server: name, reason: engine.stopping.aborted ? 'stopping' : engine.ownFault?.reason ?? engine.mode});
		return undefined;
	}

	const hostKey = await shell.prepareHostKey(name);
	const answer = await cloud.createServer({
		name, placement, job, runnerLabels: labels, engineSet: engine.policy.engineSet, userData: hostKey?.userData,
	});
	switch (answer.outcome) {
		case 'created': {
			return answer.server;
		}

		case 'refused': {
			await takeRefusal(engine, request, answer.refusal);
			return undefined;
		}

		case 'unknown': {
			engine.record({code: 'createUnknown', server: name, answer: answer.answer});
			const found = await lookUp(engine, name);
			if (found === undefined) {
				fail(engine, request, 'the lost create call came to nothing');
			}

			return found;
		}
	}
}

async function takeRefusal(engine: EngineInternals, request: CreateRequest, refusal: CreateRefusal): Promise<void> {
	const {name, placement} = request;
	const {clock, cloud} = engine.ports;
	const now = clock.now();
	switch (refusal.code) {
		case 'nameTaken': {
			const holder = await cloud.findServer(name);
			if (holder !== undefined && holder !== 'foreign') {
				engine.addServer(holder); // Another engine was quicker.
				skip(engine, request, 'another engine has created it');
				return;
			}

			engine.recordForeignName(name);
			fail(engine, request, holder === 'foreign' ? 'a server that is not ours has its name' : `Hetzner says its name is taken, and lists no such server: ${refusal.answer}`);
			return;
		}

		case 'accountLimit': {
			engine.recordAccountLimit(refusal.answer);
			const until = engine.memory.accountLimit?.retryAt ?? now;
			engine.record({
				code: 'createRefused', server: name, placement, answer: refusal.answer, retrySeconds: secondsBetween(now, until),
			});
			return;
		}

		case 'rateLimited': {
			engine.record({
				code: 'createRefused', server: name, placement, answer: refusal.answer, retrySeconds: refusal.retryAt === undefined ? 0 : secondsBetween(now, refusal.retryAt),
			});
			return;
		}

		case 'invalid': {
			fail(engine, request, refusal.answer); // This job's own labels asked for it: nobody else waits for that.
			return;
		}

		case 'noCapacity':
		case 'typeLimit': {
			engine.recordNoRoom(placement, refusal.answer, refusal.code === 'typeLimit' ? 'type' : 'pair');
			const until = backoffOf(engine.memory, placement, now)?.retryAt ?? now;
			engine.record({
				code: 'createRefused', server: name, placement, answer: refusal.answer, retrySeconds: secondsBetween(now, until),
			});
		}
	}
}

async function lookUp(engine: EngineInternals, name: ServerName): Promise<Server | undefined> {
	for (const pause of lookUpPauses) {
		try {
			await engine.ports.clock.sleep(pause, engine.stopping);
			const found = await engine.ports.cloud.findServer(name);
			if (found !== undefined && found !== 'foreign') {
				return found;
			}
		} catch (error) {
			if (engine.stopping.aborted) {
				throw error;
			}
		}
	}

	return undefined;
}

// Waits for another read than the one this was planned on: asking again at once would ask the same.
function skip(engine: EngineInternals, {name, job}: CreateRequest, reason: string): undefined {
	engine.waitForPoll(job.id, reason);
	engine.record({code: 'createSkipped', server: name, reason});
	return undefined;
}

// The same for what would be refused again: the job waits longer each time, and nobody else with it.
function fail(engine: EngineInternals, request: CreateRequest, reason: string): undefined {
	skip(engine, request, reason);
	engine.recordRefusal(request.job.id, reason);
	return undefined;
}

function recordCreated(engine: EngineInternals, server: Server, {job, placement}: CreateRequest): void {
	const now = engine.ports.clock.now();
	engine.recordCreation(server, placement);
	engine.claimTimeline(server.name, server.id);
	engine.recordMoments(server.name, {createdAt: now});
	const price = priceOf(engine.catalogue, server.serverType, server.location);
	engine.record({
		code: 'serverCreated', server: server.name, placement: {...placement, location: server.location}, job,
		...price !== undefined && {hourlyMicros: price.hourlyMicros, currency: engine.catalogue?.currency ?? 'EUR'},
	});
	void followSetUp(engine, server, now);
	void watchCreation(engine, server);
}

// Hetzner answers a create call before the server is made: when that comes to nothing, nobody waits for its SSH.
async function watchCreation(engine: EngineInternals, server: Server): Promise<void> {
	const end = await engine.ports.cloud.awaitCreation(server.id, engine.stopping);
	if (end.outcome === 'failed' && engine.reads.servers.items.some(other => other.id === server.id)) {
		giveUpSetUp(engine, server.name, `Hetzner could not make it: ${end.answer}`);
	}
}
