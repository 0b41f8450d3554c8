import {diceFor, type Dice} from '../../source/simulator/chance.ts';
import type {Fault} from '../../source/simulator/faults.ts';
import {runIdOf} from '../../source/simulator/github-births.ts';
import type {JobSpec, RunSpec} from '../../source/simulator/github-jobs.ts';
import type {Knobs} from '../../source/simulator/knobs.ts';
import type {DayPlan, Trouble} from './plan-day.ts';

/**
What a group adds to a day. `isHopeless`: no job of that day can ever run.
*/
type Addition = Partial<Pick<DayPlan, 'runs' | 'troubles' | 'lasting' | 'hidesJobs' | 'isNeverWhole'>> & {readonly knobs?: Partial<Knobs>; readonly isHopeless?: boolean};

type GroupOfTroubles = {
	/**
	Whether only answers over HTTP can have it.
	*/
	readonly isOverHttp: boolean;
	readonly add: (dice: Dice, day: DayPlan) => Addition;
};

const names = ['gates', 'pages', 'lists', 'registration', 'unassigned', 'hetzner', 'budgets', 'clocks'] as const;

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
	let isHopeless = false;
	let day: DayPlan = {
		...classic, isStrict: isAlone, isWired: isWired ?? (classic.isWired || groups[first].isOverHttp), knobs: {...classic.knobs, runStatus: 'leastAdvanced'}, ...(isAlone && {troubles: [], deeds: []}),
	};
	for (const group of new Set([first, ...more])) {
		const addition = groups[group].add(diceFor(classic.seed, 'group', group), day);
		isHopeless ||= addition.isHopeless ?? false;
		const {runs = [], troubles = [], lasting = [], knobs = {}, hidesJobs = false, isNeverWhole = false} = addition;
		day = {
			...day, runs: [...day.runs, ...runs], troubles: [...day.troubles, ...troubles], lasting: [...day.lasting ?? [], ...lasting], knobs: {...day.knobs, ...knobs}, hidesJobs: day.hidesJobs === true || hidesJobs, isNeverWhole: day.isNeverWhole === true || isNeverWhole,
		};
	}

	return isHopeless ? {...day, runs: day.runs.map(run => ({...run, jobs: run.jobs.map(job => ({...job, isCounted: false}))}))} : day;
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

const others = (count: number): readonly JobSpec[] => Array.from({length: count}, (_, index): JobSpec => ({name: `of others ${index}`, labels: ['someone-else'], isCounted: false}));

function trouble(dice: Dice, name: string, fault: Fault, longest = 600): Trouble {
	return {name, fault, span: {afterSeconds: dice.between([0, 500]), forSeconds: dice.between([60, longest]), name}};
}

