import {spawnSync} from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {Call} from '../call.ts';
import {socketPathIn, viewSocketOf} from '../../remote/sockets.ts';
import {chooseNode, chooseProgram} from '../../service/choose.ts';
import {
	commandNames,
	copiedFile,
	installSteps,
	type InstallFacts,
} from '../../service/install.ts';
import {packageFolder} from '../../service/stable-path.ts';
import {inRoot, paths, serviceName} from '../../service/paths.ts';
import {readRecord, recordStep} from '../../service/record.ts';
import {takeSteps, undoSteps, type InstallTarget} from '../../service/steps.ts';
import {findSupervisor, readyFile} from '../../service/without-systemd.ts';
import {openSettingsFile, type SettingsFile} from '../../settings/file.ts';
import {resolveSettings, settingsOf, type Setting} from '../../settings/read.ts';
import {UsageError} from '../../settings/usage-error.ts';
import {accountOf, ignoredToken, missingSettings} from '../../settings/account.ts';
import {scriptsOf} from '../../settings/policy.ts';
import {readWebhookSecrets} from '../../settings/webhook-secrets.ts';
import {logFiles} from '../../logging/destinations.ts';
import {print, warn} from '../../terminal/print.ts';

const printLine = (words: string) => {
	print(`${words}\n`);
};

/** Settings whose value is a file that the service gets a copy of. */
const fileSettings = ['setupScript', 'startupX64Script', 'startupArm64Script', 'loggerConfig'];

/** Settings that go another way than the service's settings file. */
const otherWays = new Set(['githubToken', 'githubAppKeyFile', 'hetznerToken', 'sshPrivateKey', 'webhookSecretFile', 'readOnly']);

/** `service install`: answers the exit code; throws UsageError. */
export async function installService({flags, version}: Call, options: {readonly root: string | undefined; readonly isForced: boolean}): Promise<number> {
	const {root} = options;
	const target: InstallTarget = {root, print: printLine};
	const program = chooseProgram(packageFolder(import.meta.dirname));
	const node = chooseNode();
	const supervisor = findSupervisor(root);
	if (supervisor !== 'systemd') {
		return writeReadyFile(readyFile(supervisor, {node: node.path, program: path.join(program.path, 'bin.js')}), supervisor, root);
	}

	const before = await readRecord(root);
	if (before !== undefined && !options.isForced) {
		throw new UsageError(`The service is installed already (version ${before.version}, for ${before.repository}). "service install --force" replaces it and keeps the settings you do not give.`);
	}

	process.umask(0o022);
	const resolved = resolveAll(flags, root);
	const facts = await gatherFacts(resolved, {program, node, root});
	const steps = installSteps(facts);
	printLine(`Installs ${serviceName} for ${facts.repository}: ${program.says}; ${node.says}.`);
	await takeSteps([{type: 'folder', path: paths.settingsFolder, mode: 0o755}, recordStep({version, repository: facts.repository, steps}, before), ...steps], target);
	rmSync(inRoot(root, `${paths.credentials}/${facts.github.name === 'github-token' ? 'github-app-key-file' : 'github-token'}`), {force: true}); // What an earlier installation used.
	if (root !== undefined) {
		printLine('Installed; it starts when that system boots.');
		return 0;
	}

	// A first start comes back once the engine has checked its tokens and looked once.
	const {status} = spawnSync('systemctl', ['restart', serviceName], {stdio: 'inherit'});
	printLine(status === 0
		? `Installed and running. To watch it without sudo: usermod -aG ${serviceName} YOU, then log in anew.`
		: 'Installed, but it did not start; "service logs -n 20" says why. To change settings: "service install --force". Then "service start".');
	return status === 0 ? 0 : 1;
}

