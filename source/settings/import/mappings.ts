import path from 'node:path';
import {
	drop, leave, take, takeNumber, takeText, variablesIn, type Machine, type Outcome,
} from './outcome.ts';
import type {TheirConfig, TheirKey} from './schema.ts';

type Mappings = {readonly [Key in TheirKey]: (value: NonNullable<TheirConfig[Key]>, machine: Machine, config: TheirConfig) => Outcome};

const notReused = 'every job gets a new server, none is used again';
const noVolumes = 'there are no volumes: a job with a volume- label waits and says so, or is served without it (--ignore-volume-labels)';
const noDashboard = 'the console takes its place: "attach", over ssh with --host';
const ownLog = 'the configuration of Python\'s logging; see --log-format and --logger-config';

/**
What each key becomes.
*/
const mappings: Mappings = {
	github_token: (value, machine) => token('githubToken', 'GITHUB_TOKEN', value, machine),
	hetzner_token: (value, machine) => token('hetznerToken', 'HETZNER_TOKEN', value, machine),
	github_repository: (value, machine) => value.trim() === '${GITHUB_REPOSITORY}' // eslint-disable-line no-template-curly-in-string
		? leave('read from GITHUB_REPOSITORY here too')
		: takeText(value, machine, text => take('githubRepository', [text])),
	ssh_key: (value, machine) => takeText(value, machine, text => text.endsWith('.pub')
		? take('sshPrivateKey', [pathOf(text.slice(0, -'.pub'.length), machine)], 'the private key beside it; ssh-key takes the name that the key has at Hetzner')
		: drop('no file that ends in .pub, so its private key is not known: set ssh-private-key, and ssh-key to the name that it has at Hetzner')),
	additional_ssh_keys: () => drop('a server accepts one key here; a setup script can add others to /root/.ssh/authorized_keys'),
	with_label: value => value.length === 0
		? drop('without any, jobs for GitHub\'s own machines would be served too; self-hosted stays')
		: listed('withLabel', value.map(label => plain(label))),
	label_prefix: value => plain(value) === '' ? leave('empty, as here') : take('labelPrefix', [plain(value)], 'composites and meta labels begin with it too, which github-hetzner-runners forgets'),
	meta_label: value => listed('metaLabel', Object.entries(value).map(([name, labels]) => `${plain(name)}=${labels.map(label => plain(label)).join(',')}`)),
	recycle: value => value ? drop(notReused) : leave(notReused),
	recycle_without_rebuild: () => drop(notReused),
	recycle_grace_period: () => drop(notReused),
	end_of_life: () => drop(notReused),
	delete_random: () => drop(notReused),
	max_runners: value => takeNumber('maxRunners', value),
	max_runners_for_label: value => listed('maxRunnersForLabel', value.map(({labels, max}) => `${labels.map(label => plain(label)).join(',')}:${max}`)),
	max_runners_in_workflow_run: value => takeNumber('maxRunnersInWorkflowRun', value),
	default_image: (value, machine) => takeText(value, machine, image),
	default_server_type: (value, machine) => takeText(value, machine, text => take('serverType', [plain(text)], 'only for jobs that ask for neither a type nor a size')),
	default_location: (value, machine) => takeText(value, machine, text => take('location', [plain(text)])),
	default_volume_location: () => drop(noVolumes),
	default_volume_size: () => drop(noVolumes),
	workers: value => takeNumber('workers', value),
	scripts: (value, machine) => takeText(value, machine, text => scripts(pathOf(text, machine), machine)),
	max_powered_off_time: value => takeNumber('maxPoweredOffTime', value),
	max_unused_runner_time: value => takeNumber('maxIdleRunnerTime', value),
	max_runner_registration_time: value => takeNumber('maxRunnerRegistrationTime', value, 'counted from the end of the startup script here; the scripts have max-setup-time'),
	max_server_ready_time: value => takeNumber('maxServerReadyTime', value),
	scale_up_interval: value => takeNumber('scaleUpInterval', value),
	scale_down_interval: value => takeNumber('scaleDownInterval', value),
	metrics_port: (value, machine, {metrics_host: host = '127.0.0.1'}) => takeText(host, machine, text => take('metrics', [`${hostOf(text)}:${value}`])),
	metrics_host: (value, machine, {metrics_port: port}) => port === undefined
		? takeText(value, machine, text => take('metrics', [`${hostOf(text)}:9090`], '9090 is their default port'))
		: leave('together with metrics_port'),
	dashboard_port: () => drop(noDashboard),
	dashboard_host: () => drop(noDashboard),
	debug: value => take('debug', [String(value)]),
	logger_config: () => drop(ownLog),
	logger_format: () => drop(ownLog),
	cloud: () => drop('there is no deployment of the program itself: run "service install" on the server that is to run it'),
	standby_runners: value => drop(`${value.reduce((sum, {count = 1}) => sum + count, 0)} standby servers (${value.map(({labels = [], count = 1}) => `${count} with ${labels.join(', ')}`).join('; ')}) are not kept yet: servers are made when jobs wait`),
	setup_script: (value, machine) => takeText(value, machine, text => take('setupScript', [pathOf(text, machine)])),
	startup_x64_script: (value, machine) => takeText(value, machine, text => startup('startupX64Script', pathOf(text, machine), machine)),
	startup_arm64_script: (value, machine) => takeText(value, machine, text => startup('startupArm64Script', pathOf(text, machine), machine)),
};

