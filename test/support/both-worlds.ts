import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {systemClock} from '../../source/clock/system-clock.ts';
import {createGitHub} from '../../source/github/github.ts';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import {readFollowProgram} from '../../source/host-scripts/find.ts';
import type {
	Clock, GitHub, Cloud, Shell,
} from '../../source/scaler/ports.ts';
import type {WorldParameters} from '../../source/simulator/parameters.ts';
import {inProcessPorts} from '../../source/simulator/ports/in-process.ts';
import {serveWorld} from '../../source/simulator/serve.ts';
import {createWorld, type World} from '../../source/simulator/world.ts';
import {createShell} from '../../source/ssh/shell.ts';

const speed = 50;

export type Side = {
	readonly world: World;
	readonly clock: Clock;
	readonly github: GitHub;
	readonly cloud: Cloud;
	readonly shell: Shell;
	/**
	Resolves once that holds; throws after ten minutes of the world's time.
	*/
	readonly until: (condition: () => boolean) => Promise<void>;
};

/**
The two things behind each port: the simulated world's own ports, and the real adapters on that world served on loopback.
*/
export const sides: ReadonlyArray<{
	readonly name: string; readonly open: (t: ExecutionContext, parameters?: Partial<WorldParameters>) => Promise<Side>;
}> = [
	{
		name: 'in process',
		async open(_t, parameters = {}) {
			const clock = systemClock(speed);
			const world = createWorld({seed: 3, clock, parameters});
			return {
				...inProcessPorts(world), world, clock, until: waiter(world),
			};
		},
	},
	{
		name: 'over the wire',
		async open(t, parameters = {}) {
			const clock = systemClock(speed);
			const world = createWorld({seed: 3, clock, parameters});
			const directory = await mkdtemp(path.join(tmpdir(), 'hrt-contract-'));
			const served = await serveWorld({world, directory});
			t.teardown(async () => {
				await served.close();
				await rm(directory, {recursive: true, force: true});
			});
			const {repository} = world;
			return {
				world, clock, until: waiter(world),
				github: createGitHub({
					apiUrl: served.githubUrl, token: served.githubToken, repository, clock, speed,
				}),
				cloud: createHetzner({
					apiUrl: served.hetznerUrl, token: served.hetznerToken, repository, sshKeyName: served.sshKeyName, image: 'ubuntu-24.04', clock,
				}),
				shell: createShell({
					privateKeyFile: served.sshPrivateKeyFile, port: served.sshPort, stateDirectory: path.join(directory, 'state'), followProgram: await readFollowProgram(),
				}),
			};
		},
	},
];

function waiter(world: World): Side['until'] {
	return async condition => {
		for (let turn = 0; turn < 1200; turn++) {
			world.now();
			if (condition()) {
				return;
			}

			await world.clock.sleep(0.5);
		}

		throw new Error('this never came true');
	};
}
