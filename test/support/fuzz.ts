// `npm run fuzz [COUNT [SEED]]`: each target with so many inputs; exit 1 when one did harm or memory grew by more than 50 MB.
import process from 'node:process';
import {fuzzTargets} from './fuzz-targets.ts';

const [count = 100_000, seed = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);
const mostGrowth = 50_000_000;
console.log(`${count} inputs each, seed ${seed}`);
for (const {name, run} of fuzzTargets) {
	await run(Math.min(count, 2000), seed); // What is loaded and compiled once counts for nothing.
	globalThis.gc?.();
	const before = process.memoryUsage();
	const begun = performance.now();
	const wrong = await run(count, seed + 1);
	globalThis.gc?.();
	const growth = process.memoryUsage().heapUsed + process.memoryUsage().external - before.heapUsed - before.external;
	const isGood = wrong === undefined && growth < mostGrowth;
	console.log(`${isGood ? 'ok  ' : 'FAIL'} ${name}: ${((performance.now() - begun) / 1000).toFixed(0)} s, ${(growth / 1_000_000).toFixed(1)} MB more${wrong === undefined ? '' : `; ${wrong}`}`);
	process.exitCode = isGood ? process.exitCode : 1;
}
