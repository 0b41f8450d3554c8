import {existsSync, readdirSync, readFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {newTokenUrl} from '../doctor/github.ts';
import type {Ending, FirstStartPorts} from '../first-start/first-start.tsx';
import type {Answers, KeyChoice, Project} from '../first-start/state.ts';
import {createGitHubProbe} from '../github/probe.ts';
import {openHetznerAccount} from '../hetzner/account.ts';
import {publicKeyOf} from '../hetzner/public-key.ts';
import type {Clock} from '../scaler/ports.ts';
import type {SettingsFile} from '../settings/file.ts';
import {optionRows} from '../settings/options.ts';
import {parseOption, type Settings} from '../settings/read.ts';
import {namedRepository} from '../model/job.ts';
import {fetchOf, githubUrlOf} from './ports.ts';
import {userHere} from './user-here.ts';

/** Asks a person on this terminal for what is missing, checks it live and saves it. Loads Ink. */
export async function firstStart({settings, file, clock, version}: {readonly settings: Settings; readonly file: SettingsFile; readonly clock: Clock; readonly version: string}): Promise<Ending> {
	const {prepareColors} = await import('../console/terminal/colours.ts');
	prepareColors(process.env);
	const {openFirstStart} = await import('../first-start/start.tsx');
	const known = Object.fromEntries(Object.entries({githubRepository: settings.githubRepository, githubToken: settings.githubToken, hetznerToken: settings.hetznerToken}).filter(([, value]) => value !== undefined));
	return openFirstStart(portsFor(settings, file, clock, version, known), known, {stdin: process.stdin, stdout: process.stdout});
}

function portsFor(settings: Settings, file: SettingsFile, clock: Clock, version: string, known: Answers): FirstStartPorts {
	const account = async (token: string) => openHetznerAccount({
		apiUrl: settings.hetznerApiUrl, token, clock, fetch: await fetchOf(process.env),
	});
	return {
		newTokenUrl: newTokenUrl(githubUrlOf(settings.githubApiUrl)),
		usualType: settings.serverType[0] ?? '',
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

				return {project: {catalogue, ...keysOf(await project.readSshKeys(), path.join(os.homedir(), '.ssh'))}};
			});
		},
		async uploadKey(token, {name, publicKey, privateKeyFile}) {
			return orFault(token, async () => {
				await (await account(token)).addSshKey(name, publicKey);
				return {good: `Hetzner has ${privateKeyFile}.pub as ${name}`};
			});
		},
		async save(answers) {
			// What came from elsewhere stays there.
			const own = Object.entries(answers).filter(([name, value]) => value !== known[name as 'githubToken'] && value !== '');
			await file.change(Object.fromEntries(own.map(([name, value]) => [name, name === 'serverType' || name === 'location' ? [value] : value])));
		},
	};
}

async function orFault<Good>(secret: string, check: () => Promise<Good>): Promise<Good | {readonly fault: string}> {
	try {
		return await check();
	} catch (error) {
		const words = error instanceof Error ? error.message : String(error);
		return {fault: secret === '' ? words : words.replaceAll(secret, '********')};
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

/** The keys that servers could get: those in that folder with both halves, those at Hetzner first; and names at Hetzner without a half here. */
export function keysOf(atHetzner: ReadonlyArray<{readonly name: string; readonly publicKey: string}>, folder: string): Pick<Project, 'keys' | 'keysElsewhere'> {
	const own = (existsSync(folder) ? readdirSync(folder) : []).filter(name => name.endsWith('.pub')).flatMap(name => {
		const file = path.join(folder, name.slice(0, -'.pub'.length));
		const publicKey = readFileSync(`${file}.pub`, 'utf8').trim();
		return publicKeyOf(publicKey) === undefined || !existsSync(file) ? [] : [{file, publicKey}];
	});
	const keys = own.map(({file, publicKey}): KeyChoice => {
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
	};
}
