import {performance} from 'node:perf_hooks';
import {emptyMemory} from '../../source/scaler/memory.ts';
import {plan} from '../../source/scaler/plan.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {usualPolicy} from '../soak/live-day.ts';
import {
	inBenchWorld,
	ownSeconds,
	type Bench,
} from './world.ts';
import {quantile} from './quantile.ts';
import {crowdedSnapshot, crowdedNow} from './snapshot.ts';

/**
One line of the table. `isMet` undefined: no goal, a figure only.
*/
export type Row = {
	readonly work: string;
	readonly goal: string;
	readonly figure: string;
	readonly isMet: boolean;
	readonly values: Readonly<Record<string, number>>;
};

const round = (value: number, digits = 1) => Number(value.toFixed(digits));

async function untilDone({world, until}: Bench): Promise<void> {
	await until(() => isFinished(world), 7200);
}

/**
Jobs that come one by one at any moment: how long until their create call, and until they run.
*/
export async function measureWaits(): Promise<readonly Row[]> {
	const [usual, polled] = [await waits(2), await waits(0)];
	return [
		{
			work: 'queued to create call, default settings',
			goal: 'median 1.5 s, p95 3 s',
			figure: `median ${round(usual.create50)} s, p95 ${round(usual.create95)} s; with --wake-interval 0 ${round(polled.create50)} s and ${round(polled.create95)} s`,
			isMet: usual.create50 <= 1.5 && usual.create95 <= 3,
			values: {
				medianSeconds: round(usual.create50, 2), p95Seconds: round(usual.create95, 2),
				medianSecondsPolled: round(polled.create50, 2), p95SecondsPolled: round(polled.create95, 2),
			},
		},
		{
			work: 'queued to running, above the world\'s own boot and script times',
			goal: 'p95 4 s',
			figure: `p95 ${round(usual.above95)} s by default, ${round(polled.above95)} s with --wake-interval 0`,
			isMet: usual.above95 <= 4,
			values: {p95Seconds: round(usual.above95, 2), p95SecondsPolled: round(polled.above95, 2)},
		},
	];
}

async function waits(wakeIntervalSeconds: number): Promise<{
	readonly create50: number;
	readonly create95: number;
	readonly above95: number;
}> {
	return inBenchWorld({seed: 11, policy: {wakeIntervalSeconds}}, async bench => {
		const {world, rng} = bench;
		for (let number = 0; number < 60; number++) {
			world.addRun({workflow: `run ${number}`, afterSeconds: (number * 150) + rng.between([5, 140]), jobs: [{name: 'one', durationSeconds: 30}]});
		}

		await bench.pass(60);
		await bench.until(() => isFinished(world), 4 * 3600);
		const above = world.github.jobs().map(job => (((job.startedAt ?? NaN) - job.createdAt) / 1000) - ownSeconds);
		return {create50: quantile(bench.createWaits, 0.5), create95: quantile(bench.createWaits, 0.95), above95: quantile(above, 0.95)};
	});
}

/**
A matrix of thirty.
*/
export async function measureMatrix(): Promise<readonly Row[]> {
	return inBenchWorld({seed: 12}, async bench => {
		const {world} = bench;
		await bench.pass(60);
		bench.newRequests();
		world.addRun({jobs: Array.from({length: 30}, (_, index) => ({name: `test (${index})`, durationSeconds: 90}))});
		await untilDone(bench);
		const requests = bench.newRequests();
		const github = requests.filter(({api}) => api === 'github').length / 30;
		const hetzner = requests.filter(({api}) => api === 'hetzner').length / 30;
		const audit = auditWorld(world);
		return [
			{
				work: '30-job matrix: GitHub, Hetzner requests a job', goal: '6 and 4', figure: `${round(github)} and ${round(hetzner)}`, isMet: github <= 6 && hetzner <= 4, values: {github: round(github, 2), hetzner: round(hetzner, 2)},
			},
			{
				work: 'the same: servers that never ran a job', goal: '0', figure: `${audit.serversWithoutJob} of ${audit.serversCreated}`, isMet: audit.serversWithoutJob === 0, values: {servers: audit.serversWithoutJob},
			},
		];
	});
}

