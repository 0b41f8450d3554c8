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
Which job is covered by which supply: as many jobs as can be, each supply once, the oldest jobs of a label set first. Where there is
too little, sets with more labels come first: a special runner serves special jobs, and what is created is the plain server, the cheaper one.
Jobs and supplies are counted by label set, not paired by identity (a runner takes any job its labels allow); only for show does a job get
the server of its own name when that is among those that cover its set.
*/
export function cover(jobs: readonly Job[], supplies: readonly Supply[], nameOf: (job: Job) => string): ReadonlyMap<Job['id'], Supply> {
	const demand = group(jobs, job => job.labels);
	const offer = group(supplies, supply => supply.labels);
	const flow = matchGroups(demand, offer);
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

// The greatest flow from label sets of jobs to label sets of supplies: augmenting paths over whole groups, so that the cost
// grows with the number of label sets, not with that of jobs.
function matchGroups(demand: ReadonlyArray<Group<Job>>, offer: ReadonlyArray<Group<Supply>>): ReadonlyArray<readonly number[]> {
	const fits = demand.map(wanting => offer.map(offering => missingLabels(wanting.labels, offering.labels).length === 0));
	const flow = demand.map(() => offer.map(() => 0));
	const free = offer.map(offering => offering.items.length);

	// Finds room for `amount` jobs of a group, moving other groups' jobs to other supplies where needed; answers how many found room.
	function place(index: number, amount: number, visited: Set<number>): number {
		const row = flow[index] ?? [];
		for (const other of sparestFirst(index)) {
			if (visited.has(other)) {
				continue;
			}

			visited.add(other);
			const room = free[other] ?? 0;
			if (room > 0) {
				const placed = Math.min(room, amount);
				free[other] = room - placed;
				row[other] = (row[other] ?? 0) + placed;
				return placed;
			}

			for (const [holder, held] of flow.entries()) {
				const movable = Math.min(held[other] ?? 0, amount);
				const moved = movable > 0 && holder !== index ? place(holder, movable, visited) : 0;
				if (moved > 0) {
					held[other] = (held[other] ?? 0) - moved;
					row[other] = (row[other] ?? 0) + moved;
					return moved;
				}
			}
		}

		return 0;
	}

	// The supply with the fewest labels beyond those wanted first: special runners stay for special jobs.
	function sparestFirst(index: number): readonly number[] {
		return offer.map((_, other) => other)
			.filter(other => fits[index]?.[other] === true)
			.toSorted((a, b) => (offer[a]?.labels.length ?? 0) - (offer[b]?.labels.length ?? 0));
	}

	for (const [index, wanting] of demand.entries().toArray().toSorted(([, a], [, b]) => b.labels.length - a.labels.length)) {
		let left = wanting.items.length;
		while (left > 0) {
			const placed = place(index, left, new Set());
			if (placed === 0) {
				break;
			}

			left -= placed;
		}
	}

	return flow;
}
