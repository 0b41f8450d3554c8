import {secondsBetween, type Instant} from '../../source/model/time.ts';
import type {World} from '../../source/simulator/world.ts';
import type {ByHand} from './operations.ts';
import type {Watch} from './promises.ts';

/**
What may go wrong with servers for jobs of the same labels within an hour, and for each of those jobs.
*/
const wastedAtMost = 12;
const wastedForEach = 3;

/**
Checks that servers which never ran a job are not made again and again for the same labels: part of promise 3.
*/
export function wasteWatch(world: World, watch: Watch, byHand: ByHand): () => void {
	let seen = 0;
	const wasted = new Map<string, Instant[]>();
	return () => {
		const {gone} = world.hetzner;
		for (; seen < gone.length; seen++) {
			const server = gone[seen];
			const job = world.github.jobs().find(({id}) => id === Number(server?.labels['job-id']));
			if (server === undefined || job === undefined || server.host.hasRunJob || byHand.touched.has(server.id)) {
				continue;
			}

			const key = job.labels.join(', ').toLowerCase();
			const recent = [...wasted.get(key) ?? [], server.createdAt].filter(at => secondsBetween(at, server.createdAt) < 3600);
			wasted.set(key, recent);
			const jobs = world.github.jobs().filter(other => other.labels.join(', ').toLowerCase() === key).length;
			watch.check('nothingLeft', recent.length > wastedAtMost + (wastedForEach * jobs) ? `${recent.length} servers within an hour for [${key}] ran no job` : undefined);
		}
	};
}
