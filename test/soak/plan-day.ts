import type {Policy} from '../../source/model/policy.ts';
import {rngFor, type Rng} from '../../source/simulator/chance.ts';
import type {Fault, FaultSpan, HostOutcome} from '../../source/simulator/faults.ts';
import type {JobSpec, RunSpec} from '../../source/simulator/github-jobs.ts';
import type {WorldParameters} from '../../source/simulator/parameters.ts';
import type {Setting} from './engines.ts';
import {withGroups, type Group} from './groups.ts';
import {badOutcomes, troubles, troublesOverHttp} from './troubles.ts';

/**
Something that somebody does at that second. `which` picks among what is there then.
`restart`: kill -9, and a new engine some seconds later, on a machine whose clock is that much ahead of the world's. The others are done by an operator at the console, or by hand at the vendor's.
*/
export type Operation =
	| {readonly operation: 'restart'; readonly downSeconds: number; readonly skewSeconds: number}
	| {readonly operation: 'vanish' | 'powerOff' | 'rename' | 'stripLabels' | 'delete' | 'deleteTyped' | 'keep'; readonly which: number}
	| {readonly operation: 'mode'; readonly mode: 'paused' | 'frozen' | 'draining'; readonly forSeconds: number}
	| {readonly operation: 'cancel'; readonly which: number};

export type TimedOperation = {readonly afterSeconds: number; readonly engine: number; readonly operation: Operation};

export type Trouble = {readonly name: string; readonly fault: Fault; readonly span: FaultSpan & {readonly afterSeconds: number; readonly forSeconds: number}};

/**
All that happens on a day, written down before it begins: the same plan makes the same day.
*/
export type DayPlan = {
	readonly seed: number;
	/**
	Whether the real adapters run, over the simulator's HTTP; else its ports in process.
	*/
	readonly isWired: boolean;
	readonly engines: number;
	/**
	How the engines differ, the first's first; what is not told is as usual.
	*/
	readonly settings: readonly Setting[];
	/**
	Runs of another repository, whose engine makes servers in the same project. Undefined: there is none.
	*/
	readonly neighbour: readonly RunSpec[] | undefined;
	readonly policy: Partial<Policy>;
	readonly parameters: Partial<WorldParameters>;
	readonly runs: readonly RunSpec[];
	readonly troubles: readonly Trouble[];
	readonly operations: readonly TimedOperation[];
	/**
	What is wrong all day long, and must not hinder anything.
	*/
	readonly lasting?: ReadonlyArray<{readonly name: string; readonly fault: Fault}>;
	/**
	Whether its lists may leave jobs out that wait, which no engine can know.
	*/
	readonly hidesJobs?: boolean;
	/**
	Whether its lists are never whole, and whether each job's wait is looked at.
	*/
	readonly isNeverWhole?: boolean;
	readonly isStrict?: boolean;
};

/**
The bad day of that seed. `isWired` overrides which ports it is played over. Each fifth day has one trouble alone, in turn. `groups`: see groups.ts; default none.
*/
export function planDay(seed: number, isWired?: boolean, groups: readonly Group[] = []): DayPlan {
	const usual = planClassicDay(seed, isWired ?? (seed % 10 === 0));
	const classic: DayPlan = {...usual, policy: {...usual.policy, registration: rngFor(seed, 'registration').pick(['jit', 'jit', 'token'])}};
	return groups.length === 0 ? classic : withGroups(classic, groups, isWired);
}

function planClassicDay(seed: number, isWired: boolean): DayPlan {
	const rng = rngFor(seed, 'bad day');
	if (seed % 5 === 1) {
		return planLoneTrouble(seed, isWired, rng);
	}

	const wave = rng.below(4) === 0 ? lateWave(rng) : undefined;
	const engines = rng.pick([1, 1, 1, 1, 1, 1, 2, 2, 3]);
	return {
		seed,
		isWired,
		engines,
		settings: engines === 1 ? [] : Array.from({length: engines}, () => planSetting(rng)),
		neighbour: rng.below(8) === 0 ? planRuns(rng).slice(0, 2) : undefined,
		runs: [...planRuns(rng), ...wave?.runs ?? []],
		troubles: possible([...planTroubles(rng, isWired), ...wave?.troubles ?? [], ...longTroubles(seed, isWired)]),
		operations: rng.below(2) === 0 ? [] : Array.from({length: 1 + rng.below(4)}, () => ({afterSeconds: rng.between([20, 1000]), engine: rng.below(3), operation: planOperation(rng)})),
		policy: {
			locations: rng.below(2) === 0 ? [] : ['fsn1', 'nbg1'],
			maxRunners: rng.below(3) === 0 ? 1 + rng.below(4) : undefined,
			workers: 1 + rng.below(10),
			wakeIntervalSeconds: rngFor(seed, 'wake').pick([0, 0, 2]),
		},
		parameters: {...usualParameters, ...planParameters(rng)},
	};
}

