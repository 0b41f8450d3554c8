import {later, type Instant} from '../model/time.ts';
import type {WorldParameters} from './parameters.ts';
import type {Schedule} from './schedule.ts';

/**
A request budget now. `resetAt`: when the whole of it is there again.
*/
export type LimitState = {readonly limit: number; readonly remaining: number; readonly resetAt: Instant};

/**
GitHub's primary limit: so many an hour, all back at the hour's end. `spend` says whether the request may pass. `eat`: others spend all but that.
*/
export type Limit = {readonly spend: () => boolean; readonly giveBack: () => void; readonly eat: (leaves: number) => void; readonly state: () => LimitState};

/**
A budget that comes back whole, one hour after the first request.
*/
export function hourlyWindow(schedule: Schedule, limit: number): Limit {
	let resetAt = later(schedule.now(), 3600);
	let used = 0;
	const turn = () => {
		if (!(schedule.now() >= resetAt)) {
			return;
		}

		resetAt = later(schedule.now(), 3600);
		used = 0;
	};

	return {
		spend() {
			turn();
			if (used >= limit) {
				return false;
			}

			used++;
			return true;
		},
		giveBack() {
			used = Math.max(0, used - 1);
		},
		eat(leaves) {
			turn();
			used = Math.max(used, limit - leaves);
		},
		state() {
			turn();
			return {limit, remaining: limit - used, resetAt};
		},
	};
}

/**
Hetzner's limit: a bucket that refills evenly, full in an hour.
*/
export function bucket(schedule: Schedule, limit: number): Limit {
	let left = limit;
	let filledAt = schedule.now();
	const fill = () => {
		const now = schedule.now();
		left = Math.min(limit, left + ((now - filledAt) / 1000 * limit / 3600));
		filledAt = now;
	};

	return {
		spend() {
			fill();
			if (left < 1) {
				return false;
			}

			left--;
			return true;
		},
		giveBack() {
			left = Math.min(limit, left + 1);
		},
		eat(leaves) {
			fill();
			left = Math.min(left, leaves);
		},
		state() {
			fill();
			return {limit, remaining: Math.floor(left), resetAt: later(filledAt, (limit - left) * 3600 / limit)};
		},
	};
}

/**
GitHub's secondary limit: points in the last minute. Answers how long to wait, or undefined.
*/
export function pointsPerMinute(schedule: Schedule, parameters: Pick<WorldParameters, 'githubPointsPerMinute'>): (points: number) => number | undefined {
	let spent: Array<{readonly at: Instant; readonly points: number}> = [];
	return points => {
		const since = later(schedule.now(), -60);
		spent = spent.filter(entry => entry.at > since);
		if (spent.reduce((sum, entry) => sum + entry.points, 0) + points > parameters.githubPointsPerMinute) {
			return 60;
		}

		spent.push({at: schedule.now(), points});
		return undefined;
	};
}
