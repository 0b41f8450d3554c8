// Measures the real engine and adapters against the simulator, and prints the table and its figures as JSON: npm run bench [-- --write]
// [--quick] [--only measureDrain]
import {execFile} from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import {parseArgs, promisify} from 'node:util';
import {writeFigures} from '../support/figures.ts';
import {measureBigBurst, measureFleets, measureOthersRuns} from './crowd-rows.ts';
import {
	measureDrain, measureReset, measureSpecialLabels, measureTwoRuns,
} from './limit-rows.ts';
import {measureFailingSetUp, measureUnassigned, measureUnreadRun} from './money-rows.ts';
import {
	measureBurst,
	measureIdle,
	measureLook,
	measureMatrix,
	measurePlanner,
	measureWaits,
	type Row,
} from './rows.ts';

const {values} = parseArgs({options: {write: {type: 'boolean', default: false}, quick: {type: 'boolean', default: false}, only: {type: 'string', default: ''}}});
const run = promisify(execFile); // eslint-disable-line @typescript-eslint/strict-void-return
const number = (value: unknown) => Number(value).toFixed(0);

// The week gets a process of its own, so that nothing else is in its memory. `--quick` leaves it out.
async function measureWeek(): Promise<readonly Row[]> {
	const {stdout} = await run(process.execPath, ['--expose-gc', path.join(import.meta.dirname, 'week.ts')], {maxBuffer: 1_000_000});
	const week = JSON.parse(stdout) as {
		readonly jobs: number;
		readonly rssFirst: number;
		readonly rssSecond: number;
		readonly heapFirst: number;
		readonly heapSecond: number;
	};
	return [{
		work: 'engine RSS over a simulated week, 50,000 jobs', goal: 'second half no higher than the first by 5%', figure: `${number(week.rssFirst)} MB at the most, then ${number(week.rssSecond)} MB (heap ${number(week.heapFirst)}, then ${number(week.heapSecond)})`,
		isMet: week.rssSecond <= week.rssFirst * 1.05, values: week,
	}];
}

const rows: Row[] = [];
const measures = [
	measureWaits,
	measureMatrix,
	measureIdle,
	measureLook,
	measureBurst,
	measurePlanner,
	measureSpecialLabels,
	measureTwoRuns,
	measureDrain,
	measureReset,
	measureUnassigned,
	measureFailingSetUp,
	measureFleets,
	measureOthersRuns,
	measureBigBurst,
	measureUnreadRun,
	...(values.quick ? [] : [measureWeek]),
];
const wanted = measures.filter(({name}) => name.includes(values.only));
for (const measure of wanted) {
	rows.push(...await measure());
}

const table = ['| work | goal | measured | |', '| --- | --- | --- | --- |', ...rows.map(({work, goal, figure, isMet}) => `| ${work} | ${goal} | ${figure} | ${isMet ? 'met' : '**missed**'} |`)].join('\n');
console.log(table);
console.log(JSON.stringify(Object.fromEntries(rows.map(({work, isMet, values: figures}) => [work, {isMet, ...figures}])), null, '\t'));
writeFigures(table, 'bench');
