import {namedRepository, type Repository} from '../model/job.ts';
import type {Settings} from './read.ts';
import {UsageError} from './usage-error.ts';

/** What a run cannot do without, found present. */
export type Account = {readonly githubToken: string; readonly hetznerToken: string; readonly sshKey: string; readonly repository: Repository};

/** Which of the four settings without a default are missing, and how each is given. */
export function missingSettings({githubToken, githubRepository, hetznerToken, sshKey}: Settings): readonly string[] {
	return [
		githubToken === undefined ? '--github-token (GITHUB_TOKEN)' : [],
		githubRepository === undefined ? '--github-repository (GITHUB_REPOSITORY)' : [],
		hetznerToken === undefined ? '--hetzner-token (HETZNER_TOKEN)' : [],
		sshKey === undefined ? '--ssh-key (HETZNER_SSH_KEY)' : [],
	].flat();
}

/** The four settings that have no default. Throws UsageError that names all that are missing and how to give them. */
export function accountOf(settings: Settings): Account {
	const {githubToken, githubRepository, hetznerToken, sshKey} = settings;
	if (githubToken === undefined || githubRepository === undefined || hetznerToken === undefined || sshKey === undefined) {
		throw new UsageError(`Not set: ${missingSettings(settings).join(', ')}. Set the variables, or try "hetzner-runners-tui demo", which needs none.`);
	}

	return {
		githubToken, hetznerToken, sshKey, repository: namedRepository(githubRepository),
	};
}
