import {rngFor, type Rng} from '../../source/simulator/chance.ts';
import type {Addition} from './groups/addition.ts';
import {addBudgets, addClocks, addHetzner} from './groups/apis.ts';
import {
	addGates, addMoney, addRegistration, addUnassigned,
} from './groups/jobs.ts';
import {addLists, addPages} from './groups/lists.ts';
import type {DayPlan} from './plan-day.ts';

type GroupOfTroubles = {
	/**
	Whether only answers over HTTP can have it.
	*/
	readonly isOverHttp: boolean;
	readonly add: (rng: Rng, day: DayPlan) => Addition;
};

const names = ['gates', 'pages', 'lists', 'registration', 'unassigned', 'hetzner', 'budgets', 'clocks', 'money'] as const;

export type Group = typeof names[number];

/**
What the real APIs do beyond the classic troubles, by what it is about.
*/
const groups: Readonly<Record<Group, GroupOfTroubles>> = {
	gates: {isOverHttp: false, add: addGates},
	pages: {isOverHttp: true, add: addPages},
	lists: {isOverHttp: true, add: addLists},
	registration: {isOverHttp: false, add: addRegistration},
	unassigned: {isOverHttp: false, add: addUnassigned},
	hetzner: {isOverHttp: false, add: addHetzner},
	budgets: {isOverHttp: true, add: addBudgets},
	clocks: {isOverHttp: false, add: addClocks},
	money: {isOverHttp: false, add: addMoney},
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
	const rng = rngFor(classic.seed, 'groups of troubles');
	const isAlone = classic.seed % 3 === 0;
	const first = from[classic.seed % from.length] ?? 'gates';
	const more = isAlone ? [] : Array.from({length: rng.below(3)}, () => rng.pick(from));
	let isHopeless = false;
	let day: DayPlan = {
		...classic, isStrict: isAlone, isWired: isWired ?? (classic.isWired || groups[first].isOverHttp), parameters: {...classic.parameters, runStatus: 'leastAdvanced'}, ...(isAlone && {troubles: [], operations: []}),
	};
	for (const group of new Set([first, ...more])) {
		const addition = groups[group].add(rngFor(classic.seed, 'group', group), day);
		isHopeless ||= addition.isHopeless ?? false;
		const {runs = [], troubles = [], lasting = [], parameters = {}, policy = {}, hidesJobs = false, isNeverWhole = false} = addition;
		day = {
			...day, runs: [...day.runs, ...runs], troubles: [...day.troubles, ...troubles], lasting: [...day.lasting ?? [], ...lasting], parameters: {...day.parameters, ...parameters}, policy: {...day.policy, ...policy},
			hidesJobs: day.hidesJobs === true || hidesJobs, isNeverWhole: day.isNeverWhole === true || isNeverWhole,
		};
	}

	return isHopeless ? {...day, runs: day.runs.map(run => ({...run, jobs: run.jobs.map(job => ({...job, isCounted: false}))}))} : day;
}
