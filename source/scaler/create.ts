import type {Job} from '../model/job.ts';
import {missingLabels} from '../model/labels.ts';
import type {Dearer, Placement} from '../model/placement.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import {secondsBetween} from '../model/time.ts';
import {
	beginTimeline, claimTimeline, stamp, type Live,
} from './live.ts';
import type {CreateRefusal} from './ports.ts';
import {followSetUp, giveUpSetUp} from './provision.ts';
import {
	coolDown,
	coolingOf,
	holdAccount,
	warmUp,
} from './scale-up/cooling.ts';
import {recordRefusal} from './failures.ts';
import {runnerNeeds} from './script-variables.ts';
import {withEntry, withoutEntry} from './memory.ts';

type Order = {readonly name: ServerName; readonly job: Job; readonly labels: readonly string[]; readonly placement: Placement; readonly dearer?: Dearer | undefined};

/**
How long the engine looks for a server whose create call lost its answer: waits between the looks, seconds.
*/
const lookUpPauses = [2, 5, 10, 15];

/**
Creates one server, unless its job no longer waits; then follows its set-up. Never throws: what went wrong is told and planned around.
*/
export async function createServer(live: Live, order: Order): Promise<void> {
	const {
		name, job, labels, placement, dearer,
	} = order;
	const {clock} = live.ports;
	live.creations = withEntry(live.creations, name, {
		name, jobId: job.id, runId: job.runId, labels, placement, dearer, since: clock.now(),
	});
	if (live.timelines.get(name)?.serverId !== undefined) {
		beginTimeline(live, name);
	}

	stamp(live, name, {jobQueuedAt: job.createdAt, jobSeenAt: clock.now()});
	try {
		const server = await ask(live, order);
		if (server !== undefined) {
			welcome(live, server, order);
		}
	} catch (error) {
		skip(live, order, error instanceof Error ? error.message : String(error));
	} finally {
		live.creations = withoutEntry(live.creations, name);
		live.replan();
	}
}

async function ask(live: Live, order: Order): Promise<Server | undefined> {
	const {name, job, labels, placement} = order;
	const {github, hetzner, shell} = live.ports;
	const fresh = await github.readJob(job.id);
	if (fresh?.status !== 'queued') {
		forgetJob(live, job, fresh);
		skip(live, order, fresh === undefined ? 'its job is gone' : 'its job no longer waits');
		return undefined;
	}

	if (missingLabels(fresh.labels, labels).length > 0) {
		skip(live, order, 'its job asks for other labels now');
		return undefined;
	}

	await runnerNeeds(live, placement.architecture); // Without them the server would be paid for nothing.
	if (live.stopping.aborted || live.mode !== 'scaling' || live.ownFault !== undefined) {
		live.note({code: 'createSkipped', server: name, reason: live.stopping.aborted ? 'stopping' : live.ownFault?.reason ?? live.mode});
		return undefined;
	}

	const hostKey = await shell.prepareHostKey(name);
	const answer = await hetzner.createServer({
		name, placement, job, runnerLabels: labels, engineSet: live.policy.engineSet, userData: hostKey?.userData,
	});
	switch (answer.outcome) {
		case 'created': {
			return answer.server;
		}

		case 'refused': {
			await takeRefusal(live, order, answer.refusal);
			return undefined;
		}

		case 'unknown': {
			live.note({code: 'createUnknown', server: name, answer: answer.answer});
			const found = await lookUp(live, name);
			if (found === undefined) {
				fail(live, order, 'the lost create call came to nothing');
			}

			return found;
		}
	}
}

// What the plan still believes of a job is mended at once, so that planning again does not ask for it again.
function forgetJob(live: Live, job: Job, fresh: Job | undefined): void {
	const {jobs} = live.reads;
	live.reads = {...live.reads, jobs: {...jobs, items: jobs.items.flatMap(other => other.id === job.id ? (fresh === undefined || fresh.status === 'completed' ? [] : [fresh]) : [other])}};
}

