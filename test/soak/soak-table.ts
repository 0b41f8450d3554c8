import {promises, type PromiseName} from './promises.ts';
import type {SoakedDay} from './soak-days.ts';

/**
What many days had in them.
*/
export type Totals = {
	readonly add: (day: SoakedDay) => void;
	readonly faults: Map<string, number>;
	readonly operations: Map<string, number>;
	readonly checks: Map<PromiseName, number>;
	readonly sums: {days: number; jobs: number; servers: number; hours: number};
};

/**
Nothing counted yet.
*/
export function totals(): Totals {
	const sums = {
		days: 0, jobs: 0, servers: 0, hours: 0,
	};
	const faults = new Map<string, number>();
	const operations = new Map<string, number>();
	const checks = new Map<PromiseName, number>();
	return {
		faults,
		operations,
		checks,
		sums,
		add(day) {
			sums.days++;
			sums.jobs += day.jobsRun;
			sums.servers += day.serversCreated;
			sums.hours += day.seconds / 3600;
			addTo(faults, day.faults);
			addTo(operations, day.operations);
			addTo(checks, day.counts);
		},
	};
}

function addTo<Key>(into: Map<Key, number>, more: ReadonlyMap<Key, number>): void {
	for (const [key, count] of more) {
		into.set(key, (into.get(key) ?? 0) + count);
	}
}

/**
The totals as a table for people.
*/
export function tableOf({faults, operations, checks, sums}: Totals): string {
	const number = (value: number) => Math.round(value).toLocaleString('en');
	const rows = (title: string, entries: ReadonlyArray<readonly [string, number]>) => [`\n${title}`, ...entries.map(([name, count]) => `  ${name.padEnd(44)} ${number(count).padStart(14)}`)];
	const most = (counts: ReadonlyMap<string, number>) => [...counts].toSorted((a, b) => b[1] - a[1]);
	return [
		...rows('lived', [['days', sums.days], ['hours of the world', sums.hours], ['jobs run to a good end', sums.jobs], ['servers created', sums.servers]]),
		...rows('faults triggered, by name', most(faults)),
		...rows('operations of people', most(operations)),
		...rows('promises, times checked', Object.entries(promises).map(([key, title]) => [title, checks.get(key as PromiseName) ?? 0])),
	].join('\n');
}