/** `service uninstall`: rolls back what the installation did; returns the exit code. */
export async function uninstallService(options: {readonly root: string | undefined}): Promise<number> {
	const {root} = options;
	const record = await readRecord(root);
	if (record === undefined) {
		printLine(`Nothing is installed: there is no ${inRoot(root, paths.record)}.`);
		return 0;
	}

	if (root === undefined) {
		spawnSync('systemctl', ['stop', serviceName], {stdio: 'inherit'});
		printLine(`systemctl stop ${serviceName}`);
	}

	const failures = await undoSteps([
		{type: 'folder', path: paths.settingsFolder, mode: 0o755},
		{
			type: 'file', path: paths.record, mode: 0o644, text: '',
		},
		...record.steps.filter(step => step.type !== 'folder' || step.path !== paths.settingsFolder),
	], {root, print: printLine});
	if (root === undefined) {
		spawnSync('systemctl', ['daemon-reload'], {stdio: 'inherit'});
	}

	const left = [paths.state, paths.logs].filter(folder => existsSync(inRoot(root, folder)));
	printLine(`${left.length === 0 ? 'Nothing is left on this machine' : `History is kept in ${left.join(' and ')}; delete it if you no longer need it`}. Servers that run at Hetzner, and a firewall that --firewall create made, stay until they are deleted: look into the project.`);
	return failures === 0 ? 0 : 1;
}

// What is installed already counts least: an upgrade needs no settings at all.
function resolveAll(given: Call['flags'], root: string | undefined): readonly Setting[] {
	const own = openSettingsFile(given);
	const installed = readInstalled(root);
	const file: SettingsFile = {...own, values: {...installed, ...own.values}};
	return resolveSettings({flags: given, environment: process.env, file});
}

function readInstalled(root: string | undefined): Readonly<Record<string, unknown>> {
	const settings = inRoot(root, paths.settings);
	if (!existsSync(settings)) {
		return {};
	}

	const file = openSettingsFile(new Map([['settingsFile', {flag: '--settings-file', texts: [settings]}]]));
	const credentialFile = (name: string) => {
		const from = path.join(inRoot(root, paths.credentials), name);
		return existsSync(from) ? from : undefined;
	};

	const credential = (name: string) => {
		const from = credentialFile(name);
		return from === undefined ? undefined : readFileSync(from, 'utf8');
	};

	const unit = inRoot(root, paths.unit);
	const key = existsSync(unit) ? /^LoadCredential=ssh-private-key:(?<file>.+)$/mv.exec(readFileSync(unit, 'utf8'))?.groups?.file?.replaceAll('%%', '%') : undefined;
	return Object.fromEntries(Object.entries({
		...file.values, githubToken: credential('github-token'), githubAppKeyFile: credentialFile('github-app-key-file'), hetznerToken: credential('hetzner-token'), sshPrivateKey: key, webhookSecretFile: credentialFile('webhook-secret-file'),
	}).filter(([, value]) => value !== undefined));
}

async function gatherFacts(resolved: readonly Setting[], from: Pick<InstallFacts, 'program' | 'node'> & {readonly root: string | undefined}): Promise<InstallFacts> {
	const settings = settingsOf(resolved);
	const missing = missingSettings(settings);
	if (missing.length > 0) {
		throw new UsageError(`Not set: ${missing.join(', ')}. sudo drops environment variables: use "sudo -E", or save them as root with "settings set".`);
	}

	await scriptsOf(settings); // A wrong script is told now, not by the service's log.
	const outside = logFiles(settings).find(file => !file.startsWith(`${paths.logs}/`));
	if (outside !== undefined) {
		throw new UsageError(`--logger-config names the file ${outside}, but a service can only write below ${paths.logs}: name a file there.`);
	}

	warn(ignoredToken(settings));
	const account = accountOf(settings);
	const names = new Map(resolved.map(setting => [setting.option.name, setting]));
	const files = fileSettings.flatMap(name => {
		const value = names.get(name)?.value;
		return typeof value === 'string' ? [{setting: name, name: fileName(name), text: readFileSync(value, 'utf8')}] : [];
	});
	const stored = resolved.filter(({option, source, value}) => source.kind !== 'default' && value !== undefined && option.isCommandLineOnly !== true && !otherWays.has(option.name));
	return {
		...from,
		repository: `${account.repository.owner}/${account.repository.name}`,
		settings: {...Object.fromEntries(stored.map(({option, value}) => [option.name, value])), ...Object.fromEntries(files.map(({setting, name}) => [setting, copiedFile(name)]))},
		github: account.github.kind === 'token' ? {name: 'github-token', text: account.github.token} : {name: 'github-app-key-file', text: account.github.readKey()},
		hetznerToken: account.hetznerToken,
		webhookSecret: settings.webhookSecretFile === undefined ? undefined : readWebhookSecrets(settings.webhookSecretFile).map(line => `${line}\n`).join(''),
		sshPrivateKey: privateKeyFor(settings.sshPrivateKey),
		files,
		environment: proxyVariables(from.root),
		freeCommands: commandNames.filter(name => isFree(inRoot(from.root, `${paths.commands}/${name}`, 'asIs'))),
		hasPerl: existsSync(inRoot(from.root, '/usr/bin/perl', 'asIs')),
		viewers: settings.viewGroup === undefined ? undefined : {group: settings.viewGroup, socket: viewSocketOf(socketPathIn(paths.runtime, account.repository))},
		hasUser: new RegExp(`^${serviceName}:`, 'mv').test(readIfThere(inRoot(from.root, '/etc/passwd'))),
	};
}

