import type {Job} from '../../model/job.ts';
import {labelSetKey} from '../../model/labels.ts';
import type {JobVerdict} from '../../model/verdict.ts';
import {indexLabels} from '../fitting.ts';

/**
One runner that is free or coming: it can take one job. `says` is the verdict of the job it covers.
*/
export type Capacity = {
	readonly name: string;
	readonly labels: readonly string[];
	readonly says: JobVerdict;
};

type Group<Item> = {readonly key: string; readonly labels: readonly string[]; readonly items: Item[]};

/**
Which job is covered by which supply: as many jobs as can be, each supply once, and where there is too little the oldest jobs, as GitHub
gives a runner that has come the oldest job that its labels allow. `jobs`: the oldest first.
Jobs and supplies are counted by label set, not paired by identity (a runner takes any job its labels allow); only for show does a job get
the server of its own name when that is among those that cover its set.
*/
export function matchCapacity(jobs: readonly Job[], supplies: readonly Capacity[], nameOf: (job: Job) => string): ReadonlyMap<Job['id'], Capacity> {
	const demand = group(jobs, job => job.labels);
	const offer = group(supplies, supply => supply.labels);
	const flow = matchGroups(jobs, demand, offer);
	const covered = new Map<Job['id'], Capacity>();
	for (const [index, wanting] of demand.entries()) {
		const given = [...flow[index] ?? []].toSorted(([a], [b]) => a - b).flatMap(([other, amount]) => offer[other]?.items.splice(0, amount) ?? []);
		const servedJobs = wanting.items.slice(0, given.length);
		const byName = new Map(given.map(supply => [supply.name, supply]));
		const rest = new Set(given);
		const unnamed: Job[] = [];
		for (const job of servedJobs) {
			const own = byName.get(nameOf(job));
			if (own === undefined) {
				unnamed.push(job);
			} else {
				covered.set(job.id, own);
				rest.delete(own);
			}
		}

		const others = [...rest];
		for (const [position, job] of unnamed.entries()) {
			const supply = others[position];
			if (supply !== undefined) {
				covered.set(job.id, supply);
			}
		}
	}

	return covered;
}

function group<Item>(items: readonly Item[], labelsOf: (item: Item) => readonly string[]): ReadonlyArray<Group<Item>> {
	const groups = new Map<string, Group<Item>>();
	for (const item of items) {
		const labels = labelsOf(item);
		const key = labelSetKey(labels);
		const known = groups.get(key);
		if (known === undefined) {
			groups.set(key, {key, labels, items: [item]});
		} else {
			known.items.push(item);
		}
	}

	return groups.values().toArray();
}

// The greatest flow from label sets of jobs to label sets of supplies, job by job in their order: augmenting paths over whole groups,
// and no more tries for a group once one has failed, so that a job costs no more than the label sets that share supplies with its own.
// Answers for each label set of jobs how many of which label sets of supplies it gets.
function matchGroups(jobs: readonly Job[], demand: ReadonlyArray<Group<Job>>, offer: ReadonlyArray<Group<Capacity>>): ReadonlyArray<ReadonlyMap<number, number>> {
	const index = indexLabels(demand.map(({labels}) => labels));
	const fits: number[][] = demand.map(() => []);
	// The supply with the fewest labels beyond those wanted first: special runners stay for special jobs.
	const byLabels = [...offer.keys()].toSorted((a, b) => (offer[a]?.labels.length ?? 0) - (offer[b]?.labels.length ?? 0));
	for (const other of byLabels) {
		for (const wanting of index.fitting(offer[other]?.labels ?? [])) {
			fits[wanting]?.push(other);
		}
	}

	const flow = demand.map(() => new Map<number, number>());
	const holders = offer.map(() => new Set<number>());
	const free = offer.map(offering => offering.items.length);

	function give(wanting: number, other: number, change: 1 | -1): void {
		const amount = (flow[wanting]?.get(other) ?? 0) + change;
		if (amount === 0) {
			flow[wanting]?.delete(other);
			holders[other]?.delete(wanting);
		} else {
			flow[wanting]?.set(other, amount);
			holders[other]?.add(wanting);
		}
	}

	// Finds room for one job of a group, moving another group's job to another supply where needed; answers whether there was any.
	function place(wanting: number, visited: Set<number>): boolean {
		for (const other of fits[wanting] ?? []) {
			if (visited.has(other)) {
				continue;
			}

			visited.add(other);
			if ((free[other] ?? 0) > 0) {
				free[other] = (free[other] ?? 0) - 1;
				give(wanting, other, 1);
				return true;
			}

			for (const holder of holders[other] ?? []) {
				if (holder !== wanting && place(holder, visited)) {
					give(holder, other, -1);
					give(wanting, other, 1);
					return true;
				}
			}
		}

		return false;
	}

	const indexOf = new Map(demand.map(({key}, position) => [key, position]));
	const full = new Set<number>();
	for (const job of jobs) {
		const wanting = indexOf.get(labelSetKey(job.labels)) ?? 0;
		if (!full.has(wanting) && !place(wanting, new Set())) {
			full.add(wanting);
		}
	}

	return flow;
}
