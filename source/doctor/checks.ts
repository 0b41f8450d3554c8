import {
	accessSync, constants, existsSync, statfsSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {githubAccess} from '../github/access.ts';
import type {AppFacts} from '../github/app-tokens.ts';
import {createGitHub} from '../github/github.ts';
import {createGitHubProbe, type GitHubProbe, type RepositoryProbe} from '../github/probe.ts';
import {createHetzner, type HetznerChecks} from '../hetzner/hetzner.ts';
import {proxyFor} from '../http/proxy.ts';
import {engineAt, findEngines} from '../remote/sockets.ts';
import type {Catalogue} from '../model/catalogue.ts';
import {type Repository, namedRepository} from '../model/job.ts';
import type {Clock, GitHub, Cloud} from '../scaler/ports.ts';
import {readRecord} from '../service/record.ts';
import {readUnitState} from '../service/unit-state.ts';
import {findSupervisor} from '../service/without-systemd.ts';
import type {SettingsFile} from '../settings/file.ts';
import type {Settings} from '../settings/read.ts';
import {
	githubCredentialsOf, ignoredToken, missingSettings, type GitHubCredentials,
} from '../settings/account.ts';
import {UsageError} from '../settings/usage-error.ts';
import {readWebhookSecrets} from '../settings/webhook-secrets.ts';
import {
	firewallOf,
	githubUrlOf,
	policyOf,
	scriptsOf,
} from '../settings/policy.ts';
import {sshProblem} from '../ssh/installed.ts';
import {readLoggerConfig} from '../logging/config.ts';
import {stateFolder} from '../settings/state-folder.ts';
import {
	faultOf, githubReadiness, hetznerReadiness, newTokenAdvice, type Parts,
} from './readiness.ts';
import {
	judgeFolder,
	judgeService,
	judgeSocket,
	type FolderFacts,
} from './machine.ts';
import {judgeLimit} from './hetzner.ts';
import {
	judgeApp, judgeBudget, judgeClock, judgeForks, judgeLabels, judgeToken,
} from './github.ts';
import {
	fault,
	ok,
	skipped,
	warning,
	type Check,
	type Finding,
} from './finding.ts';

/** What an examination is given. */
export type DoctorInput = {
	readonly settings: Settings;
	readonly file: Pick<SettingsFile, 'path' | 'warning'>;
	readonly version: string;
	readonly clock: Clock;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Told each token that a GitHub App is given. */
	readonly onSecret?: (secret: string) => void;
};

/** The checks, in the order in which they are shown. `through`: what sends requests, fetch unless given. */
export function checksOf(patient: DoctorInput, through?: typeof fetch): readonly Check[] {
	const {settings, file} = patient;
	const repository = namedRepository(settings.githubRepository ?? '/');
	return [
		{
			name: 'settings',
			async run() {
				const missing = missingSettings(settings).map(name => fault(`${name} is not set`, `set the variable, or put it into ${file.path} by "settings set"`));
				const open = file.warning === undefined ? [] : [warning(file.warning, `chmod 600 ${file.path}`)];
				const ignored = ignoredToken(settings);
				open.push(...ignored === undefined ? [] : [warning(ignored, 'unset GITHUB_TOKEN, or take the App\'s settings away')]);
				await scriptsOf(settings);
				readLoggerConfig(settings.loggerConfig);
				return missing.length + open.length > 0 ? [...missing, ...open] : [ok(`all that is needed is set; ${file.path}`)];
			},
		},
		{
			name: 'programs',
			run() {
				const problem = sshProblem();
				return [problem === undefined ? ok(`Node ${process.version}, an ssh client`) : fault(problem, '')];
			},
		},
		proxyCheck(patient),
		...apiChecks(patient, repository, through),
		...machineChecks(patient, repository),
	];
}

// Those that need what another row asks for are not checked when that failed.
function after<Value>(first: Promise<Value>, name: string, check: {readonly name: string; readonly run: (value: Value) => Promise<readonly Finding[]> | readonly Finding[]}): Check {
	return {
		name: check.name,
		async run() {
			let value: Value;
			try {
				value = await first;
			} catch {
				return [skipped(`not checked, see ${name}`)];
			}

			return check.run(value);
		},
	};
}

// Both APIs, each asked once for what several rows need.
function apiChecks(patient: DoctorInput, repository: Repository, through: typeof fetch | undefined): readonly Check[] {
	const {settings, clock, version} = patient;
	const {githubApiUrl, githubRepository, hetznerToken, hetznerApiUrl, sshKey, image} = settings;
	const options = {
		apiUrl: githubApiUrl, repository, clock, userAgent: `hetzner-runners-tui/${version}`, fetch: through,
	};
	const credentials = credentialsOf(settings);
	const {tokens: token, app} = githubAccess('problem' in credentials ? {kind: 'token', token: ''} : credentials, {...options, onSecret: patient.onSecret});
	const probe = createGitHubProbe({...options, token});
	const github = createGitHub({...options, token});
	const hetzner = createHetzner({
		apiUrl: hetznerApiUrl, token: hetznerToken ?? '', repository, sshKeyName: sshKey ?? '', image, firewall: firewallOf(settings), clock, fetch: through,
	});
	const hasGitHub = !('problem' in credentials) && githubRepository !== undefined;
	const hasHetzner = hetznerToken !== undefined;
	const answer = hasGitHub ? probe.repository() : Promise.reject(new Error('not set'));
	const catalogue = hasHetzner ? hetzner.readCatalogue() : Promise.reject(new Error('not set'));
	answer.catch(() => undefined); // Each is told in its own row.
	catalogue.catch(() => undefined);
	const parts: Parts = {
		settings, repository, clock, github, probe, hetzner,
	};
	return [
		...hasGitHub ? githubChecks(parts, github, probe, {repository: answer, catalogue, app: app?.facts}) : [withoutGitHub('problem' in credentials ? credentials.problem : undefined)],
		...hasHetzner ? hetznerChecks(parts, hetzner, catalogue) : [{name: 'Hetzner', run: () => [skipped('not asked without a token')]}],
	];
}

// What GitHub is asked with, or what is wrong with it; undefined: it is not set.
function credentialsOf(settings: Settings): GitHubCredentials | {readonly problem: string | undefined} {
	try {
		return githubCredentialsOf(settings) ?? {problem: undefined};
	} catch (error) {
		if (error instanceof UsageError) {
			return {problem: error.message};
		}

		throw error;
	}
}

function withoutGitHub(problem: string | undefined): Check {
	return problem === undefined
		? {name: 'GitHub', run: () => [skipped('not asked without token and repository')]}
		: {name: 'GitHub App', run: () => [fault(problem, '')]};
}

type GivenOfGitHub = {readonly repository: Promise<RepositoryProbe>; readonly catalogue: Promise<Catalogue>; readonly app: (() => Promise<AppFacts>) | undefined};

function githubChecks(parts: Parts, github: GitHub, probe: GitHubProbe, given: GivenOfGitHub): readonly Check[] {
	const {settings, clock} = parts;
	const {app} = given;
	const name = app === undefined ? 'GitHub token' : 'GitHub App';
	const afterToken = (check: Check) => after(given.repository, name, check);
	const [ofRepository, ...others] = githubReadiness(parts, given);
	const runners = given.repository.then(async () => github.readRunners(AbortSignal.timeout(60_000)));
	runners.catch(() => undefined);
	return [
		{
			name, async run() {
				try {
					if (app !== undefined) {
						const facts = await app();
						const findings = judgeApp(facts, githubUrlOf(settings.githubApiUrl));
						await given.repository;
						return findings;
					}

					const {scopes, tokenEnds} = await given.repository;
					return judgeToken(settings.githubToken ?? '', {scopes, ends: tokenEnds, now: clock.now()}, githubUrlOf(settings.githubApiUrl));
				} catch (error) {
					return [faultOf(error, newTokenAdvice(settings))];
				}
			},
		},
		...ofRepository === undefined ? [] : [afterToken(ofRepository)],
		after(given.repository, name, {name: 'fork pull requests', run: async ({isPrivate}) => [judgeForks(await probe.forksMayRun(isPrivate), isPrivate)]}),
		after(given.repository, name, {name: 'labels', run: ({isPrivate}) => judgeLabels(isPrivate, settings)}),
		afterToken({
			name: 'read jobs', async run() {
				await probe.readJobs();
				return [ok('may read runs and jobs (Actions: read)')];
			},
		}),
		afterToken({name: 'read runners', run: async () => [ok(`may read runners (Administration: read); ${(await runners).items.length} are registered`)]}),
		...others.map(check => afterToken(check)),
		afterToken({name: 'runner group', run: () => [ok('Default: a runner registered for a repository has no other')]}),
		after(runners, 'read runners', {
			name: 'GitHub budget', run: () => [judgeBudget('GitHub', github.budget(), clock.now(), {
				mayHaveNone: new URL(settings.githubApiUrl).hostname !== 'api.github.com', sharedBy: app === undefined ? 'token' : 'App',
			})],
		}),
		after(given.repository, name, {name: 'clock', run: ({theirNow, ourNow}) => [judgeClock(theirNow, ourNow)]}),
	];
}

function hetznerChecks(parts: Parts, hetzner: Cloud & HetznerChecks, catalogue: Promise<Catalogue>): readonly Check[] {
	const {settings, repository, clock} = parts;
	const afterToken = (check: Check) => after(catalogue, 'Hetzner token', check);
	const rows = hetznerReadiness(parts, {catalogue});
	return [
		{
			name: 'Hetzner token', async run() {
				await catalogue;
				return await hetzner.mayWrite()
					? [ok('may read and write')]
					: [fault('this token may only read', 'make one with "Read & Write" in the project under Security, API tokens')];
			},
		},
		...rows.filter(({name}) => settings.sshKey !== undefined || name !== 'SSH key').map(check => afterToken(check)),
		...settings.sshKey === undefined ? [{name: 'SSH key', run: () => [skipped('not looked for, it is not set')]}] : [],
		afterToken({name: 'servers', run: async () => [judgeLimit((await hetzner.readServers(AbortSignal.timeout(60_000))).items.length, policyOf(settings, repository).maxRunners)]}),
		afterToken({name: 'Hetzner budget', run: () => [judgeBudget('Hetzner', hetzner.budget(), clock.now())]}),
	];
}

// A proxy that is named and not the one that is meant explains much of what the other rows say.
function proxyCheck({environment}: DoctorInput): Check {
	return {
		name: 'proxy',
		run() {
			const found = (['https', 'http'] as const).flatMap(scheme => proxyFor(scheme, environment) ?? []);
			return [ok(found.length === 0
				? 'none: no HTTPS_PROXY in the environment'
				: found.map(({variable, shown, except}) => `${variable} (environment) sends requests to ${shown}${except === undefined ? '' : `, but those for ${except}`}`).join('; '))];
		},
	};
}

// Whether deliveries could be taken: where they come from is not asked, as that takes a right that nothing else needs.
function judgeWebhook({webhook, webhookSecretFile}: Settings): Finding {
	if (webhook === undefined || webhookSecretFile === undefined) {
		return fault(`${webhook === undefined ? '--webhook' : '--webhook-secret-file'} is not set, and neither is of use without the other`, 'set both, or none');
	}

	const {length} = readWebhookSecrets(webhookSecretFile);
	return ok(`deliveries come to ${webhook}, POST /webhook, ${length === 1 ? 'signed with one secret' : 'signed with either of two secrets'}; at GitHub, "Recent Deliveries" of the webhook says whether they arrive`);
}

function machineChecks({settings, environment, version}: DoctorInput, repository: Repository): readonly Check[] {
	return [
		...settings.webhook === undefined && settings.webhookSecretFile === undefined ? [] : [{name: 'webhook', run: () => [judgeWebhook(settings)]}],
		{name: 'disk', run: () => [judgeFolder(folderFacts(settings.githubRepository === undefined ? path.dirname(stateFolder(repository)) : stateFolder(repository)))]},
		{
			name: 'service', async run() {
				const installed = await readRecord(undefined);
				const {active} = await readUnitState();
				return [judgeService({hasSystemd: findSupervisor(undefined) === 'systemd', installed, active}, version)];
			},
		},
		{
			name: 'engine', async run() {
				if (settings.githubRepository === undefined && settings.socket === undefined) {
					return [skipped('not looked for without a repository')];
				}

				try {
					const [found] = settings.socket === undefined ? await findEngines({environment, version, repository}) : [await engineAt(settings.socket, version)];
					return [judgeSocket(found === undefined ? undefined : {socketPath: found.socketPath, version: found.handshake.version}, version)];
				} catch (error) {
					return [judgeSocket({problem: error instanceof Error ? error.message : String(error)}, version)];
				}
			},
		},
	];
}

// The nearest folder above that is there says whether this one could be made.
function folderFacts(wanted: string): FolderFacts {
	let folder = wanted;
	while (!existsSync(folder)) {
		folder = path.dirname(folder);
	}

	const {bavail, bsize} = statfsSync(folder);
	try {
		accessSync(folder, constants.W_OK);
		return {path: wanted, isWritable: true, freeBytes: bavail * bsize};
	} catch {
		return {path: wanted, isWritable: false, freeBytes: bavail * bsize};
	}
}
