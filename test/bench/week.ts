// A simulated week of 50,000 jobs in a process of its own; prints the most memory it held in each half as JSON. Needs --expose-gc.
import process from 'node:process';
import {parseArgs} from 'node:util';
import {inBenchWorld} from './world.ts';

const {values} = parseArgs({options: {jobs: {type: 'string', default: '50000'}, days: {type: 'string', default: '7'}}});
const jobs = Number(values.jobs);
const seconds = Number(values.days) * 86_400;
const samples = 100;
const runs = Math.ceil(jobs / 5);

const parameters = {serverLimit: 5000, githubRequestsPerHour: 15_000};
await inBenchWorld({seed: 17, isWired: false, parameters}, async ({world, pass, rng}) => {
	const resident: number[] = [];
	const heap: number[] = [];
	let made = 0;
	for (let sample = 0; sample < samples; sample++) {
		for (const end = Math.floor((sample + 1) * runs / samples); made < end; made++) {
			world.addRun({workflow: 'ci', afterSeconds: rng.between([1, seconds / samples]), jobs: Array.from({length: 5}, (_, index) => ({name: `job ${index}`, durationSeconds: rng.between([20, 120])}))});
		}

		await pass(seconds / samples);
		globalThis.gc?.();
		resident.push(process.memoryUsage.rss() / 1_000_000);
		heap.push(process.memoryUsage().heapUsed / 1_000_000);
	}

	const half = (list: readonly number[], part: 0 | 1) => Math.max(...list.slice(part * samples / 2, (part + 1) * samples / 2));
	console.log(JSON.stringify({
		jobs: runs * 5, created: world.hetzner.createdCount(), rssFirst: half(resident, 0), rssSecond: half(resident, 1),
		heapFirst: half(heap, 0), heapSecond: half(heap, 1),
	}));
});
