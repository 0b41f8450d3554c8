import path from 'node:path';
import type {GitHub, Hetzner, Journal, Clock, HostScripts, Ports, Shell} from '../scaler/ports.ts';
import {createGitHub} from '../github/github.ts';
import {createHetzner, type HetznerChecks} from '../hetzner/hetzner.ts';
import type {Repository} from '../model/job.ts';
import type {Policy} from '../model/policy.ts';
import type {Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {createShell} from '../ssh/shell.ts';

/** What a run cannot do without, found present. */
export type Account = {readonly githubToken: string; readonly hetznerToken: string; readonly sshKey: string; readonly repository: Repository};

/** The four settings that have no default. Throws UsageError that names all that are missing and how to give them. */
export function accountOf(settings: Settings): Account {
	const {githubToken, githubRepository, hetznerToken, sshKey} = settings;
	const missing = [
		githubToken === undefined ? '--github-token (GITHUB_TOKEN)' : [],
		githubRepository === undefined ? '--github-repository (GITHUB_REPOSITORY)' : [],
		hetznerToken === undefined ? '--hetzner-token (HETZNER_TOKEN)' : [],
		sshKey === undefined ? '--ssh-key (HETZNER_SSH_KEY)' : [],
	].flat();
	if (githubToken === undefined || githubRepository === undefined || hetznerToken === undefined || sshKey === undefined) {
		throw new UsageError(`Not set: ${missing.join(', ')}. Set the variables, or try "hetzner-runners-tui demo", which needs none.`);
	}

	const [owner = '', name = ''] = githubRepository.split('/');
	return {githubToken, hetznerToken, sshKey, repository: {owner, name}};
}

/** The policy that planning gets from the settings. */
export function policyOf(settings: Settings, repository: Repository): Policy {
	return {
		repository,
		withLabels: settings.withLabel,
		serverTypes: settings.serverType,
		locations: settings.location,
		image: settings.image,
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
export function connectWorld(settings: Settings, account: Account, clock: Clock, options: {readonly speed: number; readonly version: string; readonly stateFolder: string}): World {
	return {
		github: createGitHub({
			apiUrl: settings.githubApiUrl, token: account.githubToken, repository: account.repository, clock, speed: options.speed, userAgent: `hetzner-runners-tui/${options.version}`,
		}),
		hetzner: createHetzner({
			apiUrl: settings.hetznerApiUrl, token: account.hetznerToken, repository: account.repository, sshKeyName: account.sshKey, image: settings.image, clock,
		}),
		shell: createShell({
			...(settings.sshPrivateKey === undefined ? {} : {privateKeyFile: settings.sshPrivateKey}), port: settings.sshPort, stateDirectory: path.join(options.stateFolder, 'ssh'),
		}),
	};
}

/** All that the engine needs. */
export function portsOf(world: World, clock: Clock, journal: Journal, scripts: HostScripts): Ports {
	return {...world, clock, chance: () => Math.random(), journal, scripts};
}
