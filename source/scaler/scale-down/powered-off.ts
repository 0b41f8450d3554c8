import {ageSeconds, formatDuration} from '../../model/time.ts';
import {hasEverRun, waitedForServer} from '../trust.ts';
import type {Evidence, Judgement} from './evidence.ts';

/**
How long GitHub's refusal to let go of a runner keeps a server that is off, seconds: a machine that is off runs nothing.
*/
export const offRefusalSeconds = 300;

/**
A server that is off is deleted after --max-powered-off-time, counted from the first sight of it as off. One that has not run yet is on its way to its
first start until --max-server-ready-time is over.
*/
export function judgePoweredOff({server, memory, policy, now}: Evidence): Judgement {
	const streak = memory.off.get(server.id);
	if (server.status !== 'off' || streak === undefined) {
		return undefined;
	}

	const waited = waitedForServer(server, memory, now);
	if (!hasEverRun(server, memory) && waited < policy.maxServerReadySeconds) {
		return {verdict: {code: 'booting', forSeconds: waited, limitSeconds: policy.maxServerReadySeconds}};
	}

	const forSeconds = ageSeconds(streak.since, now);
	const refusal = memory.refusals.get(server.id);
	if (refusal !== undefined && ageSeconds(refusal.since, now) < offRefusalSeconds) {
		return {
			verdict: {code: 'keptBusy', answer: refusal.answer, forSeconds: ageSeconds(refusal.since, now)},
			toDelete: {kind: 'off', words: `off for ${formatDuration(forSeconds)}`},
		};
	}

	const verdict = {code: 'off', forSeconds, limitSeconds: policy.maxPoweredOffSeconds} as const;
	return forSeconds >= policy.maxPoweredOffSeconds ? {verdict, toDelete: {kind: 'off', words: `off for ${formatDuration(forSeconds)}`}} : {verdict};
}
