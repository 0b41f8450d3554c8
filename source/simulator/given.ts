import {instant} from '../model/time.ts';
import type {Ports} from '../scaler/ports.ts';
import type {Fault, FaultSpan} from './faults.ts';
import type {
	JobSpec,
	RunSpec,
	SimulatedJob,
	SimulatedRun,
} from './github-jobs.ts';
import type {WorldParameters} from './parameters.ts';
import {inProcessPorts} from './ports/in-process.ts';
import {quietScenario} from './scenario.ts';
import {virtualClock, type VirtualClock} from './virtual-clock.ts';
import {createWorld, type World} from './world.ts';

/**
A world for a test: quiet but for what was given, on a virtual clock, with the ports of an engine.
*/
export type Given = {
	readonly world: World;
	readonly clock: VirtualClock;
	readonly ports: Ports;
	readonly runs: readonly SimulatedRun[];
	/**
	The first job of that name; throws when there is none.
	*/
	readonly job: (name: string) => SimulatedJob;
	/**
	Time passes.
	*/
	readonly pass: (seconds: number) => Promise<void>;
	/**
	Time passes until the world's actual state of that job is so; false when that took more than `seconds` (default an hour).
	*/
	readonly until: (name: string, actualState: SimulatedJob['actualState'], seconds?: number) => Promise<boolean>;
};

export type GivenOptions = {
	readonly seed?: number;
	/**
	One run with these jobs.
	*/
	readonly jobs?: readonly JobSpec[];
	readonly runs?: readonly RunSpec[];
	readonly faults?: ReadonlyArray<Fault | readonly [Fault, FaultSpan]>;
	readonly parameters?: Partial<WorldParameters>;
};

/**
A job for a scenario: `job('test', 'server-cx33')`. The first label is `self-hosted`.
*/
export function job(name: string, ...more: readonly string[]): JobSpec {
	return {name, labels: ['self-hosted', ...more]};
}

/**
Makes a world for a test. The clock begins at 2026-11-24T09:00:00Z.
*/
export function given(options: GivenOptions = {}): Given {
	const clock = virtualClock(instant(Date.UTC(2026, 10, 24, 9)));
	const world = createWorld({seed: options.seed ?? 1, clock, ...(options.parameters !== undefined && {parameters: options.parameters})});
	quietScenario(world);
	for (const fault of options.faults ?? []) {
		if (isSpanned(fault)) {
			world.faults.inject(fault[0], fault[1]);
		} else {
			world.faults.inject(fault);
		}
	}

	const runs = [...(options.jobs === undefined ? [] : [{jobs: options.jobs}]), ...options.runs ?? []].map(run => world.addRun(run));
	const find = (name: string) => {
		const found = world.github.jobs().find(candidate => candidate.name === name);
		if (found === undefined) {
			throw new RangeError(`No job is called "${name}".`);
		}

		return found;
	};

	return {
		world,
		clock,
		ports: inProcessPorts(world),
		runs,
		job: find,
		async pass(seconds) {
			await clock.pass(seconds);
			world.now();
		},
		async until(name, actualState, seconds = 3600) {
			// In steps, so that a state which comes and goes is not stepped over when nobody sleeps.
			for (let step = 0; step < seconds * 2; step++) {
				world.now();
				if (find(name).actualState === actualState) {
					return true;
				}

				await clock.pass(0.5);
			}

			return false;
		},
	};
}

function isSpanned(fault: Fault | readonly [Fault, FaultSpan]): fault is readonly [Fault, FaultSpan] {
	return Array.isArray(fault);
}
