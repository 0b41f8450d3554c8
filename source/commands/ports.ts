import type {
	GitHub, Hetzner, Journal, Clock, HostScripts, Ports, Shell,
} from '../scaler/ports.ts';
import {createGitHub} from '../github/github.ts';
import {createHetzner, type HetznerChecks} from '../hetzner/hetzner.ts';
import {readFollowProgram, readHostScripts} from '../host-scripts/find.ts';
import type {Repository} from '../model/job.ts';
import type {Policy} from '../model/policy.ts';
import type {Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {createShell} from '../ssh/shell.ts';
import type {Account} from './account.ts';
import {sshOptionsOf} from './shell-command.ts';

/** The policy that planning gets from the settings. */
export function policyOf(settings: Settings, repository: Repository): Policy {
	return {
		repository,
		withLabels: settings.withLabel,
		serverTypes: settings.serverType,
		locations: settings.location,
		image: settings.image,
		engineSet: '',
		githubUrl: githubUrlOf(settings.githubApiUrl),
		runnerGroup: 'Default',
		maxRunners: settings.maxRunners,
		maxPoweredOffSeconds: settings.maxPoweredOffTime,
		maxIdleRunnerSeconds: settings.maxIdleRunnerTime,
		maxRunnerRegistrationSeconds: settings.maxRunnerRegistrationTime,
		maxServerReadySeconds: settings.maxServerReadyTime,
		maxSetupSeconds: settings.maxSetupTime,
		scaleUpIntervalSeconds: settings.scaleUpInterval,
		scaleDownIntervalSeconds: settings.scaleDownInterval,
		workers: settings.workers,
		isDryRun: settings.dryRun,
		isReadOnly: settings.readOnly,
	};
}

/** Where people and runners see the repository: https://github.com, or the server whose API is at …/api/v3. */
export function githubUrlOf(apiUrl: string): string {
	const url = new URL(apiUrl);
	return url.hostname === 'api.github.com' ? 'https://github.com' : url.origin;
}

/** GitHub, Hetzner and SSH for a run, real or simulated: only the addresses differ. */
export type World = {readonly github: GitHub; readonly hetzner: Hetzner & HetznerChecks; readonly shell: Shell};

/** Connects the three ports. `speed`: seconds of the clock in a real second. */
export async function connectWorld(settings: Settings, account: Account, clock: Clock, options: {readonly speed: number; readonly version: string; readonly stateFolder: string}): Promise<World> {
	return {
		github: createGitHub({
			apiUrl: settings.githubApiUrl, token: account.githubToken, repository: account.repository, clock, speed: options.speed, userAgent: `hetzner-runners-tui/${options.version}`,
		}),
		hetzner: createHetzner({
			apiUrl: settings.hetznerApiUrl, token: account.hetznerToken, repository: account.repository, sshKeyName: account.sshKey, image: settings.image, clock,
		}),
		shell: createShell({
			...sshOptionsOf(settings, options.stateFolder), followProgram: await readFollowProgram(),
		}),
	};
}

/** The three scripts that the settings ask for. Throws UsageError that names flag and path. */
export async function scriptsOf(settings: Settings): Promise<HostScripts> {
	try {
		return await readHostScripts(settings);
	} catch (error) {
		throw new UsageError(error instanceof Error ? `${error.message}.` : String(error));
	}
}

/** All that the engine needs. */
export function portsOf(world: World, clock: Clock, journal: Journal, scripts: HostScripts): Ports {
	return {
		...world, clock, chance: () => Math.random(), journal, scripts,
	};
}
