import type {Rng} from '../../../source/simulator/chance.ts';
import type {Fault} from '../../../source/simulator/faults.ts';
import {runIdOf} from '../../../source/simulator/github-arrivals.ts';
import type {JobSpec, RunSpec} from '../../../source/simulator/github-jobs.ts';
import type {DayPlan} from '../plan-day.ts';
import {others, trouble, type Addition} from './addition.ts';

/**
A run whose jobs GitHub cannot put on one page, always or mostly, all day long.
*/
export function addPages(rng: Rng): Addition {
	const chance = rng.pick([1, 1, 0.7]);
	return {
		isNeverWhole: true,
		runs: [{workflow: 'large', afterSeconds: rng.between([0, 200]), jobs: [...others(70 + rng.below(20)), ...[0, 1].map((index): JobSpec => ({name: `in a large run ${index}`, durationSeconds: rng.between([20, 300])}))]}],
		lasting: [{
			name: 'large pages 502', fault: {
				kind: 'pageTooLarge', api: 'github', above: 40, chance,
			},
		}],
	};
}

const listed = [
	['github', 'listRuns'], ['github', 'listJobs'], ['github', 'listRunners'], ['github', 'downloads'], ['hetzner', 'listServers'], ['hetzner', 'listServerTypes'], ['hetzner', 'listLocations'], ['hetzner', 'pricing'], ['hetzner', 'listKeys'], ['hetzner', 'listImages'], ['hetzner', 'listActions'],
] as const;
const hows = ['missing', 'null', 'unknown'] as const;

const fleets = [{count: 0, changeSeconds: 0}, {count: 0, changeSeconds: 0}, {count: 120, changeSeconds: 4}, {count: 320, changeSeconds: 2}];

/**
All day rows of others are odd, numbers never fit, and a run of others cannot be read; rows of ours are wrong for a while.
*/
export function addLists(rng: Rng, day: DayPlan): Addition {
	const odd = (rows: 'own' | 'foreign' | undefined): readonly [string, Fault] => {
		const [api, operation] = rng.pick(rows === 'foreign' ? listed.filter(([, name]) => ['listRuns', 'listJobs', 'listRunners', 'listServers'].includes(name)) : listed);
		return [`odd rows in ${operation}`, {
			kind: 'oddRows', api, operation, how: rng.pick(hows), share: rng.pick([0.3, 1]), ...(rows !== undefined && {rows}),
		}];
	};

	const [foreignName, foreignFault] = odd('foreign');
	const totals = rng.pick(['tooHigh', 'tooLow', 'changing'] as const);
	const total = (api: 'github' | 'hetzner') => ({name: `${api}: odd totals`, fault: {kind: 'oddTotal', api, how: totals} as const});
	const stuckRun = day.runs.length + 1;
	const jobs: JobSpec[] = [0, 1].map(index => ({name: `in bad lists ${index}`, durationSeconds: rng.between([20, 300])}));
	return {
		runs: [
			{workflow: 'unreadable', jobs: others(2)},
			{workflow: 'in bad lists', afterSeconds: rng.between([0, 600]), jobs},
			...Array.from({length: rng.below(3) === 0 ? 30 : 0}, (): RunSpec => ({
				workflow: 'crowd', afterSeconds: rng.between([0, 600]), cancelAfterSeconds: 900, jobs: others(1),
			})),
		],
		troubles: Array.from({length: 1 + rng.below(2)}, () => trouble(rng, ...odd(rng.below(2) === 0 ? undefined : 'own'))),
		lasting: [
			...(rng.below(2) === 0 ? [total(rng.pick(['github', 'hetzner']))] : []),
			{name: `others: ${foreignName}`, fault: foreignFault},
			...(rng.below(2) === 0
				? [{
					name: 'a run of others unreadable', fault: {
						kind: 'answer', api: 'github', operation: 'listJobs', subject: runIdOf(day.seed, stuckRun), status: 502, isHtml: true,
					},
				} as const]
				: []),
		],
		parameters: {runsListed: rng.pick([1000, 20]), foreignRunners: rng.pick(fleets)},
		hidesJobs: true,
		isNeverWhole: true,
	};
}
