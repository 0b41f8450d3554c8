import {liveDay, type DayResult} from './live-day.ts';
import type {DayPlan} from './plan-day.ts';

type Piece = {readonly name: string; readonly without: (plan: DayPlan) => DayPlan};

const mostTries = 150;

/**
The smallest part of a failing day that still breaks the same promise: halves, quarters, … of its jobs, troubles and operations are left out
while it does (delta debugging). Fast-check's own shrinking can't be used here: a soak's day comes from a seed, not from its arbitraries.
*/
export async function shrinkDay(plan: DayPlan, result: DayResult): Promise<{readonly plan: DayPlan; readonly result: DayResult}> {
	const promise = result.broken[0]?.promise;
	let best = {plan, result};
	let tries = 0;

	async function tryIt(candidate: DayPlan): Promise<boolean> {
		if (tries++ >= mostTries) {
			return false;
		}

		const outcome = await liveDay(candidate);
		if (outcome.broken[0]?.promise !== promise) {
			return false;
		}

		best = {plan: candidate, result: outcome};
		return true;
	}

	for (let size = Math.ceil(piecesOf(plan).length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
		for (let from = 0; from < piecesOf(best.plan).length;) {
			const left = piecesOf(best.plan).slice(from, from + size).reduceRight((rest, piece) => piece.without(rest), best.plan);
			from += await tryIt(left) ? 0 : size;
		}
	}

	return best;
}

function piecesOf(plan: DayPlan): readonly Piece[] {
	return [
		...plan.troubles.map((trouble, index) => ({name: trouble.name, without: (rest: DayPlan) => ({...rest, troubles: rest.troubles.toSpliced(index, 1)})})),
		...plan.operations.map((operation, index) => ({name: operation.operation.operation, without: (rest: DayPlan) => ({...rest, operations: rest.operations.toSpliced(index, 1)})})),
		...(plan.neighbour === undefined ? [] : [{name: 'the neighbour', without: (rest: DayPlan) => ({...rest, neighbour: undefined})}]),
		...(plan.engines > 1 ? [{name: 'a rival', without: (rest: DayPlan) => ({...rest, engines: rest.engines - 1})}] : []),
		...plan.runs.flatMap((run, index) => run.jobs.map((job, place) => ({
			name: job.name,
			// A run without jobs stays, so that the others keep their numbers.
			without: (rest: DayPlan) => ({...rest, runs: rest.runs.with(index, {...rest.runs[index], jobs: rest.runs[index]?.jobs.toSpliced(place, 1) ?? []})}),
		}))),
	];
}

/**
A plan in a few lines, for people.
*/
export function formatPlan(plan: DayPlan): readonly string[] {
	const at = (seconds: number) => `${Math.round(seconds)} s`;
	return [
		`${plan.engines} engine${plan.engines === 1 ? '' : 's'}, ${plan.isWired ? 'the real adapters' : 'ports in process'}, ${JSON.stringify(plan.policy)}${Object.keys(plan.parameters).length === 0 ? '' : `, ${JSON.stringify(plan.parameters)}`}`,
		...plan.settings.map((setting, index) => `engine ${index + 1}: ${JSON.stringify(setting)}`),
		...[...plan.runs, ...plan.neighbour ?? []].flatMap(run => run.jobs.map(job => `${at(run.afterSeconds ?? 0)}: ${job.name} [${(job.labels ?? []).join(', ')}] for ${at(job.durationSeconds ?? 30)}, its server: ${String(job.outcome ?? 'ok')}`)),
		...plan.troubles.map(({name, span}) => `${at(span.afterSeconds)}: ${name} for ${at(span.forSeconds)}`),
		...plan.operations.map(({afterSeconds, operation}) => `${at(afterSeconds)}: ${JSON.stringify(operation)}`),
	];
}
