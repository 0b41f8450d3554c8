import type {Job} from '../../model/job.ts';
import {missingLabels, ownLabels} from '../../model/labels.ts';
import type {Policy} from '../../model/policy.ts';
import type {RunnerId} from '../../model/runner.ts';
import type {Server, ServerId} from '../../model/server.ts';
import type {Snapshot} from '../../model/snapshot.ts';
import type {Instant} from '../../model/time.ts';
import type {RunnerVerdict, ServerVerdict} from '../../model/verdict.ts';
import type {Memory} from '../memory.ts';
import type {Action, DeleteReason, Stance} from '../plan.ts';
import {jobsByRunner} from '../sightings.ts';
import {judgeBusy} from './busy.ts';
import type {Evidence, Judgement} from './evidence.ts';
import {countFailures} from './failures.ts';
import {judgeIdle} from './idle.ts';
import {judgeLeaving} from './leaving.ts';
import {judgeRunner} from './leftovers.ts';
import {judgePoweredOff} from './powered-off.ts';
import {judgeZombie} from './zombie.ts';

export type ScaleDown = {
	readonly actions: readonly Action[];
	readonly serverVerdicts: ReadonlyMap<ServerId, ServerVerdict>;
	readonly runnerVerdicts: ReadonlyMap<RunnerId, RunnerVerdict>;
	readonly failures: Memory['failures'];
	readonly counted: Memory['counted'];
};

/**
The rules in the order in which they are asked; the first that knows the case decides.
*/
const rules: ReadonlyArray<(evidence: Evidence) => Judgement> = [judgeLeaving, judgePoweredOff, judgeBusy, judgeIdle, judgeZombie];

/**
Which servers and runner records are to go, and a verdict for each that there is.
*/
export function planScaleDown(snapshot: Snapshot, memory: Memory, policy: Policy, stance: Stance, now: Instant): ScaleDown {
	const actions: Action[] = [];
	const serverVerdicts = new Map<ServerId, ServerVerdict>();
	const runnerVerdicts = new Map<RunnerId, RunnerVerdict>();
	const runners = new Map(snapshot.runners.items.map(runner => [runner.name, runner]));
	const working = jobsByRunner(snapshot.jobs.items);
	const queued = distinctByLabels(snapshot.jobs.items.filter(job => job.status === 'queued'));
	const isAllowed = (reason: DeleteReason) => stance.mode !== 'frozen' && (stance.isScaleDownDue || reason.kind === 'drain');
	for (const server of snapshot.servers.items) {
		const judgement = judgeServer(snapshot, {
			server,
			runner: runners.get(server.name),
			job: working.get(server.name),
			hasQueuedJob() {
				const offered = [...server.runnerLabels, ...ownLabels(server.architecture)];
				return queued.some(job => missingLabels(job.labels, offered).length === 0);
			},
			setUp: snapshot.setUps.get(server.name),
			memory,
			policy,
			isDraining: stance.mode === 'draining',
			now,
		});
		const settled = settle(judgement, server, memory, policy, stance);
		serverVerdicts.set(server.id, settled.verdict);
		if (settled.doomed !== undefined && isAllowed(settled.doomed)) {
			actions.push({type: 'deleteServer', server, reason: settled.doomed});
		}
	}

	const serverNames = new Set<string>([...snapshot.servers.items.map(server => server.name), ...snapshot.creations.map(creation => creation.name)]);
	const isWhole = snapshot.runners.state === 'whole' && snapshot.servers.state === 'whole' && snapshot.jobs.state === 'whole';
	for (const runner of snapshot.runners.items) {
		const {verdict, remove} = judgeRunner(runner, working.get(runner.name), serverNames.has(runner.name), memory, policy, now);
		runnerVerdicts.set(runner.id, verdict);
		if (remove !== undefined && isWhole && stance.isScaleDownDue && stance.mode !== 'frozen' && !policy.isDryRun) {
			actions.push({type: 'removeRunner', runner, reason: remove});
		}
	}

	return {
		actions, serverVerdicts, runnerVerdicts, ...countFailures(memory, snapshot, serverVerdicts, now),
	};
}

function judgeServer(snapshot: Snapshot, evidence: Evidence): NonNullable<Judgement> {
	if (snapshot.deletions.has(evidence.server.id)) {
		return {verdict: {code: 'deleting', reason: 'asked Hetzner'}};
	}

	const judgement = rules.map(rule => rule(evidence)).find(found => found !== undefined)
		?? {verdict: {code: 'booting', forSeconds: 0, limitSeconds: evidence.policy.maxServerReadySeconds}};
	const missing = missingFor(snapshot, judgement);
	return missing === undefined ? judgement : {verdict: {code: 'keptUnread', missing}};
}

// Nothing is deleted on a list that is not whole; for a server that is off, only the servers' own list counts.
function missingFor(snapshot: Snapshot, judgement: NonNullable<Judgement>): string | undefined {
	if (judgement.doomed === undefined) {
		return undefined;
	}

	if (snapshot.servers.state !== 'whole') {
		return 'servers';
	}

	if (judgement.doomed.kind === 'off') {
		return undefined;
	}

	return snapshot.runners.state === 'whole' ? (snapshot.jobs.state === 'whole' ? undefined : 'jobs') : 'runners';
}

function settle(judgement: NonNullable<Judgement>, server: Server, memory: Memory, policy: Policy, stance: Stance): NonNullable<Judgement> {
	if (judgement.doomed === undefined) {
		return judgement;
	}

	const until = memory.keptUntil.get(server.name);
	if (until !== undefined) {
		return {verdict: {code: 'keptByOperator', until}};
	}

	if (stance.mode === 'frozen') {
		return {verdict: judgement.verdict}; // What it is and since when stays to be seen; that nothing is deleted is the mode's word.
	}

	return policy.isDryRun ? {verdict: {code: 'wouldDelete', reason: judgement.doomed.words}} : judgement;
}

function distinctByLabels(jobs: readonly Job[]): readonly Job[] {
	return new Map(jobs.map(job => [JSON.stringify(job.labels), job])).values().toArray();
}
