import {cleanText} from '../model/clean-text.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import type {SetUp} from '../model/snapshot.ts';
import {later, secondsBetween, type Instant} from '../model/time.ts';
import {outputLimit, stamp, type Live} from './live.ts';
import {withEntry, withoutEntry} from './memory.ts';
import type {SetUpNews, SetUpRequest} from './ports.ts';
import {scriptVariables} from './script-variables.ts';

/**
Between two tries to reach a server over SSH, seconds; a little chance is added so that a burst spreads.
*/
const retrySeconds = 2;

const secretNames = ['GITHUB_RUNNER_TOKEN'];

/**
What a registration token looks like: the scripts may have been started with another one, by an earlier run or another engine.
*/
const tokenShape = /\bA[0-9A-Z]{28}\b/gv;

/**
Takes a server through SSH, setup and startup: starts its scripts unless they have been started, follows them to their end, and says how it went
in `live.setUps`. Goes on until the scripts have ended, the server is gone or the engine stops. Never throws.
*/
export async function followSetUp(live: Live, server: Server, since: Instant): Promise<void> {
	if (live.following.has(server.name)) {
		return;
	}

	const leave = new AbortController();
	const signal = AbortSignal.any([live.stopping, leave.signal]);
	live.following.set(server.name, leave);
	setStep(live, server.name, {step: 'waitingForSsh', since, lastAnswer: undefined});
	const visit: Visit = {
		live, server, since, sshAt: undefined, isEnded: false, step: undefined, stepAt: since, lastLines: [],
	};
	try {
		while (!visit.isEnded && !signal.aborted) {
			await connect(visit, signal);
			if (!visit.isEnded) {
				await live.ports.clock.sleep(retrySeconds * (1 + live.ports.chance()), signal);
			}
		}
	} catch (error) {
		if (!signal.aborted) {
			const reason = error instanceof Error ? error.message : String(error);
			fail(visit, reason);
		}
	} finally {
		live.following.delete(server.name);
		live.changed();
	}
}

/**
Ends what follows a server that is gone.
*/
export function leaveServer(live: Live, name: ServerName): void {
	live.following.get(name)?.abort(new Error('the server is gone'));
	live.setUps = withoutEntry(live.setUps, name);
	live.keptFor = withoutEntry(live.keptFor, name);
}

/** Ends what follows a server's set-up, which has failed for that reason. */
export function giveUpSetUp(live: Live, name: ServerName, reason: string): void {
	live.following.get(name)?.abort(new Error(reason));
	live.note({code: 'setUpFailed', server: name, reason});
	setStep(live, name, {
		step: 'failed', at: live.ports.clock.now(), reason, lastLines: [],
	});
	live.replan();
}

type Visit = {
	readonly live: Live;
	readonly server: Server;
	/**
	Since when SSH is tried.
	*/
	since: Instant;
	sshAt: Instant | undefined;
	isEnded: boolean;
	step: 'setup' | 'startup' | undefined;
	stepAt: Instant;
	lastLines: readonly string[];
};

// One SSH session. Opening it takes a turn at the doorway, so that a burst opens only so many at once; following it does not.
async function connect(visit: Visit, signal: AbortSignal): Promise<void> {
	const {live} = visit;
	const server = live.reads.servers.items.find(other => other.id === visit.server.id) ?? visit.server;
	if (server.ip === undefined) {
		return;
	}

	let variables: Readonly<Record<string, string>>;
	try {
		variables = await scriptVariables(live, server);
	} catch (error) {
		visit.since = live.ports.clock.now(); // GitHub's trouble, not the server's: the time in which SSH was not even tried does not count against it.
		lost(visit, error instanceof Error ? error.message : String(error));
		return;
	}

	const scripts = server.architecture === 'arm64' ? live.ports.scripts.startupArm64 : live.ports.scripts.startupX64;
	const request: SetUpRequest = {
		server, ip: server.ip, setupScript: live.ports.scripts.setup.text, startupScript: scripts.text, variables, maxSetupSeconds: live.policy.maxSetupSeconds,
	};
	const secrets = secretNames.flatMap(name => variables[name] ?? []);
	const opened = Promise.withResolvers<void>();
	const session = Promise.withResolvers<void>();
	const turn = live.doorway.add(async () => {
		void listen(visit, live.ports.shell.setUp(request, signal), secrets, opened.resolve).then(session.resolve, session.reject);
		await Promise.race([opened.promise, session.promise]);
	}, {signal});
	await Promise.all([turn, session.promise]);
}

