import type {Placement} from '../model/placement.ts';
import type {Policy} from '../model/policy.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import {readWishes} from '../model/wishes.ts';
import type {EngineInternals} from './engine-state.ts';
import {PortError, type RunnerDownload} from './ports.ts';
import {recordOwnFault} from './readiness.ts';

/**
A registration token is good for a whole set-up and that much more, seconds.
*/
const spareTokenSeconds = 60;

/**
What a runner's set-up needs of GitHub: a registration token and the program for that architecture. Asked for before a server is paid for, too. Throws PortError
when GitHub does not give them. While it gives no token there is one question for all servers, more and more rarely, or they would use up the hour's requests;
a refusal stops all creation.
*/
export async function runnerNeeds(engine: EngineInternals, architecture: Placement['architecture']): Promise<{readonly token: string; readonly download: RunnerDownload}> {
	const {github, clock} = engine.ports;
	if (engine.noToken !== undefined && engine.noToken.until > clock.now()) {
		throw engine.noToken.error;
	}

	let token: string;
	try {
		token = await engine.shareTokenRequest(async () => askForToken(engine));
		engine.recordToken();
	} catch (error) {
		const known = error instanceof PortError ? error : new PortError(error instanceof Error ? error.message : String(error), {kind: 'unreachable', cause: error});
		engine.recordNoToken(known);
		if (known.kind === 'refused' || known.kind === 'notFound') {
			recordOwnFault(engine, known.message); // No server to come would fare better.
		}

		throw known;
	}

	return {token, download: await github.runnerDownload(architecture)};
}

// The one that is kept, unless a startup script has failed with it: what config.sh says of a token that GitHub does not take differs by its version
// (actions/runner#4042, #1748), so whatever it failed of, the next set-up has another.
async function askForToken({ports: {github}, policy, suspectToken}: EngineInternals): Promise<string> {
	const minimumSeconds = policy.maxSetupSeconds + policy.maxRunnerRegistrationSeconds + spareTokenSeconds;
	const token = await github.registrationToken({minimumSeconds});
	return token === suspectToken ? github.registrationToken({minimumSeconds, isFresh: true}) : token;
}

/**
The environment that a server's scripts get. Throws PortError, see `runnerNeeds`.
*/
export async function scriptVariables(engine: EngineInternals, server: Server): Promise<Readonly<Record<string, string>>> {
	const {token, download} = await runnerNeeds(engine, server.architecture);
	return {
		...plainVariables(engine.policy, server),
		GITHUB_RUNNER_TOKEN: token,
		RUNNER_DOWNLOAD_URL: download.url,
		RUNNER_DOWNLOAD_FILENAME: download.filename,
		RUNNER_DOWNLOAD_SHA256: download.sha256,
	};
}

/**
The scripts that a server is set up with: those its labels name, else those in force; `refused` when a named one is not there any more.
*/
export function scriptTexts({ports: {scripts}, policy}: EngineInternals, {runnerLabels, architecture}: Server): {readonly setupScript: string; readonly startupScript: string} | {readonly refused: string} {
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
		GITHUB_RUNNER_TOKEN: '********',
		RUNNER_DOWNLOAD_URL: '(from GitHub, at set-up)',
		RUNNER_DOWNLOAD_FILENAME: '(from GitHub, at set-up)',
		RUNNER_DOWNLOAD_SHA256: '(from GitHub, at set-up)',
	};
}
