import type {Policy} from '../../source/model/policy.ts';
import {instant} from '../../source/model/time.ts';
import {rngFor, type Rng} from '../../source/simulator/chance.ts';
import type {LoggedRequest} from '../../source/simulator/request-pipeline.ts';
import type {Incoming} from '../../source/simulator/http/message.ts';
import {fetchFrom} from '../../source/simulator/http/fetch.ts';
import type {WorldParameters} from '../../source/simulator/parameters.ts';
import {virtualClock, type VirtualClock} from '../../source/simulator/virtual-clock.ts';
import {createWorld, type World} from '../../source/simulator/world.ts';
import {engineHouse, type RunningEngine} from '../soak/engines.ts';
import {usualPolicy} from '../soak/live-day.ts';
import {liveBy} from '../soak/virtual-time.ts';

/**
A world to measure in: the real engine and adapters on a virtual clock, an answer takes 0.1 s, no faults.
*/
export type Bench = {
	readonly world: World;
	readonly clock: VirtualClock;
	readonly rng: Rng;
	readonly running: RunningEngine;
	/**
	Every request since the last call of this.
	*/
	readonly newRequests: () => readonly LoggedRequest[];
	readonly pass: (seconds: number) => Promise<void>;
	readonly until: (condition: () => boolean, seconds: number) => Promise<void>;
	/**
	When jobs were created and their create calls came in, seconds between, for each.
	*/
	readonly createWaits: readonly number[];
};

const start = instant(Date.UTC(2026, 10, 24, 9));

/**
Boot, SSH, scripts and the rest take always the same, so that what is above them shows.
*/
export const steadyParameters: Partial<WorldParameters> = {
	bootSeconds: [15, 15], sshSeconds: [10, 10], setupSeconds: [8, 8], startupSeconds: [25, 25], onlineSeconds: [3, 3],
	assignSeconds: [1, 1], jobLagSeconds: [0.5, 3], githubLatencySeconds: [0.1, 0.1], hetznerLatencySeconds: [0.1, 0.1],
};

/**
The world's own part of a job's wait, from the create call to its start, seconds.
*/
export const ownSeconds = 15 + 10 + 8 + 25 + 3 + 1;

/**
A world to measure in. `prepare`: what is there before the engine starts. `onRequest`: hears of each request over HTTP as it comes in.
*/
export type BenchOptions = {
	readonly seed: number;
	readonly policy?: Partial<Policy>;
	readonly parameters?: Partial<WorldParameters>;
	readonly isWired?: boolean;
	readonly prepare?: (world: World) => void;
	readonly onRequest?: (api: 'github' | 'hetzner', incoming: Incoming) => void;
};

/**
Measures in a world of its own.
*/
export async function inBenchWorld<Value>(options: BenchOptions, measure: (bench: Bench) => Promise<Value>): Promise<Value> {
	const clock = virtualClock(start);
	const world = createWorld({seed: options.seed, clock, parameters: {...steadyParameters, ...options.parameters}});
	world.hetzner.addKey('simulated-key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl simulated');
	const createWaits: number[] = [];
	const house = engineHouse(world, {...usualPolicy, ...options.policy}, {
		isWired: options.isWired ?? true,
		keepsJournal: false,
		tell() {/* Nobody reads it. */},
		watch: (_engine, api, answer) => async incoming => {
			options.onRequest?.(api, incoming);
			const name = typeof incoming.body === 'object' && incoming.body !== null && 'name' in incoming.body ? String(incoming.body.name) : '';
			if (api === 'hetzner' && incoming.method === 'POST' && name !== '') {
				const job = world.github.jobs().find(({id}) => name.endsWith(`-${id}`));
				createWaits.push(job === undefined ? NaN : (clock.now() - job.createdAt) / 1000);
			}

			return answer(incoming);
		},
	});
	options.prepare?.(world);
	const undo = liveBy(clock, fetchFrom(house.apis));
	let seen = 0;
	const running = house.start(0);
	try {
		return await measure({
			world,
			clock,
			running,
			createWaits,
			rng: rngFor(options.seed, 'bench'),
			newRequests() {
				const fresh = world.pipeline.log.slice(seen);
				seen = world.pipeline.log.length;
				return fresh;
			},
			async pass(seconds) {
				await clock.pass(seconds);
				world.now();
			},
			async until(condition, seconds) {
				const isSo = await clock.passUntil(() => {
					world.now();
					return condition();
				}, seconds);
				if (!isSo) {
					throw new Error(`not within ${seconds} s`);
				}
			},
		});
	} finally {
		running.kill();
		undo();
	}
}
