import type {Option} from './option.ts';

/** What the two APIs and SSH need. */
export const accountOptions = [
	{
		name: 'githubToken', flag: 'github-token', type: 'text', value: 'TOKEN',
		variables: ['GITHUB_TOKEN'], isSecret: true, credential: 'text',
		description: 'GitHub token with Actions: read and Administration: read and write',
	},
	{
		name: 'githubRepository', flag: 'github-repository', type: 'text', value: 'OWNER/NAME',
		variables: ['GITHUB_REPOSITORY'],
		description: 'repository whose jobs are served',
	},
	{
		name: 'hetznerToken', flag: 'hetzner-token', type: 'text', value: 'TOKEN',
		variables: ['HETZNER_TOKEN', 'HCLOUD_TOKEN'], isSecret: true, credential: 'text',
		description: 'read and write token of the Hetzner Cloud project that holds the servers',
	},
	{
		name: 'sshKey', flag: 'ssh-key', type: 'text', value: 'NAME',
		aliases: ['hetzner-ssh-key'], variables: ['HETZNER_SSH_KEY', 'HETZNER_SSH_KEY_NAME'],
		description: 'name of the SSH key in Hetzner Cloud that new servers accept',
	},
	{
		name: 'sshPrivateKey', flag: 'ssh-private-key', type: 'text', value: 'FILE',
		variables: ['HETZNER_SSH_PRIVATE_KEY'], defaultText: 'the ssh agent or ~/.ssh', credential: 'path',
		description: 'the private key that goes with it',
	},
	{
		name: 'sshPort', flag: 'ssh-port', type: 'number', value: 'PORT',
		variables: ['HETZNER_SSH_PORT'], unit: 'port', range: [1, 65_535], default: 22,
		description: 'port on which the image\'s SSH server listens',
	},
	{
		name: 'githubApiUrl', flag: 'github-api-url', type: 'text', value: 'URL',
		variables: ['GITHUB_API_URL'], default: 'https://api.github.com',
		description: 'GitHub\'s API, or that of a GitHub Enterprise Server (https://HOST/api/v3)',
	},
	{
		name: 'hetznerApiUrl', flag: 'hetzner-api-url', type: 'text', value: 'URL',
		variables: ['HCLOUD_ENDPOINT'], default: 'https://api.hetzner.cloud/v1',
		description: 'Hetzner Cloud\'s API',
	},
	{
		name: 'insecureHttp', flag: 'insecure-http', type: 'switch',
		default: false,
		description: 'allow an http:// API that is not on this machine; anyone on the network path can then read the token',
	},
] as const satisfies readonly Option[];