/**
What that key becomes, on that machine, beside the other keys.
*/
export function mapKey<Key extends TheirKey>(key: Key, value: NonNullable<TheirConfig[Key]>, machine: Machine, config: TheirConfig): Outcome {
	return mappings[key](value, machine, config);
}

// A token is taken only when it stands there itself: what a variable holds stays where it is.
function token(name: 'githubToken' | 'hetznerToken', own: string, value: string, {environment}: Machine): Outcome {
	const variables = variablesIn(value);
	if (variables.length === 0) {
		return value.trim() === '' ? drop('empty') : take(name, [value], 'in plain text, as it was there');
	}

	const isSet = (environment[own] ?? '') !== '';
	return variables.includes(own)
		? leave(`read from ${own} here too${isSet ? '' : ', which is not set now'}`)
		: drop(`not copied out of the environment: give ${own} what ${variables.join(', ')} holds`);
}

// Their program folds and trims labels, types and locations.
function plain(text: string): string {
	return text.toLowerCase().trim();
}

function listed(name: 'withLabel' | 'metaLabel' | 'maxRunnersForLabel', texts: readonly string[]): Outcome {
	return texts.length === 0 ? drop('empty') : take(name, texts);
}

function pathOf(text: string, {home, folder}: Machine): string {
	return path.resolve(folder, text === '~' || text.startsWith('~/') ? path.join(home, text.slice(1)) : text);
}

function hostOf(text: string): string {
	return text.includes(':') && !text.startsWith('[') ? `[${text}]` : text;
}

function image(text: string): Outcome {
	const [, kind = '', name = ''] = /^[^:]+:(?<kind>[^:]+):(?<name>.+)$/v.exec(text) ?? [];
	return kind === 'system' || kind === 'app'
		? take('image', [name], 'in the architecture of the server type')
		: drop(`a ${kind} has no name at Hetzner: set image to its number ("hcloud image list"), or let jobs ask for it by image-ARCH-${kind}-DESCRIPTION`);
}

// A server whose runner has another name than its own looks as if no runner had come, and would be deleted under its job.
function scripts(folder: string, machine: Machine): Outcome {
	const renaming = ['startup-x64.sh', 'startup-arm64.sh'].find(file => namesItsRunner(machine.readText(path.join(folder, file))));
	return renaming === undefined
		? take('scripts', [folder], 'its setup.sh, startup-x64.sh and startup-arm64.sh take the place of those built in')
		: drop(otherName(path.join(folder, renaming)));
}

function startup(name: 'startupX64Script' | 'startupArm64Script', file: string, machine: Machine): Outcome {
	return namesItsRunner(machine.readText(file)) ? drop(otherName(file)) : take(name, [file]);
}

function otherName(file: string): string {
	return `${file} gives the runner a name of its own, and a server without a runner of its name is deleted: have it register as "$RUNNER_NAME", then import again`;
}

const ownNames: ReadonlySet<string> = new Set(['$RUNNER_NAME', '$SERVER_NAME', '$(hostname)']);

function namesItsRunner(text = ''): boolean {
	const lines = text.replaceAll('\\\n', ' ').split('\n').map(line => line.trim()).filter(line => !line.startsWith('#'));
	return lines.some(line => {
		const given = line.includes('config.sh') ? /--name[ =](?<name>\S+)/v.exec(line)?.groups?.name?.replaceAll(/["'\{\}]/gv, '') : undefined;
		return /^(?:export )?RUNNER_NAME=/v.test(line) || (given !== undefined && !ownNames.has(given));
	});
}
