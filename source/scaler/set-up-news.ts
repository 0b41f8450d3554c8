import {cleanText} from '../model/clean-text.ts';
import type {Server} from '../model/server.ts';
import {later, secondsBetween, type Instant} from '../model/time.ts';
import {hideSecrets, hideTokenShapes} from '../model/token-shapes.ts';
import type {EngineInternals} from './engine-state.ts';
import type {SetUpNews} from './ports.ts';

/**
How long a server may show another host key than the one made for it, seconds: on some images sshd is up before cloud-init has put the key in place.
*/
const hostKeySeconds = 30;

/**
A server while its set-up is followed.
*/
export type Visit = {
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
	When it was handed a just-in-time configuration.
	*/
	configuredAt: Instant | undefined;
	/**
	Since when it shows another host key than the one made for it.
	*/
	otherKeySince: Instant | undefined;
};

/**
Takes in one piece of news.
*/
export function hear(visit: Visit, item: SetUpNews): void {
	const {engine, server} = visit;
	const now = engine.ports.clock.now();
	if (visit.isEnded) {
		return; // It has failed for a reason of ours.
	}

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
				engine.recordMoments(server.name, {setupEndedAt: now});
				engine.record({code: 'setupEnded', server: server.name, tookSeconds: secondsBetween(visit.stepAt, now)});
			}

			visit.step = item.script;
			visit.stepAt = now;
			engine.recordSetUp(server.name, {step: item.script, sshAt: visit.sshAt ?? now, since: now});
			return;
		}

		case 'line': {
			const line = cleanText(withoutSecrets(item.text, visit.secrets));
			visit.lastLines = [...visit.lastLines, line].slice(-10);
			engine.recordOutput(server.name, line);
			engine.ports.journal.output(server.name, line, now);
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
	// The scripts may have been started with another registration, by an earlier run or another engine.
	return hideTokenShapes(hideSecrets(text, secrets));
}

function answered(visit: Visit, isResumed: boolean, now: Instant): void {
	const {engine, server} = visit;
	if (visit.hasAnswered) {
		return;
	}

	visit.hasAnswered = true;
	visit.sshAt ??= now;
	visit.stepAt = now;
	engine.recordReached(server.id, visit.sshAt);
	engine.recordMoments(server.name, {sshAt: visit.sshAt});
	engine.record(isResumed ? {code: 'setUpResumed', server: server.name} : {code: 'sshAnswered', server: server.name, afterSeconds: secondsBetween(server.created, now)});
	engine.recordSetUp(server.name, {step: 'setup', sshAt: visit.sshAt, since: now});
}

function ended(visit: Visit, item: Extract<SetUpNews, {news: 'ended'}>, now: Instant): void {
	const {engine, server} = visit;
	visit.isEnded = true;
	const endedAt = later(now, -item.secondsAgo);
	if (item.exitCode !== 0) {
		if (item.script === 'startup') {
			engine.suspectToken(visit.secrets.at(-1));
		}

		const why = item.exitCode === 124 ? `did not end within ${engine.policy.maxSetupSeconds}s` : `exit code ${item.exitCode}`;
		fail(visit, `${item.script} script: ${why}${lastWords(visit.lastLines)}`);
		return;
	}

	if (visit.configuredAt !== undefined) {
		engine.recordSetUpLength(secondsBetween(visit.configuredAt, endedAt));
	}

	engine.recordMoments(server.name, {startupEndedAt: endedAt});
	engine.record({code: 'startupEnded', server: server.name, tookSeconds: secondsBetween(visit.stepAt, endedAt)});
	engine.recordSetUp(server.name, {
		step: 'done', sshAt: visit.sshAt, setupEndedAt: engine.timelines.get(server.name)?.setupEndedAt, endedAt,
	});
	void mark(engine, server, endedAt);
}

// So that another engine, or this one after a restart, knows without asking the server. Worth one try: the server itself knows too.
async function mark(engine: EngineInternals, server: Server, at: Instant): Promise<void> {
	try {
		await engine.ports.cloud.markStartupEnded(server, at);
	} catch (error) {
		engine.record({code: 'notice', text: `could not label ${server.name} as started: ${error instanceof Error ? error.message : String(error)}`});
	}
}

// The last line often only says where to look further (mount, apt): the one before it says what failed.
function lastWords(lines: readonly string[]): string {
	const words = lines.map(line => line.trim()).filter(line => line !== '').slice(-2);
	return words.length === 0 ? '' : `: ${words.join(' / ')}`;
}

/**
The set-up has failed for that reason.
*/
export function fail(visit: Visit, reason: string): void {
	const {engine, server} = visit;
	visit.isEnded = true;
	engine.record({code: 'setUpFailed', server: server.name, reason});
	engine.recordSetUp(server.name, {
		step: 'failed', at: engine.ports.clock.now(), reason, lastLines: visit.lastLines,
	});
	engine.replan();
}

/**
SSH could not connect or broke off.
*/
export function lost(visit: Visit, answer: string): void {
	if (visit.sshAt === undefined) {
		visit.engine.recordSetUp(visit.server.name, {step: 'waitingForSsh', since: visit.since, lastAnswer: cleanText(answer)});
	}
}
