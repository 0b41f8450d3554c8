import type {Job, JobId} from '../../model/job.ts';
import {foldLabel, labelSetKey, missingLabels} from '../../model/labels.ts';
import type {Policy} from '../../model/policy.ts';
import {expandLabels} from '../../model/wishes.ts';
import {serverNameFor, serverOfRunner} from '../../model/server-name.ts';
import type {ServerId} from '../../model/server.ts';
import type {ReadFault, Snapshot} from '../../model/snapshot.ts';
import type {Instant} from '../../model/time.ts';
import type {JobVerdict} from '../../model/verdict.ts';
import {givenUpUntil, isBeingTried} from '../failures.ts';
import type {Memory} from '../memory.ts';
import type {Action, PlanInput} from '../action.ts';
import {costLimitFor} from '../money-limits.ts';
import {gapsOf} from '../trust.ts';
import {createCaps} from './caps.ts';
import {placementChooser} from './choose.ts';
import {matchCapacity, type Capacity} from './match.ts';
import {capacityOf} from './capacity.ts';

/**
Which servers to create, and a verdict for every job that GitHub lists.
*/
export function planScaleUp(snapshot: Snapshot, memory: Memory, policy: Policy, input: PlanInput, going: {readonly toDelete: ReadonlySet<ServerId>; readonly passedOver: ReadonlySet<string>}, now: Instant): {readonly actions: readonly Action[]; readonly verdicts: ReadonlyMap<JobId, JobVerdict>} {
	const verdicts = new Map<JobId, JobVerdict>();
	const waiting: Job[] = [];
	for (const job of snapshot.jobs.items) {
		const verdict = withoutServer(job, policy);
		if (verdict === undefined) {
			waiting.push(job);
		} else {
			verdicts.set(job.id, verdict);
		}
	}

	const queued = waiting.toSorted((a, b) => a.createdAt === b.createdAt ? a.id - b.id : a.createdAt - b.createdAt);
	const unread = unreadList(snapshot);
	if (unread !== undefined) {
		for (const job of queued) {
			verdicts.set(job.id, {code: 'unread', what: unread.what, reason: unread.fault.reason});
		}

		return {actions: [], verdicts};
	}

	const firstName = (job: Job) => serverNameFor(job, new Set());
	const matched = matchAll(queued, capacityOf(snapshot, memory, policy, going.toDelete, going.passedOver, now), isHeldBack(snapshot, memory, policy, now), firstName);
	const actions: Action[] = [];
	const chooser = placementChooser(snapshot, memory, policy, now);
	const caps = createCaps(snapshot, policy);
	let plannedMicros = 0;
	// A record of a runner that is gone would be taken for that of a new server of its name.
	const taken = new Set<string>([
		...snapshot.servers.items.map(server => server.name), ...snapshot.creations.map(creation => creation.name), ...snapshot.runners.items.flatMap(({name}) => [name, serverOfRunner(name)]), ...memory.foreignNames,
	]);
	const alive = new Set<string>([...snapshot.servers.items.map(server => server.name), ...snapshot.creations.map(creation => creation.name)]).size + unreadServers(snapshot);
	for (const job of byPriority(queued, policy)) {
		const supply = matched.get(job.id);
		if (supply !== undefined) {
			verdicts.set(job.id, supply.says);
			continue;
		}

		const labels = expandLabels(job.labels, policy.language);
		const choice = chooser.choose(labels);
		const held = heldJob(job, memory, now) ?? ('verdict' in choice ? choice.verdict : undefined);
		const crossed = 'placement' in choice ? caps.reached(job) ?? costLimitFor(choice.placement, plannedMicros, policy, input.spending) : undefined;
		const verdict = (held?.code === 'unservable' || held?.code === 'gaveUp' ? held : undefined)
			?? gate(snapshot, memory, policy, input, alive + actions.length, actions.length, now)
			?? held ?? crossed;
		if (verdict !== undefined || 'verdict' in choice) {
			verdicts.set(job.id, verdict ?? {code: 'waitsForWorker', workers: policy.workers});
			continue;
		}

		const name = serverNameFor(job, taken);
		taken.add(name);
		const {placement, dearer} = choice;
		if (policy.isDryRun) {
			verdicts.set(job.id, {code: 'wouldCreate', server: name, placement});
			continue;
		}

		verdicts.set(job.id, {
			code: 'toCreate', server: name, placement, ...dearer !== undefined && {dearer},
		});
		if (input.isScaleUpDue) {
			chooser.created(labels);
			caps.planned(job);
			plannedMicros += input.spending?.priceOf(placement) ?? 0;
			actions.push({
				type: 'createServer', name, job, labels, placement, dearer,
			});
		}
	}

	return {actions, verdicts};
}

// A job with a priority goes before others that have waited up to so many minutes longer, and no further: nothing waits forever.
function byPriority(jobs: readonly Job[], {priorities}: Policy): readonly Job[] {
	if (priorities.size === 0) {
		return jobs;
	}

	const ahead = new Map(jobs.map(job => [job.id, Math.max(...[...job.labels, job.workflowName].map(name => priorities.get(foldLabel(name)) ?? 0))]));
	const turn = (job: Job) => job.createdAt - ((ahead.get(job.id) ?? 0) * 60_000);
	return jobs.toSorted((a, b) => turn(a) === turn(b) ? a.id - b.id : turn(a) - turn(b));
}

