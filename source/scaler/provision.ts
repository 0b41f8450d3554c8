import {runnersByServer} from '../model/runner.ts';
import {serverOfRunner, type ServerName} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import {
	ageSeconds, instant, formatDuration, type Instant,
} from '../model/time.ts';
import type {EngineInternals} from './engine-state.ts';
import {PortError, type SetUpNews, type SetUpScripts} from './ports.ts';
import {scriptTexts, scriptVariables} from './script-variables.ts';
import {
	fail, hear, lost, type Visit,
} from './set-up-news.ts';

/**
Between two tries to reach a server over SSH, seconds; up to a fifth of it is added so that a burst spreads.
*/
const retrySeconds = 1;
const retrySpread = 0.2;

/**
How often one server is handed scripts and secrets: the connection may break off between the handing over and the start.
*/
const mostHandedOver = 3;

/**
Takes a server through SSH, setup and startup: starts its scripts unless they have been started, follows them to their end, and says how it went
in the engine's `setUps`. Goes on until the scripts have ended, the server is gone or the engine stops. Never throws.
*/
export async function followSetUp(engine: EngineInternals, server: Server, since: Instant): Promise<void> {
	if (engine.following.has(server.name) || isSetUpByOthers(engine, server)) {
		return;
	}

	const leave = new AbortController();
	const signal = AbortSignal.any([engine.stopping, leave.signal]);
	engine.startFollowing(server.name, leave);
	// An earlier run has reached it: whatever it answers now, its scripts have their time from then on.
	const sshAt = reachedAt(engine, server);
	engine.recordSetUp(server.name, sshAt === undefined ? {step: 'waitingForSsh', since, lastAnswer: undefined} : {step: 'setup', sshAt, since: sshAt});
	const visit: Visit = {
		engine, server, since, sshAt, hasAnswered: false, isEnded: false, step: undefined, stepAt: since, lastLines: [], secrets: [], handedOver: 0, configuredAt: undefined, otherKeySince: undefined,
	};
	try {
		while (!visit.isEnded && !signal.aborted) {
			await connect(visit, signal);
			if (!visit.isEnded) {
				await engine.ports.clock.sleep(retrySeconds * (1 + (retrySpread * engine.ports.chance())), signal);
			}
		}
	} catch (error) {
		if (!signal.aborted) {
			const reason = error instanceof Error ? error.message : String(error);
			fail(visit, reason);
		}
	} finally {
		engine.endFollowing(server.name);
	}
}

// A clock that was put right in between shortens no limit: nothing is reached before it is made.
function reachedAt({memory}: EngineInternals, server: Server): Instant | undefined {
	const at = memory.reached.get(server.id);
	return at === undefined ? undefined : instant(Math.max(at, server.created));
}

/**
Ends what follows a server that is gone.
*/
export function leaveServer(engine: EngineInternals, name: ServerName): void {
	engine.following.get(name)?.abort(new Error('the server is gone'));
	engine.forgetSetUp(name);
}

/** Ends what follows a server's set-up, which has failed for that reason. */
export function giveUpSetUp(engine: EngineInternals, name: ServerName, reason: string): void {
	engine.following.get(name)?.abort(new Error(reason));
	engine.record({code: 'setUpFailed', server: name, reason});
	engine.recordSetUp(name, {
		step: 'failed', at: engine.ports.clock.now(), reason, lastLines: [],
	});
	engine.replan();
}

// Engines of one repository with other settings leave each other's servers alone.
function isSetUpByOthers({policy}: EngineInternals, {engineSet}: Server): boolean {
	return engineSet !== undefined && engineSet !== policy.engineSet;
}

/**
Why a server gets no scripts and no secret although it says that its scripts were never started: that is believed only of one that can be nothing but new.
*/
function whyNotNew({engine, server, handedOver, step}: Visit): string | undefined {
	const {reads, memory, policy, ports} = engine;
	// A record that only waits for its program is no proof: this engine, or one before it, had it made for this server.
	const isKnown = memory.registered.has(server.name) || memory.worked.has(server.name)
		|| runnersByServer(reads.runners.items).has(server.name) || reads.jobs.items.some(job => job.runnerName !== undefined && serverOfRunner(job.runnerName) === server.name);
	if (isKnown) {
		return 'it has had a runner, so it is not new and gets no registration';
	}

	const age = ageSeconds(server.created, ports.clock.now());
	if (age > policy.maxServerReadySeconds + policy.maxSetupSeconds) {
		return `it was made ${formatDuration(age)} ago and says that it was never set up: it is not new and gets no registration`;
	}

	return step !== undefined || handedOver >= mostHandedOver ? 'it says again that it was never set up: it gets no registration any more' : undefined;
}

// What a new server is started with. Throws PortError when GitHub gives no registration.
async function begin(visit: Visit, server: Server): Promise<SetUpScripts | {readonly refused: string}> {
	const refused = whyNotNew(visit);
	if (refused !== undefined) {
		return {refused};
	}

	const {engine} = visit;
	const texts = scriptTexts(engine, server);
	if ('refused' in texts) {
		return texts;
	}

	const given = await scriptVariables(engine, server, texts.startupScript);
	if ('refused' in given) {
		fail(visit, given.refused); // No other try would fare better.
		return given;
	}

	visit.handedOver++;
	visit.configuredAt = given.variables.GITHUB_RUNNER_JIT_CONFIG === undefined ? undefined : engine.ports.clock.now();
	visit.secrets = [...new Set([...visit.secrets, given.secret])];
	return {...texts, variables: given.variables};
}

// One SSH session. Opening it takes a turn at the doorway, so that a burst opens only so many at once; following it does not.
async function connect(visit: Visit, signal: AbortSignal): Promise<void> {
	const {engine} = visit;
	const server = engine.reads.servers.items.find(other => other.id === visit.server.id) ?? visit.server;
	if (server.ip === undefined) {
		return;
	}

	const request = {
		server, ip: server.ip, maxSetupSeconds: engine.policy.maxSetupSeconds, start: async () => begin(visit, server),
	};
	const opened = Promise.withResolvers<void>();
	const session = Promise.withResolvers<void>();
	const turn = engine.sshConnections.add(async () => {
		void listen(visit, engine.ports.shell.setUp(request, signal), opened.resolve).then(session.resolve, session.reject);
		await Promise.race([opened.promise, session.promise]);
	}, {signal});
	try {
		await Promise.all([turn, session.promise]);
	} catch (error) {
		if (!(error instanceof PortError)) {
			throw error;
		}

		if (error.kind === 'unreachable' || error.kind === 'limited') {
			visit.since = engine.ports.clock.now(); // GitHub's trouble of the moment does not count against the server; a refusal does, it may last for good.
		}

		lost(visit, error.message);
	}
}

async function listen(visit: Visit, news: AsyncIterable<SetUpNews>, opened: () => void): Promise<void> {
	for await (const item of news) {
		opened();
		hear(visit, item);
	}
}
