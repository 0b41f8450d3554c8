import process from 'node:process';
import {githubAccess} from '../github/access.ts';
import {createGitHub} from '../github/github.ts';
import {createGitHubProbe, type GitHubProbe} from '../github/probe.ts';
import {createHetzner, type HetznerChecks} from '../hetzner/hetzner.ts';
import {readFollowProgram} from '../host-scripts/find.ts';
import {proxiedFetch} from '../http/proxy.ts';
import type {
	Clock, GitHub, Cloud, Shell,
} from '../scaler/ports.ts';
import type {Account} from '../settings/account.ts';
import {firewallOf} from '../settings/policy.ts';
import type {Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {sshProblem} from '../ssh/installed.ts';
import {createShell} from '../ssh/shell.ts';
import {sshOptionsOf} from './shell-command.ts';

/** What sends requests to both APIs: through the proxy that the environment names, or undefined for fetch itself. Throws UsageError. */
export async function fetchOf(environment: Readonly<Record<string, string | undefined>>): Promise<typeof fetch | undefined> {
	try {
		return await proxiedFetch(environment);
	} catch (error) {
		throw new UsageError(`${error instanceof Error ? error.message : String(error)}.`);
	}
}

/** GitHub, Hetzner and SSH for a run, real or simulated: only the addresses differ. */
export type World = {readonly github: GitHub; readonly probe: GitHubProbe; readonly hetzner: Cloud & HetznerChecks; readonly shell: Shell};

export type WorldOptions = {
	/** Seconds of the clock in a real second. */
	readonly speed: number;
	readonly version: string;
	readonly stateFolder: string;
	/** Told each token that a GitHub App is given. */
	readonly onSecret?: (secret: string) => void;
};

/** Connects the three ports. */
export async function connectWorld(settings: Settings, account: Account, clock: Clock, options: WorldOptions): Promise<World> {
	const through = await fetchOf(process.env);
	const ofGitHub = {
		apiUrl: settings.githubApiUrl, repository: account.repository, clock, speed: options.speed, userAgent: `hetzner-runners-tui/${options.version}`, fetch: through,
	};
	const {tokens} = githubAccess(account.github, {...ofGitHub, onSecret: options.onSecret});
	const hetzner = createHetzner({
		apiUrl: settings.hetznerApiUrl, token: account.hetznerToken, repository: account.repository, sshKeyName: account.sshKey, image: settings.image, firewall: firewallOf(settings), clock, fetch: through,
	});
	return {
		hetzner,
		github: createGitHub({...ofGitHub, token: tokens}),
		probe: createGitHubProbe({...ofGitHub, token: tokens}),
		shell: createShell({
			...sshOptionsOf(settings, options.stateFolder), followProgram: await readFollowProgram(), publicKey: async () => (await hetzner.findSshKey()).publicKey,
		}),
	};
}

/** Throws UsageError when this machine cannot use ssh. */
export function requireSsh(): void {
	const problem = sshProblem();
	if (problem !== undefined) {
		throw new UsageError(problem);
	}
}
