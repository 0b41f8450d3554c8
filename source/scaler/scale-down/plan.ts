import type {Job} from '../../model/job.ts';
import {ownLabels} from '../../model/labels.ts';
import type {Policy} from '../../model/policy.ts';
import {runnersByServer, type RunnerId} from '../../model/runner.ts';
import {serverOfRunner} from '../../model/server-name.ts';
import type {Server, ServerId} from '../../model/server.ts';
import type {Snapshot} from '../../model/snapshot.ts';
import type {Instant} from '../../model/time.ts';
import type {RunnerVerdict, ServerVerdict} from '../../model/verdict.ts';
import type {Memory} from '../memory.ts';
import type {Action, DeleteReason, PlanInput} from '../action.ts';
import {fittingJobs} from '../fitting.ts';
import {seenAt} from '../passed-over.ts';
import {jobsByServer} from '../update-memory.ts';
import {gapsOf, isEnough, isOwnRunUnread} from '../trust.ts';
import {judgeBusy} from './busy.ts';
import type {Evidence, Judgement} from './evidence.ts';
import {judgeDrained} from './drained.ts';
import {judgeOtherEngine} from './other-engine.ts';
import {judgeIdle} from './idle.ts';
import {judgeDeleting} from './deleting.ts';
import {judgeRunner} from './leftovers.ts';
import {judgePoweredOff} from './powered-off.ts';
import {judgeZombie} from './zombie.ts';

export type ScaleDown = {
	readonly actions: readonly Action[];
	readonly serverVerdicts: ReadonlyMap<ServerId, ServerVerdict>;
	readonly runnerVerdicts: ReadonlyMap<RunnerId, RunnerVerdict>;
	/**
	Servers that are to go, whether or not it is their turn.
	*/
	readonly due: ReadonlySet<ServerId>;
};

/**
The rules in the order in which they are asked; the first that knows the case decides.
*/
const rules: ReadonlyArray<(evidence: Evidence) => Judgement> = [judgeDeleting, judgePoweredOff, judgeBusy, judgeOtherEngine, judgeDrained, judgeIdle, judgeZombie];

/**
Which servers and runner records are to go, and a verdict for each that there is.
*/
export function planScaleDown(snapshot: Snapshot, memory: Memory, policy: Policy, input: PlanInput, now: Instant): ScaleDown {
	const actions: Action[] = [];
	const serverVerdicts = new Map<ServerId, ServerVerdict>();
	const runnerVerdicts = new Map<RunnerId, RunnerVerdict>();
	const runners = runnersByServer(snapshot.runners.items);
	const isRead = snapshot.jobs.state !== 'failed';
	const working = jobsByServer(isRead ? snapshot.jobs.items : []);
	const unread = jobsByServer(isRead ? snapshot.unreadJobs : [...snapshot.jobs.items, ...snapshot.unreadJobs]);
	const seen = (job: Job) => seenAt(memory, job, now);
	const youngest = fittingJobs([...snapshot.jobs.items, ...snapshot.unreadJobs].filter(job => job.status === 'queued').toSorted((a, b) => seen(b) - seen(a)));
	const due = new Set<ServerId>();
	const isAllowed = ({id}: Server, reason: DeleteReason) => input.mode !== 'frozen' && (input.isScaleDownDue || reason.kind === 'drain') && (memory.postponed.get(id)?.retryAt ?? now) <= now;
	for (const server of snapshot.servers.items) {
		const judgement = judgeServer(snapshot, {
			server,
			runner: runners.get(server.name),
			job: working.get(server.name),
			unreadJob: unread.get(server.name),
			youngestQueuedAt() {
				const job = youngest.first([...server.runnerLabels, ...ownLabels(server.architecture)]);
				return job === undefined ? undefined : seen(job);
			},
			jobs: snapshot.jobs,
			setUp: snapshot.setUps.get(server.name),
			memory,
			policy,
			isDraining: input.mode === 'draining',
			now,
		});
		const settled = settle(judgement, server, memory, policy, input);
		serverVerdicts.set(server.id, settled.verdict);
		if (settled.toDelete !== undefined) {
			due.add(server.id);
			if (isAllowed(server, settled.toDelete)) {
				actions.push({type: 'deleteServer', server, reason: settled.toDelete});
			}
		}
	}

	const serverNames = new Set<string>([
		...snapshot.servers.items.map(server => server.name), ...snapshot.creations.map(creation => creation.name), ...memory.ids.keys(),
	]);
	const isReadable = snapshot.runners.state !== 'failed' && snapshot.servers.state === 'whole' && snapshot.jobs.state === 'whole';
	for (const runner of snapshot.runners.items) {
		const name = serverOfRunner(runner.name);
		const {verdict, remove} = judgeRunner(runner, working.get(name) ?? unread.get(name), serverNames.has(name), memory, policy, now);
		runnerVerdicts.set(runner.id, verdict);
		if (remove !== undefined && isReadable && input.isScaleDownDue && input.mode !== 'frozen' && !policy.isDryRun) {
			actions.push({type: 'removeRunner', runner, reason: remove});
		}
	}

	return {
		actions, serverVerdicts, runnerVerdicts, due,
	};
}

