import {priceOf} from '../../model/catalogue.ts';
import {labelSetKey} from '../../model/labels.ts';
import type {Dearer, Placement} from '../../model/placement.ts';
import {placementsFor} from '../../model/placements.ts';
import type {Policy} from '../../model/policy.ts';
import type {Snapshot} from '../../model/snapshot.ts';
import type {Instant} from '../../model/time.ts';
import type {JobVerdict} from '../../model/verdict.ts';
import {backoffOf} from '../backoff.ts';
import {isBeingTried, isTriedSingly} from '../failures.ts';
import type {Failures, Memory} from '../memory.ts';

type Choice = {readonly placement: Placement; readonly dearer?: Dearer | undefined} | {readonly verdict: JobVerdict};

type Chooser = {
	readonly choose: (labels: readonly string[]) => Choice;
	/**
	A server is made for these labels: after failures, the next one waits for how it does.
	*/
	readonly created: (labels: readonly string[]) => void;
};

/**
Chooses per label set, once: a thousand jobs of one matrix ask the same question. Labels in their order: server types are tried in it.
*/
export function placementChooser(snapshot: Snapshot, memory: Memory, policy: Policy, now: Instant): Chooser {
	const known = new Map<string, Choice>();
	return {
		choose(labels) {
			const key = JSON.stringify(labels);
			const choice = known.get(key) ?? choose(labels, snapshot, memory, policy, now);
			known.set(key, choice);
			return choice;
		},
		created(labels) {
			const failures = memory.failures.get(labelSetKey(labels));
			if (failures !== undefined && isTriedSingly(failures)) {
				known.set(JSON.stringify(labels), {verdict: afterFailures(failures)});
			}
		},
	};
}

// The first choice that is refused, and what its stand-in costs more; a stand-in that costs no more is not worth a word.
function dearerThan(first: Placement | undefined, free: Placement, {catalogue}: Snapshot, memory: Memory, now: Instant): Dearer | undefined {
	const cool = first === undefined || first === free ? undefined : backoffOf(memory, first, now);
	const [cheap, dear] = [first, free].map(place => place === undefined ? undefined : priceOf(catalogue, place.serverType, place.location)?.hourlyMicros);
	return first === undefined || cool === undefined || cheap === undefined || dear === undefined || dear <= cheap
		? undefined
		: {
			than: {serverType: first.serverType, location: first.location}, moreMicros: dear - cheap, currency: catalogue?.currency ?? 'EUR', since: cool.since,
		};
}

function afterFailures({count, lastReason, retryAt}: Failures): JobVerdict {
	return {
		code: 'afterFailures', count, lastReason, retryAt,
	};
}

function choose(labels: readonly string[], snapshot: Snapshot, memory: Memory, policy: Policy, now: Instant): Choice {
	const placements = placementsFor(labels, policy, snapshot.catalogue);
	if ('why' in placements) {
		return placements.why === 'catalogueUnread' ? {verdict: {code: 'unread', what: 'server types', reason: 'Hetzner has not told what it sells yet'}} : {verdict: {code: 'unservable', fault: placements}};
	}

	const failures = memory.failures.get(labelSetKey(labels));
	if (failures !== undefined && (failures.retryAt > now || isBeingTried(memory, snapshot, labels))) {
		return {verdict: afterFailures(failures)};
	}

	const free = placements.find(placement => backoffOf(memory, placement, now) === undefined);
	if (free !== undefined) {
		return {placement: free, dearer: dearerThan(placements[0], free, snapshot, memory, now)};
	}

	const backoffs = placements.flatMap(placement => {
		const cool = backoffOf(memory, placement, now);
		return cool === undefined ? [] : [cool];
	});
	const latest = backoffs.toSorted((a, b) => b.retryAt - a.retryAt)[0];
	const next = backoffs.toSorted((a, b) => a.retryAt - b.retryAt)[0];
	return latest === undefined || next === undefined
		? {verdict: {code: 'waitsForWorker', workers: policy.workers}}
		: {
			verdict: {
				code: 'refused', cool: latest, next: next.placement, nextAt: next.retryAt,
			},
		};
}
