// A bad night for README: both APIs hang, then the engine is killed. The real engine and an attached console, on a simulated world served on loopback.
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {systemClock} from '../source/clock/system-clock.ts';
import {serveWorld} from '../source/simulator/serve.ts';
import {busyScenario} from '../source/simulator/scenario.ts';
import {createWorld} from '../source/simulator/world.ts';
import {emptyHome, plainEnvironment, root} from '../test/support/program.ts';
import {
	isWhole, openProgram, type PtyProgram, type Screen,
} from '../test/support/pty.ts';
import {rowsOf, type Moment} from './svg.ts';

const takeMilliseconds = 2500;
/**
The recording shows the night twice as fast as it was.
*/
const pace = 2;

/**
Lives through it. `onApisHang`, `onEngineGone`: the screen when the console has said so. Resolves with the moments of a recording and its seconds.
*/
export async function badNight({onApisHang, onEngineGone}: {readonly onApisHang: (console: PtyProgram) => void; readonly onEngineGone: (console: PtyProgram) => void}): Promise<{readonly console: PtyProgram; readonly moments: readonly Moment[]; readonly seconds: number; readonly end: () => Promise<void>}> {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'hrt-picture-'));
	const world = createWorld({
		seed: 7, clock: systemClock(), parameters: {
			bootSeconds: [3, 6], sshSeconds: [1, 3], setupSeconds: [3, 5], startupSeconds: [4, 8], githubRequestsPerHour: 100_000, githubPointsPerMinute: 20_000,
		},
	});
	busyScenario(world, {jobs: 20});
	const served = await serveWorld({world, directory: folder});
	const socket = path.join(folder, 'engine.sock');
	const engine = spawn(process.execPath, [path.join(root, 'bin.js'), '--no-console', '--max-runners', '10', '--scale-up-interval', '5', '--scale-down-interval', '5', '--socket', socket], {
		cwd: root, stdio: 'ignore', env: {...plainEnvironment(emptyHome()), ...served.environment},
	});
	await pause(20_000); // Some of its jobs run by then.
	const console = openProgram(['attach', '--socket', socket, '--no-bell'], {columns: 120, rows: 36});
	const end = async (): Promise<void> => {
		engine.kill('SIGKILL');
		await console.kill();
		await served.close();
		rmSync(folder, {recursive: true, force: true});
	};

	try {
		const moments: Moment[] = [];
		const began = performance.now();
		const record = async (isSo: (screen: Screen) => boolean): Promise<void> => {
			for (let takes = 0; takes < 60; takes++) {
				if (isWhole(console.screen())) {
					moments.push({at: (performance.now() - began) / 1000 / pace, rows: rowsOf(console.view)});
				}

				if (takes > 3 && isSo(console.screen())) {
					return;
				}

				await pause(takeMilliseconds);
			}

			throw new Error(`never came:\n${console.screen().text}`);
		};

		await console.until('a busy engine', screen => isWhole(screen) && /Servers \d+ · [2-9]/v.test(screen.text));
		await record(() => true);
		for (const api of ['github', 'hetzner'] as const) {
			world.faults.inject({kind: 'slow', api, seconds: 600});
		}

		await record(({text}) => text.includes('▲ BLIND since'));
		onApisHang(console);
		engine.kill('SIGKILL');
		await record(({text}) => text.includes('✕ NO ENGINE since'));
		onEngineGone(console);
		return {
			console, moments, seconds: Math.ceil((performance.now() - began) / 1000 / pace) + 4, end,
		};
	} catch (error) {
		await end();
		throw error;
	}
}