// Rivals may be of another version, look more often or more rarely, and be more or less patient.
function planSetting(rng: Rng): Setting {
	if (rng.below(2) === 0) {
		return {isOld: false, policy: {}};
	}

	return {
		isOld: rng.below(3) === 0,
		policy: {
			scaleUpIntervalSeconds: rng.pick([5, 10, 15]), scaleDownIntervalSeconds: rng.pick([5, 10, 15]), maxIdleRunnerSeconds: rng.pick([60, 120, 200]), workers: 1 + rng.below(4), locations: rng.pick([[], ['hel1'], ['nbg1']]),
		},
	};
}

// What a script that floods prints in a day: enough to be cut, not so much as to be all that the day does.
const usualParameters: Partial<WorldParameters> = {floodLines: 300, runStatus: 'mostAdvanced'};

function planParameters(rng: Rng): Partial<WorldParameters> {
	switch (rng.below(10)) {
		case 0: {
			return {githubRequestsPerHour: 900, hetznerRequestsPerHour: 900};
		}

		case 1:
		case 2: {
			return {busyLagSeconds: [20, 60], jobLagSeconds: [1, 10], busyAfterEndSeconds: 40};
		}

		case 3: {
			return {jobsLagSeconds: [5, 30], lingerSeconds: [5, 40], rowsPerPage: 2};
		}

		case 4: {
			return {primaryIpLimit: 8 + rng.below(4), vanishSeconds: [10, 60]};
		}

		default: {
			return {};
		}
	}
}

// One thing that goes wrong, and all else as it should be: a trouble, or how servers turn out.
function planLoneTrouble(seed: number, isWired: boolean, rng: Rng): DayPlan {
	const known = isWired ? {...troubles, ...troublesOverHttp} : troubles;
	const names = Object.keys(known);
	const turn = Math.floor(seed / 5) % (names.length + badOutcomes.length);
	const name = names[turn];
	const outcome = badOutcomes[turn - names.length];
	const durationSeconds = () => rng.between([20, 500]);
	const runs = [0, 1].map(run => ({
		workflow: `run ${run}`,
		afterSeconds: run * rng.between([60, 240]),
		jobs: Array.from({length: 1 + rng.below(4)}, (_, index): JobSpec => ({
			name: `job ${run}.${index}`, labels: ['self-hosted'], durationSeconds: durationSeconds(), outcome: outcome ?? 'ok',
		})),
	}));
	const span = {afterSeconds: rng.between([0, 200]), forSeconds: rng.between([60, 600])};
	return {
		seed, isWired, engines: 1, settings: [], neighbour: undefined, runs, operations: [], policy: {}, parameters: usualParameters,
		troubles: name === undefined ? [] : [{name, fault: known[name]?.(rng) ?? {kind: 'saysIdle'}, span: {...span, name}}],
	};
}

function planRuns(rng: Rng): readonly RunSpec[] {
	const duration = () => rng.between(rng.below(5) === 0 ? [300, 1100] : [5, 300]);
	return Array.from({length: 1 + rng.below(4)}, (_, run) => {
		const jobs = Array.from({length: 1 + rng.below(5)}, (_unused, index): JobSpec => planJob(rng, `job ${run}.${index}`, duration()));
		return {workflow: `run ${run}`, afterSeconds: rng.between([0, 600]), jobs: rng.below(4) === 0 ? inTurn(jobs) : jobs};
	});
}

// The first job must end well before the others are queued, in a run that is in progress by then.
function inTurn(jobs: readonly JobSpec[]): readonly JobSpec[] {
	const [first, ...rest] = jobs;
	return first === undefined || first.isCounted === false ? jobs : [first, ...rest.map(job => ({...job, needs: [first.name]}))];
}

// One in twelve can't be served, or is a trap; it must not stop the others.
function planJob(rng: Rng, name: string, durationSeconds: number): JobSpec {
	if (rng.below(12) === 0) {
		return {
			name, durationSeconds, isCounted: false, labels: ['self-hosted', rng.pick(['server-nope', 'a,b', 'x\'; touch PWNED; echo \'', '$(reboot)', 'server-cax11', 'arm64'])],
		};
	}

	switch (rng.below(30)) {
		case 0: {
			return {
				name, durationSeconds, isCounted: false, labels: ['ubuntu-latest'],
			};
		}

		case 1: {
			return {
				name, durationSeconds, isCounted: true, labels: ['self-hosted'], held: {as: rng.pick(['waiting', 'pending', 'requested']), seconds: rng.between([30, 300])},
			};
		}

		case 2: {
			return {
				name, durationSeconds, labels: ['SELF-HOSTED', 'linux', 'x64'], outcome: planOutcome(rng),
			};
		}

		default: {
			return {
				name, durationSeconds, labels: ['self-hosted', ...(rng.below(4) === 0 ? ['server-cax11'] : [])], outcome: planOutcome(rng),
			};
		}
	}
}

// Most do well.
function planOutcome(rng: Rng): HostOutcome {
	return rng.below(3) === 0 ? rng.pick(badOutcomes) : 'ok';
}

