import {namedRepository, type Repository} from '../model/job.ts';
import {readAppKey} from './app-key.ts';
import type {Settings} from './read.ts';
import {UsageError} from './usage-error.ts';

/**
What GitHub is asked with: a token, or a GitHub App that makes tokens of an hour. `readKey`: the App's private key (PEM), read anew each
time so that a new key counts
without a restart; throws UsageError. `installation`: undefined: the one that has the repository.
*/
export type GitHubCredentials =
	| {readonly kind: 'token'; readonly token: string}
	| {readonly kind: 'app'; readonly appId: string; readonly installation: number | undefined; readonly readKey: () => string};

/** What a run cannot do without, found present. */
export type Account = {readonly github: GitHubCredentials; readonly hetznerToken: string; readonly sshKey: string; readonly repository: Repository};

type GitHubSettings = Pick<Settings, 'githubToken' | 'githubAppId' | 'githubAppKeyFile' | 'githubAppInstallation'>;

/** Which of the settings without a default are missing, and how each is given. A GitHub App takes the place of the token. */
export function missingSettings(settings: Settings): readonly string[] {
	const {githubRepository, hetznerToken, sshKey} = settings;
	return [
		missingOfGitHub(settings),
		githubRepository === undefined ? '--github-repository (GITHUB_REPOSITORY)' : [],
		hetznerToken === undefined ? '--hetzner-token (HETZNER_TOKEN)' : [],
		sshKey === undefined ? '--ssh-key (HETZNER_SSH_KEY)' : [],
	].flat();
}

function missingOfGitHub({githubToken, githubAppId, githubAppKeyFile, githubAppInstallation}: GitHubSettings): readonly string[] {
	if (githubAppId === undefined && githubAppKeyFile === undefined && githubAppInstallation === undefined) {
		return githubToken === undefined ? ['--github-token (GITHUB_TOKEN)'] : [];
	}

	return [
		githubAppId === undefined ? '--github-app-id (GITHUB_APP_ID), which the other settings of the App need' : [],
		githubAppKeyFile === undefined ? '--github-app-key-file (GITHUB_APP_KEY_FILE), which --github-app-id needs' : [],
	].flat();
}

/**
What GitHub is asked with; undefined when that is not all there. Once a GitHub App is named it is what counts, and no token is sent. Throws
UsageError for a key file that
others can read or that holds no such key.
*/
export function githubCredentialsOf(settings: GitHubSettings): GitHubCredentials | undefined {
	const {githubToken, githubAppId, githubAppKeyFile, githubAppInstallation} = settings;
	if (missingOfGitHub(settings).length > 0) {
		return undefined;
	}

	if (githubAppId === undefined || githubAppKeyFile === undefined) {
		return githubToken === undefined ? undefined : {kind: 'token', token: githubToken};
	}

	readAppKey(githubAppKeyFile);
	return {
		kind: 'app', appId: githubAppId, installation: githubAppInstallation, readKey: () => readAppKey(githubAppKeyFile),
	};
}

/** A sentence when a token is set that an App makes superfluous. */
export function ignoredToken({githubToken, githubAppId}: GitHubSettings): string | undefined {
	return githubToken === undefined || githubAppId === undefined ? undefined : 'a GitHub App is set, so the GitHub token that is set as well is ignored';
}

/**
The settings that have no default. Throws UsageError that names all that are missing and how to give them, or what is wrong with the App's
key.
*/
export function accountOf(settings: Settings): Account {
	const {githubRepository, hetznerToken, sshKey} = settings;
	const github = githubCredentialsOf(settings);
	if (github === undefined || githubRepository === undefined || hetznerToken === undefined || sshKey === undefined) {
		throw new UsageError(`Not set: ${missingSettings(settings).join(', ')}. Set the variables, or try "hetzner-runners-tui demo", which needs none.`);
	}

	return {
		github, hetznerToken, sshKey, repository: namedRepository(githubRepository),
	};
}
