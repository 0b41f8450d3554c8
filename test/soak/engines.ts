import {parseSavedState} from '../../source/wiring/saved-state.ts';
import {describeEvent} from '../../source/model/event.ts';
import type {Policy} from '../../source/model/policy.ts';
import {later, type Instant} from '../../source/model/time.ts';
import {createGitHub} from '../../source/github/github.ts';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import type {Controller} from '../../source/scaler/controller.ts';
import {engineController} from '../../source/scaler/engine-controller.ts';
import {createEngine, type Engine} from '../../source/scaler/engine.ts';
import type {
	Clock, HostScripts, Journal, Ports,
} from '../../source/scaler/ports.ts';
import {rngFor} from '../../source/simulator/chance.ts';
import type {AnswerApi} from '../../source/simulator/http/message.ts';
import {githubApi} from '../../source/simulator/http/github-api.ts';
import {hetznerApi} from '../../source/simulator/http/hetzner-api.ts';
import {inProcessPorts} from '../../source/simulator/ports/in-process.ts';
import type {World} from '../../source/simulator/world.ts';
import {withBoundaries, type OnBoundary} from './action-boundaries.ts';

/**
An engine as a process: it can be killed, and then nothing that it was about to do happens any more.
*/
export type RunningEngine = {
	readonly number: number;
	/**
	The world of its repository.
	*/
	readonly world: World;
	readonly engine: Engine;
	readonly controller: Controller;
	readonly kill: () => void;
	readonly isAlive: () => boolean;
};

/**
How an engine differs from its rivals. `isOld`: of a version that did not yet write on a server's labels when its startup script ended.
*/
export type Setting = {readonly policy: Partial<Policy>; readonly isOld: boolean};

export type EngineHarness = {
	/**
	Starts an engine on a machine whose clock is so many seconds ahead of the world's.
	*/
	readonly start: (skewSeconds: number, setting?: Setting) => RunningEngine;
	/**
	The APIs of all engines by origin, for a `fetch`; each engine has origins of its own.
	*/
	readonly apis: ReadonlyMap<string, AnswerApi>;
	/**
	All that journals were told, and what people would read of it.
	*/
	readonly journal: readonly string[];
};

/**
Watches what an engine's client sends: the moment until which each API asked it to wait.
*/
export type ClientWatch = (engine: number, api: 'github' | 'hetzner', answer: AnswerApi) => AnswerApi;

const asUsual: Setting = {policy: {}, isOld: false};

// As the built-in ones: they take either, and the policy says which.
const startup = {source: 'built in', text: '#!/bin/bash\n# GITHUB_RUNNER_JIT_CONFIG, GITHUB_RUNNER_TOKEN\n'} as const;
const scripts: HostScripts = {
	setup: {kind: 'setup', source: 'built in', text: '#!/bin/bash\n'}, startupX64: {kind: 'startup-x64', ...startup}, startupArm64: {kind: 'startup-arm64', ...startup}, named: [],
};

const about = {version: '0.0.0', clockSpeed: 1};

/**
Whether a runner's record is of a name that no server of ours ever had (an image that brings a runner along): nobody can tell whose it is, so it stays.
*/
export function isOfUnknownName(name: string): boolean {
	return name.startsWith('gh-actions-runner-1-');
}

/**
A place in which engines for that world start and die.
*/
export function engineHouse(world: World, policy: Policy, options: {readonly isWired: boolean; readonly watch: ClientWatch; readonly onBoundary?: OnBoundary | undefined; readonly keepsJournal?: boolean; readonly firstNumber?: number; readonly apis?: Map<string, AnswerApi>; readonly tell: (engine: number, at: Instant, text: string) => void}): EngineHarness {
	const apis = options.apis ?? new Map<string, AnswerApi>();
	const journal: string[] = [];
	const github = githubApi(world);
	const hetzner = hetznerApi(world);
	let saved: string | undefined;
	let count = (options.firstNumber ?? 1) - 1;

	function start(skewSeconds: number, setting: Setting = asUsual): RunningEngine {
		const number = ++count;
		const life = {isAlive: true};
		const {promise: never} = Promise.withResolvers<never>(); // What the dead wait for.
		const outlives = async <Value>(value: Promise<Value>): Promise<Value> => {
			try {
				const result = await value;
				return life.isAlive ? result : await never;
			} catch (error) {
				return life.isAlive ? Promise.reject(error instanceof Error ? error : new Error(String(error))) : never;
			}
		};

		const clock: Clock = {
			now: () => later(world.clock.now(), skewSeconds),
			sleep: async (seconds, signal) => life.isAlive ? outlives(world.clock.sleep(seconds, signal)) : never,
		};
		const told: Journal = {
			record(event, at) {
				if (options.keepsJournal ?? true) {
					journal.push(JSON.stringify(event));
				}

				options.tell(number, at, describeEvent(event));
			},
			output(_server, line) {
				if (options.keepsJournal ?? true) {
					journal.push(line);
				}
			},
		};
		const inProcess = inProcessPorts({...world, clock: {...clock, now: world.clock.now}}, {journal: told, clock, scripts});
		const store: Ports['store'] = {
			save(state) {
				saved = life.isAlive ? JSON.stringify(state) : saved;
			},
		};
		const ports: Ports = {
			...inProcess, store, chance: rngFor(world.seed, 'chance', number).next,
		};
		const wired = options.isWired ? {...ports, ...wire(number, clock, life, never)} : ports;
		const reached = setting.isOld ? {...wired, cloud: {...wired.cloud, async markStartupEnded() {/* Nor does it miss it. */}}} : wired;
		const engine = createEngine(options.onBoundary === undefined
			? reached
			: withBoundaries(reached, options.onBoundary, async () => {
				life.isAlive = false;
				return never;
			}), {...policy, ...setting.policy}, {...about, earlier: {activity: [], paid: [], saved: saved === undefined ? undefined : parseSavedState(saved)}});
		engine.run().catch((error: unknown) => {
			options.tell(number, world.clock.now(), `ENGINE DIED: ${String(error)}`);
		});
		return {
			number,
			world,
			engine,
			controller: engineController(engine),
			isAlive: () => life.isAlive,
			kill() {
				life.isAlive = false;
			},
		};
	}

	function wire(number: number, clock: Clock, life: {readonly isAlive: boolean}, never: Promise<never>): Pick<Ports, 'github' | 'cloud'> {
		const {repository} = world;
		const reach = (api: 'github' | 'hetzner', answer: AnswerApi) => {
			const origin = `http://${api}-${number}.simulated`;
			const watched = options.watch(number, api, answer);
			apis.set(origin, async incoming => {
				if (!life.isAlive) {
					return never;
				}

				const answered = await watched(incoming);
				return life.isAlive ? answered : never;
			});
			return origin;
		};

		return {
			github: createGitHub({
				apiUrl: reach('github', github), token: world.githubToken, repository, clock,
			}),
			cloud: createHetzner({
				apiUrl: `${reach('hetzner', hetzner)}/v1`, token: world.hetznerToken, repository, sshKeyName: 'simulated-key', image: 'ubuntu-24.04', clock,
			}),
		};
	}

	return {
		start,
		apis,
		journal,
	};
}
