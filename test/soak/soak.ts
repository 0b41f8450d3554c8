// Lives seeded bad days and checks every promise at every step:
//   npm run simulate:soak -- --seeds 2000 [--from 1] [--workers 2] [--wired | --in-process]
//   npm run simulate:soak -- --seed 42 --trace
// [--groups classic | all | gates,pages,...] or SOAK_GROUPS: which groups of troubles there are besides the classic ones; see groups.ts. --all: go on after ten days that failed.
import {parseArgs} from 'node:util';
import process from 'node:process';
import {groupsOf} from './groups.ts';
import {liveDay} from './live-day.ts';
import {planDay} from './plan-day.ts';
import {promises, type Broken} from './promises.ts';
import {formatPlan, shrinkDay} from './shrink.ts';
import {soakDays} from './soak-days.ts';
import {tableOf, totals} from './soak-table.ts';

const {values} = parseArgs({
	options: {
		seeds: {type: 'string', default: '200'}, from: {type: 'string', default: '1'}, seed: {type: 'string'}, trace: {type: 'boolean', default: false},
		workers: {type: 'string'}, wired: {type: 'boolean', default: false}, 'in-process': {type: 'boolean', default: false}, first: {type: 'boolean', default: false}, groups: {type: 'string', default: process.env.SOAK_GROUPS ?? 'classic'}, all: {type: 'boolean', default: false},
	},
});
const isWired = values.wired ? true : (values['in-process'] ? false : undefined);
const groups = readGroups();
const numberOf = (name: string, text: string) => {
	if (!/^[1-9]\d{0,9}$/v.test(text)) {
		console.error(`--${name} wants a whole number above 0, not "${text}".`);
		process.exit(2);
	}

	return Number(text);
};

if (values.first) {
	await untilFirst(numberOf('from', values.from), numberOf('seeds', values.seeds));
} else if (values.seed === undefined) {
	await soak(numberOf('from', values.from), numberOf('seeds', values.seeds));
} else {
	await replay(numberOf('seed', values.seed));
}

function readGroups() {
	try {
		return groupsOf(values.groups);
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exit(2);
	}
}

async function soak(from: number, count: number): Promise<void> {
	const sum = totals();
	const failed: number[] = [];
	let done = 0;
	await soakDays(Array.from({length: count}, (_, index) => from + index), {
		isWired,
		groups,
		workers: values.workers === undefined ? undefined : numberOf('workers', values.workers),
		onDay(day) {
			sum.add(day);
			done++;
			if (done % 100 === 0) {
				console.error(`${done} of ${count} days`);
			}

			if (day.broken[0] !== undefined) {
				failed.push(day.seed);
				console.log(`seed ${day.seed}, second ${Math.round(day.broken[0].second)}: ${formatBroken(day.broken[0])}`);
			}

			return values.all || failed.length < 10;
		},
	});
	const [first] = failed.toSorted((a, b) => a - b);
	if (first !== undefined && !values.all) {
		await tellShortest(first);
	}

	console.log(tableOf(sum));
	console.log(failed.length === 0 ? `${done} days, no promise broken` : `${failed.length} of ${done} days broke a promise; replay one: npm run simulate:soak -- --seed ${failed[0]} --trace${groups.length === 0 ? '' : ` --groups ${values.groups}`}`);
	process.exitCode = failed.length === 0 ? 0 : 1;
}

// For the mutants: one line of JSON, how many days it took and what broke.
async function untilFirst(from: number, count: number): Promise<void> {
	let days = 0;
	let broken: (Broken & {readonly seed: number}) | undefined;
	await soakDays(Array.from({length: count}, (_, index) => from + index), {
		isWired,
		groups,
		onDay(day) {
			days++;
			const [first] = day.broken;
			broken ??= first === undefined ? undefined : {...first, promise: first.promise, seed: day.seed};
			return broken === undefined;
		},
	});
	console.log(JSON.stringify({days, ...(broken !== undefined && {broken: {seed: broken.seed, promise: promises[broken.promise], trace: broken.trace}})}));
}

async function replay(seed: number): Promise<void> {
	const plan = planDay(seed, isWired, groups);
	const result = await liveDay(plan);
	console.log(formatPlan(plan).join('\n'));
	if (values.trace) {
		console.log(result.log.join('\n'));
	}

	for (const broken of result.broken) {
		console.log(`second ${Math.round(broken.second)}: ${formatBroken(broken)}`);
	}

	if (result.broken.length > 0) {
		await tellShortest(seed);
	} else {
		console.log(`seed ${seed}: ${result.jobsRun} jobs, ${Math.round(result.seconds)} s, no promise broken`);
	}

	process.exitCode = result.broken.length === 0 ? 0 : 1;
}

async function tellShortest(seed: number): Promise<void> {
	const plan = planDay(seed, isWired, groups);
	const shortest = await shrinkDay(plan, await liveDay(plan));
	console.log([
		`The shortest run of seed ${seed}:`,
		...formatPlan(shortest.plan),
		'',
		...shortest.result.log.slice(-60),
		...shortest.result.broken.map(broken => `second ${Math.round(broken.second)}: ${formatBroken(broken)}`),
		'',
	].join('\n'));
}

function formatBroken({promise, trace}: Broken): string {
	return `${promises[promise]}: ${trace}`;
}
