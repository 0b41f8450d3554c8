import {ownLabels} from '../../model/labels.ts';
import {runnersByServer} from '../../model/runner.ts';
import type {Server, ServerId} from '../../model/server.ts';
import type {Snapshot} from '../../model/snapshot.ts';
import {secondsBetween, type Instant} from '../../model/time.ts';
import type {JobVerdict} from '../../model/verdict.ts';
import type {Memory} from '../memory.ts';
import type {Policy} from '../../model/policy.ts';
import {
	assignmentLagSeconds, hasEverRun, outlivedBy, unreadServers, waitedForServer,
} from '../trust.ts';
import type {Capacity} from './match.ts';

/**
Every runner that is free, is about to show the job it took, or is coming: each can cover one queued job.
*/
export function capacityOf(snapshot: Snapshot, memory: Memory, policy: Policy, toDelete: ReadonlySet<ServerId>, passedOver: ReadonlySet<string>, now: Instant): readonly Capacity[] {
	const runners = runnersByServer(snapshot.runners.items);
	const goneOrGoing = new Set(snapshot.servers.items.filter(server => isGoing(server, snapshot, memory, toDelete) || hasOutlived(server, memory, policy, now) || memory.drained.has(server.id)).map(server => server.name as string));
	const unread = unreadServers(snapshot.runners);
	const supplies: Capacity[] = snapshot.creations.map(({name, labels, placement, dearer, since}) => ({
		name, labels: [...labels, ...ownLabels(placement.architecture)], says: {
			code: 'creating', server: name, placement, ...dearer !== undefined && {dearer}, since,
		},
	}));
	for (const [name, runner] of runners) {
		const idle = memory.idle.get(name);
		const unnamed = memory.busyUnnamed.get(name);
		const isFree = runner.isOnline && !runner.isBusy && idle !== undefined && !goneOrGoing.has(name)
			&& !passedOver.has(name) && !unread.has(name);
		const isTaking = runner.isBusy && unnamed !== undefined && secondsBetween(unnamed.since, now) < assignmentLagSeconds;
		if (isFree || isTaking) {
			supplies.push({name, labels: runner.labels, says: {code: 'runnerReady', runner: runner.name, since: (idle ?? unnamed)?.since}});
		}
	}

	const created = new Set(snapshot.creations.map(creation => creation.name as string));
	for (const server of snapshot.servers.items) {
		const runner = runners.get(server.name);
		if (runner?.isOnline !== true && runner?.isBusy !== true && !goneOrGoing.has(server.name) && !created.has(server.name)) {
			const says = comingVerdict(server, snapshot, memory, policy, runner !== undefined, now);
			if (says !== undefined) {
				supplies.push({name: server.name, labels: [...server.runnerLabels, ...ownLabels(server.architecture)], says});
			}
		}
	}

	return supplies;
}

function isGoing(server: Server, snapshot: Snapshot, memory: Memory, toDelete: ReadonlySet<ServerId>): boolean {
	return toDelete.has(server.id) || snapshot.deletions.has(server.id) || server.status === 'deleting' || (['off', 'stopping'].includes(server.status) && hasEverRun(server, memory));
}

// One past --max-server-life gets no other job: it goes.
function hasOutlived(server: Server, memory: Memory, policy: Policy, now: Instant): boolean {
	return memory.registered.has(server.name) && outlivedBy(server, memory, policy, now) !== undefined;
}

// A server counts as coming until its runner was seen, its set-up failed, or a step takes longer than its limit.
function comingVerdict(server: Server, snapshot: Snapshot, memory: Memory, policy: Policy, hasRecord: boolean, now: Instant): JobVerdict | undefined {
	const setUp = snapshot.setUps.get(server.name);
	if (setUp?.step === 'failed' || (memory.registered.has(server.name) && !hasRecord)) {
		return undefined;
	}

	if (setUp?.step === 'setup' || setUp?.step === 'startup') {
		const isInTime = secondsBetween(setUp.sshAt, now) < policy.maxSetupSeconds;
		return isInTime
			? {
				code: 'serverComing', server: server.name, step: 'settingUp', since: setUp.sshAt,
			}
			: undefined;
	}

	const endedAt = setUp?.step === 'done' ? setUp.endedAt : server.startupEndedAt;
	if (endedAt !== undefined) {
		const isInTime = secondsBetween(endedAt, now) < policy.maxRunnerRegistrationSeconds;
		return isInTime
			? {
				code: 'serverComing', server: server.name, step: 'registering', since: endedAt,
			}
			: undefined;
	}

	return waitedForServer(server, memory, now) < policy.maxServerReadySeconds
		? {
			code: 'serverComing', server: server.name, step: 'booting', since: server.created,
		}
		: undefined;
}
