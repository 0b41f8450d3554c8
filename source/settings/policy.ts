import {createHash} from 'node:crypto';
import {readHostScripts} from '../host-scripts/find.ts';
import type {Repository} from '../model/job.ts';
import {foldLabel} from '../model/labels.ts';
import {parseMicros, type Micros} from '../model/money.ts';
import type {Policy} from '../model/policy.ts';
import type {LabelLanguage} from '../model/wishes.ts';
import type {HostScripts} from '../scaler/ports.ts';
import type {Settings} from './read.ts';
import {UsageError} from './usage-error.ts';

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
		registration: settings.registration,
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
		wakeIntervalSeconds: settings.wakeInterval,
		workers: settings.workers,
		hasOwnSetup: scripts !== undefined && scripts.setup.source !== 'built in',
		isDryRun: settings.dryRun,
		isReadOnly: settings.readOnly,
	};
}

function microsOf(price: string | undefined): Micros | undefined {
	return price === undefined ? undefined : parseMicros(price);
}

/** How job labels are read, see `readWishes`. */
function languageOf(settings: Pick<Settings, 'labelPrefix' | 'metaLabel'>): LabelLanguage {
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

/** The firewall that the settings ask for: one of ours, or one by name. */
export function firewallOf({firewall, sshPort}: Settings): {readonly kind: 'own' | 'named'; readonly name: string; readonly sshPort: number} | undefined {
	return firewall === undefined ? undefined : {kind: firewall === 'create' ? 'own' : 'named', name: firewall, sshPort};
}
