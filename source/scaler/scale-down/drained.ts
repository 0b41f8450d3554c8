import type {Evidence, Judgement} from './evidence.ts';
import {judgeIdle} from './idle.ts';
import {judgeZombie} from './zombie.ts';

/**
A server that an operator drains gets no further job: it is deleted as soon as its runner is idle, or before that runner is registered. One that has a job
is judged as busy before this. Once the startup script runs its runner may take a job at any moment: it is deleted when it has shown itself idle.
*/
export function judgeDrained(evidence: Evidence): Judgement {
	const {server, runner, setUp, memory} = evidence;
	const by = memory.drained.get(server.id);
	if (by === undefined) {
		return undefined;
	}

	const verdict = {code: 'draining', by} as const;
	const isBeforeStartup = server.startupEndedAt === undefined && !memory.registered.has(server.name) && (setUp === undefined || setUp.step === 'waitingForSsh' || setUp.step === 'setup');
	if (runner === undefined && isBeforeStartup) {
		return {verdict, toDelete: {kind: 'drain', words: `drained by ${by}`}};
	}

	const judgement = judgeIdle({...evidence, isDraining: true}) ?? judgeZombie(evidence);
	return judgement?.toDelete === undefined
		? {verdict: judgement?.verdict.code === 'zombie' ? judgement.verdict : verdict}
		: {verdict, toDelete: judgement.toDelete.kind === 'drain' ? {kind: 'drain', words: `drained by ${by}`} : judgement.toDelete};
}
