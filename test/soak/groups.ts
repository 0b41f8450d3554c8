import {diceFor, type Dice} from '../../source/simulator/chance.ts';
import type {JobSpec, RunSpec} from '../../source/simulator/github-jobs.ts';
import type {Knobs} from '../../source/simulator/knobs.ts';
import type {DayPlan, Trouble} from './plan-day.ts';

/**
What a group adds to a day.
*/
type Addition = {readonly runs?: readonly RunSpec[]; readonly troubles?: readonly Trouble[]; readonly knobs?: Partial<Knobs>};

type GroupOfTroubles = {
	/**
	Whether only answers over HTTP can have it.
	*/
	readonly isOverHttp: boolean;
	readonly add: (dice: Dice, day: DayPlan) => Addition;
};

const names = ['gates'] as const;

export type Group = typeof names[number];

/**
What the real APIs do beyond the classic troubles, by what it is about.
*/
const groups: Readonly<Record<Group, GroupOfTroubles>> = {
	gates: {isOverHttp: false, add: addGates},
};

/**
The groups that a word of the command line names: "classic" (none), "all", or names with commas between. Throws a RangeError with one sentence for anything else.
*/
export function groupsOf(text: string): readonly Group[] {
	if (text === 'classic') {
		return [];
	}

	const asked = text === 'all' ? names : text.split(',');
	const unknown = asked.find(name => names.every(known => known !== name));
	if (unknown !== undefined) {
		throw new RangeError(`No group of troubles is called "${unknown}": say classic, all, or some of ${names.join(', ')}.`);
	}

	return names.filter(name => asked.includes(name));
}

/**
The day with one to three of these groups on top; each third day has one group alone, and no classic trouble.
*/
export function withGroups(classic: DayPlan, from: readonly Group[], isWired: boolean | undefined): DayPlan {
	const dice = diceFor(classic.seed, 'groups of troubles');
	const isAlone = classic.seed % 3 === 0;
	const first = from[classic.seed % from.length] ?? 'gates';
	const more = isAlone ? [] : Array.from({length: dice.below(3)}, () => dice.pick(from));
	let day: DayPlan = {
		...classic, isWired: isWired ?? (classic.isWired || groups[first].isOverHttp), knobs: {...classic.knobs, runStatus: 'leastAdvanced'}, ...(isAlone && {troubles: [], deeds: []}),
	};
	for (const group of new Set([first, ...more])) {
		const {runs = [], troubles = [], knobs = {}} = groups[group].add(diceFor(classic.seed, 'group', group), day);
		day = {
			...day, runs: [...day.runs, ...runs], troubles: [...day.troubles, ...troubles], knobs: {...day.knobs, ...knobs},
		};
	}

	return day;
}

// A run of which one job is held by an approval or its concurrency group, for some minutes or for good, while others are to run.
function addGates(dice: Dice): Addition {
	const others = (run: number) => Array.from({length: 1 + dice.below(3)}, (_, index): JobSpec => ({name: `beside a gate ${run}.${index}`, durationSeconds: dice.between([20, 400])}));
	const group = {concurrencyGroup: 'production', durationSeconds: dice.between([60, 300])};
	return {
		runs: [
			{
				workflow: 'approval', afterSeconds: dice.between([0, 300]), jobs: [
					...others(0), {name: 'approved', held: {as: 'waiting', seconds: dice.between([60, 600])}, isCounted: true},
				],
			},
			{workflow: 'nobody approves', afterSeconds: dice.between([0, 300]), jobs: [...others(1), {name: 'never approved', held: {as: dice.pick(['waiting', 'pending', 'requested'])}, isCounted: false}]},
			...[0, 1].map((number): RunSpec => ({
				workflow: `deploy ${number}`, afterSeconds: (number * 60) + dice.between([0, 200]), jobs: [...(number === 0 ? [] : others(2)), {name: `deploy ${number}`, ...group}],
			})),
		],
	};
}