// A run whose jobs GitHub cannot put on one page, always or mostly, all day long.
function addPages(dice: Dice): Addition {
	const chance = dice.pick([1, 1, 0.7]);
	return {
		isNeverWhole: true,
		runs: [{workflow: 'large', afterSeconds: dice.between([0, 200]), jobs: [...others(70 + dice.below(20)), ...[0, 1].map((index): JobSpec => ({name: `in a large run ${index}`, durationSeconds: dice.between([20, 300])}))]}],
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

// All day rows of others are odd, numbers never fit, and a run of others cannot be read; rows of ours are wrong for a while.
function addLists(dice: Dice, day: DayPlan): Addition {
	const odd = (rows: 'own' | 'foreign' | undefined): readonly [string, Fault] => {
		const [api, operation] = dice.pick(rows === 'foreign' ? listed.filter(([, name]) => ['listRuns', 'listJobs', 'listRunners', 'listServers'].includes(name)) : listed);
		return [`odd rows in ${operation}`, {
			kind: 'oddRows', api, operation, how: dice.pick(hows), share: dice.pick([0.3, 1]), ...(rows !== undefined && {rows}),
		}];
	};

	const [foreignName, foreignFault] = odd('foreign');
	const totals = dice.pick(['tooHigh', 'tooLow', 'changing'] as const);
	const total = (api: 'github' | 'hetzner') => ({name: `${api}: odd totals`, fault: {kind: 'oddTotal', api, how: totals} as const});
	const stuckRun = day.runs.length + 1;
	const jobs: JobSpec[] = [0, 1].map(index => ({name: `in bad lists ${index}`, durationSeconds: dice.between([20, 300])}));
	return {
		runs: [
			{workflow: 'unreadable', jobs: others(2)},
			{workflow: 'in bad lists', afterSeconds: dice.between([0, 600]), jobs},
			...Array.from({length: dice.below(3) === 0 ? 30 : 0}, (): RunSpec => ({
				workflow: 'crowd', afterSeconds: dice.between([0, 600]), cancelAfterSeconds: 900, jobs: others(1),
			})),
		],
		troubles: Array.from({length: 1 + dice.below(2)}, () => trouble(dice, ...odd(dice.below(2) === 0 ? undefined : 'own'))),
		lasting: [
			...(dice.below(2) === 0 ? [total(dice.pick(['github', 'hetzner']))] : []),
			{name: `others: ${foreignName}`, fault: foreignFault},
			...(dice.below(2) === 0
				? [{
					name: 'a run of others unreadable', fault: {
						kind: 'answer', api: 'github', operation: 'listJobs', subject: runIdOf(day.seed, stuckRun), status: 502, isHtml: true,
					},
				} as const]
				: []),
		],
		knobs: {runsListed: dice.pick([1000, 20]), foreignRunners: dice.pick(fleets)},
		hidesJobs: true,
		isNeverWhole: true,
	};
}

// Runners cannot register for a while, or a token lapses while its set-up lasts.
function addRegistration(dice: Dice): Addition {
	const refused = dice.pick<readonly [string, Fault]>([
		['runners disabled by policy', {kind: 'runnersDisabled'}], ['no x64 runner program', {kind: 'noDownload', architecture: 'x64'}], ['no arm64 runner program', {kind: 'noDownload', architecture: 'arm64'}], ['registration refused', {kind: 'registrationFails'}],
		['no token by policy', {
			kind: 'answer', api: 'github', operation: 'registrationToken', status: 403, message: 'Resource not accessible by personal access token',
		}],
	]);
	if (dice.below(4) === 0) {
		return {isHopeless: true, lasting: [{name: refused[0], fault: refused[1].kind === 'noDownload' || refused[1].kind === 'registrationFails' ? {kind: 'runnersDisabled'} : refused[1]}]};
	}

	return {
		runs: [{workflow: 'registration', afterSeconds: dice.between([0, 300]), jobs: [0, 1].map((index): JobSpec => ({name: `registers late ${index}`, labels: ['self-hosted', ...(index === 0 ? [] : ['server-cax11'])], durationSeconds: dice.between([20, 300])}))}],
		troubles: [trouble(dice, ...refused, dice.pick([300, 3600]))],
		knobs: dice.below(3) === 0 ? {registrationTokenSeconds: 1000, setupSeconds: [250, 500]} : {},
	};
}

// Jobs that GitHub gives to no runner of ours: of another group, for good; or none at all, for a while.
function addUnassigned(dice: Dice): Addition {
	const label = dice.pick(['x64', 'server-cax11']);
	return {
		runs: [
			{workflow: 'another group', afterSeconds: dice.between([0, 300]), cancelAfterSeconds: 9000, jobs: [{name: 'for another group', group: 'gpu', isCounted: false}]},
			{workflow: 'passed over', afterSeconds: dice.between([0, 300]), jobs: [0, 1].map((index): JobSpec => ({name: `passed over ${index}`, labels: ['self-hosted', ...(index === 0 ? [] : [label])], durationSeconds: dice.between([20, 300])}))},
		],
		troubles: [trouble(dice, 'jobs given to no runner', {kind: 'unassigned', ...(dice.below(2) === 0 && {label})}, dice.pick([600, 3600]))],
	};
}

// Limits, values and names that concern some jobs only, for good; servers that start late or are protected by somebody.
function addHetzner(dice: Dice): Addition {
	const hopeless = (name: string, ...labels: string[]): RunSpec => ({workflow: name, afterSeconds: dice.between([0, 300]), cancelAfterSeconds: 9000, jobs: [{name, labels: ['self-hosted', ...labels]}]});
	const lasting: ReadonlyArray<readonly [RunSpec, Fault]> = [
		[hopeless('dedicated cores', 'server-ccx13'), {kind: 'serverLimit', what: 'dedicated core', limit: 0}],
		[hopeless('values no good'), {
			kind: 'createInvalid', job: 'values no good', field: 'labels', message: 'label value is not correctly formatted',
		}],
		[hopeless('name taken'), {kind: 'nameTaken', job: 'name taken'}],
		[hopeless('sold out', 'server-cx53'), {kind: 'pairRefused', serverType: 'cx53', form: dice.pick(['placement', 'disabled', 'unavailable'])}],
	];
	const some = lasting.filter(() => dice.below(2) === 0);
	return {
		runs: [...some.map(([run]) => run), {workflow: 'beside refusals', afterSeconds: dice.between([100, 500]), jobs: [0, 1].map((index): JobSpec => ({name: `beside refusals ${index}`, durationSeconds: dice.between([20, 300])}))}],
		lasting: [
			...some.map(([{workflow = ''}, fault]) => ({name: `refused: ${workflow}`, fault})),
			...(dice.below(2) === 0 ? [{name: 'starts late', fault: {kind: 'lateStart', seconds: dice.between([25, 60])}} as const] : []),
		],
		troubles: dice.below(2) === 0
			? [{
				...trouble(dice, 'protected from deletion', {kind: 'protects', fromSeconds: dice.between([0, 200]), forSeconds: dice.between([300, 2000])}), span: {
					afterSeconds: 0, forSeconds: 900, times: 1, name: 'protected from deletion',
				},
			}]
			: [],
	};
}

// Limits in other forms, others who use up the budget, answers that tell nothing or nonsense of it.
function addBudgets(dice: Dice): Addition {
	const api = dice.pick(['github', 'github', 'hetzner'] as const);
	const how = dice.pick(['missing', 'wrong'] as const);
	return {
		troubles: [
			trouble(dice, 'secondary limit, 429', {kind: 'secondaryLimit', retryAfterSeconds: dice.pick([20, 60, 120]), status: 429}, 120),
			...(dice.below(2) === 0 ? [trouble(dice, 'secondary limit, untold', {kind: 'secondaryLimit', retryAfterSeconds: 60, status: dice.pick([403, 429]), isUntold: true}, 120)] : []),
			...(dice.below(2) === 0 ? [trouble(dice, `${api}: others eat the budget`, {kind: 'budgetEaten', api, leaves: dice.pick([0, 20, 400])}, dice.pick([300, 2400]))] : []),
		],
		lasting: dice.below(3) === 0 ? [{name: `${api}: limit headers ${how}`, fault: {kind: 'limitHeaders', api, how}}] : [],
		knobs: {githubSecondaryStatus: dice.pick([403, 429]), ...(dice.below(4) === 0 && {githubHasLimits: false}), ...(dice.below(4) === 0 && {githubRequestsPerHour: 900})},
	};
}

// Clocks of the APIs that are minutes or hours off.
function addClocks(dice: Dice): Addition {
	const off = () => dice.pick([0, -7200, -600, -90, 90, 600, 7200]);
	return {knobs: {githubClockSeconds: off(), hetznerClockSeconds: off()}};
}
