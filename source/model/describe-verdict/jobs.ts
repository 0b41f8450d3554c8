import {formatMoney} from '../money.ts';
import {formatPlacement, type Dearer, type Placement} from '../placement.ts';
import {shortServerName} from '../server-name.ts';
import {ageSeconds, formatDuration, type Instant} from '../time.ts';
import {describeUnservable} from '../unservable.ts';
import type {CoolPair, JobVerdict} from '../verdict.ts';

const periodWords = {hour: 'in an hour', day: 'today (UTC)', month: 'this month (UTC)'} as const;

/**
What a job's verdict says to a person.
*/
export function describeJobVerdict(verdict: JobVerdict, now: Instant): string {
	switch (verdict.code) {
		case 'notOurs': {
			return `ignored: not labelled ${verdict.missing.join(', ')}`;
		}

		case 'heldAtGitHub': {
			return {
				waiting: 'held at GitHub: waits for approval',
				pending: 'held at GitHub: waits for its concurrency group',
				requested: 'held at GitHub: requested, not queued yet',
				unknown: 'held at GitHub: in a state that this version does not know',
			}[verdict.status];
		}

		case 'running': {
			const on = verdict.runnerName === undefined ? 'a runner that GitHub does not name' : shortServerName(verdict.runnerName);
			return verdict.since === undefined ? `runs on ${on}` : `runs on ${on}, ${formatAgeOf(verdict.since, now)}`;
		}

		case 'done': {
			return 'done';
		}

		case 'creating': {
			return `creating ${shortServerName(verdict.server)}, ${formatPlacement(verdict.placement)}${describeDearer(verdict.dearer, now)}`;
		}

		case 'toCreate': {
			return `next: create ${shortServerName(verdict.server)}, ${formatPlacement(verdict.placement)}${describeDearer(verdict.dearer, now)}`;
		}

		case 'wouldCreate': {
			return `dry run: would create ${shortServerName(verdict.server)}, ${formatPlacement(verdict.placement)}`;
		}

		case 'serverComing': {
			const step = {booting: 'booting', settingUp: 'setting up', registering: 'registering'}[verdict.step];
			return `${step} ${shortServerName(verdict.server)}, ${formatAgeOf(verdict.since, now)}`;
		}

		case 'runnerReady': {
			return `runner ${shortServerName(verdict.runner)} is free to take it`;
		}

		case 'waitsForLimit': {
			const of = verdict.of === undefined ? '' : (verdict.of === 'run' ? ' of its run' : ` with ${verdict.of.join(', ')}`);
			return `waits: ${verdict.count} of ${verdict.limit} servers${of}`;
		}

		case 'waitsForMoney': {
			const when = verdict.opensAt === undefined ? 'when servers are deleted' : formatUntil(verdict.opensAt, now);
			return `cost limit: ${formatMoney(verdict.spentMicros, verdict.currency)} of ${formatMoney(verdict.limitMicros, verdict.currency)} ${periodWords[verdict.period]}; continues ${when}`;
		}

		case 'priceUnknown': {
			return `waits: the price of ${formatPlacement(verdict.placement)} is unknown, and cost is limited`;
		}

		case 'waitsForWorker': {
			return `waits for one of ${verdict.workers} workers`;
		}

		case 'refused': {
			return `${formatPlacement(verdict.cool.placement)} refused, ${describeNext(verdict, now)} (try ${verdict.cool.tries + 1})`;
		}

		case 'afterFailures': {
			return `${verdict.count === 1 ? 'a server' : `${verdict.count} servers`} failed (${verdict.lastReason}), ${verdict.retryAt <= now ? 'one more is tried now' : `again ${formatUntil(verdict.retryAt, now)}`}`;
		}

		case 'gaveUp': {
			return `given up: ${verdict.count} servers made for it ended without running it (${verdict.lastReason}); re-run the job, or it is tried again ${formatUntil(verdict.until, now)}`;
		}

		case 'createRefused': {
			return `Hetzner refused its server (${verdict.answer}), again ${formatUntil(verdict.retryAt, now)} (try ${verdict.tries + 1})`;
		}

		case 'ownFault': {
			return `no server is created: ${verdict.reason}`;
		}

		case 'waitsForPoll': {
			return `waits for the next poll: ${verdict.reason}`;
		}

		case 'accountLimit': {
			return `Hetzner: ${verdict.answer}; again ${formatUntil(verdict.retryAt, now)}`;
		}

		case 'waitsForBudget': {
			return `waits for ${verdict.api}'s request limit${verdict.retryAt === undefined ? '' : `, ${formatUntil(verdict.retryAt, now)}`}`;
		}

		case 'unservable': {
			return `cannot be served: ${describeUnservable(verdict.fault)}`;
		}

		case 'notScaling': {
			return {paused: 'waits: scaling up is paused', frozen: 'waits: the engine is frozen, nothing is created or deleted', draining: 'waits: draining, no new servers'}[verdict.mode];
		}

		case 'unread': {
			return `waits until ${verdict.what} can be read: ${verdict.reason}`;
		}
	}
}

function describeDearer(dearer: Dearer | undefined, now: Instant): string {
	return dearer === undefined ? '' : `, ${formatMoney(dearer.moreMicros, dearer.currency)} an hour more: ${formatPlacement(dearer.than)} refused for ${formatDuration(ageSeconds(dearer.since, now))}`;
}

function formatAgeOf(since: Instant, now: Instant): string {
	return formatDuration((now - since) / 1000);
}

function formatUntil(when: Instant, now: Instant): string {
	return when <= now ? 'now' : `in ${formatDuration(Math.ceil((when - now) / 1000))}`;
}

function describeNext(verdict: {readonly cool: CoolPair; readonly next: Placement; readonly nextAt: Instant}, now: Instant): string {
	const isSame = verdict.next.serverType === verdict.cool.placement.serverType && verdict.next.location === verdict.cool.placement.location;
	return isSame ? `again ${formatUntil(verdict.nextAt, now)}` : `${verdict.next.location ?? verdict.next.serverType} next ${formatUntil(verdict.nextAt, now)}`;
}
