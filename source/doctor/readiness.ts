import type {GitHubProbe, RepositoryProbe} from '../github/probe.ts';
import type {HetznerChecks} from '../hetzner/hetzner.ts';
import {imageFault, type Catalogue} from '../model/catalogue.ts';
import type {Repository} from '../model/job.ts';
import {usualArchitectures} from '../model/placements.ts';
import type {Policy} from '../model/policy.ts';
import {takesConfiguration} from '../model/registration.ts';
import {
	PortError, type Clock, type GitHub, type Cloud,
} from '../scaler/ports.ts';
import type {Settings} from '../settings/read.ts';
import {likest} from '../settings/usage-error.ts';
import {githubUrlOf, policyOf, scriptsOf} from '../settings/policy.ts';
import {judgeFirewall, judgeImage, judgePlacements} from './hetzner.ts';
import {
	judgeRegistration,
	judgeRepository,
	judgeRunners,
	newTokenUrl,
	pinnedRunner,
} from './github.ts';
import {
	fault,
	ok,
	type Check,
	type Finding,
} from './finding.ts';

/**
What is in the way of the first server: it would be paid for, and of no use.
*/
export type Problem = {readonly what: string; readonly problem: string; readonly advice: string};

export type Parts = {
	readonly settings: Settings;
	readonly repository: Repository;
	readonly clock: Clock;
	readonly github: Pick<GitHub, 'mayMint' | 'registrationToken' | 'runnerDownload'>;
	readonly probe: Pick<GitHubProbe, 'repository' | 'hasActions' | 'nameNow' | 'runnerEnds'>;
	readonly hetzner: Pick<Cloud, 'readCatalogue'> & Pick<HetznerChecks, 'checkPrivateKey' | 'findFirewall' | 'findSshKey' | 'imageDeprecated' | 'serversElsewhere'>;
};

/**
No more names of other repositories than that are asked after.
*/
const mostNames = 10;

/**
All that every server needs, looked at before the first is paid for. What cannot be asked now (an API out of reach) is no problem here.
*/
export async function checkReadiness(parts: Parts): Promise<readonly Problem[]> {
	const found = await Promise.all([...githubReadiness(parts), ...hetznerReadiness(parts)].map(async ({name, run}) => {
		try {
			return (await run()).flatMap(({level, message, advice = ''}) => level === 'fault' ? [{what: name, problem: message, advice}] : []);
		} catch (error) {
			return isOutOfReach(error) ? [] : [{what: name, problem: error instanceof Error ? error.message : String(error), advice: ''}];
		}
	}));
	return found.flat();
}

/**
The rows about GitHub: the repository under its own name, runners may be registered, a runner program for each architecture in use.
*/
export function githubReadiness({settings, repository, clock, github, probe, hetzner}: Parts, given: {readonly repository?: Promise<RepositoryProbe>; readonly catalogue?: Promise<Catalogue>} = {}): readonly Check[] {
	const renew = newTokenAdvice(settings);
	return [
		{
			name: 'repository', run: async () => judgeRepository({...await (given.repository ?? probe.repository()), hasActions: await probe.hasActions()}, repository),
		},
		{
			name: 'change runners', async run() {
				try {
					await github.registrationToken();
					return [ok('may register and remove runners (Administration: write)')];
				} catch (error) {
					if (isOutOfReach(error)) {
						throw error;
					}

					return [faultOf(error, renew)];
				}
			},
		},
		{
			name: 'registration', async run() {
				const scripts = await scriptsOf(settings);
				const startups = [scripts.startupX64, scripts.startupArm64].filter(({text}) => !takesConfiguration(text)).map(({kind}) => `--${kind}-script`);
				const isAsked = settings.registration === 'jit' && startups.length < 2;
				return [judgeRegistration({isWanted: settings.registration === 'jit', startups, isGiven: isAsked ? await github.mayMint() === 'yes' : undefined})];
			},
		},
		{
			name: 'runner program', async run() {
				const architectures = await architecturesInUse(policyOf(settings, repository), given.catalogue ?? hetzner.readCatalogue());
				const downloads = await Promise.all(architectures.map(async architecture => github.runnerDownload(architecture)));
				const scripts = await scriptsOf(settings);
				const pinned = [['--startup-x64-script', scripts.startupX64], ['--startup-arm64-script', scripts.startupArm64]] as const;
				const versions = await Promise.all(pinned.map(async ([flag, script]) => {
					const pin = script.source === 'built in' ? undefined : pinnedRunner(script.text);
					return pin === undefined ? [] : [{flag, version: pin, ends: await probe.runnerEnds(pin)}];
				}));
				const filename = downloads[0]?.filename ?? '';
				return judgeRunners(/-(?<version>\d+\.\d+\.\d+)\./v.exec(filename)?.groups?.version ?? filename, versions.flat(), clock.now());
			},
		},
	];
}

