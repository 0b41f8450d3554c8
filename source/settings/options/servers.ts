import type {Option} from './option.ts';

/** How new servers are made. */
export const serversOptions = [
	{
		name: 'serverType', flag: 'server-type', type: 'list', value: 'TYPE',
		variables: ['HETZNER_SERVER_TYPE'], default: [], defaultText: 'the cheapest with 2 cores, 4 GB of memory, 40 GB of disk',
		description: 'server type for jobs whose labels ask for neither a type nor a size; repeat it for fallbacks, tried in order',
	},
	{
		name: 'allowServerType', flag: 'allow-server-type', type: 'list', value: 'TYPE',
		defaultText: 'all',
		description: 'server type that job labels may ask for, such as cax11 or a pattern such as cx*; repeatable',
	},
	{
		name: 'location', flag: 'location', type: 'list', value: 'NAME',
		variables: ['HETZNER_LOCATION'], default: [], defaultText: 'Hetzner picks',
		description: 'location of new servers; repeat it for fallbacks, tried in order',
	},
	{
		name: 'image', flag: 'image', type: 'text', value: 'NAME',
		aliases: ['hetzner-image'], variables: ['HETZNER_IMAGE'], default: 'ubuntu-24.04',
		description: 'image of new servers',
	},
	{
		name: 'firewall', flag: 'firewall', type: 'text', value: 'create|NAME',
		variables: ['HETZNER_FIREWALL'], defaultText: 'none',
		description: 'firewall of new servers: "create" makes one that allows only SSH and ICMP in, a name uses an existing one',
	},
	{
		name: 'acceptUnknownHostKeys', flag: 'accept-unknown-host-keys', type: 'switch',
		default: false,
		description: 'also set up servers whose image has no cloud-init, so that their host keys cannot be known beforehand',
	},
	{
		name: 'setupScript', flag: 'setup-script', type: 'text', value: 'FILE',
		defaultText: 'built in',
		description: 'custom setup script',
	},
	{
		name: 'startupX64Script', flag: 'startup-x64-script', type: 'text', value: 'FILE',
		defaultText: 'built in',
		description: 'custom startup script for x64 servers',
	},
	{
		name: 'startupArm64Script', flag: 'startup-arm64-script', type: 'text', value: 'FILE',
		defaultText: 'built in',
		description: 'custom startup script for arm64 servers',
	},
	{
		name: 'registration', flag: 'registration', type: 'text', value: 'WAY',
		choices: ['jit', 'token'], default: 'jit',
		description: 'jit: each runner registers with a configuration that only it can use, once (a token where GitHub has none, the startup script reads none, or setting up takes longer than one lasts); token: with a registration token that is good for the whole repository',
	},
	{
		name: 'workers', flag: 'workers', type: 'number', value: 'COUNT',
		short: 'w', range: [1, 100], default: 10,
		description: 'parallel create calls; SSH connections opened in parallel: four times as many',
	},
] as const satisfies readonly Option[];
