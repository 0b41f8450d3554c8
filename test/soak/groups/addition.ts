import type {Policy} from '../../../source/model/policy.ts';
import type {Rng} from '../../../source/simulator/chance.ts';
import type {Fault} from '../../../source/simulator/faults.ts';
import type {JobSpec} from '../../../source/simulator/github-jobs.ts';
import type {WorldParameters} from '../../../source/simulator/parameters.ts';
import type {DayPlan, Trouble} from '../plan-day.ts';

/**
What a group adds to a day. `isHopeless`: no job of that day can ever run.
*/
export type Addition = Partial<Pick<DayPlan, 'runs' | 'troubles' | 'lasting' | 'hidesJobs' | 'isNeverWhole'>> & {
	readonly parameters?: Partial<WorldParameters>;
	readonly policy?: Partial<Policy>;
	readonly isHopeless?: boolean;
};

/**
Jobs for runners that nobody here has.
*/
export function others(count: number): readonly JobSpec[] {
	return Array.from({length: count}, (_, index): JobSpec => ({name: `of others ${index}`, labels: ['someone-else'], isCounted: false}));
}

/**
A trouble for a while, some time in the first minutes of a day.
*/
export function trouble(rng: Rng, name: string, fault: Fault, longest = 600): Trouble {
	return {name, fault, span: {afterSeconds: rng.between([0, 500]), forSeconds: rng.between([60, longest]), name}};
}