function judgeServer(snapshot: Snapshot, evidence: Evidence): NonNullable<Judgement> {
	if (snapshot.deletions.has(evidence.server.id)) {
		return {verdict: {code: 'deleting', reason: 'asked Hetzner'}};
	}

	const judgement = rules.map(rule => rule(evidence)).find(found => found !== undefined)
		?? {verdict: {code: 'booting', forSeconds: 0, limitSeconds: evidence.policy.maxServerReadySeconds}};
	const missing = missingFor(snapshot, judgement, evidence);
	return missing === undefined ? judgement : {verdict: {code: 'keptUnread', missing}};
}

/*
What is not known well enough to delete a server: the rule of partial knowledge (trust.ts). Nothing is decided on a list that failed but what its rows'
own evidence says; for a server that is off, only the servers' own list counts.
*/
function missingFor({servers, runners, jobs}: Snapshot, judgement: NonNullable<Judgement>, {server, runner, memory, now}: Evidence): string | undefined {
	if (judgement.toDelete === undefined) {
		return undefined;
	}

	if (servers.state === 'failed') {
		return 'servers';
	}

	if (judgement.toDelete.kind === 'off') {
		return undefined;
	}

	if (runners.state === 'failed') {
		return 'runners';
	}

	const gap = gapsOf(runners).find(({runnerName}) => runnerName !== undefined && serverOfRunner(runnerName) === server.name);
	if (gap !== undefined) {
		return gap.what;
	}

	if (isOwnRunUnread(server, memory, now)) {
		return `jobs of run ${server.runId ?? ''}`;
	}

	const evidence = runner === undefined ? memory.missing.get(server.name) : (runner.isOnline ? memory.idle : memory.offline).get(server.name);
	return judgement.verdict.code === 'leaving' || isEnough(evidence, jobs, now) ? undefined : (gapsOf(jobs)[0]?.what ?? 'jobs');
}

function settle(judgement: NonNullable<Judgement>, server: Server, memory: Memory, policy: Policy, input: PlanInput): NonNullable<Judgement> {
	if (judgement.toDelete === undefined) {
		return judgement;
	}

	const until = memory.keptUntil.get(server.name);
	if (until !== undefined) {
		return {verdict: {code: 'keptByOperator', until}};
	}

	const kept = memory.protected.get(server.id);
	if (kept !== undefined) {
		return {verdict: {code: 'keptProtected', answer: kept.answer}};
	}

	if (input.mode === 'frozen') {
		return {verdict: judgement.verdict}; // What it is and since when stays to be seen; that nothing is deleted is the mode's word.
	}

	return policy.isDryRun ? {verdict: {code: 'wouldDelete', reason: judgement.toDelete.words}} : judgement;
}
