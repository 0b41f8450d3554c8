import type {Option} from './option.ts';

/** A GitHub App in the place of a token. */
export const githubAppOptions = [
	{
		name: 'githubAppId', flag: 'github-app-id', type: 'text', value: 'APP-ID',
		variables: ['GITHUB_APP_ID'], defaultText: 'none',
		description: 'use this GitHub App (its App ID or client ID) instead of a token; a token that is also set is ignored',
	},
	{
		name: 'githubAppKeyFile', flag: 'github-app-key-file', type: 'text', value: 'FILE',
		variables: ['GITHUB_APP_KEY_FILE'], defaultText: 'none', credential: 'path',
		description: 'the App\'s private key, the .pem file that GitHub let you download; only its owner may read it',
	},
	{
		name: 'githubAppInstallation', flag: 'github-app-installation', type: 'number', value: 'NUMBER',
		variables: ['GITHUB_APP_INSTALLATION'], range: [1, Number.MAX_SAFE_INTEGER], defaultText: 'found by the repository',
		description: 'the installation of the App to use',
	},
] as const satisfies readonly Option[];
