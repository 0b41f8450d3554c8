import type {SimulatedJob} from '../../source/simulator/github-jobs.ts';
import {secondsBetween} from '../../source/model/time.ts';
import type {SimulatedServer} from '../../source/simulator/hetzner-resources.ts';
import type {World} from '../../source/simulator/world.ts';
import type {ByHand} from './operations.ts';
import type {Watch} from './promises.ts';

/**
How long a job may wait that nothing hinders: two polls, a server's boot and set-up, and twice as much again. So many times what setup takes longer than that of quick worlds.
*/
const mostSeconds = 400;
const quickSetupSeconds = 9;
const timesAsMuch = 3;
const forEachJobSeconds = 60;

/**
How much longer than the host itself the engine waits for the scripts to end.
*/
const setUpGraceSeconds = 30;

/**
Checks that a job of which nothing is wrong does not wait for others that cannot be served: part of promise 9. `slackSeconds`: what else may hold it up.
Time does not count while a server that could take it stands still in its set-up, within --max-setup-time: nobody can tell that from a script that takes long.
*/
export function waitsWatch(world: World, watch: Watch, byHand: ByHand, {workers, slackSeconds, maxSetupSeconds}: {readonly workers: number; readonly slackSeconds: number; readonly maxSetupSeconds: number}): (second: number, outageSeconds: number) => void {
	const since = new Map<SimulatedJob, {readonly second: number; readonly outage: number; still: number}>();
	const most = mostSeconds + (timesAsMuch * Math.max(0, world.parameters.setupSeconds[1] - quickSetupSeconds)) + slackSeconds;
	let lastSecond = 0;

	function standsStill({host}: SimulatedServer): boolean {
		return (host.outcome === 'hangsMidScript' || host.outcome === 'freezes') && host.setUpAt !== undefined && host.exitCode === undefined && secondsBetween(host.setUpAt, world.now()) < maxSetupSeconds + setUpGraceSeconds;
	}

	return (second, outageSeconds) => {
		const jobs = world.github.jobs();
		const limit = most + (forEachJobSeconds * jobs.length / workers);
		const still = world.hetzner.servers.values().filter(server => standsStill(server)).map(server => server.labels['runner-labels-0'] ?? '[]').toArray();
		for (const job of jobs) {
			if (job.actualState !== 'queued' || !job.isCounted || byHand.excused.has(job)) {
				since.delete(job);
				continue;
			}

			const begun = since.get(job) ?? {second, outage: outageSeconds, still: 0};
			since.set(job, begun);
			begun.still += still.some(labels => job.labels.every(label => labels.includes(`"${label}"`))) ? second - lastSecond : 0;
			const waited = second - begun.second - (outageSeconds - begun.outage) - begun.still;
			if (waited > limit) {
				watch.check('othersGoOn', `${job.name} has been queued for ${Math.round(waited)} s that nothing hindered`);
				return;
			}

			watch.count('othersGoOn', 1);
		}

		lastSecond = second;
	};
}
