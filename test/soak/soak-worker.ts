import {parentPort} from 'node:worker_threads';
import {liveDay} from './live-day.ts';
import type {Group} from './groups.ts';
import {planDay} from './plan-day.ts';

// Lives the days it is told of, one after another, and answers how each went.
parentPort?.on('message', ({seed, isWired, groups}: {readonly seed: number; readonly isWired: boolean | undefined; readonly groups: readonly Group[]}) => {
	void (async () => {
		const {log, ...result} = await liveDay(planDay(seed, isWired, groups));
		parentPort?.postMessage({seed, ...result, log: result.broken.length > 0 ? log : []});
	})();
});