/**
Ten minutes in which nothing happens.
*/
export async function measureIdle(): Promise<readonly Row[]> {
	return inBenchWorld({seed: 13}, async bench => {
		await bench.pass(120);
		bench.newRequests();
		await bench.pass(600);
		const requests = bench.newRequests();
		const github = requests.filter(({api}) => api === 'github');
		const unchanged = github.filter(({status}) => status === 304).length / github.length;
		const hetzner = requests.length - github.length;
		return [{
			work: 'idle minute at 10 s: GitHub, Hetzner requests', goal: '18 (nine of ten 304), 6', figure: `${round(github.length / 10)} (${Math.round(unchanged * 100)}% 304), ${round(hetzner / 10)}`,
			isMet: github.length <= 181 && unchanged >= 0.9 && hetzner <= 61,
			values: {github: github.length / 10, unchanged, hetzner: hetzner / 10},
		}];
	});
}

/**
20 runs with 10 running jobs each: what one look costs.
*/
export async function measureLook(): Promise<readonly Row[]> {
	return inBenchWorld({seed: 14, policy: {workers: 50}}, async bench => {
		const {world, clock, running} = bench;
		for (let run = 0; run < 20; run++) {
			world.addRun({workflow: `run ${run}`, jobs: Array.from({length: 10}, (_, index) => ({name: `job ${index}`, durationSeconds: 3000}))});
		}

		await bench.until(() => world.github.jobs().every(job => job.actualState === 'running'), 3600);
		await bench.pass(120);
		const requests: number[] = [];
		const seconds: number[] = [];
		for (let look = 0; look < 10; look++) {
			const {at: before} = running.engine.internals.reads.jobs;
			const planned = running.engine.internals.nextReadAt ?? clock.now();
			await bench.until(() => clock.now() >= planned, 60);
			bench.newRequests();
			await bench.until(() => running.engine.internals.reads.jobs.at !== before, 120);
			seconds.push((clock.now() - planned) / 1000);
			requests.push(bench.newRequests().filter(({api}) => api === 'github').length);
		}

		const most = Math.max(...requests);
		const longest = Math.max(...seconds);
		return [{
			work: '20 runs x 10 active jobs: requests a tick, time of a tick at 100 ms an answer', goal: '23, 3 s', figure: `${most} (200 runners are two pages), ${round(longest)} s`, isMet: most <= 23 && longest <= 3, values: {requests: most, seconds: round(longest, 2)},
		}];
	});
}

/**
200 jobs at once.
*/
export async function measureBurst(): Promise<readonly Row[]> {
	return inBenchWorld({seed: 15}, async bench => {
		const {world} = bench;
		await bench.pass(60);
		const refused = world.pipeline.counts.hetzner.refused + world.pipeline.counts.github.refused;
		world.addRun({jobs: Array.from({length: 200}, (_, index) => ({name: `job ${index}`, durationSeconds: 300}))});
		await bench.until(() => bench.createWaits.length >= 200, 1200);
		const last = Math.max(...bench.createWaits);
		await untilDone(bench);
		const limited = world.pipeline.counts.hetzner.refused + world.pipeline.counts.github.refused - refused;
		return [{
			work: '200-job burst: time to the last create call at 10 workers, refused by a limit', goal: '30 s, none', figure: `${round(last)} s, ${limited}`, isMet: last <= 30 && limited === 0, values: {seconds: round(last, 2), refused: limited},
		}];
	});
}

/**
The planner alone, on this machine's clock: the best of several turns.
*/
export function measurePlanner(): readonly Row[] {
	const times = [100, 1000, 10_000].map(count => {
		const snapshot = crowdedSnapshot(count);
		const input = {
			mode: 'scaling', isScaleUpDue: true, isScaleDownDue: true, ownFault: undefined, blocked: undefined, spending: undefined,
		} as const;
		let {memory} = plan(snapshot, emptyMemory, usualPolicy, input, crowdedNow);
		let best = Infinity;
		for (let turn = 0; turn < 25; turn++) {
			const from = performance.now();
			({memory} = plan(snapshot, memory, usualPolicy, input, crowdedNow));
			best = Math.min(best, performance.now() - from);
		}

		return best;
	});
	const [hundred = 0, thousand = 0, tenThousand = 0] = times;
	return [{
		work: 'planner at 100, 1,000, 10,000 jobs and as many servers', goal: 'linear; 50 ms at 10,000', figure: times.map(time => `${round(time)} ms`).join(', '), isMet: tenThousand <= 50 && tenThousand <= thousand * 20, values: {hundred: round(hundred, 2), thousand: round(thousand, 2), tenThousand: round(tenThousand, 2)},
	}];
}
