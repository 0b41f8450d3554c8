import type {Policy} from '../model/policy.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import {readWishes} from '../model/wishes.ts';
import type {EngineInternals} from './engine-state.ts';
import {register} from './register.ts';

/**
The environment that a server's scripts get, with what its runner registers with: one use of one runner, or a token; `refused`: why GitHub gives none for this server.
Throws PortError, see `runnerNeeds`.
*/
export async function scriptVariables(engine: EngineInternals, server: Server, startupScript: string): Promise<{readonly variables: Readonly<Record<string, string>>; readonly secret: string} | {readonly refused: string}> {
	const {registration, download} = await register(engine, server, startupScript);
	if ('refused' in registration) {
		return registration;
	}

	const variables = {
		...plainVariables(engine.policy, server),
		...('config' in registration ? {RUNNER_NAME: registration.name, GITHUB_RUNNER_JIT_CONFIG: registration.config} : {GITHUB_RUNNER_TOKEN: registration.token}),
		RUNNER_DOWNLOAD_URL: download.url,
		RUNNER_DOWNLOAD_FILENAME: download.filename,
		RUNNER_DOWNLOAD_SHA256: download.sha256,
	};
	return {variables, secret: 'config' in registration ? registration.config : registration.token};
}

/**
The scripts that a server is set up with: those its labels name, else those in force; `refused` when a named one is not there any more.
*/
export function scriptTexts({ports: {scripts}, policy}: EngineInternals, {runnerLabels, architecture}: Pick<Server, 'runnerLabels' | 'architecture'>): {readonly setupScript: string; readonly startupScript: string} | {readonly refused: string} {
	const {setup, startup} = readWishes(runnerLabels, policy.language).scripts;
	const startupInForce = architecture === 'arm64' ? scripts.startupArm64 : scripts.startupX64;
	const textOf = (name: string | undefined, inForce: string) => name === undefined ? inForce : scripts.named.find(script => script.name === name)?.text;
	const setupScript = textOf(setup, scripts.setup.text);
	const startupScript = textOf(startup, startupInForce.text);
	return setupScript === undefined || startupScript === undefined
		? {refused: `the script that its labels name, ${[setup, startup].filter(name => name !== undefined).join(' or ')}, is no longer in the folder of scripts`}
		: {setupScript, startupScript};
}

function plainVariables(policy: Policy, server: Pick<Server, 'id' | 'name' | 'runnerLabels' | 'serverType' | 'location'>): Readonly<Record<string, string>> {
	return {
		GITHUB_REPOSITORY: `${policy.repository.owner}/${policy.repository.name}`,
		GITHUB_URL: policy.githubUrl,
		GITHUB_RUNNER_GROUP: policy.runnerGroup,
		GITHUB_RUNNER_LABELS: server.runnerLabels.join(','),
		RUNNER_NAME: server.name,
		SERVER_NAME: server.name,
		SERVER_TYPE: server.serverType,
		SERVER_LOCATION: server.location,
		// As testflows' scripts know them.
		SERVER_ID: String(server.id),
		SERVER_TYPE_NAME: server.serverType,
		SERVER_LOCATION_NAME: server.location,
		CACHE_DIR: '',
	};
}

/**
The environment that scripts get, for people: an example server's, the token masked.
*/
export function maskedVariables(policy: Policy): Readonly<Record<string, string>> {
	return {
		...plainVariables(policy, {
			id: 0 as ServerId, name: 'gh-actions-runner-RUN-JOB' as ServerName, runnerLabels: policy.withLabels, serverType: policy.serverTypes[0] ?? '', location: policy.locations[0] ?? 'fsn1',
		}),
		GITHUB_RUNNER_JIT_CONFIG: '********',
		GITHUB_RUNNER_TOKEN: '********',
		RUNNER_DOWNLOAD_URL: '(from GitHub, at set-up)',
		RUNNER_DOWNLOAD_FILENAME: '(from GitHub, at set-up)',
		RUNNER_DOWNLOAD_SHA256: '(from GitHub, at set-up)',
	};
}
