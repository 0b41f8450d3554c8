import type {SetUp} from '../../model/snapshot.ts';
import {ageSeconds, instant, type Instant} from '../../model/time.ts';
import {describeZombieReason} from '../../model/describe-verdict.ts';
import type {ZombieReason} from '../../model/verdict.ts';
import {readsToBelieve, waitedForServer} from '../trust.ts';
import type {Evidence, Judgement} from './evidence.ts';

/**
How much longer than the host itself the engine waits for the scripts to end, seconds.
*/
const setUpGraceSeconds = 30;

/**
A server that runs but has no working runner: on its way there, or a zombie once its limit is over.
*/
export function judgeZombie(evidence: Evidence): Judgement {
	const {runner, job} = evidence;
	if (job !== undefined || runner?.isBusy === true || runner?.isOnline === true) {
		return undefined;
	}

	return runner === undefined ? judgeWithoutRunner(evidence) : judgeOffline(evidence);
}

function judgeOffline(evidence: Evidence): Judgement {
	if (isOnItsWay(evidence.setUp)) {
		return judgeSetUp(evidence); // The record is there before the runner program has connected.
	}

	const {server, memory, policy, now} = evidence;
	const streak = memory.offline.get(server.name);
	const forSeconds = streak === undefined ? 0 : ageSeconds(streak.since, now);
	const limitSeconds = policy.maxRunnerRegistrationSeconds;

	return forSeconds < limitSeconds
		? {verdict: {code: 'registering', forSeconds, limitSeconds}}
		: zombie({why: 'runnerOffline'}, forSeconds, limitSeconds, (streak?.reads ?? 0) >= readsToBelieve);
}

function judgeWithoutRunner(evidence: Evidence): Judgement {
	const {server, setUp, memory, policy, now} = evidence;
	const missing = memory.missing.get(server.name);
	const isProven = (missing?.reads ?? 0) >= readsToBelieve;
	const limitSeconds = policy.maxRunnerRegistrationSeconds;
	if (memory.registered.has(server.name)) {
		const forSeconds = missing === undefined ? 0 : ageSeconds(missing.since, now);
		return zombie({why: 'runnerGone'}, forSeconds, limitSeconds, isProven && forSeconds >= limitSeconds);
	}

	const endedAt = setUp?.step === 'done' ? setUp.endedAt : (setUp === undefined ? server.startupEndedAt : undefined);
	if (endedAt !== undefined) {
		// Another machine wrote that moment; one still to come says only that its clock is ahead.
		const forSeconds = ageSeconds(endedAt > now ? missing?.since ?? now : later(endedAt, missing?.since), now);
		return forSeconds < limitSeconds
			? {verdict: {code: 'registering', forSeconds, limitSeconds}}
			: zombie({why: 'neverRegistered'}, forSeconds, limitSeconds, isProven);
	}

	if (setUp?.step === 'failed') {
		const forSeconds = ageSeconds(setUp.at, now);
		return zombie({why: 'setUpFailed', reason: setUp.reason}, forSeconds, limitSeconds, isProven && forSeconds >= limitSeconds);
	}

	return judgeSetUp(evidence);
}

function judgeSetUp({server, setUp, memory, policy, now}: Evidence): Judgement {
	// Either there is no record of its name, or one that never connects.
	const isProven = ((memory.missing.get(server.name) ?? memory.offline.get(server.name))?.reads ?? 0) >= readsToBelieve;
	if (setUp === undefined || setUp.step === 'waitingForSsh') {
		const forSeconds = waitedForServer(server, memory, now);
		const limitSeconds = policy.maxServerReadySeconds;
		return forSeconds < limitSeconds
			? {verdict: {code: 'booting', forSeconds, limitSeconds}}
			: zombie({why: 'notReady', lastAnswer: setUp?.lastAnswer}, forSeconds, limitSeconds, isProven);
	}

	if (setUp.step !== 'setup' && setUp.step !== 'startup') {
		return undefined;
	}

	const forSeconds = ageSeconds(setUp.sshAt, now);
	const limitSeconds = policy.maxSetupSeconds;
	return forSeconds < limitSeconds + setUpGraceSeconds
		? {
			verdict: {
				code: 'settingUp', script: setUp.step, forSeconds, limitSeconds,
			},
		}
		: zombie({why: 'setUpTooLong'}, forSeconds, limitSeconds, isProven);
}

function zombie(reason: ZombieReason, forSeconds: number, limitSeconds: number, isToDelete: boolean): Judgement {
	const verdict = {
		code: 'zombie', reason, forSeconds, limitSeconds,
	} as const;
	return isToDelete ? {verdict, toDelete: {kind: 'zombie', words: describeZombieReason(reason)}} : {verdict};
}

function isOnItsWay(setUp: SetUp | undefined): boolean {
	return setUp?.step === 'waitingForSsh' || setUp?.step === 'setup' || setUp?.step === 'startup';
}

function later(one: Instant, other: Instant | undefined): Instant {
	return other === undefined ? one : instant(Math.max(one, other));
}
