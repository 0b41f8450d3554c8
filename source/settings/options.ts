/**
One row says all of an option: argv, --help, the settings file, `settings show`, errors and the README's table are drawn from it.
Numbers are whole; `unit` says of what.
*/
export type Option = {
	readonly name: string;
	readonly flag: string;
	readonly short?: string;
	/**
	Other spellings of the flag.
	*/
	readonly aliases?: readonly string[];
	/**
	Environment variables, the first that is set counts.
	*/
	readonly variables?: readonly string[];
	readonly type: 'text' | 'number' | 'switch' | 'list';
	/**
	A list that is told one entry a flag: an entry may hold commas.
	*/
	readonly hasCommas?: true;
	/**
	How the value is called in --help.
	*/
	readonly value?: string;
	readonly unit?: 'seconds' | 'port';
	readonly range?: readonly [least: number, most: number];
	readonly choices?: readonly string[];
	readonly default?: string | number | boolean | readonly string[];
	/**
	What --help shows when there is no default value to print.
	*/
	readonly defaultWords?: string;
	readonly isSecret?: true;
	/**
	Read from the file of the flag's name in $CREDENTIALS_DIRECTORY too: its text, or its path where a path is asked for.
	*/
	readonly credential?: 'text' | 'path';
	/**
	Means something only on the command line: never read from the settings file.
	*/
	readonly isMomentary?: true;
	readonly says: string;
};

const oneDay = 86_400;

