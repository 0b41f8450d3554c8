import type {Policy} from '../model/policy.ts';
import type {Snapshot} from '../model/snapshot.ts';
import type {Instant} from '../model/time.ts';
import type {Plan, PlanInput} from './action.ts';
import {countFailures} from './failures.ts';
import type {Memory} from './memory.ts';
import {passedOverRunners} from './passed-over.ts';
import {planScaleDown} from './scale-down/plan.ts';
import {planScaleUp} from './scale-up/plan.ts';
import {updateMemory} from './update-memory.ts';

/**
What to do next and why not more: pure, the same arguments give the same answer.
*/
export function plan(snapshot: Snapshot, before: Memory, policy: Policy, input: PlanInput, now: Instant): Plan {
	const memory = updateMemory(before, snapshot, now);
	const down = planScaleDown(snapshot, memory, policy, input, now);
	const toDelete = new Set(down.actions.filter(action => action.type === 'deleteServer').map(action => action.server.id));
	const passedOver = passedOverRunners(snapshot, memory, now);
	const counted = countFailures(memory, snapshot, down.serverVerdicts, passedOver, now);
	const up = planScaleUp(snapshot, counted, policy, input, {toDelete, passedOver}, now);
	return {
		actions: [...down.actions, ...up.actions],
		jobVerdicts: up.verdicts,
		serverVerdicts: down.serverVerdicts,
		runnerVerdicts: down.runnerVerdicts,
		memory: {...counted, postponed: new Map([...counted.postponed].filter(([id]) => down.due.has(id) || snapshot.deletions.has(id)))},
	};
}
