import type {Instant} from '../model/time.ts';
import type {Schedule} from './schedule.ts';

/**
A promise that was broken, by the world's own truth.
*/
export type Violation = {
	readonly code: 'jobKilled' | 'foreignTouched';
	readonly at: Instant;
	readonly story: string;
};

export type Violations = {
	readonly list: readonly Violation[];
	readonly add: (code: Violation['code'], story: string) => void;
};

/**
None yet.
*/
export function createViolations(schedule: Schedule): Violations {
	const list: Violation[] = [];
	return {
		list,
		add(code, story) {
			list.push({code, at: schedule.now(), story});
		},
	};
}
