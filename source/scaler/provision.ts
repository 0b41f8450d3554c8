import {cleanText} from '../model/clean-text.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import type {SetUp} from '../model/snapshot.ts';
import {
	ageSeconds, instant, later, sayDuration, secondsBetween, type Instant,
} from '../model/time.ts';
import {outputLimit, stamp, type EngineInternals} from './engine-state.ts';
import {withEntry, withoutEntry} from './memory.ts';
import {PortError, type SetUpNews, type SetUpScripts} from './ports.ts';
import {scriptTexts, scriptVariables} from './script-variables.ts';

/**
Between two tries to reach a server over SSH, seconds; a little chance is added so that a burst spreads.
*/
const retrySeconds = 2;

/**
How long a server may show another host key than the one made for it, seconds: on some images sshd is up before cloud-init has put the key in place.
*/
const hostKeySeconds = 30;

/**
How often one server is handed scripts and secrets: the connection may break off between the handing over and the start.
*/
const mostHandedOver = 3;

const secretNames = ['GITHUB_RUNNER_TOKEN'];

/**
What a registration token looks like: the scripts may have been started with another one, by an earlier run or another engine.
*/
const tokenShape = /\bA[0-9A-Z]{28}\b/gv;

/**
Takes a server through SSH, setup and startup: starts its scripts unless they have been started, follows them to their end, and says how it went
in `engine.setUps`. Goes on until the scripts have ended, the server is gone or the engine stops. Never throws.
*/
export async function followSetUp(engine: EngineInternals, server: Server, since: Instant): Promise<void> {
	if (engine.following.has(server.name) || isSetUpByOthers(engine, server)) {
		return;
	}

	const leave = new AbortController();
	const signal = AbortSignal.any([engine.stopping, leave.signal]);
	engine.following.set(server.name, leave);
	// An earlier run has reached it: whatever it answers now, its scripts have their time from then on.
	const sshAt = reachedAt(engine, server);
	setStep(engine, server.name, sshAt === undefined ? {step: 'waitingForSsh', since, lastAnswer: undefined} : {step: 'setup', sshAt, since: sshAt});
	const visit: Visit = {
		engine, server, since, sshAt, hasAnswered: false, isEnded: false, step: undefined, stepAt: since, lastLines: [], secrets: [], handedOver: 0, otherKeySince: undefined,
	};
	try {
		while (!visit.isEnded && !signal.aborted) {
			await connect(visit, signal);
			if (!visit.isEnded) {
				await engine.ports.clock.sleep(retrySeconds * (1 + engine.ports.chance()), signal);
			}
		}
	} catch (error) {
		if (!signal.aborted) {
			const reason = error instanceof Error ? error.message : String(error);
			fail(visit, reason);
		}
	} finally {
		engine.following.delete(server.name);
		engine.changed();
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
	engine.setUps = withoutEntry(engine.setUps, name);
	engine.keptFor = withoutEntry(engine.keptFor, name);
}

/** Ends what follows a server's set-up, which has failed for that reason. */
export function giveUpSetUp(engine: EngineInternals, name: ServerName, reason: string): void {
	engine.following.get(name)?.abort(new Error(reason));
	engine.note({code: 'setUpFailed', server: name, reason});
	setStep(engine, name, {
		step: 'failed', at: engine.ports.clock.now(), reason, lastLines: [],
	});
	engine.replan();
}

type Visit = {
	readonly engine: EngineInternals;
	readonly server: Server;
	/**
	Since when SSH is tried.
	*/
	since: Instant;
	/**
	When it was first reached, by this engine or the one before it.
	*/
	sshAt: Instant | undefined;
	hasAnswered: boolean;
	isEnded: boolean;
	step: 'setup' | 'startup' | undefined;
	stepAt: Instant;
	lastLines: readonly string[];
	secrets: readonly string[];
	handedOver: number;
	/**
	Since when it shows another host key than the one made for it.
	*/
	otherKeySince: Instant | undefined;
};

// Engines of one repository with other settings leave each other's servers alone.
function isSetUpByOthers({policy}: EngineInternals, {engineSet}: Server): boolean {
	return engineSet !== undefined && engineSet !== policy.engineSet;
}

/**
Why a server gets no scripts and no secret although it says that its scripts were never started: that is believed only of one that can be nothing but new.
*/
function whyNotNew({engine, server, handedOver, step}: Visit): string | undefined {
	const {reads, memory, policy, ports} = engine;
	const isKnown = memory.registered.has(server.name) || memory.worked.has(server.name)
		|| reads.runners.items.some(runner => runner.name === server.name) || reads.jobs.items.some(job => job.runnerName === server.name);
	if (isKnown) {
		return 'it has had a runner, so it is not new and gets no registration';
	}

	const age = ageSeconds(server.created, ports.clock.now());
	if (age > policy.maxServerReadySeconds + policy.maxSetupSeconds) {
		return `it was made ${sayDuration(age)} ago and says that it was never set up: it is not new and gets no registration`;
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

	const variables = await scriptVariables(engine, server);
	visit.handedOver++;
	visit.secrets = [...new Set([...visit.secrets, ...secretNames.flatMap(name => variables[name] ?? [])])];
	return {...texts, variables};
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
	const turn = engine.doorway.add(async () => {
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

function hear(visit: Visit, item: SetUpNews): void {
	const {engine, server} = visit;
	const now = engine.ports.clock.now();
	switch (item.news) {
		case 'answered': {
			answered(visit, item.isResumed, now);
			return;
		}

		case 'step': {
			if (visit.step === item.script || visit.step === 'startup') {
				return; // Setup comes once, then startup, once: a server that says otherwise again and again fills no journal.
			}

			if (item.script === 'startup') {
				stamp(engine, server.name, {setupEndedAt: now});
				engine.note({code: 'setupEnded', server: server.name, tookSeconds: secondsBetween(visit.stepAt, now)});
			}

			visit.step = item.script;
			visit.stepAt = now;
			setStep(engine, server.name, {step: item.script, sshAt: visit.sshAt ?? now, since: now});
			return;
		}

		case 'line': {
			const line = cleanText(withoutSecrets(item.text, visit.secrets));
			visit.lastLines = [...visit.lastLines, line].slice(-10);
			engine.output = new Map(engine.output).set(server.name, [...(engine.output.get(server.name) ?? []).slice(1 - outputLimit), line]);
			engine.ports.journal.output(server.name, line, now);
			engine.changed();
			return;
		}

		case 'ended': {
			ended(visit, item, now);
			return;
		}

		case 'lost': {
			visit.otherKeySince = item.kind === 'unknownHostKey' ? visit.otherKeySince ?? now : undefined;
			const isOurs = engine.timelines.get(server.name)?.createdAt !== undefined;
			if (isOurs && visit.otherKeySince !== undefined && secondsBetween(visit.otherKeySince, now) > hostKeySeconds) {
				fail(visit, `${item.answer}. Has the image ${engine.policy.image} cloud-init? --accept-unknown-host-keys takes images without it.`);
				return;
			}

			lost(visit, item.answer);
		}
	}
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
	return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text).replaceAll(tokenShape, '***');
}

function answered(visit: Visit, isResumed: boolean, now: Instant): void {
	const {engine, server} = visit;
	if (visit.hasAnswered) {
		return;
	}

	visit.hasAnswered = true;
	visit.sshAt ??= now;
	visit.stepAt = now;
	engine.memory = {...engine.memory, reached: withEntry(engine.memory.reached, server.id, visit.sshAt)};
	stamp(engine, server.name, {sshAt: visit.sshAt});
	engine.note(isResumed ? {code: 'setUpResumed', server: server.name} : {code: 'sshAnswered', server: server.name, afterSeconds: secondsBetween(server.created, now)});
	setStep(engine, server.name, {step: 'setup', sshAt: visit.sshAt, since: now});
}

function ended(visit: Visit, item: Extract<SetUpNews, {news: 'ended'}>, now: Instant): void {
	const {engine, server} = visit;
	visit.isEnded = true;
	const endedAt = later(now, -item.secondsAgo);
	if (item.exitCode !== 0) {
		engine.suspectToken = item.script === 'startup' ? visit.secrets.at(-1) ?? engine.suspectToken : engine.suspectToken;
		const why = item.exitCode === 124 ? `did not end within ${engine.policy.maxSetupSeconds}s` : `exit code ${item.exitCode}`;
		fail(visit, `${item.script} script: ${why}${lastWords(visit.lastLines)}`);
		return;
	}

	stamp(engine, server.name, {startupEndedAt: endedAt});
	engine.note({code: 'startupEnded', server: server.name, tookSeconds: secondsBetween(visit.stepAt, endedAt)});
	setStep(engine, server.name, {
		step: 'done', sshAt: visit.sshAt, setupEndedAt: engine.timelines.get(server.name)?.setupEndedAt, endedAt,
	});
	void mark(engine, server, endedAt);
}

// So that another engine, or this one after a restart, knows without asking the server. Worth one try: the server itself knows too.
async function mark(engine: EngineInternals, server: Server, at: Instant): Promise<void> {
	try {
		await engine.ports.hetzner.markStartupEnded(server, at);
	} catch (error) {
		engine.note({code: 'notice', text: `could not label ${server.name} as started: ${error instanceof Error ? error.message : String(error)}`});
	}
}

// The last line often only says where to look further (mount, apt): the one before it says what failed.
function lastWords(lines: readonly string[]): string {
	const words = lines.map(line => line.trim()).filter(line => line !== '').slice(-2);
	return words.length === 0 ? '' : `: ${words.join(' / ')}`;
}

function fail(visit: Visit, reason: string): void {
	const {engine, server} = visit;
	visit.isEnded = true;
	engine.note({code: 'setUpFailed', server: server.name, reason});
	setStep(engine, server.name, {
		step: 'failed', at: engine.ports.clock.now(), reason, lastLines: visit.lastLines,
	});
	engine.replan();
}

function lost(visit: Visit, answer: string): void {
	if (visit.sshAt === undefined) {
		setStep(visit.engine, visit.server.name, {step: 'waitingForSsh', since: visit.since, lastAnswer: cleanText(answer)});
	}
}

function setStep(engine: EngineInternals, name: ServerName, setUp: SetUp): void {
	engine.setUps = withEntry(engine.setUps, name, setUp);
	engine.changed();
}
