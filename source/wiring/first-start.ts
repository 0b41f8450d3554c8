import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {newTokenUrl} from '../doctor/github.ts';
import type {Ending, FirstStartPorts} from '../first-start/first-start.tsx';
import type {Answers, KeyChoice, Project} from '../first-start/state.ts';
import {createGitHubProbe} from '../github/probe.ts';
import {openHetznerAccount} from '../hetzner/account.ts';
import {publicKeyOf, publicKeyOfFile, type KeyProblem} from '../hetzner/public-key.ts';
import type {Clock} from '../scaler/ports.ts';
import type {SettingsFile} from '../settings/file.ts';
import {optionRows} from '../settings/options/index.ts';
import {parseOption, type Settings} from '../settings/read.ts';
import {withoutSecrets} from '../model/environment.ts';
import {namedRepository} from '../model/job.ts';
import {githubUrlOf} from '../settings/policy.ts';
import {copyToClipboard, printNotice} from '../terminal/print.ts';
import {fetchOf} from './adapters.ts';
import {userHere} from './user-here.ts';

/** Asks a person on this terminal for what is missing, checks it live and saves it. Loads Ink. */
export async function firstStart({settings, file, clock, version}: {readonly settings: Settings; readonly file: SettingsFile; readonly clock: Clock; readonly version: string}): Promise<Ending> {
	const {prepareColors} = await import('../console/terminal/colours.ts');
	prepareColors(process.env);
	const {openFirstStart} = await import('../first-start/start.tsx');
	const known = knownAnswers(settings, file);
	let kept: readonly string[] = [];
	const ending = await openFirstStart(portsFor({
		settings, file, clock, version, known, onSaved(names) {
			kept = names;
		},
	}), known, {stdin: process.stdin, stdout: process.stdout});
	if (ending === 'quit' && kept.length > 0) {
		const hasTokens = kept.some(name => name.endsWith('Token'));
		printNotice(`Kept for the next start in ${file.path}: ${kept.join(', ')}.${hasTokens ? '' : ' Tokens were not written.'}`);
	}

	return ending;
}

// The default of a setting is no answer: what has one counts when the file has it.
function knownAnswers(settings: Settings, {values}: SettingsFile): Answers {
	const first = (value: unknown) => Array.isArray(value) && typeof value[0] === 'string' ? value[0] : undefined;
	return Object.fromEntries(Object.entries({
		githubRepository: settings.githubRepository,
		githubToken: settings.githubToken,
		hetznerToken: settings.hetznerToken,
		sshKey: settings.sshKey,
		serverType: first(values.serverType),
		location: first(values.location),
		maxRunners: settings.maxRunners,
		firewall: settings.firewall,
	}).filter(([, value]) => value !== undefined));
}

type Parts = {readonly settings: Settings; readonly file: SettingsFile; readonly clock: Clock; readonly version: string; readonly known: Answers; readonly onSaved: (names: readonly string[]) => void};

function portsFor({settings, file, clock, version, known, onSaved}: Parts): FirstStartPorts {
	const account = async (token: string) => openHetznerAccount({
		apiUrl: settings.hetznerApiUrl, token, clock, fetch: await fetchOf(process.env),
	});
	return {
		newTokenUrl: newTokenUrl(githubUrlOf(settings.githubApiUrl)),
		usualType: settings.serverType[0] ?? '',
		repositoryHere: repositoryHere(),
		maxRunnersFault: text => faultOf('maxRunners', text),
		copy: copyToClipboard,
		repositoryFault: text => faultOf('githubRepository', text),
		async checkGitHub(repository, token) {
			return orFault(token, async () => {
				const fault = faultOf('githubToken', token);
				if (fault !== undefined) {
					throw new Error(fault);
				}

				const probe = createGitHubProbe({
					apiUrl: settings.githubApiUrl, token, repository: namedRepository(repository), clock, userAgent: `hetzner-runners-tui/${version}`, fetch: await fetchOf(process.env),
				});
				const {fullName} = await probe.repository();
				await probe.readJobs();
				if (!await probe.mayWrite()) {
					throw new Error('This token may not register runners: give it Administration: read and write.');
				}

				return {good: `GitHub takes the token for ${fullName}: it may read jobs and register runners`};
			});
		},
		async checkHetzner(token) {
			return orFault(token, async () => {
				const fault = faultOf('hetznerToken', token);
				if (fault !== undefined) {
					throw new Error(fault);
				}

				const project = await account(token);
				const catalogue = await project.readCatalogue(settings.image);
				if (!await project.mayWrite()) {
					throw new Error('This token may only read: make one with "Read & Write".');
				}

				return {project: {catalogue, ...await keysOf(await project.readSshKeys(), path.join(os.homedir(), '.ssh'))}};
			});
		},
		async uploadKey(token, {name, publicKey, privateKeyFile}) {
			return orFault(token, async () => {
				await (await account(token)).addSshKey(name, publicKey);
				return {good: `Hetzner has the public half of ${privateKeyFile} as ${name}`};
			});
		},
		async save(answers, withTokens) {
			// What came from elsewhere stays there; but a token belongs to the API that it was checked at.
			const own = Object.entries(answers).filter(([name, value]) => value !== known[name as keyof Answers] && value !== '' && (withTokens || !name.endsWith('Token')));
			const names = own.map(([name]) => name);
			const urls = [
				...names.some(name => name.startsWith('github')) ? otherUrl('githubApiUrl', settings.githubApiUrl) : [],
				...names.some(name => !name.startsWith('github')) ? otherUrl('hetznerApiUrl', settings.hetznerApiUrl) : [],
			];
			const changes: ReadonlyArray<readonly [string, string | number | boolean | readonly string[]]> = [
				...own.map(([name, value]) => [name, name === 'serverType' || name === 'location' ? [String(value)] : value] as const),
				...urls,
				...urls.length > 0 && settings.insecureHttp ? [['insecureHttp', true] as const] : [],
			];
			await file.change(Object.fromEntries(changes));
			onSaved([...names, ...urls.map(([name]) => name)]);
		},
	};
}

