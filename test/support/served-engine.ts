// The engine with its real adapters and the real ssh, on a simulated world served on loopback. Time runs twenty times faster.
import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {systemClock} from '../../source/clock/system-clock.ts';
import {createJournal} from '../../source/logging/journal.ts';
import {accountOf} from '../../source/settings/account.ts';
import {connectWorld} from '../../source/wiring/adapters.ts';
import {buildEngine} from '../../source/wiring/engine.ts';
import {scriptsOf} from '../../source/settings/policy.ts';
import {describeEvent} from '../../source/model/event.ts';
import type {Policy} from '../../source/model/policy.ts';
import type {Engine} from '../../source/scaler/engine.ts';
import {resolveSettings, settingsOf, type Settings} from '../../source/settings/read.ts';
import {serveWorld, type ServedWorld} from '../../source/simulator/serve.ts';
import {createWorld, type World} from '../../source/simulator/world.ts';

const speed = 20;

export type ServedEngine = {
	readonly world: World;
	readonly served: ServedWorld;
	readonly engine: Engine;
	readonly folder: string;
	/**
	Resolves when that holds; rejects with what the engine told when it does not within so many seconds of the world.
	*/
	readonly wait: (what: string, condition: () => boolean, seconds?: number) => Promise<void>;
	readonly trace: () => string;
	/**
	Stops the engine without letting it say goodbye, and starts a new one on the same world.
	*/
	readonly restart: () => Promise<void>;
	readonly end: () => Promise<void>;
};

export async function serveEngine(
	prepare: (world: World) => void,
	changes: Partial<Policy> = {},
	given: Partial<Settings> = {},
): Promise<ServedEngine> {
	const clock = systemClock(speed);
	const world = createWorld({seed: 5, clock});
	prepare(world);
	const folder = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-test-'));
	const served = await serveWorld({world, directory: folder});
	const settings = {...settingsOf(resolveSettings({flags: new Map(), environment: served.environment, file: undefined})), ...given};
	const account = accountOf(settings);

	async function start(): Promise<Engine> {
		const journal = createJournal({
			logs: [], stateFolder: folder, secrets: [], now: clock.now, onTrouble() {/* The test would show it. */},
		});
		const connected = await connectWorld(settings, account, clock, {speed, version: '0.0.0', stateFolder: folder});
		const started = buildEngine({
			world: connected, settings, repository: account.repository, scripts: await scriptsOf(settings), clock, journal, version: '0.0.0', speed, policy: changes,
		});
		void started.run();
		return started;
	}

	let engine = await start();
	const trace = () => engine.state().activity.map(({event}) => describeEvent(event)).join('\n');
	return {
		world,
		served,
		get engine() {
			return engine;
		},
		folder,
		trace,
		async wait(what, condition, seconds = 1200) {
			for (let waited = 0; !condition(); waited++) {
				if (waited > seconds) {
					throw new Error(`not within ${seconds} s: ${what}\n${trace()}`);
				}

				await clock.sleep(1);
			}
		},
		async restart() {
			await engine.stop();
			engine = await start();
		},
		async end() {
			await engine.stop();
			await served.close();
			await rm(folder, {recursive: true, force: true});
		},
	};
}
