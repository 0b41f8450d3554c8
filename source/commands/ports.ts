import {createHash} from 'node:crypto';
import process from 'node:process';
import type {
	GitHub, Cloud, Journal, Clock, HostScripts, Ports, Shell,
} from '../scaler/ports.ts';
import {createGitHub} from '../github/github.ts';
import type {FirewallWish} from '../hetzner/firewall.ts';
import {createHetzner, type HetznerChecks} from '../hetzner/hetzner.ts';
import {proxiedFetch} from '../http/proxy.ts';
import {readFollowProgram, readHostScripts} from '../host-scripts/find.ts';
import type {Repository} from '../model/job.ts';
import {foldLabel} from '../model/labels.ts';
import {parseMicros, type Micros} from '../model/money.ts';
import type {Policy} from '../model/policy.ts';
import type {LabelLanguage} from '../model/wishes.ts';
import type {Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {createShell} from '../ssh/shell.ts';
import type {Account} from './account.ts';
import {sshOptionsOf} from './shell-command.ts';

/** The policy that planning gets from the settings; with the scripts, what an engine of its own needs to know its servers by. */
export function policyOf(settings: Settings, repository: Repository, scripts?: HostScripts): Policy {
	return {
		repository,
		withLabels: settings.withLabel,
		serverTypes: settings.serverType,
		allowedServerTypes: settings.allowServerType,
		locations: settings.location,
		image: settings.image,
		language: languageOf(settings),
		maxPriceMicros: microsOf(settings.maxPricePerHour),
		scriptNames: scripts?.named.map(({name}) => name) ?? [],
		ignoresVolumes: settings.ignoreVolumeLabels,
		engineSet: scripts === undefined ? '' : engineSetOf(settings, scripts),
		githubUrl: githubUrlOf(settings.githubApiUrl),
		runnerGroup: 'Default',
		maxRunners: settings.maxRunners,
		labelLimits: settings.maxRunnersForLabel.map(text => {
			const [labels = '', count] = text.split(':', 2);
			return {labels: labels.split(',').map(label => foldLabel(label)), limit: Number(count)};
		}),
		maxRunnersInRun: settings.maxRunnersInWorkflowRun,
		maxCostMicros: {hour: microsOf(settings.maxCostPerHour), day: microsOf(settings.maxCostPerDay), month: microsOf(settings.maxCostPerMonth)},
		priorities: new Map(settings.priority.map(text => {
			const at = text.lastIndexOf('=');
			return [foldLabel(text.slice(0, at)), Number(text.slice(at + 1))];
		})),
		maxPoweredOffSeconds: settings.maxPoweredOffTime,
		maxIdleRunnerSeconds: settings.maxIdleRunnerTime,
		maxRunnerRegistrationSeconds: settings.maxRunnerRegistrationTime,
		maxServerReadySeconds: settings.maxServerReadyTime,
		maxSetupSeconds: settings.maxSetupTime,
		maxServerLifeSeconds: settings.maxServerLife,
		scaleUpIntervalSeconds: settings.scaleUpInterval,
		scaleDownIntervalSeconds: settings.scaleDownInterval,
		workers: settings.workers,
		isDryRun: settings.dryRun,
		isReadOnly: settings.readOnly,
	};
}

function microsOf(price: string | undefined): Micros | undefined {
	return price === undefined ? undefined : parseMicros(price);
}

/** How job labels are read, see `readWishes`. */
export function languageOf(settings: Pick<Settings, 'labelPrefix' | 'metaLabel'>): LabelLanguage {
	return {
		prefix: settings.labelPrefix ?? '',
		metaLabels: new Map(settings.metaLabel.map(text => {
			const [name = '', labels = ''] = text.split('=', 2);
			return [foldLabel(name), labels.split(',')];
		})),
	};
}

/** Where people and runners see the repository: https://github.com, https://NAME.ghe.com (data residency), or the server whose API is at …/api/v3. */
export function githubUrlOf(apiUrl: string): string {
	const url = new URL(apiUrl);
	const isCloud = url.hostname === 'api.github.com' || /^api\.[^.]+\.ghe\.com$/v.test(url.hostname);
	return isCloud ? `https://${url.hostname.slice('api.'.length)}` : url.origin;
}

/** What sends requests to both APIs: through the proxy that the environment names, or undefined for fetch itself. Throws UsageError. */
export async function fetchOf(environment: Readonly<Record<string, string | undefined>>): Promise<typeof fetch | undefined> {
	try {
		return await proxiedFetch(environment);
	} catch (error) {
		throw new UsageError(`${error instanceof Error ? error.message : String(error)}.`);
	}
}

/** GitHub, Hetzner and SSH for a run, real or simulated: only the addresses differ. */
export type World = {readonly github: GitHub; readonly hetzner: Cloud & HetznerChecks; readonly shell: Shell};

/** Connects the three ports. `speed`: seconds of the clock in a real second. */
export async function connectWorld(settings: Settings, account: Account, clock: Clock, options: {readonly speed: number; readonly version: string; readonly stateFolder: string}): Promise<World> {
	const through = await fetchOf(process.env);
	const hetzner = createHetzner({
		apiUrl: settings.hetznerApiUrl, token: account.hetznerToken, repository: account.repository, sshKeyName: account.sshKey, image: settings.image, firewall: firewallOf(settings), clock, fetch: through,
	});
	return {
		hetzner,
		github: createGitHub({
			apiUrl: settings.githubApiUrl, token: account.githubToken, repository: account.repository, clock, speed: options.speed, userAgent: `hetzner-runners-tui/${options.version}`, fetch: through,
		}),
		shell: createShell({
			...sshOptionsOf(settings, options.stateFolder), followProgram: await readFollowProgram(), publicKey: async () => (await hetzner.findSshKey()).publicKey,
		}),
	};
}

/** The firewall that the settings ask for. */
export function firewallOf({firewall, sshPort}: Settings): FirewallWish | undefined {
	return firewall === undefined ? undefined : {kind: firewall === 'create' ? 'own' : 'named', name: firewall, sshPort};
}

const nowhere: Pick<Ports, 'machine' | 'store'> = {machine: {problems: async () => []}, store: {save() {/* Nothing outlives it. */}}};

/** The three scripts that the settings ask for. Throws UsageError that names flag and path. */
export async function scriptsOf(settings: Settings): Promise<HostScripts> {
	try {
		return await readHostScripts(settings);
	} catch (error) {
		throw new UsageError(error instanceof Error ? `${error.message}.` : String(error));
	}
}

// What a server is set up with. The built-in scripts are one thing in all versions: an upgrade does not orphan servers.
function engineSetOf(settings: Settings, scripts: HostScripts): string {
	const texts = [scripts.setup, scripts.startupX64, scripts.startupArm64].map(({source, text}) => source === 'built in' ? '' : text);
	const named = scripts.named.length === 0 ? [] : [scripts.named.map(({name, text}) => [name, text])]; // Without any the mark is that of earlier versions.
	const labels = settings.withLabel.map(label => foldLabel(label)).toSorted();
	return createHash('sha256').update(JSON.stringify([labels, settings.sshKey ?? '', texts, ...named])).digest('hex').slice(0, 16);
}

/** All that the engine needs. */
export function portsOf(world: World, clock: Clock, journal: Journal, scripts: HostScripts, here: Pick<Ports, 'machine' | 'store'> = nowhere): Ports {
	return {
		...world, clock, chance: () => Math.random(), journal, scripts, ...here,
	};
}