function planTroubles(rng: Rng, isWired: boolean): readonly Trouble[] {
	const known = isWired ? {...troubles, ...troublesOverHttp} : troubles;
	const names = Object.keys(known);
	const one = (name: string, longest: number): Trouble => ({
		name, fault: known[name]?.(rng) ?? {kind: 'saysIdle'}, span: {
			afterSeconds: rng.between([0, 900]), forSeconds: rng.between([20, longest]), name, ...(rng.below(3) === 0 && {every: 2 + rng.below(2)}),
		},
	});
	const lies = rng.below(3) === 0 ? ['busy reads as idle', 'busy runners let go'] : [];
	return [
		...Array.from({length: rng.below(6)}, () => one(rng.pick(names), 400)),
		...lies.map(name => ({...one(name, 400), span: {afterSeconds: 60, forSeconds: 1800, name}})), // Seen in 2026: both at once, and 135 jobs killed.
		...(lies.length > 0 && rng.below(2) === 0
			? [{
				...one(rng.pick(['jobs of runs 502', 'runs 502', 'runners 500']), 400), span: {
					afterSeconds: 90, forSeconds: 900, every: 2, name: 'each second list unread',
				},
			}]
			: []),
	];
}

// Each tenth day a trouble that lasts for a server's whole set-up, and each tenth one that lets a list be short while GitHub lies about who works.
function longTroubles(seed: number, isWired: boolean): readonly Trouble[] {
	const rng = rngFor(seed, 'long troubles');
	const long = (name: string, forSeconds: number, every = 1): Trouble => ({
		name, fault: {...troubles, ...troublesOverHttp}[name]?.(rng) ?? {kind: 'saysIdle'}, span: {
			afterSeconds: rng.between([0, 90]), forSeconds, name, every,
		},
	});
	switch (seed % 10) {
		case 3: {
			return [long('registration 500', 600)];
		}

		case 8: {
			return [long('busy reads as idle', 1500), long('busy runners let go', 1500), ...(isWired ? [long('github: lostRows', 1500, 2)] : [])];
		}

		default: {
			return [];
		}
	}
}

// Servers that lost their jobs before they were ready stand idle; jobs for them arrive about when they have been idle for too long,
// while GitHub is late or lies about who works.
function lateWave(rng: Rng): Pick<DayPlan, 'runs' | 'troubles'> {
	const count = 1 + rng.below(4);
	const jobs = (name: string, durationSeconds: number) => Array.from({length: count}, (_, index): JobSpec => ({name: `${name} ${index}`, labels: ['self-hosted'], durationSeconds}));
	const from = rng.between([0, 300]);
	const wave = from + rng.between([150, 330]);
	const trouble = (name: string): Trouble => ({name, fault: troubles[name]?.(rng) ?? {kind: 'saysIdle'}, span: {afterSeconds: wave - rng.between([5, 60]), forSeconds: rng.between([60, 300]), name}});
	return {
		runs: [
			{
				workflow: 'given up', afterSeconds: from, cancelAfterSeconds: rng.between([15, 70]), jobs: jobs('given up', 60),
			},
			{workflow: 'late', afterSeconds: wave, jobs: jobs('late', rng.between([120, 500]))},
		],
		troubles: rng.pick([
			['stale jobs', 'busy reads as idle'], ['stale runs', 'busy reads as idle'], ['busy reads as idle'], ['GitHub slow'], ['GitHub slow', 'busy reads as idle'], ['jobs of runs 502', 'busy reads as idle'], ['runs 502', 'busy reads as idle'], ['busy reads as idle', 'busy runners let go'], [],
		]).map(name => trouble(name)),
	};
}

// A GitHub that hides the job, calls its runner idle and lets go of it as well, all at once, cannot be outwitted: one of the three tells the truth.
// One that is slow hides what begins while it answers.
const hiding = new Set(['stale jobs', 'stale runs', 'GitHub slow']);
// One whose jobs cannot be read says so. After three minutes of that the runners' own records decide: it lasts for less while they lie.
const unreading = new Set(['GitHub down', 'GitHub 502 page', 'jobs of runs 502', 'runs 502', 'GitHub 401', 'GitHub truncated', 'secondary limit']);
const shorterThanEvidence = 80;

function possible(all: readonly Trouble[]): readonly Trouble[] {
	if (all.every(({name}) => name !== 'busy runners let go')) {
		return all;
	}

	return all.filter(({name}) => !hiding.has(name)).map(trouble => unreading.has(trouble.name)
		? {...trouble, span: {...trouble.span, forSeconds: Math.min(trouble.span.forSeconds, shorterThanEvidence)}}
		: trouble);
}

function planOperation(rng: Rng): Operation {
	const which = rng.below(100);
	switch (rng.below(11)) {
		case 0:
		case 1:
		case 2: {
			return {operation: 'restart', downSeconds: rng.between([0, 90]), skewSeconds: rng.below(3) === 0 ? rng.pick([-600, -90, 90, 600]) : 0};
		}

		case 3: {
			return {operation: 'mode', mode: rng.pick(['paused', 'frozen', 'draining']), forSeconds: rng.between([20, 400])};
		}

		case 4: {
			return {operation: 'cancel', which};
		}

		default: {
			return {operation: rng.pick(['vanish', 'powerOff', 'rename', 'stripLabels', 'delete', 'deleteTyped', 'keep']), which};
		}
	}
}