// Jobs that are held back after failures get what is left over. A server made for other labels would else count as theirs, and one more be made, for each of them
// at once: the pause after failures would be none as soon as a job with one more label waits.
function matchAll(queued: readonly Job[], supplies: readonly Capacity[], isHeld: (job: Job) => boolean, nameOf: (job: Job) => string): ReturnType<typeof matchCapacity> {
	const {held = [], free = []} = Object.groupBy(queued, job => isHeld(job) ? 'held' : 'free');
	const matched = matchCapacity(free, supplies, nameOf);
	const taken = new Set(matched.values());
	return held.length === 0 ? matched : new Map([...matched, ...matchCapacity(held, supplies.filter(supply => !taken.has(supply)), nameOf)]);
}

function isHeldBack(snapshot: Snapshot, memory: Memory, {language}: Policy, now: Instant): (job: Job) => boolean {
	const known = new Map<string, boolean>();
	return job => {
		const labels = expandLabels(job.labels, language); // Failures are counted by what servers carry.
		const key = labelSetKey(labels);
		const failures = memory.failures.get(key);
		const isHeld = known.get(key) ?? (failures !== undefined && (failures.retryAt > now || isBeingTried(memory, snapshot, labels)));
		known.set(key, isHeld);
		return isHeld || givenUpUntil(memory, job.id, now) !== undefined;
	};
}

// Servers that are there and could not be read.
function unreadServers({servers}: Snapshot): number {
	const known = new Set(servers.items.map(({id}) => id));
	return new Set(gapsOf(servers).flatMap(({serverId}) => serverId === undefined || known.has(serverId) ? [] : [serverId])).size;
}

// The verdict of a job that needs no server of ours, or undefined for one that waits for one.
function withoutServer(job: Job, policy: Policy): JobVerdict | undefined {
	switch (job.status) {
		case 'completed': {
			return {code: 'done'};
		}

		case 'inProgress': {
			return {code: 'running', runnerName: job.runnerName, since: job.startedAt};
		}

		case 'waiting':
		case 'pending':
		case 'requested':
		case 'unknown': {
			return {code: 'heldAtGitHub', status: job.status};
		}

		case 'queued': {
			const missing = missingLabels(policy.withLabels, expandLabels(job.labels, policy.language));
			return missing.length > 0 ? {code: 'notOurs', missing} : undefined;
		}
	}
}

function unreadList(snapshot: Snapshot): {readonly what: string; readonly fault: ReadFault} | undefined {
	if (snapshot.jobs.state === 'failed') {
		return {what: 'jobs', fault: snapshot.jobs.fault};
	}

	if (snapshot.servers.state === 'failed') {
		return {what: 'servers', fault: snapshot.servers.fault};
	}

	return snapshot.runners.state === 'failed' ? {what: 'runners', fault: snapshot.runners.fault} : undefined;
}

// What holds back every creation alike: the operator, a limit, the workers. Undefined: nothing does.
function gate(snapshot: Snapshot, memory: Memory, policy: Policy, input: PlanInput, count: number, planned: number, now: Instant): JobVerdict | undefined {
	if (input.mode !== 'scaling') {
		return {code: 'notScaling', mode: input.mode};
	}

	if (input.ownFault !== undefined) {
		return {code: 'ownFault', reason: input.ownFault};
	}

	const others = policy.maxRunners === undefined ? undefined : gapsOf(snapshot.servers).find(({hidesOthers}) => hidesOthers);
	if (others !== undefined) {
		return {code: 'unread', what: 'servers', reason: `could not read ${others.what}`}; // How many there are is what the limit is about.
	}

	if (policy.maxRunners !== undefined && count >= policy.maxRunners) {
		return {code: 'waitsForLimit', count, limit: policy.maxRunners};
	}

	if (memory.accountLimit !== undefined && memory.accountLimit.retryAt > now) {
		return {code: 'accountLimit', answer: memory.accountLimit.answer, retryAt: memory.accountLimit.retryAt};
	}

	if (input.blocked !== undefined) {
		return {code: 'waitsForBudget', api: input.blocked.api, retryAt: input.blocked.retryAt};
	}

	return snapshot.creations.length + planned >= policy.workers ? {code: 'waitsForWorker', workers: policy.workers} : undefined;
}

// What holds back this one job.
function heldJob(job: Job, memory: Memory, now: Instant): JobVerdict | undefined {
	const until = givenUpUntil(memory, job.id, now);
	const failed = memory.jobFailures.get(job.id);
	if (until !== undefined && failed !== undefined) {
		return {
			code: 'gaveUp', count: failed.count, lastReason: failed.lastReason, until,
		};
	}

	const refused = memory.refusedJobs.get(job.id);
	if (refused !== undefined && refused.retryAt > now) {
		return {code: 'createRefused', ...refused};
	}

	const waits = memory.untilPoll.get(job.id);
	return waits === undefined ? undefined : {code: 'waitsForPoll', reason: waits.reason};
}
