import type {GitHub} from '../scaler/ports.ts';
import {createClient, type ClientOptions} from './client.ts';
import {jobReader} from './jobs.ts';
import {jitConfigs} from './jit-config.ts';
import {registrationToken} from './registration-token.ts';
import {runnerDownload} from './runner-download.ts';
import {runnerReader} from './runners.ts';

export type GitHubOptions = ClientOptions;

/**
GitHub's side of one repository over REST. Every method throws PortError when the answer is none of those its type names,
and the signal's reason when it was aborted.
*/
export function createGitHub(options: GitHubOptions): GitHub {
	const client = createClient(options);
	return {
		...jobReader(client),
		...runnerReader(client),
		...jitConfigs(client),
		registrationToken: registrationToken(client),
		runnerDownload: runnerDownload(client),
		budget: () => client.limits.budget(),
	};
}
