import {secondsBetween, type Instant} from '../../source/model/time.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {quietScenario} from '../../source/simulator/scenario.ts';
import type {World} from '../../source/simulator/world.ts';
import type {Row} from './rows.ts';
import {inBenchWorld} from './world.ts';
import {quantile} from './quantile.ts';

/**
Fleets of others whose runners come and go while they are listed: twenty polls.
*/
export async function measureFleets(): Promise<readonly Row[]> {
	const fleet = (count: number) => ({seed: 31, parameters: {foreignRunners: {count, changeSeconds: 1}}, prepare: quietScenario});
	const failing = async (count: number) => inBenchWorld(fleet(count), async ({running, until, clock}) => {
		let failed = 0;
		for (let poll = 0; poll < 20; poll++) {
			const next = running.engine.internals.nextReadAt ?? clock.now();
			await until(() => clock.now() >= next && (running.engine.internals.nextReadAt ?? 0) > next, 600);
			failed += running.engine.internals.reads.runners.state === 'failed' ? 1 : 0;
		}

		return failed;
	});
	const [some, many] = [await failing(300), await failing(1000)];
	return [{
		work: '300 and 1,000 runners that come and go: polls that fail, of 20', goal: '0, 0', figure: `${some}, ${many}`, isMet: some === 0 && many === 0, values: {of300: some, of1000: many},
	}];
}

/**
Runs of others that are there before the engine starts: how long until it sees a job of ours.
*/
export async function measureOthersRuns(): Promise<readonly Row[]> {
	const active = (world: World) => {
		for (let number = 0; number < 200; number++) {
			world.addRun({workflow: `active ${number}`, jobs: [{name: 'hosted', labels: ['ubuntu-latest'], durationSeconds: 20_000}]});
		}
	};

	const queued = (world: World) => {
		for (let number = 0; number < 1150; number++) {
			world.addRun({workflow: `queued ${number}`, jobs: [{name: 'theirs', labels: ['someone-else'], isCounted: false}]});
		}
	};

	type Prepare = (world: World) => void;
	const seenAfter = async (prepare: Prepare) => inBenchWorld({seed: 32, prepare}, async ({world, running, pass, until, clock}) => {
		const waits: number[] = [];
		for (const afterSeconds of [5, 63, 301]) {
			await pass(afterSeconds);
			const {jobs: [job]} = world.addRun({jobs: [{name: 'ours', durationSeconds: 60}]});
			const from = clock.now();
			const isSeen = () => running.engine.internals.reads.jobs.items.some(({id}) => Number(id) === job?.id);
			await until(() => isSeen() || secondsBetween(from, clock.now()) > 3600, 4000);
			waits.push(secondsBetween(from, clock.now()));
		}

		return Math.max(...waits);
	});
	const [few, many] = [await seenAfter(active), await seenAfter(queued)];
	return [{
		work: '200 active / 1,150 queued runs of others: a job of ours seen after, the longest of three', goal: '20 s / 60 s', figure: `${few.toFixed(0)} s / ${many.toFixed(0)} s`, isMet: few <= 20 && many <= 60, values: {active: few, queued: many},
	}];
}

const most = 60;
const offSeconds = 20;
const intervalSeconds = 10;

/**
500 jobs at once for at most 60 servers.
*/
export async function measureBigBurst(): Promise<readonly Row[]> {
	return inBenchWorld({seed: 33, policy: {maxRunners: most}}, async ({world, pass, running}) => {
		await pass(60);
		for (let run = 0; run < 25; run++) {
			world.addRun({workflow: `run ${run}`, jobs: Array.from({length: 20}, (_, index) => ({name: `job ${index}`, durationSeconds: 2400}))});
		}

		const busy: number[] = [];
		const offSince = new Map<number, Instant>();
		let late = 0;
		let limits = 0;
		let isFull = false;
		let seen = world.pipeline.log.length;
		const isWaiting = () => world.github.jobs().some(job => job.actualState === 'queued');
		for (let second = 0; second < 8 * 3600 && isWaiting(); second += 5) {
			await pass(5);
			limits += world.pipeline.log.slice(seen).filter(({api, status}) => api === 'github' && (status === 403 || status === 429)).length;
			seen = world.pipeline.log.length;
			const servers = world.hetzner.servers.values().filter(server => !server.isForeign).toArray();
			const working = servers.filter(({host}) => host.runner?.job !== undefined).length;
			isFull ||= working >= most - 3;
			if (isFull) {
				busy.push(working);
			}

			for (const {id, status, host} of servers) {
				if (status === 'off' && host.life > 0) {
					const since = offSince.get(id) ?? world.now();
					offSince.set(id, since);
					late = Math.max(late, servers.filter(server => server.status === 'off' && secondsBetween(offSince.get(server.id) ?? world.now(), world.now()) > offSeconds + (2 * intervalSeconds)).length);
				}
			}
		}

		const mean = busy.reduce((sum, value) => sum + value, 0) / busy.length;
		const isRight = running.engine.internals.policy.maxRunners === most && auditWorld(world).mostServersAtOnce <= most;
		return [{
			work: '500-job burst of 40 min each, at most 60 servers: limit answers; busy servers once full (mean, median); off servers beyond limit plus two intervals', goal: '0; 57 of 60; 0',
			figure: `${limits}; ${mean.toFixed(1)}, ${quantile(busy, 0.5)} of 60; ${late}`, isMet: limits === 0 && mean >= 57 && late === 0 && isRight, values: {
				limits, busyMean: mean, busyMedian: quantile(busy, 0.5), late,
			},
		}];
	});
}