export const options = [
	{
		name: 'githubToken', flag: 'github-token', variables: ['GITHUB_TOKEN'], type: 'text', value: 'TOKEN', isSecret: true, credential: 'text', says: 'GitHub token with Actions: read and Administration: read and write',
	},
	{
		name: 'githubRepository', flag: 'github-repository', variables: ['GITHUB_REPOSITORY'], type: 'text', value: 'OWNER/NAME', says: 'repository whose jobs are served',
	},
	{
		name: 'hetznerToken', flag: 'hetzner-token', variables: ['HETZNER_TOKEN', 'HCLOUD_TOKEN'], type: 'text', value: 'TOKEN', isSecret: true, credential: 'text', says: 'Hetzner Cloud token (read and write) of the project for the servers',
	},
	{
		name: 'sshKey', flag: 'ssh-key', aliases: ['hetzner-ssh-key'], variables: ['HETZNER_SSH_KEY', 'HETZNER_SSH_KEY_NAME'], type: 'text', value: 'NAME', says: 'name of the SSH key at Hetzner that new servers accept',
	},
	{
		name: 'sshPrivateKey', flag: 'ssh-private-key', variables: ['HETZNER_SSH_PRIVATE_KEY'], type: 'text', value: 'FILE', defaultWords: 'the ssh agent or ~/.ssh', credential: 'path', says: 'private key file that belongs to it',
	},
	{
		name: 'sshPort', flag: 'ssh-port', variables: ['HETZNER_SSH_PORT'], type: 'number', value: 'PORT', unit: 'port', range: [1, 65_535], default: 22, says: 'port on which the image\'s SSH server listens',
	},
	{
		name: 'acceptUnknownHostKeys', flag: 'accept-unknown-host-keys', type: 'switch', default: false, says: 'set up servers of images without cloud-init too, whose host keys nobody can know beforehand',
	},
	{
		name: 'image', flag: 'image', aliases: ['hetzner-image'], variables: ['HETZNER_IMAGE'], type: 'text', value: 'NAME', default: 'ubuntu-24.04', says: 'image of new servers',
	},
	{
		name: 'serverType', flag: 'server-type', variables: ['HETZNER_SERVER_TYPE'], type: 'list', value: 'TYPE', default: [], defaultWords: 'the cheapest with 2 cores, 4 GB of memory, 40 GB of disk', says: 'server type for jobs whose labels name neither type nor size; repeat it for more, tried in order',
	},
	{
		name: 'allowServerType', flag: 'allow-server-type', type: 'list', value: 'TYPE', defaultWords: 'all', says: 'server type that labels may choose, such as cax11 or a pattern such as cx*; repeat it for more',
	},
	{
		name: 'location', flag: 'location', variables: ['HETZNER_LOCATION'], type: 'list', value: 'NAME', default: [], defaultWords: 'Hetzner picks', says: 'location of new servers; repeat it for more, tried in order',
	},
	{
		name: 'maxPricePerHour', flag: 'max-price-per-hour', type: 'text', value: 'PRICE', defaultWords: 'ten times the cheapest that fits', says: 'never create a server whose hour costs more, VAT and IPv4 included, such as 0.05',
	},
	{
		name: 'labelPrefix', flag: 'label-prefix', type: 'text', value: 'PREFIX', defaultWords: 'none', says: 'read only job labels that begin with PREFIX- as wishes (type-, in-, image-, cpu-, ...)',
	},
	{
		name: 'metaLabel', flag: 'meta-label', type: 'list', hasCommas: true, value: 'NAME=LABELS', default: [], defaultWords: 'none', says: 'a job label that stands for others, such as big=type-cx53,in-fsn1; repeat it for more',
	},
	{
		name: 'scripts', flag: 'scripts', type: 'text', value: 'DIR', defaultWords: 'none', says: 'folder of scripts that job labels setup-NAME and startup-NAME may name',
	},
	{
		name: 'ignoreVolumeLabels', flag: 'ignore-volume-labels', type: 'switch', default: false, says: 'serve jobs with a volume- label without a volume, instead of not at all',
	},
	{
		name: 'firewall', flag: 'firewall', variables: ['HETZNER_FIREWALL'], type: 'text', value: 'create|NAME', defaultWords: 'none', says: 'firewall of new servers: "create" makes one that lets in SSH and ICMP only, a name uses one that is there',
	},
	{
		name: 'withLabel', flag: 'with-label', type: 'list', value: 'LABEL', default: ['self-hosted'], says: 'label that a job must carry to be served; repeat it for more, a job must carry them all',
	},
	{
		name: 'maxRunners', flag: 'max-runners', short: 'm', type: 'number', value: 'COUNT', range: [1, 10_000], defaultWords: 'unlimited', says: 'most servers at once',
	},
	{
		name: 'maxRunnersForLabel', flag: 'max-runners-for-label', type: 'list', hasCommas: true, value: 'LABELS:COUNT', default: [], defaultWords: 'none', says: 'maximum number of servers that carry all these labels, such as type-cx53,gpu:2; repeat it for more',
	},
	{
		name: 'maxRunnersInWorkflowRun', flag: 'max-runners-in-workflow-run', type: 'number', value: 'COUNT', range: [1, 10_000], defaultWords: 'unlimited', says: 'maximum number of servers made for one workflow run',
	},
	{
		name: 'maxCostPerHour', flag: 'max-cost-per-hour', type: 'text', value: 'PRICE', defaultWords: 'unlimited', says: 'create no server when the hours begun in the last 60 minutes would cost more, VAT and IPv4 included',
	},
	{
		name: 'maxCostPerDay', flag: 'max-cost-per-day', type: 'text', value: 'PRICE', defaultWords: 'unlimited', says: 'the same for a day (UTC)',
	},
	{
		name: 'maxCostPerMonth', flag: 'max-cost-per-month', type: 'text', value: 'PRICE', defaultWords: 'unlimited', says: 'the same for a month (UTC)',
	},
	{
		name: 'priority', flag: 'priority', type: 'list', hasCommas: true, value: 'NAME=MINUTES', default: [], defaultWords: 'none', says: 'serve jobs with that label, or of that workflow, before others that have waited up to so many minutes longer; repeat it for more',
	},
	{
		name: 'workers', flag: 'workers', short: 'w', type: 'number', value: 'COUNT', range: [1, 100], default: 10, says: 'create calls at once; SSH connections being opened, four times as many',
	},
	{
		name: 'setupScript', flag: 'setup-script', type: 'text', value: 'FILE', defaultWords: 'built in', says: 'own setup script',
	},
	{
		name: 'startupX64Script', flag: 'startup-x64-script', type: 'text', value: 'FILE', defaultWords: 'built in', says: 'own startup script for x64 servers',
	},
	{
		name: 'startupArm64Script', flag: 'startup-arm64-script', type: 'text', value: 'FILE', defaultWords: 'built in', says: 'own startup script for arm64 servers',
	},
	{
		name: 'maxPoweredOffTime', flag: 'max-powered-off-time', type: 'number', value: 'SEC', unit: 'seconds', range: [0, oneDay], default: 20, says: 'a server that is off is deleted after',
	},
	{
		name: 'maxIdleRunnerTime', flag: 'max-idle-runner-time', type: 'number', value: 'SEC', unit: 'seconds', range: [10, oneDay], default: 120, says: 'a server whose runner gets no job is deleted after',
	},
	{
		name: 'maxRunnerRegistrationTime', flag: 'max-runner-registration-time', type: 'number', value: 'SEC', unit: 'seconds', range: [10, oneDay], default: 60, says: 'a server whose runner does not register is deleted that long after its startup script',
	},
	{
		name: 'maxServerReadyTime', flag: 'max-server-ready-time', type: 'number', value: 'SEC', unit: 'seconds', range: [10, oneDay], default: 180, says: 'longest time from create to the first SSH answer',
	},
	{
		name: 'maxSetupTime', flag: 'max-setup-time', type: 'number', value: 'SEC', unit: 'seconds', range: [10, oneDay], default: 600, says: 'longest time for both scripts together',
	},
	{
		name: 'maxServerLife', flag: 'max-server-life', type: 'number', value: 'SEC', unit: 'seconds', range: [600, 30 * oneDay], defaultWords: 'off', says: 'a server older than that is deleted as soon as it runs no job',
	},
	{
		name: 'scaleUpInterval', flag: 'scale-up-interval', type: 'number', value: 'SEC', unit: 'seconds', range: [1, 3600], default: 10, says: 'time between two looks for jobs to serve',
	},
	{
		name: 'scaleDownInterval', flag: 'scale-down-interval', type: 'number', value: 'SEC', unit: 'seconds', range: [1, 3600], default: 10, says: 'time between two looks for servers to delete',
	},
	{
		name: 'githubApiUrl', flag: 'github-api-url', variables: ['GITHUB_API_URL'], type: 'text', value: 'URL', default: 'https://api.github.com', says: 'GitHub\'s API, or that of a GitHub Enterprise Server (https://HOST/api/v3)',
	},
	{
		name: 'hetznerApiUrl', flag: 'hetzner-api-url', variables: ['HCLOUD_ENDPOINT'], type: 'text', value: 'URL', default: 'https://api.hetzner.cloud/v1', says: 'Hetzner Cloud\'s API',
	},
	{
		name: 'insecureHttp', flag: 'insecure-http', type: 'switch', default: false, says: 'let tokens go to an API by http:// that is not on this machine; anyone on the way can read them',
	},
	{
		name: 'dryRun', flag: 'dry-run', type: 'switch', default: false, says: 'plan and show, change nothing',
	},
	{
		name: 'readOnly', flag: 'read-only', type: 'switch', default: false, says: 'a console without keys that act',
	},
	{
		name: 'console', flag: 'console', type: 'switch', default: true, isMomentary: true, says: '--no-console: print the log instead (as without a terminal)',
	},
	{
		name: 'attach', flag: 'attach', type: 'switch', default: true, isMomentary: true, says: '--no-attach: run an engine of its own even where one for this repository runs already',
	},
	{
		name: 'socket', flag: 'socket', type: 'text', value: 'FILE', defaultWords: 'by repository', isMomentary: true, says: 'unix socket on which an engine serves consoles, and on which they look for it',
	},
	{
		name: 'viewGroup', flag: 'view-group', type: 'text', value: 'GROUP', defaultWords: 'none', says: 'unix group that may look at the engine and do nothing, by a second socket beside the first',
	},
	{
		name: 'host', flag: 'host', type: 'text', value: 'USER@SERVER', defaultWords: 'this machine', isMomentary: true, says: 'reach the engine of another machine over ssh',
	},
	{
		name: 'attentionAfter', flag: 'attention-after', type: 'number', value: 'SEC', unit: 'seconds', range: [10, oneDay], default: 600, says: 'the console gives notice of a job that waits longer',
	},
	{
		name: 'theme', flag: 'theme', type: 'text', value: 'NAME', choices: ['default', 'light', 'high-contrast', 'none'], default: 'default', says: 'the console\'s colours: default (for a dark background), light, high-contrast or none',
	},
	{
		name: 'bell', flag: 'bell', type: 'switch', default: true, says: '--no-bell: do not ring the terminal\'s bell when something needs a person',
	},
	{
		name: 'mouse', flag: 'mouse', type: 'switch', default: false, says: 'click and scroll in the console; text is then selected with Shift held down',
	},
	{
		name: 'screenReader', flag: 'screen-reader', type: 'switch', default: false, says: 'the console says changes as sentences, line after line, and draws nothing (also with INK_SCREEN_READER=true)',
	},
	{
		name: 'logFormat', flag: 'log-format', type: 'text', value: 'FORMAT', choices: ['text', 'json'], default: 'text', says: 'how the log is printed',
	},
	{
		name: 'loggerConfig', flag: 'logger-config', type: 'text', value: 'FILE', defaultWords: 'none', says: 'JSON file: level, format, destinations and rotation of the log',
	},
	{
		name: 'metrics', flag: 'metrics', type: 'text', value: '[HOST:]PORT', defaultWords: 'off', says: 'serve Prometheus metrics there; the host is loopback unless given',
	},
	{
		name: 'settingsFile', flag: 'settings-file', type: 'text', value: 'FILE', defaultWords: 'see settings path', isMomentary: true, says: 'read and write this settings file instead of the user\'s own',
	},
	{
		name: 'debug', flag: 'debug', type: 'switch', default: false, says: 'log more, and show a stack trace with an error',
	},
] as const satisfies readonly Option[];

