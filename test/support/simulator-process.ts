// The built program and the simulator as processes of their own, and a world with little patience for both.
import {spawn} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {systemClock} from '../../source/clock/system-clock.ts';
import {later, secondsBetween, type Instant} from '../../source/model/time.ts';
import type {Clock} from '../../source/scaler/ports.ts';
import type {Machines} from '../../source/simulator/host.ts';
import type {WorldParameters} from '../../source/simulator/parameters.ts';
import {quietScenario} from '../../source/simulator/scenario.ts';
import {serveWorld, type ServedWorld} from '../../source/simulator/serve.ts';
import {createWorld, type World} from '../../source/simulator/world.ts';
import {
	emptyHome,
	plainEnvironment,
	root,
	type Ended,
} from './program.ts';

/**
What takes care of ends: a test, or a benchmark in its place.
*/
export type Teardown = {readonly teardown: (ending: () => unknown) => void};

/**
A program that runs.
*/
export type RunningProgram = {
	readonly pid: number;
	readonly stdout: () => string;
	readonly stderr: () => string;
	readonly signal: (name: NodeJS.Signals) => void;
	readonly hasEnded: () => boolean;
	readonly ended: Promise<Ended>;
};

/**
A world at the machine's own pace, served to processes.
*/
export type QuickWorld = {
	readonly world: World;
	readonly served: ServedWorld;
	readonly home: string;
	/**
	What points a program at it.
	*/
	readonly environment: Readonly<Record<string, string>>;
	/**
	Nothing more happens in the world until it is called again with false; it still answers.
	*/
	readonly hold: (isHeld: boolean) => void;
};

const quickParameters: Partial<WorldParameters> = {
	bootSeconds: [0.5, 1],
	sshSeconds: [0, 0.5],
	deleteSeconds: [0.2, 0.4],
	powerSeconds: [0.2, 0.4],
	setupSeconds: [1, 1],
	startupSeconds: [1, 1.5],
	onlineSeconds: [0, 0.5],
	powerOffSeconds: [0.2, 0.5],
	assignSeconds: [0, 0.5],
	jobLagSeconds: [0, 0.5],
	busyLagSeconds: [0, 0.5],
	jobsLagSeconds: [0, 0.2],
	vanishSeconds: [0.1, 0.3],
	githubLatencySeconds: [0.01, 0.03],
	hetznerLatencySeconds: [0.01, 0.03],
	// A look every second must not widen the interval.
	githubRequestsPerHour: 100_000,
	githubPointsPerMinute: 20_000,
	hetznerRequestsPerHour: 100_000,
};

/**
Arguments of a program that prints its log and hurries as much as its options allow.
*/
export const quickArguments = ['--no-console', '--scale-up-interval', '1', '--scale-down-interval', '1', '--max-powered-off-time', '1'];

type QuickOptions = {readonly seed?: number; readonly parameters?: Partial<WorldParameters>; readonly machines?: Machines};

/**
Serves a quiet world whose servers need about four seconds to their runner; closed at the end of the test.
*/
export async function serveQuickWorld(t: Teardown, options: QuickOptions = {}): Promise<QuickWorld> {
	const {clock, hold} = holdableClock();
	const world = createWorld({
		seed: options.seed ?? 5, clock, parameters: {...quickParameters, ...options.parameters},
		...options.machines && {machines: options.machines},
	});
	quietScenario(world);
	const folder = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-test-'));
	const served = await serveWorld({world, directory: folder});
	t.teardown(async () => {
		await served.close();
		await rm(folder, {recursive: true, force: true});
	});
	const home = emptyHome();
	return {
		world, served, home, environment: plainEnvironment(home, served.environment), hold,
	};
}

// The machine's clock, which can be stopped for a while: how long a program takes to start must not decide what it meets.
function holdableClock(): {readonly clock: Clock; readonly hold: QuickWorld['hold']} {
	const real = systemClock();
	let lostSeconds = 0;
	let heldAt: Instant | undefined;
	return {
		clock: {
			now: () => later(heldAt ?? real.now(), -lostSeconds),
			sleep: async (seconds, signal) => real.sleep(seconds, signal),
		},
		hold(isHeld) {
			if (isHeld) {
				heldAt ??= real.now();
			} else if (heldAt !== undefined) {
				lostSeconds += secondsBetween(heldAt, real.now());
				heldAt = undefined;
			}
		},
	};
}

/**
Starts the built program; killed at the end of the test if it still runs then.
*/
export function startProgram(t: Teardown, argv: readonly string[], environment: Readonly<Record<string, string>>): RunningProgram {
	const child = spawn(process.execPath, [path.join(root, 'bin.js'), ...argv], {cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe']});
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	const {promise: ended, resolve} = Promise.withResolvers<Ended>();
	let isOver = false;
	child.once('close', code => {
		isOver = true;
		resolve({code: code ?? undefined, stdout, stderr});
	});
	t.teardown(async () => {
		child.kill('SIGKILL');
		await ended;
	});
	if (child.pid === undefined) {
		throw new Error('The program could not be started.');
	}

	return {
		pid: child.pid,
		stdout: () => stdout,
		stderr: () => stderr,
		signal(name) {
			child.kill(name);
		},
		hasEnded: () => isOver,
		ended,
	};
}

/**
Resolves when that holds; fails with all that the program has said when it does not within so many seconds, or when the program ends before.
*/
export async function until(what: string, program: RunningProgram, holds: () => boolean, seconds = 60): Promise<void> {
	const deadline = performance.now() + (seconds * 1000);
	while (!holds()) {
		if (program.hasEnded() || performance.now() > deadline) {
			throw new Error(`${program.hasEnded() ? 'the program ended before' : `not within ${seconds} s`}: ${what}\n${program.stdout()}${program.stderr()}`);
		}

		await pause(20);
	}
}

/**
Ends a program as a supervisor would; throws when that takes longer than the ten seconds that are promised, and a second for a busy machine.
*/
export async function endProgram(program: RunningProgram): Promise<Ended> {
	program.signal('SIGTERM');
	await until('the program ends after SIGTERM', program, program.hasEnded, 11);
	return program.ended;
}

/**
Starts `simulator`; the environment that it printed.
*/
export async function startSimulator(t: Teardown, argv: readonly string[]): Promise<{
	readonly simulator: RunningProgram;
	readonly printed: Readonly<Record<string, string>>;
}> {
	const simulator = startProgram(t, ['simulator', ...argv], plainEnvironment(emptyHome()));
	await until('the simulator has printed its environment', simulator, () => simulator.stdout().includes('\n# '));
	const printed = Object.fromEntries(simulator.stdout().matchAll(/^export (?<name>[A-Z_]+)='(?<value>[^']*)'$/gmv).map(({groups}) => [groups?.name ?? '', groups?.value ?? '']));
	return {simulator, printed};
}
