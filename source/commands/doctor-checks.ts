import {
	accessSync, constants, existsSync, statfsSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {
	fault,
	ok,
	skipped,
	warning,
	type Check,
	type Finding,
} from '../doctor/finding.ts';
import {
	judgeBudget,
	judgeClock,
	judgeRepository,
	judgeRunners,
	judgeToken,
	newTokenUrl,
	pinnedRunner,
} from '../doctor/github.ts';
import {judgeImage, judgeLimit, judgePlacements} from '../doctor/hetzner.ts';
import {
	judgeFolder,
	judgeService,
	judgeSocket,
	type FolderFacts,
} from '../doctor/machine.ts';
import {createGitHub} from '../github/github.ts';
import {createGitHubProbe} from '../github/probe.ts';
import {createHetzner} from '../hetzner/hetzner.ts';
import {engineAt, findEngines} from '../link/sockets.ts';
import {type Repository, namedRepository} from '../model/job.ts';
import type {Clock} from '../scaler/ports.ts';
import {readRecord} from '../service/record.ts';
import {readUnitState} from '../service/unit-state.ts';
import {findSupervisor} from '../service/without-systemd.ts';
import type {SettingsFile} from '../settings/file.ts';
import type {Settings} from '../settings/read.ts';
import {missingSettings} from './account.ts';
import {
	githubUrlOf,
	policyOf,
	scriptsOf,
} from './ports.ts';
import {requireSsh} from './require-ssh.ts';
import {readLoggerConfig} from './logger-config.ts';
import {stateFolder} from './state-folder.ts';

/** What an examination is given. */
export type Patient = {
	readonly settings: Settings;
	readonly file: Pick<SettingsFile, 'path' | 'warning'>;
	readonly version: string;
	readonly clock: Clock;
	readonly environment: Readonly<Record<string, string | undefined>>;
};

/** The checks, in the order in which they are shown. */
export function checksOf(patient: Patient): readonly Check[] {
	const {settings, file} = patient;
	const repository = namedRepository(settings.githubRepository ?? '/');
	return [
		{
			name: 'settings',
			async look() {
				const missing = missingSettings(settings).map(name => fault(`${name} is not set`, `set the variable, or put it into ${file.path} by "settings set"`));
				const open = file.warning === undefined ? [] : [warning(file.warning, `chmod 600 ${file.path}`)];
				await scriptsOf(settings);
				readLoggerConfig(settings.loggerConfig);
				return missing.length + open.length > 0 ? [...missing, ...open] : [ok(`all that is needed is set; ${file.path}`)];
			},
		},
		{
			name: 'programs',
			look() {
				requireSsh();
				return [ok(`Node ${process.version}, an ssh client`)];
			},
		},
		...githubChecks(patient, repository),
		...hetznerChecks(patient, repository),
		...machineChecks(patient, repository),
	];
}

// What a request found that others wait for; those that need it are skipped when it failed.
function after<Value>(first: Promise<Value>, name: string, look: (value: Value) => Promise<readonly Finding[]> | readonly Finding[]): Check['look'] {
	return async () => {
		let value: Value;
		try {
			value = await first;
		} catch {
			return [skipped(`not asked, see ${name}`)];
		}

		return look(value);
	};
}

function githubChecks({settings, clock, version}: Patient, repository: Repository): readonly Check[] {
	const {githubToken, githubApiUrl, githubRepository} = settings;
	if (githubToken === undefined || githubRepository === undefined) {
		return [{name: 'GitHub', look: () => [skipped('not asked without token and repository')]}];
	}

	const options = {
		apiUrl: githubApiUrl, token: githubToken, repository, clock, userAgent: `hetzner-runners-tui/${version}`,
	};
	const probe = createGitHubProbe(options);
	const github = createGitHub(options);
	const url = githubUrlOf(githubApiUrl);
	const answer = probe.repository();
	answer.catch(() => undefined); // It is told in its own row.
	const renew = `${newTokenUrl(url)} makes one with Actions: read, Administration: read and write`;
	return [
		{
			name: 'GitHub token', async look() {
				try {
					const {scopes, tokenEnds} = await answer;
					return judgeToken(githubToken, {scopes, ends: tokenEnds, now: clock.now()}, url);
				} catch (error) {
					return [fault(error instanceof Error ? error.message : String(error), renew)];
				}
			},
		},
		{name: 'repository', look: after(answer, 'GitHub token', async facts => judgeRepository({...facts, hasActions: await probe.hasActions()}, repository))},
		{
			name: 'read jobs', look: after(answer, 'GitHub token', async () => {
				await probe.readJobs();
				return [ok('may read runs and jobs (Actions: read)')];
			}),
		},
		{
			name: 'read runners', look: after(answer, 'GitHub token', async () => {
				const {items: runners} = await github.readRunners(AbortSignal.timeout(60_000));
				return [ok(`may read runners (Administration: read); ${runners.length} are registered`)];
			}),
		},
		{
			name: 'change runners', look: after(answer, 'GitHub token', async () => await probe.mayWrite()
				? [ok('may register and remove runners (Administration: write)')]
				: [fault('this token may not register runners: it lacks Administration: read and write', renew)]),
		},
		{name: 'runner group', look: () => [ok('Default: a runner registered for a repository has no other')]},
		{
			name: 'runner program', look: after(answer, 'GitHub token', async () => {
				const {filename} = await github.runnerDownload('x64');
				const scripts = await scriptsOf(settings);
				const pinned = [['--startup-x64-script', scripts.startupX64], ['--startup-arm64-script', scripts.startupArm64]] as const;
				const versions = await Promise.all(pinned.map(async ([flag, script]) => {
					const pin = script.source === 'built in' ? undefined : pinnedRunner(script.text);
					return pin === undefined ? [] : [{flag, version: pin, ends: await probe.runnerEnds(pin)}];
				}));
				return judgeRunners(/-(?<version>\d+\.\d+\.\d+)\./v.exec(filename)?.groups?.version ?? filename, versions.flat(), clock.now());
			}),
		},
		{name: 'GitHub budget', look: after(github.readRunners(AbortSignal.timeout(60_000)), 'read runners', () => [judgeBudget('GitHub', github.budget(), clock.now())])},
		{name: 'clock', look: after(answer, 'GitHub token', ({theirNow, ourNow}) => [judgeClock(theirNow, ourNow)])},
	];
}

function hetznerChecks({settings, clock}: Patient, repository: Repository): readonly Check[] {
	const {hetznerToken, hetznerApiUrl, sshKey, image, sshPrivateKey} = settings;
	if (hetznerToken === undefined) {
		return [{name: 'Hetzner', look: () => [skipped('not asked without a token')]}];
	}

	const hetzner = createHetzner({
		apiUrl: hetznerApiUrl, token: hetznerToken, repository, sshKeyName: sshKey ?? '', image, clock,
	});
	const policy = policyOf(settings, repository);
	const catalogue = hetzner.readCatalogue();
	catalogue.catch(() => undefined);
	return [
		{
			name: 'Hetzner token', async look() {
				await catalogue;
				return await hetzner.mayWrite()
					? [ok('may read and write')]
					: [fault('this token may only read', 'make one with "Read & Write" in the project under Security, API tokens')];
			},
		},
		{
			name: 'SSH key', look: after(catalogue, 'Hetzner token', async () => {
				if (sshKey === undefined) {
					return [skipped('not looked for, it is not set')];
				}

				const match = await hetzner.checkPrivateKey(sshPrivateKey);
				const todo = 'ssh-add the key, or name its file by --ssh-private-key / HETZNER_SSH_PRIVATE_KEY';
				return match === 'ok'
					? [ok(`"${sshKey}" is at Hetzner, ${sshPrivateKey === undefined ? 'and the SSH agent holds it' : `and ${sshPrivateKey} is its private key`}`)]
					: [sshPrivateKey === undefined ? warning(match.problem, todo) : fault(match.problem, todo)];
			}),
		},
		{name: 'server types', look: after(catalogue, 'Hetzner token', known => judgePlacements(known, policy, clock.now()))},
		{name: 'image', look: after(catalogue, 'Hetzner token', async known => [judgeImage(known, image, known.imageArchitectures.size === 0 ? undefined : await hetzner.imageDeprecated())])},
		{name: 'servers', look: after(catalogue, 'Hetzner token', async () => [judgeLimit((await hetzner.readServers(AbortSignal.timeout(60_000))).items.length, policy.maxRunners)])},
		{name: 'Hetzner budget', look: after(catalogue, 'Hetzner token', () => [judgeBudget('Hetzner', hetzner.budget(), clock.now())])},
	];
}

function machineChecks({settings, environment, version}: Patient, repository: Repository): readonly Check[] {
	return [
		{name: 'disk', look: () => [judgeFolder(folderFacts(settings.githubRepository === undefined ? path.dirname(stateFolder(repository)) : stateFolder(repository)))]},
		{
			name: 'service', async look() {
				const installed = await readRecord(undefined);
				const {active} = await readUnitState();
				return [judgeService({hasSystemd: findSupervisor(undefined) === 'systemd', installed, active}, version)];
			},
		},
		{
			name: 'engine', async look() {
				if (settings.githubRepository === undefined && settings.socket === undefined) {
					return [skipped('not looked for without a repository')];
				}

				try {
					const [found] = settings.socket === undefined ? await findEngines({environment, version, repository}) : [await engineAt(settings.socket, version)];
					return [judgeSocket(found === undefined ? undefined : {socketPath: found.socketPath, version: found.hello.version}, version)];
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