async function listen(visit: Visit, news: AsyncIterable<SetUpNews>, secrets: readonly string[], opened: () => void): Promise<void> {
	for await (const item of news) {
		opened();
		hear(visit, item, secrets);
	}
}

function hear(visit: Visit, item: SetUpNews, secrets: readonly string[]): void {
	const {live, server} = visit;
	const now = live.ports.clock.now();
	switch (item.news) {
		case 'answered': {
			answered(visit, item.isResumed, now);
			return;
		}

		case 'step': {
			if (item.script === 'startup' && visit.step !== 'startup') {
				stamp(live, server.name, {setupEndedAt: now});
				live.note({code: 'setupEnded', server: server.name, tookSeconds: secondsBetween(visit.stepAt, now)});
			}

			visit.step = item.script;
			visit.stepAt = now;
			setStep(live, server.name, {step: item.script, sshAt: visit.sshAt ?? now, since: now});
			return;
		}

		case 'line': {
			const line = cleanText(withoutSecrets(item.text, secrets));
			visit.lastLines = [...visit.lastLines, line].slice(-10);
			live.output = new Map(live.output).set(server.name, [...(live.output.get(server.name) ?? []).slice(1 - outputLimit), line]);
			live.ports.journal.output(server.name, line, now);
			live.changed();
			return;
		}

		case 'ended': {
			ended(visit, item, now);
			return;
		}

		case 'lost': {
			lost(visit, item.answer);
		}
	}
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
	return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text).replaceAll(tokenShape, '***');
}

function answered(visit: Visit, isResumed: boolean, now: Instant): void {
	const {live, server} = visit;
	if (visit.sshAt !== undefined) {
		return;
	}

	visit.sshAt = now;
	visit.stepAt = now;
	stamp(live, server.name, {sshAt: now});
	live.note(isResumed ? {code: 'setUpResumed', server: server.name} : {code: 'sshAnswered', server: server.name, afterSeconds: secondsBetween(server.created, now)});
	setStep(live, server.name, {step: 'setup', sshAt: now, since: now});
}

function ended(visit: Visit, item: Extract<SetUpNews, {news: 'ended'}>, now: Instant): void {
	const {live, server} = visit;
	visit.isEnded = true;
	const endedAt = later(now, -item.secondsAgo);
	if (item.exitCode !== 0) {
		const why = item.exitCode === 124 ? `did not end within ${live.policy.maxSetupSeconds}s` : `exit code ${item.exitCode}`;
		fail(visit, `${item.script} script: ${why}${lastWords(visit.lastLines)}`);
		return;
	}

	stamp(live, server.name, {startupEndedAt: endedAt});
	live.note({code: 'startupEnded', server: server.name, tookSeconds: secondsBetween(visit.stepAt, endedAt)});
	setStep(live, server.name, {
		step: 'done', sshAt: visit.sshAt, setupEndedAt: live.timelines.get(server.name)?.setupEndedAt, endedAt,
	});
	void mark(live, server, endedAt);
}

// So that another engine, or this one after a restart, knows without asking the server. Worth one try: the server itself knows too.
async function mark(live: Live, server: Server, at: Instant): Promise<void> {
	try {
		await live.ports.hetzner.markStartupEnded(server, at);
	} catch (error) {
		live.note({code: 'notice', text: `could not label ${server.name} as started: ${error instanceof Error ? error.message : String(error)}`});
	}
}

// The last line often only says where to look further (mount, apt): the one before it says what failed.
function lastWords(lines: readonly string[]): string {
	const words = lines.map(line => line.trim()).filter(line => line !== '').slice(-2);
	return words.length === 0 ? '' : `: ${words.join(' / ')}`;
}

function fail(visit: Visit, reason: string): void {
	const {live, server} = visit;
	visit.isEnded = true;
	live.note({code: 'setUpFailed', server: server.name, reason});
	setStep(live, server.name, {
		step: 'failed', at: live.ports.clock.now(), reason, lastLines: visit.lastLines,
	});
	live.replan();
}

function lost(visit: Visit, answer: string): void {
	if (visit.sshAt === undefined) {
		setStep(visit.live, visit.server.name, {step: 'waitingForSsh', since: visit.since, lastAnswer: cleanText(answer)});
	}
}

function setStep(live: Live, name: ServerName, setUp: SetUp): void {
	live.setUps = withEntry(live.setUps, name, setUp);
	live.changed();
}
