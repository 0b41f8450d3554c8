import type {Instant} from '../model/time.ts';
import type {Schedule} from './schedule.ts';

/**
A promise that was broken, by the world's actual state.
*/
export type Violation = {
	readonly code: 'jobKilled' | 'foreignTouched';
	readonly at: Instant;
	readonly trace: string;
	/**
	The job that was lost, and the server or runner that was changed.
	*/
	readonly jobId: number | undefined;
	readonly name: string;
};

export type Violations = {
	readonly list: readonly Violation[];
	readonly add: (code: Violation['code'], trace: string, about: Pick<Violation, 'jobId' | 'name'>) => void;
	/**
	A change came in that could have broken that promise, and was checked.
	*/
	readonly check: (code: Violation['code']) => void;
	readonly checks: ReadonlyMap<Violation['code'], number>;
};

/**
None yet.
*/
export function createViolations(schedule: Schedule): Violations {
	const list: Violation[] = [];
	const checks = new Map<Violation['code'], number>();
	return {
		list,
		checks,
		check(code) {
			checks.set(code, (checks.get(code) ?? 0) + 1);
		},
		add(code, trace, about) {
			list.push({
				code, at: schedule.now(), trace, ...about,
			});
		},
	};
}