export type OptionName = (typeof options)[number]['name'];

/**
Options of `demo` and `simulator` only.
*/
export const demoOptions = [
	{
		name: 'jobs', flag: 'jobs', type: 'number', value: 'COUNT', range: [1, 5000], default: 12, isMomentary: true, says: 'jobs of ours that the simulated morning brings',
	},
	{
		name: 'speed', flag: 'speed', type: 'number', value: 'TIMES', range: [1, 60], defaultWords: 'demo 5, simulator 1', isMomentary: true, says: 'how many times faster than real time the simulated world runs; an engine beside a faster simulator shows wrong ages',
	},
	{
		name: 'seed', flag: 'seed', type: 'number', value: 'NUMBER', range: [0, 4_294_967_295], default: 7, isMomentary: true, says: 'the same number brings the same morning',
	},
] as const satisfies readonly Option[];

/**
Options of the plain commands: each means something to those that its text names.
*/
export const commandOptions = [
	{
		name: 'json', flag: 'json', type: 'switch', default: false, isMomentary: true, says: 'JSON for programs (doctor, list, explain, history, logs, scripts, delete, service status)',
	},
	{
		name: 'force', flag: 'force', type: 'switch', default: false, isMomentary: true, says: 'service install: replace what is installed, keep its settings where none are given',
	},
	{
		name: 'follow', flag: 'follow', short: 'f', type: 'switch', default: false, isMomentary: true, says: 'logs: go on with new lines (service logs: as without any option)',
	},
	{
		name: 'lines', flag: 'lines', short: 'n', type: 'number', value: 'COUNT', range: [0, 1_000_000], defaultWords: '50', isMomentary: true, says: 'logs: that many of the last lines, then end unless -f',
	},
	{
		name: 'csv', flag: 'csv', type: 'switch', default: false, isMomentary: true, says: 'history: comma-separated values',
	},
	{
		name: 'yes', flag: 'yes', short: 'y', type: 'switch', default: false, isMomentary: true, says: 'delete: do not ask',
	},
	{
		name: 'busy', flag: 'busy', type: 'switch', default: false, isMomentary: true, says: 'delete: also a server whose runner has a job, which ends that job',
	},
	{
		name: 'root', flag: 'root', type: 'text', value: 'DIR', defaultWords: '/', isMomentary: true, says: 'service: act on a file system below DIR, such as an image that is being made',
	},
] as const satisfies readonly Option[];

/**
The rows of the table as plain options.
*/
export function optionRows(withAll = false): readonly Option[] {
	return withAll ? [...options, ...demoOptions, ...commandOptions] : options;
}
