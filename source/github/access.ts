import {appTokens, type AppOptions, type AppTokens} from './app-tokens.ts';
import {fixedToken, type TokenSource} from './token-source.ts';

/**
What GitHub is asked with, see `GitHubCredentials` of the settings.
*/
type Credentials = {readonly kind: 'token'; readonly token: string} | {readonly kind: 'app'; readonly appId: string; readonly installation: number | undefined; readonly readKey: () => string};

/**
Tokens for all clients of one repository: those of an App are made once for all of them. `app`: what is known of the App, when it is one.
*/
export function githubAccess(credentials: Credentials, options: Omit<AppOptions, 'appId' | 'installation' | 'readKey'>): {readonly tokens: TokenSource; readonly app: Pick<AppTokens, 'facts'> | undefined} {
	if (credentials.kind === 'token') {
		return {tokens: fixedToken(credentials.token), app: undefined};
	}

	const {appId, installation, readKey} = credentials;
	const tokens = appTokens({
		...options, appId, installation, readKey,
	});
	return {tokens, app: tokens};
}