/**
The rows about Hetzner: types, locations, image and firewall exist; ssh here
can log in with the SSH key; no server bears an old name of the repository.
*/
export function hetznerReadiness({settings, repository, clock, probe, hetzner}: Parts, given: {readonly catalogue?: Promise<Catalogue>} = {}): readonly Check[] {
	const {sshKey = '', sshPrivateKey, image} = settings;
	const catalogue = given.catalogue ?? hetzner.readCatalogue();
	catalogue.catch(() => undefined); // Each row tells it.
	return [
		{
			name: 'SSH key', async run() {
				const match = await hetzner.checkPrivateKey(sshPrivateKey);
				// Without a file ssh may still find the key in ~/.ssh.
				return match === 'ok'
					? [ok(`"${sshKey}" is at Hetzner, ${sshPrivateKey === undefined ? 'and the SSH agent holds it' : `and ${sshPrivateKey} is its private key`}`)]
					: [sshPrivateKey === undefined ? {level: 'warning', message: match.problem, advice: match.advice} : fault(match.problem, match.advice)];
			},
		},
		{name: 'server types', run: async () => judgePlacements(await catalogue, policyOf(settings, repository), clock.now())},
		{
			name: 'image', async run() {
				const known = await catalogue;
				const {setup} = await scriptsOf(settings);
				const unfit = imageFault(known, image, setup.source !== 'built in');
				return [unfit === undefined ? judgeImage(known, image, known.imageArchitectures.size === 0 ? undefined : await hetzner.imageDeprecated()) : fault(unfit, '')];
			},
		},
		{name: 'firewall', run: async () => [judgeFirewall(settings.firewall, (await hetzner.findFirewall())?.name, settings.sshPort)]},
		{name: 'old names', run: async () => serversOfOldNames(repository, hetzner, probe)},
	];
}

/**
What the settings name that Hetzner does not have (a server type, a location, an image)
or that cannot be set up, in one sentence with what there is; undefined: nothing.
Throws PortError.
*/
export async function unknownToHetzner({settings, repository, hetzner}: Pick<Parts, 'settings' | 'repository'> & {readonly hetzner: Pick<Cloud, 'readCatalogue'> & Pick<HetznerChecks, 'imageNames'>}): Promise<string | undefined> {
	const {serverTypes, locations, image} = policyOf(settings, repository);
	const [catalogue, {setup}] = await Promise.all([hetzner.readCatalogue(), scriptsOf(settings)]);
	const unknown = [
		unknownName('server type', '--server-type', serverTypes, [...catalogue.serverTypes.keys()]),
		unknownName('location', '--location', locations, catalogue.locations),
		catalogue.imageArchitectures.size > 0 ? undefined : unknownName('image', '--image', [image], await hetzner.imageNames()),
	];
	return unknown.find(sentence => sentence !== undefined) ?? imageFault(catalogue, image, setup.source !== 'built in');
}

// A list without any name could not be read: nothing can be said of it.
function unknownName(what: string, flag: string, wanted: readonly string[], known: readonly string[]): string | undefined {
	const missing = known.length === 0 ? undefined : wanted.find(name => !known.includes(name));
	return missing === undefined ? undefined : `Hetzner has no ${what} "${missing}" (${flag}): take one of ${likest(missing, known).join(', ')}.`;
}

// Servers made before the repository was renamed carry its old name: this engine does not see them, and they go on billing.
async function serversOfOldNames(repository: Repository, hetzner: Parts['hetzner'], probe: Parts['probe']): Promise<readonly Finding[]> {
	const own = `${repository.owner}/${repository.name}`.toLowerCase();
	const found: Finding[] = [];
	for (const [name, servers] of [...await hetzner.serversElsewhere()].slice(0, mostNames)) {
		const [owner = '', repo = ''] = name.split('/', 2);
		const now = await probe.nameNow(owner, repo);
		if (now?.toLowerCase() === own) {
			found.push(fault(`${servers.join(', ')} were made when ${now} was called ${name}: this engine does not know them`, `delete them when their jobs have ended (hcloud server delete ${servers.join(' ')}), or run once with --github-repository ${name}`));
		}
	}

	return found.length > 0 ? found : [ok('no server bears an old name of the repository')];
}

async function architecturesInUse(policy: Policy, catalogue: Promise<Catalogue>): Promise<ReadonlyArray<'x64' | 'arm64'>> {
	const inUse = usualArchitectures(policy, await catalogue.catch(() => undefined));
	return inUse.length === 0 ? ['x64'] : inUse;
}

function isOutOfReach(error: unknown): boolean {
	return error instanceof PortError && (error.kind === 'unreachable' || error.kind === 'limited');
}

/**
A request's error as a fault; a new token is advised only where one helps.
*/
export function faultOf(error: unknown, renew: string): Finding {
	const message = error instanceof Error ? error.message : String(error);
	return error instanceof PortError && error.remedy === 'newToken' ? fault(message, renew) : {level: 'fault', message};
}

/**
Where a token with all rights that are needed is made.
*/
export function newTokenAdvice(settings: Settings): string {
	return `${newTokenUrl(githubUrlOf(settings.githubApiUrl))} makes one with Actions: read, Administration: read and write`;
}
