import type {Job} from '../../model/job.ts';
import {foldLabel} from '../../model/labels.ts';
import type {Policy} from '../../model/policy.ts';
import type {Snapshot} from '../../model/snapshot.ts';
import type {JobVerdict} from '../../model/verdict.ts';
import {expandLabels} from '../../model/wishes.ts';

/**
The limits for some labels and for one workflow run, counted over the servers that there are, that are being made, and that this plan adds.
*/
export type Caps = {
	/**
	The limit that holds this job back; undefined: none.
	*/
	readonly reached: (job: Job) => JobVerdict | undefined;
	readonly planned: (job: Job) => void;
};

/**
The counts of one plan.
*/
export function createCaps({servers, creations}: Snapshot, {labelLimits, maxRunnersInRun, language}: Policy): Caps {
	const made = [
		...servers.items.map(({name, runId, runnerLabels}) => ({name, runId, labels: runnerLabels})),
		...creations.map(({name, runId, labels}) => ({name, runId, labels})),
	];
	const alive = new Map(made.map(one => [one.name, one])).values().toArray();
	const ofLabels = labelLimits.map(({labels, limit}) => ({labels, limit, count: alive.filter(one => carries(one.labels, labels)).length}));
	const ofRun = new Map<number, number>();
	for (const {runId} of alive) {
		if (runId !== undefined) {
			ofRun.set(runId, (ofRun.get(runId) ?? 0) + 1);
		}
	}

	return {
		reached(job) {
			const wanted = expandLabels(job.labels, language);
			const full = ofLabels.find(({labels, limit, count}) => count >= limit && carries(wanted, labels));
			if (full !== undefined) {
				return {
					code: 'waitsForLimit', count: full.count, limit: full.limit, of: full.labels,
				};
			}

			const count = ofRun.get(job.runId) ?? 0;
			return maxRunnersInRun !== undefined && count >= maxRunnersInRun
				? {
					code: 'waitsForLimit', count, limit: maxRunnersInRun, of: 'run',
				}
				: undefined;
		},
		planned(job) {
			const wanted = expandLabels(job.labels, language);
			for (const one of ofLabels) {
				one.count += carries(wanted, one.labels) ? 1 : 0;
			}

			ofRun.set(job.runId, (ofRun.get(job.runId) ?? 0) + 1);
		},
	};
}

function carries(labels: readonly string[], wanted: readonly string[]): boolean {
	const have = new Set(labels.map(label => foldLabel(label)));
	return wanted.every(label => have.has(label));
}
