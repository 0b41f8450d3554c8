import type {Job} from '../../model/job.ts';
import {labelSetKey, missingLabels} from '../../model/labels.ts';
import type {JobVerdict} from '../../model/verdict.ts';

/**
One runner that is free or coming: it can take one job. `says` is the verdict of the job it covers.
*/
export type Supply = {
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
export function cover(jobs: readonly Job[], supplies: readonly Supply[], nameOf: (job: Job) => string): ReadonlyMap<Job['id'], Supply> {
	const demand = group(jobs, job => job.labels);
	const offer = group(supplies, supply => supply.labels);
	const flow = matchGroups(jobs, demand, offer);
	const covered = new Map<Job['id'], Supply>();
	for (const [index, wanting] of demand.entries()) {
		const given = offer.flatMap((offering, other) => offering.items.splice(0, flow[index]?.[other] ?? 0));
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
// and no more tries for a group once one has failed, so that a job costs no more than there are label sets.
function matchGroups(jobs: readonly Job[], demand: ReadonlyArray<Group<Job>>, offer: ReadonlyArray<Group<Supply>>): ReadonlyArray<readonly number[]> {
	// The supply with the fewest labels beyond those wanted first: special runners stay for special jobs.
	const fits = demand.map(wanting => offer.map((_, other) => other)
		.filter(other => missingLabels(wanting.labels, offer[other]?.labels ?? []).length === 0)
		.toSorted((a, b) => (offer[a]?.labels.length ?? 0) - (offer[b]?.labels.length ?? 0)));
	const flow = demand.map(() => offer.map(() => 0));
	const free = offer.map(offering => offering.items.length);

	// Finds room for one job of a group, moving another group's job to another supply where needed; answers whether there was any.
	function place(index: number, visited: Set<number>): boolean {
		const row = flow[index] ?? [];
		for (const other of fits[index] ?? []) {
			if (visited.has(other)) {
				continue;
			}

			visited.add(other);
			if ((free[other] ?? 0) > 0) {
				free[other] = (free[other] ?? 0) - 1;
				row[other] = (row[other] ?? 0) + 1;
				return true;
			}

			for (const [holder, held] of flow.entries()) {
				if (holder !== index && (held[other] ?? 0) > 0 && place(holder, visited)) {
					held[other] = (held[other] ?? 0) - 1;
					row[other] = (row[other] ?? 0) + 1;
					return true;
				}
			}
		}

		return false;
	}

	const indexOf = new Map(demand.map(({key}, index) => [key, index]));
	const full = new Set<number>();
	for (const job of jobs) {
		const index = indexOf.get(labelSetKey(job.labels)) ?? 0;
		if (!full.has(index) && !place(index, new Set())) {
			full.add(index);
		}
	}

	return flow;
}
