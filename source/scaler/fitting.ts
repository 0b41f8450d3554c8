import type {Job} from '../model/job.ts';
import {foldLabel, labelSetKey} from '../model/labels.ts';

/**
Which label sets fit which: a set of wanted labels is found under one of its labels, the one that the fewest sets want, so that a runner's labels
lead to few sets to compare. Without that, a thousand jobs with labels of their own would be compared with each of a thousand runners.
*/
export type LabelIndex = {
	/**
	Positions, in the order given, of the wanted sets that a runner with these labels satisfies.
	*/
	readonly fitting: (offered: readonly string[]) => readonly number[];
};

/**
An index of sets of wanted labels. A set without labels fits every runner.
*/
export function indexLabels(wanted: ReadonlyArray<readonly string[]>): LabelIndex {
	const folded = wanted.map(labels => new Set(labels.map(label => foldLabel(label))));
	const count = new Map<string, number>();
	for (const label of folded.flatMap(labels => [...labels])) {
		count.set(label, (count.get(label) ?? 0) + 1);
	}

	const byRarest = Map.groupBy(folded.keys(), index => [...folded[index] ?? []].toSorted((a, b) => (count.get(a) ?? 0) - (count.get(b) ?? 0))[0] ?? '');
	const empty = byRarest.get('') ?? [];
	return {
		fitting(offered) {
			const have = new Set(offered.map(label => foldLabel(label)));
			const found = [...have].flatMap(label => (label === '' ? [] : byRarest.get(label) ?? []).filter(index => folded[index]?.isSubsetOf(have) === true));
			return [...empty.filter(index => folded[index]?.isSubsetOf(have) === true), ...found].toSorted((a, b) => a - b);
		},
	};
}

/**
Jobs by label set, for runners that ask which of them they could take.
*/
export type FittingJobs = {
	/**
	The first of the jobs, in the order given, that a runner with these labels could take.
	*/
	readonly first: (offered: readonly string[]) => Job | undefined;
};

/**
The first job of each label set, found by a runner's labels.
*/
export function fittingJobs(jobs: readonly Job[]): FittingJobs {
	const firsts = [...Map.groupBy(jobs, job => labelSetKey(job.labels)).values()].flatMap(([job]) => job ?? []);
	const index = indexLabels(firsts.map(job => job.labels));
	return {first: offered => firsts[index.fitting(offered)[0] ?? -1]};
}