function otherUrl(name: 'githubApiUrl' | 'hetznerApiUrl', url: string): ReadonlyArray<readonly [string, string]> {
	return optionRows().some(row => row.name === name && row.default === url) ? [] : [[name, url]];
}

// "git@github.com:acme/widgets.git", "https://github.com/acme/widgets"; undefined outside of a clone.
function repositoryHere(): string | undefined {
	const {stdout} = spawnSync('git', ['remote', 'get-url', 'origin'], {encoding: 'utf8', timeout: 2000, env: withoutSecrets(process.env)});
	const found = /[\/:](?<name>[\w\-.]+\/[\w\-.]+?)(?:\.git)?\/?\s*$/v.exec(stdout ?? '')?.groups?.name;
	return found !== undefined && faultOf('githubRepository', found) === undefined ? found : undefined;
}

async function orFault<Good>(secret: string, check: () => Promise<Good>): Promise<Good | {readonly fault: string}> {
	try {
		return await check();
	} catch (error) {
		const words = error instanceof Error ? error.message : String(error);
		return {fault: secret.length < 8 ? words : words.replaceAll(secret, '********')};
	}
}

function faultOf(name: string, text: string): string | undefined {
	const option = optionRows().find(row => row.name === name);
	try {
		if (option !== undefined) {
			parseOption(option, [text], {kind: 'flag', name: 'This'});
		}

		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

/**
The keys that servers could get: private keys in that folder, those at Hetzner
first; names at Hetzner without one here; and why a private key is of no use.
*/
export async function keysOf(atHetzner: ReadonlyArray<{readonly name: string; readonly publicKey: string}>, folder: string): Promise<Pick<Project, 'keys' | 'keysElsewhere' | 'keyProblems'>> {
	const names = existsSync(folder) ? readdirSync(folder).filter(name => !name.endsWith('.pub')) : [];
	const found = await Promise.all(names.map(async name => readKey(path.join(folder, name))));
	const keys = found.flatMap(key => key === undefined || 'problem' in key ? [] : [key]).map(({file, publicKey}): KeyChoice => {
		const known = atHetzner.find(key => publicKeyOf(key.publicKey) === publicKeyOf(publicKey));
		const comment = publicKey.split(/\s+/v).slice(2).join(' ');
		return {
			name: known?.name ?? (comment === '' ? `${userHere()}@${os.hostname()}` : comment), privateKeyFile: file, publicKey, isAtHetzner: known !== undefined,
		};
	});
	const here = new Set(keys.filter(({isAtHetzner}) => isAtHetzner).map(({name}) => name));
	return {
		keys: keys.toSorted((a, b) => Number(b.isAtHetzner) - Number(a.isAtHetzner)),
		keysElsewhere: atHetzner.map(({name}) => name).filter(name => !here.has(name)),
		keyProblems: found.flatMap(key => key !== undefined && 'problem' in key ? [`${key.problem}: ${key.advice}`] : []),
	};
}

// A private key with its public half: that beside it, else what ssh-keygen says it is. Undefined for a file that is no private key.
async function readKey(file: string): Promise<KeyProblem | {readonly file: string; readonly publicKey: string} | undefined> {
	const beside = readText(`${file}.pub`)?.trim();
	if (beside !== undefined && publicKeyOf(beside) !== undefined) {
		return {file, publicKey: beside};
	}

	if (readText(file)?.startsWith('-----BEGIN ') !== true) {
		return undefined;
	}

	const own = await publicKeyOfFile(file);
	return 'key' in own ? {file, publicKey: own.key} : own;
}

function readText(file: string): string | undefined {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return undefined; // Not there, a folder, or somebody else's.
	}
}
