import {allLimits, readsToBelieve, waitedForServer} from '../trust.ts';
import type {Evidence, Judgement} from './evidence.ts';

/**
How much longer than all limits together the engine that made a server is given for it, seconds: its limits may be longer than ours.
*/
const graceSeconds = 600;

/**
A server that an engine with other labels, another key or other scripts is setting up, or keeps idle, is left alone: that engine knows what it waits for.
When that has taken longer than all limits together and ten minutes more, nobody looks after it any more (its settings were changed, say).
One that is off is anybody's to delete.
*/
export function judgeOtherEngine({server, runner, memory, policy, now}: Evidence): Judgement {
	if (server.engineSet === undefined || server.engineSet === policy.engineSet) {
		return undefined;
	}

	const forSeconds = waitedForServer(server, memory, now);
	const limitSeconds = allLimits(policy) + policy.maxIdleRunnerSeconds + graceSeconds;
	if (forSeconds < limitSeconds) {
		return {verdict: {code: 'otherEngine', forSeconds, limitSeconds}};
	}

	const evidence = runner === undefined ? memory.missing.get(server.name) : (runner.isOnline ? memory.idle : memory.offline).get(server.name);
	const isIdleForLong = evidence !== undefined && evidence.reads >= readsToBelieve && (now - evidence.since) / 1000 >= policy.maxIdleRunnerSeconds;
	const verdict = {
		code: 'zombie', reason: {why: 'abandoned'}, forSeconds, limitSeconds,
	} as const;
	return isIdleForLong ? {verdict, toDelete: {kind: 'zombie', words: 'the engine that created it no longer manages it'}} : {verdict};
}
