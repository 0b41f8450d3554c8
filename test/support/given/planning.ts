// What planning is given, and what it makes of it poll by poll.
import type {Job} from '../../../source/model/job.ts';
import type {Policy} from '../../../source/model/policy.ts';
import type {Runner} from '../../../source/model/runner.ts';
import type {Server} from '../../../source/model/server.ts';
import type {Snapshot} from '../../../source/model/snapshot.ts';
import type {Plan, PlanInput} from '../../../source/scaler/action.ts';
import {emptyMemory, type Memory} from '../../../source/scaler/memory.ts';
import {plan} from '../../../source/scaler/plan.ts';
import {
	at, givenCatalogue, givenPolicy, start,
} from './model.ts';

type Lists = {readonly jobs?: readonly Job[]; readonly servers?: readonly Server[]; readonly runners?: readonly Runner[]};

/**
A snapshot whose three lists are whole, read at that second.
*/
export function givenSnapshot(seconds: number, lists: Lists, changes: Partial<Snapshot> = {}): Snapshot {
	const whole = <Item>(items: readonly Item[] = []) => ({state: 'whole', items, at: at(seconds)} as const);
	return {
		jobs: whole(lists.jobs), servers: whole(lists.servers), runners: whole(lists.runners),
		unreadJobs: [], catalogue: givenCatalogue(), setUps: new Map(), creations: [], deletions: new Set(), ...changes,
	};
}

export const fault = {reason: 'GitHub answers 502', since: start, retryAt: undefined};

export type Look = {readonly second: number; readonly snapshot: Snapshot};

/**
Plans one look after the other, each with the memory of the one before; answers the last plan.
*/
export function planLooks(looks: readonly Look[], options: {
	readonly policy?: Policy;
	readonly input?: Partial<PlanInput>;
	readonly memory?: Memory;
} = {}): Plan {
	let memory = options.memory ?? emptyMemory;
	let made: Plan | undefined;
	for (const {second, snapshot} of looks) {
		made = plan(snapshot, memory, options.policy ?? givenPolicy(), {
			mode: 'scaling', isScaleUpDue: true, isScaleDownDue: true, ownFault: undefined, blocked: undefined, spending: undefined, ...options.input,
		}, at(second));
		memory = made.memory;
	}

	if (made === undefined) {
		throw new Error('no looks');
	}

	return made;
}

/**
The same world looked at every ten seconds from 0 on, up to that second.
*/
export function looksUntil(second: number, lists: Lists, changes: Partial<Snapshot> = {}): readonly Look[] {
	const seconds = Array.from({length: Math.floor(second / 10) + 1}, (_, index) => index * 10);
	return seconds.map(look => ({second: look, snapshot: givenSnapshot(look, lists, changes)}));
}
