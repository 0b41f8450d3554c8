import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {systemClock} from '../../source/clock/system-clock.ts';
import type {SimulatedJob} from '../../source/simulator/github-jobs.ts';
import {givenHostKey} from '../../source/simulator/cloud-init.ts';
import type {Host} from '../../source/simulator/host.ts';
import {serveWorld} from '../../source/simulator/serve.ts';
import {createWorld, type World} from '../../source/simulator/world.ts';
import {serveGitHubFront, type GitHubFront} from './github-front.ts';
import {startGuest, type Guest} from './guest.ts';
import type {BaseImage} from './image/base-image.ts';

export type LabJob = {
	readonly name: string;
	/**
	What its runner runs, as bash.
	*/
	readonly steps: string;
};

export type LabWorld = {
	readonly world: World;
	readonly front: GitHubFront;
	/**
	What points the program at it.
	*/
	readonly environment: Readonly<Record<string, string>>;
	readonly folder: string;
	readonly addRun: (jobs: readonly LabJob[]) => void;
	/**
	When each machine went off, by its server's name.
	*/
	readonly offAt: ReadonlyMap<string, number>;
	/**
	How many machines run now.
	*/
	readonly machines: () => number;
	readonly close: () => Promise<void>;
};

const sshPort = 2222;
/**
Few, so that an address soon comes again with another machine's host key behind it.
*/
const addresses = ['127.77.250.1', '127.77.250.2', '127.77.250.3'];

/**
The simulated GitHub and Hetzner with real machines in the servers.
*/
export async function openLabWorld(image: BaseImage, options: {
	readonly hasSshd?: (serverName: string) => boolean;
	readonly runnerVersion?: string;
} = {}): Promise<LabWorld> {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'hetzner-runners-lab-'));
	const disks = path.join(folder, 'machines');
	mkdirSync(disks);
	const guests = new Map<Host, Guest>();
	const offAt = new Map<string, number>();
	const steps = new Map<string, string>();
	let used = 0;
	const world = createWorld({
		seed: 11,
		clock: systemClock(),
		parameters: {
			bootSeconds: [1, 2], deleteSeconds: [1, 2], jobLagSeconds: [0, 1], busyLagSeconds: [0, 2], jobsLagSeconds: [0, 1],
			assignSeconds: [0, 1], lostRunnerSeconds: 20,
		},
		machines: {
			address: () => addresses[used++ % addresses.length] ?? '127.77.250.1',
			start(host, onOff) {
				const server = world.hetzner.servers.get(host.serverId);
				guests.set(host, startGuest({
					image,
					folder: disks,
					name: host.serverName,
					ip: server?.ip ?? '',
					sshPort,
					publicKeys: server?.publicKeys ?? [],
					hostKey: givenHostKey(server?.userData, world.parameters)?.privateKey,
					hasSshd: options.hasSshd?.(host.serverName) ?? true,
					onOff() {
						const isAbrupt = !guests.delete(host);
						offAt.set(host.serverName, Date.now());
						world.now();
						front.machineOff(host.serverName, isAbrupt);
						onOff();
					},
				}));
			},
			stop(host) {
				const guest = guests.get(host);
				guests.delete(host);
				void guest?.stop();
			},
		},
	});
	const served = await serveWorld({world, directory: path.join(folder, 'keys')});
	const front: GitHubFront = await serveGitHubFront({
		world, apiUrl: served.githubUrl, folder, ...(options.runnerVersion !== undefined && {runnerVersion: options.runnerVersion}), stepsOf: (job: SimulatedJob) => steps.get(job.name) ?? 'false',
	});
	return {
		world,
		front,
		folder,
		offAt,
		environment: {...served.environment, GITHUB_API_URL: front.url, HETZNER_SSH_PORT: String(sshPort)},
		addRun(jobs) {
			for (const job of jobs) {
				steps.set(job.name, job.steps);
			}

			world.addRun({jobs: jobs.map(({name}) => ({name, durationSeconds: 80_000}))});
		},
		machines: () => guests.size,
		async close() {
			await Promise.all(guests.values().map(async guest => guest.stop()));
			await front.close();
			await served.close();
			rmSync(folder, {recursive: true, force: true});
		},
	};
}
