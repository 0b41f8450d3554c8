import os from 'node:os';
import {Worker} from 'node:worker_threads';
import type {Group} from './groups.ts';
import type {DayResult} from './live-day.ts';

export type SoakedDay = DayResult & {readonly seed: number};

/**
Lives many days, several at once. `onDay` hears of each and says whether to go on.
*/
export async function soakDays(seeds: readonly number[], options: {readonly isWired?: boolean | undefined; readonly groups?: readonly Group[]; readonly workers?: number | undefined; readonly onDay: (day: SoakedDay) => boolean}): Promise<void> {
	const waiting = [...seeds];
	let isStopped = false;

	async function work(): Promise<void> {
		const worker = new Worker(new URL('soak-worker.ts', import.meta.url));
		const failed = Promise.withResolvers<never>();
		worker.once('error', failed.reject);
		try {
			for (let seed = waiting.shift(); seed !== undefined && !isStopped; seed = waiting.shift()) {
				const day = Promise.withResolvers<SoakedDay>();
				worker.once('message', day.resolve);
				worker.postMessage({seed, isWired: options.isWired, groups: options.groups ?? []});
				isStopped = !options.onDay(await Promise.race([day.promise, failed.promise])) || isStopped;
			}
		} finally {
			await worker.terminate();
		}
	}

	await Promise.all(Array.from({length: Math.max(1, Math.min(options.workers ?? os.availableParallelism(), seeds.length))}, async () => work()));
}