const proxyNames = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy', 'NODE_EXTRA_CA_CERTS', 'NODE_USE_ENV_PROXY'];

// Systemd starts the service with none of the person's variables: those by which this
// machine reaches the APIs go along. Without any an earlier installation's stay.
function proxyVariables(root: string | undefined): string {
	const given = proxyNames.flatMap(name => {
		const value = process.env[name];
		return value === undefined || value === '' ? [] : [{name, value}];
	});
	const odd = given.find(({value}) => /[\p{Control}"\\]/v.test(value));
	if (odd !== undefined) {
		throw new UsageError(`${odd.name} contains a character that is not valid in a proxy's address.`);
	}

	if (given.length === 0) {
		return readIfThere(inRoot(root, paths.environment));
	}

	printLine(`The service gets ${given.map(({name}) => name).join(', ')} too.`);
	return given.map(({name, value}) => `${name}="${value}"\n`).join('');
}

function isFree(link: string): boolean {
	try {
		return readlinkSync(link) === `${paths.program}/bin.js`;
	} catch {
		return !existsSync(link);
	}
}

function fileName(setting: string): string {
	const kebab = setting.replaceAll(/[A-Z]/gv, letter => `-${letter.toLowerCase()}`);
	return setting === 'loggerConfig' ? 'logger-config.json' : `${kebab.replace(/-script$/v, '')}.sh`;
}

// A service has no agent: it needs a file, without a passphrase. systemd reads it as root, so it may stay where it is.
function privateKeyFor(configured: string | undefined): string {
	const folders = [...new Set([os.homedir(), ...homeOfSudoer()])];
	const candidates = configured === undefined
		? folders.flatMap(folder => ['id_ed25519', 'id_ecdsa', 'id_rsa'].map(name => path.join(folder, '.ssh', name)))
		: [path.resolve(configured)];
	const found = candidates.find(file => existsSync(file));
	if (found === undefined) {
		throw new UsageError(configured === undefined
			? `A service has no SSH agent and needs a private key file: give it by --ssh-private-key (none of ${candidates.join(', ')} exists).`
			: `--ssh-private-key names ${configured}, which does not exist.`);
	}

	if (spawnSync('ssh-keygen', ['-y', '-P', '', '-f', found], {stdio: 'ignore'}).status !== 0) {
		throw new UsageError(`${found} cannot be used by a service: it has a passphrase or is not a private key. Create one for the service: ssh-keygen -t ed25519 -N '' -f FILE, give its .pub to Hetzner, then --ssh-private-key FILE --ssh-key NAME.`);
	}

	return found;
}

function homeOfSudoer(): readonly string[] {
	const user = process.env.SUDO_USER;
	const home = user === undefined ? undefined : readIfThere('/etc/passwd').split('\n').map(line => line.split(':')).find(([name]) => name === user)?.[5];
	return home === undefined ? [] : [home];
}

function readIfThere(file: string): string {
	return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function writeReadyFile(ready: ReturnType<typeof readyFile>, supervisor: string, root: string | undefined): number {
	const file = path.join(root ?? process.cwd(), ready.name);
	mkdirSync(path.dirname(file), {recursive: true});
	try {
		writeFileSync(file, ready.text, {mode: ready.mode, flag: 'wx'});
	} catch {
		throw new UsageError(`This machine does not run systemd, and ${file} exists already: move it away and run this again to have the file written there.`);
	}

	printLine(`This machine does not run systemd${supervisor === 'none' ? '' : `, but ${supervisor}`}: ${file} is ready for ${supervisor === 'none' ? 'docker compose' : 'it'}; ${ready.advice}.`);
	return 1;
}
