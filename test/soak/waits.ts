import type {SimulatedJob} from '../../source/simulator/github-jobs.ts';
import type {World} from '../../source/simulator/world.ts';
import type {ByHand} from './deeds.ts';
import type {Watch} from './promises.ts';

/**
How long a job may wait that nothing hinders: two polls, a server's boot and set-up, and twice as much again.
*/
const mostSeconds = 400;
const forEachJobSeconds = 60;

/**
Checks that a job of which nothing is wrong does not wait for others that cannot be served: part of promise 9. `slackSeconds`: what else may hold it up.
*/
export function waitsWatch(world: World, watch: Watch, byHand: ByHand, {workers, slackSeconds}: {readonly workers: number; readonly slackSeconds: number}): (second: number, outageSeconds: number) => void {
	const since = new Map<SimulatedJob, {readonly second: number; readonly outage: number}>();
	return (second, outageSeconds) => {
		const jobs = world.github.jobs();
		const limit = mostSeconds + slackSeconds + (forEachJobSeconds * jobs.length / workers);
		for (const job of jobs) {
			if (job.truth !== 'queued' || !job.isCounted || byHand.excused.has(job)) {
				since.delete(job);
				continue;
			}

			const begun = since.get(job) ?? {second, outage: outageSeconds};
			since.set(job, begun);
			const waited = second - begun.second - (outageSeconds - begun.outage);
			if (waited > limit) {
				watch.check('othersGoOn', `${job.name} has been queued for ${Math.round(waited)} s that nothing hindered`);
				return;
			}

			watch.count('othersGoOn', 1);
		}
	};
}
