import type {Instant} from '../model/time.ts';
import type {Schedule} from './schedule.ts';

/**
A promise that was broken, by the world's own truth.
*/
export type Violation = {
	readonly code: 'jobKilled' | 'foreignTouched';
	readonly at: Instant;
	readonly story: string;
	/**
	The job that was lost, and the server or runner that was changed.
	*/
	readonly jobId: number | undefined;
	readonly name: string;
};

export type Violations = {
	readonly list: readonly Violation[];
	readonly add: (code: Violation['code'], story: string, about: Pick<Violation, 'jobId' | 'name'>) => void;
	/**
	A change came in that could have broken that promise, and was looked at.
	*/
	readonly look: (code: Violation['code']) => void;
	readonly looks: ReadonlyMap<Violation['code'], number>;
};

/**
None yet.
*/
export function createViolations(schedule: Schedule): Violations {
	const list: Violation[] = [];
	const looks = new Map<Violation['code'], number>();
	return {
		list,
		looks,
		look(code) {
			looks.set(code, (looks.get(code) ?? 0) + 1);
		},
		add(code, story, about) {
			list.push({
				code, at: schedule.now(), story, ...about,
			});
		},
	};
}
