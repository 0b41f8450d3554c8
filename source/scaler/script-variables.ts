import type {Policy} from '../model/policy.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import {later} from '../model/time.ts';
import type {Live} from './live.ts';
import type {RunnerDownload} from './ports.ts';

/**
A registration token is good for a whole set-up and that much more, seconds.
*/
const spareTokenSeconds = 60;

/**
Shortest and longest pause before a registration token is asked for again, seconds.
*/
const leastTokenSeconds = 2;
const mostTokenSeconds = 30;

/**
The environment that a server's scripts get. Throws when GitHub gives no token: every server in its set-up asks GitHub for the same, so that while that fails,
there is one question for all of them, more and more rarely, or it would use up the hour's requests.
*/
export async function scriptVariables(live: Live, server: Server): Promise<Readonly<Record<string, string>>> {
	const {github, clock} = live.ports;
	const {maxSetupSeconds, maxRunnerRegistrationSeconds} = live.policy;
	const {until, seconds, reason} = live.noToken ?? {until: clock.now(), seconds: leastTokenSeconds / 2, reason: ''};
	if (until > clock.now()) {
		throw new Error(reason);
	}

	let token: string;
	let download: RunnerDownload;
	try {
		[token, download] = await Promise.all([github.registrationToken({minimumSeconds: maxSetupSeconds + maxRunnerRegistrationSeconds + spareTokenSeconds}), github.runnerDownload(server.architecture)]);
		live.noToken = undefined;
	} catch (error) {
		const now = clock.now();
		if (live.noToken === undefined || live.noToken.until <= now) {
			const longer = Math.min(mostTokenSeconds, seconds * 2);
			live.noToken = {until: later(now, longer), seconds: longer, reason: error instanceof Error ? error.message : String(error)};
		}

		throw error;
	}

	return {
		...plainVariables(live.policy, server),
		GITHUB_RUNNER_TOKEN: token,
		RUNNER_DOWNLOAD_URL: download.url,
		RUNNER_DOWNLOAD_FILENAME: download.filename,
		RUNNER_DOWNLOAD_SHA256: download.sha256,
	};
}

function plainVariables(policy: Policy, server: Pick<Server, 'name' | 'runnerLabels' | 'serverType' | 'location'>): Readonly<Record<string, string>> {
	return {
		GITHUB_REPOSITORY: `${policy.repository.owner}/${policy.repository.name}`,
		GITHUB_URL: policy.githubUrl,
		GITHUB_RUNNER_GROUP: policy.runnerGroup,
		GITHUB_RUNNER_LABELS: server.runnerLabels.join(','),
		RUNNER_NAME: server.name,
		SERVER_NAME: server.name,
		SERVER_TYPE: server.serverType,
		SERVER_LOCATION: server.location,
	};
}

/**
The environment that scripts get, for people: an example server's, the token masked.
*/
export function maskedVariables(policy: Policy): Readonly<Record<string, string>> {
	return {
		...plainVariables(policy, {
			name: 'gh-actions-runner-RUN-JOB' as ServerName, runnerLabels: policy.withLabels, serverType: policy.serverTypes[0] ?? '', location: policy.locations[0] ?? 'fsn1',
		}),
		GITHUB_RUNNER_TOKEN: '********',
		RUNNER_DOWNLOAD_URL: '(from GitHub, at set-up)',
		RUNNER_DOWNLOAD_FILENAME: '(from GitHub, at set-up)',
		RUNNER_DOWNLOAD_SHA256: '(from GitHub, at set-up)',
	};
}