async function takeRefusal(live: Live, order: Order, refusal: CreateRefusal): Promise<void> {
	const {name, placement} = order;
	const {chance, clock, hetzner} = live.ports;
	const now = clock.now();
	switch (refusal.code) {
		case 'nameTaken': {
			const holder = await hetzner.findServer(name);
			if (holder !== undefined && holder !== 'foreign') {
				addServer(live, holder); // Another engine was quicker.
				skip(live, order, 'another engine has created it');
				return;
			}

			live.memory = {...live.memory, foreignNames: new Set([...live.memory.foreignNames, name])};
			fail(live, order, holder === 'foreign' ? 'a server that is not ours has its name' : `Hetzner says its name is taken, and lists no such server: ${refusal.answer}`);
			return;
		}

		case 'accountLimit': {
			live.memory = holdAccount(live.memory, refusal.answer, now);
			const until = live.memory.accountLimit?.retryAt ?? now;
			live.note({
				code: 'createRefused', server: name, placement, answer: refusal.answer, retrySeconds: secondsBetween(now, until),
			});
			return;
		}

		case 'rateLimited': {
			live.note({
				code: 'createRefused', server: name, placement, answer: refusal.answer, retrySeconds: refusal.retryAt === undefined ? 0 : secondsBetween(now, refusal.retryAt),
			});
			return;
		}

		case 'invalid': {
			fail(live, order, refusal.answer); // This job's own labels asked for it: nobody else waits for that.
			return;
		}

		case 'noCapacity':
		case 'typeLimit': {
			live.memory = coolDown(live.memory, placement, refusal.answer, chance(), now, refusal.code === 'typeLimit' ? 'type' : 'pair');
			const until = coolingOf(live.memory, placement, now)?.retryAt ?? now;
			live.note({
				code: 'createRefused', server: name, placement, answer: refusal.answer, retrySeconds: secondsBetween(now, until),
			});
		}
	}
}

async function lookUp(live: Live, name: ServerName): Promise<Server | undefined> {
	for (const pause of lookUpPauses) {
		try {
			await live.ports.clock.sleep(pause, live.stopping);
			const found = await live.ports.hetzner.findServer(name);
			if (found !== undefined && found !== 'foreign') {
				return found;
			}
		} catch (error) {
			if (live.stopping.aborted) {
				throw error;
			}
		}
	}

	return undefined;
}

// Waits for another read than the one this was planned on: asking again at once would ask the same.
function skip(live: Live, {name, job}: Order, reason: string): undefined {
	live.memory = {...live.memory, untilPoll: withEntry(live.memory.untilPoll, job.id, {readAt: live.reads.jobs.at, reason})};
	live.note({code: 'createSkipped', server: name, reason});
	return undefined;
}

// The same for what would be refused again: the job waits longer each time, and nobody else with it.
function fail(live: Live, order: Order, reason: string): undefined {
	skip(live, order, reason);
	live.memory = recordRefusal(live.memory, order.job.id, reason, live.ports.clock.now());
	return undefined;
}

function welcome(live: Live, server: Server, {job, placement}: Order): void {
	const now = live.ports.clock.now();
	live.memory = warmUp(live.memory, placement);
	live.created = withEntry(live.created, server.id, now);
	live.memory = {...live.memory, firstSeen: withEntry(live.memory.firstSeen, server.id, now)};
	addServer(live, server);
	claimTimeline(live, server.name, server.id);
	stamp(live, server.name, {createdAt: now});
	live.note({
		code: 'serverCreated', server: server.name, placement: {...placement, location: server.location}, job,
	});
	void followSetUp(live, server, now);
	void watchCreation(live, server);
}

// Hetzner answers a create call before the server is made: when that comes to nothing, nobody waits for its SSH.
async function watchCreation(live: Live, server: Server): Promise<void> {
	const end = await live.ports.hetzner.awaitCreation(server.id, live.stopping);
	if (end.outcome === 'failed' && live.reads.servers.items.some(other => other.id === server.id)) {
		giveUpSetUp(live, server.name, `Hetzner could not make it: ${end.answer}`);
	}
}

function addServer(live: Live, server: Server): void {
	const {servers} = live.reads;
	live.reads = {...live.reads, servers: {...servers, items: [...servers.items.filter(other => other.id !== server.id), server]}};
	live.changed();
}
