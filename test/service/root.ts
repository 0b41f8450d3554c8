import {generateKeyPairSync} from 'node:crypto';
import {
	constants,
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {openSettingsFile} from '../../source/settings/file.ts';
import {resolveSettings, settingsOf} from '../../source/settings/read.ts';
import {
	emptyHome,
	plainEnvironment,
	root as packageRoot,
	runNode,
	type Ended,
} from '../support/program.ts';

// Every step of `service install` and `service uninstall`, by the built program, below an alternative root folder.

const githubToken = 'ghp_aTokenThatMustNotBeSeen0123456789abcd';
const hetznerToken = 'aHetznerTokenThatMustNotBeSeen0123456789';

// Program and Node in a folder that is emptied, wherever this checkout lies: installing copies both.
const passing = path.join(emptyHome(), 'package');
for (const file of ['bin.js', 'package.json', 'LICENSE', 'dist']) {
	cpSync(path.join(packageRoot, file), path.join(passing, file), {recursive: true});
}

cpSync(process.execPath, path.join(passing, 'node'), {mode: constants.COPYFILE_FICLONE});

type StandIn = {readonly folder: string; readonly key: string; readonly run: (argv: readonly string[], more?: Readonly<Record<string, string>>) => Promise<Ended>};

// A system as an image has it before its first boot: systemd's own units, and no users.
async function standIn(init: readonly string[] = ['lib/systemd/systemd']): Promise<StandIn> {
	const home = emptyHome();
	const folder = path.join(home, 'root');
	mkdirSync(path.join(folder, 'etc'), {recursive: true});
	for (const file of ['etc/passwd', 'etc/group', 'etc/shadow', 'etc/gshadow', ...init]) {
		mkdirSync(path.dirname(path.join(folder, file)), {recursive: true});
		writeFileSync(path.join(folder, file), '');
	}

	const key = path.join(home, 'key');
	await runNode(['-q', '-t', 'ed25519', '-N', '', '-f', key], {program: 'ssh-keygen'});
	return {
		folder,
		key,
		run: async (argv, more = {}) => runNode([path.join(passing, 'bin.js'), ...argv], {
			program: path.join(passing, 'node'), env: plainEnvironment(home, {
				PATH: `${process.env.PATH}:/usr/sbin:/sbin`, GITHUB_TOKEN: githubToken, GITHUB_REPOSITORY: 'testflows/github-runners', HETZNER_TOKEN: hetznerToken, HETZNER_SSH_KEY_NAME: 'user@user-node', HETZNER_SSH_PRIVATE_KEY: key, ...more,
			}),
		}),
	};
}

function filesBelow(folder: string): readonly string[] {
	return readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter(entry => !entry.isDirectory())
		.map(entry => path.join(entry.parentPath, entry.name).slice(folder.length));
}

function modeOf(file: string): string {
	return (statSync(file).mode % 0o1000).toString(8);
}

function assertGood(t: ExecutionContext, {code, stdout, stderr}: Ended): void {
	t.is(code, 0, `${stdout}${stderr}`);
}

const unit = 'etc/systemd/system/github-runners.service';

test('install puts unit, settings, tokens, program and user in their places; tokens are in root\'s files and nowhere else', async t => {
	const {folder, key, run} = await standIn();
	const installed = await run(['service', 'install', '--root', folder, '--max-runners', '10', '--server-type', 'cx33', '--server-type', 'cx23']);
	assertGood(t, installed);
	t.false((installed.stdout + installed.stderr).includes(githubToken));
	const inRoot = (file: string) => path.join(folder, file);

	t.deepEqual(JSON.parse(readFileSync(inRoot('etc/hetzner-runners-tui/config.json'), 'utf8')), {
		githubRepository: 'testflows/github-runners', sshKey: 'user@user-node', serverType: ['cx33', 'cx23'], maxRunners: 10,
	});
	t.is(modeOf(inRoot('etc/hetzner-runners-tui/credentials')), '700');
	for (const [name, token] of [['github-token', githubToken], ['hetzner-token', hetznerToken]] as const) {
		const file = inRoot(`etc/hetzner-runners-tui/credentials/${name}`);
		t.is(readFileSync(file, 'utf8'), token);
		t.is(modeOf(file), '600');
	}

	const withToken = filesBelow(folder).filter(file => existsSync(inRoot(file)) && [githubToken, hetznerToken].some(token => readFileSync(inRoot(file), 'latin1').includes(token)));
	t.deepEqual(withToken.toSorted((a, b) => a.localeCompare(b)), ['/etc/hetzner-runners-tui/credentials/github-token', '/etc/hetzner-runners-tui/credentials/hetzner-token']);
	t.true(readFileSync(inRoot(unit), 'utf8').includes(`LoadCredential=ssh-private-key:${key}\n`));
	t.is(readlinkSync(inRoot('etc/systemd/system/multi-user.target.wants/github-runners.service')), '/etc/systemd/system/github-runners.service');
	t.is(readlinkSync(inRoot('usr/local/bin/github-runners')), '/usr/local/lib/hetzner-runners-tui/bin.js');
	t.regex(readFileSync(inRoot('etc/passwd'), 'utf8'), /^github-runners:x:\d+:\d+:hetzner-runners-tui:\/var\/lib\/hetzner-runners-tui:\/usr\/sbin\/nologin$/mv);
	t.regex(readFileSync(inRoot('etc/group'), 'utf8'), /^github-runners:/mv);
});

test('a GitHub App\'s key goes where a token goes, its ID into the settings; the token of an earlier installation is taken away', async t => {
	const {folder, key, run} = await standIn();
	assertGood(t, await run(['service', 'install', '--root', folder]));
	const pem = generateKeyPairSync('rsa', {modulusLength: 2048, privateKeyEncoding: {type: 'pkcs1', format: 'pem'}, publicKeyEncoding: {type: 'spki', format: 'pem'}}).privateKey;
	const keyFile = path.join(path.dirname(key), 'app.pem');
	writeFileSync(keyFile, pem, {mode: 0o600});
	const app = {GITHUB_TOKEN: '', GITHUB_APP_ID: '4711', GITHUB_APP_KEY_FILE: keyFile};
	const inRoot = (file: string) => path.join(folder, file);
	const credentials = inRoot('etc/hetzner-runners-tui/credentials');
	const installed = await run(['service', 'install', '--force', '--root', folder], app);
	assertGood(t, installed);
	t.is(readFileSync(path.join(credentials, 'github-app-key-file'), 'utf8'), pem);
	t.is(modeOf(path.join(credentials, 'github-app-key-file')), '600');
	t.false(existsSync(path.join(credentials, 'github-token')));
	t.like(JSON.parse(readFileSync(inRoot('etc/hetzner-runners-tui/config.json'), 'utf8')), {githubAppId: '4711', githubAppKeyFile: undefined});
	t.regex(readFileSync(inRoot(unit), 'utf8'), /^LoadCredential=github-app-key-file:\/etc\/hetzner-runners-tui\/credentials\/github-app-key-file$/mv);
	t.false(readFileSync(inRoot(unit), 'utf8').includes('github-token'));
	const line = pem.split('\n', 4)[3] ?? '';
	t.deepEqual(filesBelow(folder).filter(file => existsSync(inRoot(file)) && readFileSync(inRoot(file), 'latin1').includes(line)), ['/etc/hetzner-runners-tui/credentials/github-app-key-file']);
	t.false((installed.stdout + installed.stderr).includes(line));
	assertGood(t, await run(['service', 'install', '--force', '--root', folder], {GITHUB_TOKEN: ''})); // An upgrade, which is given nothing.
	t.is(readFileSync(path.join(credentials, 'github-app-key-file'), 'utf8'), pem);
	const removed = await run(['service', 'uninstall', '--root', folder]);
	assertGood(t, removed);
	t.false(existsSync(credentials));
});

test('what is installed is the whole program: it runs from there, on the Node that was chosen, by settings file and credentials alone', async t => {
	const {folder, run} = await standIn();
	assertGood(t, await run(['service', 'install', '--root', folder, '--max-runners', '10']));
	const command = /^ExecStart=(?<node>\S+) (?:--\S+ )*(?<program>\S+) run --no-console --settings-file (?<settings>\S+)$/mv.exec(readFileSync(path.join(folder, unit), 'utf8'))?.groups;
	const below = (file: string) => existsSync(path.join(folder, file)) ? path.join(folder, file) : file;
	const {stdout, code} = await runNode([below(command?.program ?? ''), 'settings', 'show', '--settings-file', below(command?.settings ?? '')], {
		program: below(command?.node ?? ''), env: plainEnvironment(emptyHome(), {CREDENTIALS_DIRECTORY: path.join(folder, 'etc/hetzner-runners-tui/credentials')}),
	});
	t.is(code, 0);
	t.regex(stdout, /^github-repository +testflows\/github-runners +"githubRepository" in .*\/root\/etc\/hetzner-runners-tui\/config\.json$/mv);
	t.regex(stdout, /^max-runners +10 /mv);
	t.regex(stdout, /^github-token +\*{8} +\S+\/credentials\/github-token$/mv);
	t.false(stdout.includes(githubToken));
});

test('systemd finds no fault in the unit, and its exposure is below 2.5', async t => {
	const {folder, run} = await standIn();
	assertGood(t, await run(['service', 'install', '--root', folder]));
	const units = ['/usr/lib/systemd/system', '/lib/systemd/system'].find(place => existsSync(place)) ?? '';
	cpSync(units, path.join(folder, 'usr/lib/systemd/system'), {recursive: true, dereference: false, verbatimSymlinks: true});
	const verified = await runNode(['verify', '--man=no', `--root=${folder}`, 'github-runners.service'], {program: 'systemd-analyze'});
	t.is(verified.stderr, '');
	t.is(verified.code, 0);
	const analysed = await runNode(['security', '--offline=true', '--threshold=25', `--root=${folder}`, 'github-runners.service'], {program: 'systemd-analyze'});
	t.is(analysed.code, 0, `${analysed.stdout}${analysed.stderr}`);
	const exposure = Number(/exposure level for github-runners\.service: (?<level>[\d.]+)/v.exec(analysed.stdout)?.groups?.level);
	t.log(`exposure ${exposure}`);
	t.true(exposure < 2.5);
});

test('uninstall removes all that install made, says so line by line, and leaves history, which it names', async t => {
	const {folder, run} = await standIn();
	const before = filesBelow(folder);
	assertGood(t, await run(['service', 'install', '--root', folder]));
	const history = path.join(folder, 'var/lib/hetzner-runners-tui/testflows-github-runners/journal.jsonl');
	mkdirSync(path.dirname(history), {recursive: true});
	writeFileSync(history, '{}\n');
	const removed = await run(['service', 'uninstall', '--root', folder]);
	assertGood(t, removed);
	t.regex(removed.stdout, /^removed \/etc\/systemd\/system\/github-runners\.service$/mv);
	t.regex(removed.stdout, /^History is kept in \/var\/lib\/hetzner-runners-tui; /mv);
	const left = filesBelow(folder).filter(file => !/^\/etc\/\w+-$/v.test(file)); // Useradd keeps a copy of each file that it changes.
	t.deepEqual(left.toSorted((a, b) => a.localeCompare(b)), [...before, history.slice(folder.length)].toSorted((a, b) => a.localeCompare(b)));
	for (const file of ['etc/passwd', 'etc/group', 'etc/shadow', 'etc/gshadow']) {
		t.is(readFileSync(path.join(folder, file), 'utf8'), '', `nothing is left in ${file}`);
	}

	const again = await run(['service', 'uninstall', '--root', folder]);
	assertGood(t, again);
	t.regex(again.stdout, /^Nothing is installed: /v);
});

test('a second install is refused; with --force it upgrades, with the settings that are installed where none are given', async t => {
	const {folder, run} = await standIn();
	assertGood(t, await run(['service', 'install', '--root', folder, '--max-runners', '10', '--image', 'debian-12']));
	const refused = await run(['service', 'install', '--root', folder]);
	t.is(refused.code, 2);
	t.regex(refused.stderr, /^The service is installed already \(version \d+\.\d+\.\d+, for testflows\/github-runners\)\. /v);
	const nothing = {
		GITHUB_TOKEN: '', GITHUB_REPOSITORY: '', HETZNER_TOKEN: '', HETZNER_SSH_KEY_NAME: '', HETZNER_SSH_PRIVATE_KEY: '',
	};
	assertGood(t, await run(['service', 'install', '--force', '--root', folder, '-m', '20'], nothing));
	t.deepEqual(JSON.parse(readFileSync(path.join(folder, 'etc/hetzner-runners-tui/config.json'), 'utf8')), {
		githubRepository: 'testflows/github-runners', sshKey: 'user@user-node', image: 'debian-12', maxRunners: 20,
	});
	t.is(readFileSync(path.join(folder, 'etc/hetzner-runners-tui/credentials/github-token'), 'utf8'), githubToken);
	assertGood(t, await run(['service', 'uninstall', '--root', folder], nothing));
	t.is(readFileSync(path.join(folder, 'etc/passwd'), 'utf8'), '', 'the user of the first install is removed');
});

test('own scripts and the log configuration are copied to where the service can read them', async t => {
	const {folder, run} = await standIn();
	const setup = path.join(path.dirname(folder), 'my setup.sh');
	const config = path.join(path.dirname(folder), 'log.json');
	writeFileSync(setup, 'echo mine\n');
	writeFileSync(config, JSON.stringify({level: 'warn', destinations: [{to: 'file', path: '/var/log/elsewhere.log'}]}));
	const wrong = await run(['service', 'install', '--root', folder, '--logger-config', config]);
	t.is(wrong.code, 2);
	t.regex(wrong.stderr, /a service can only write below \/var\/log\/hetzner-runners-tui/v);
	t.false(existsSync(path.join(folder, unit)));
	writeFileSync(config, JSON.stringify({level: 'warn', destinations: [{to: 'file', path: '/var/log/hetzner-runners-tui/engine.log'}]}));
	assertGood(t, await run(['service', 'install', '--root', folder, '--logger-config', config, '--setup-script', setup]));
	const given = openSettingsFile(new Map([['settingsFile', {flag: '--settings-file', texts: [path.join(folder, 'etc/hetzner-runners-tui/config.json')]}]]));
	const settings = settingsOf(resolveSettings({flags: new Map(), environment: {}, file: given}));
	t.is(settings.setupScript, '/etc/hetzner-runners-tui/files/setup.sh');
	t.is(readFileSync(path.join(folder, settings.setupScript ?? ''), 'utf8'), 'echo mine\n');
	t.is(settings.loggerConfig, '/etc/hetzner-runners-tui/files/logger-config.json');
});

test('a step that fails rolls back those before it', async t => {
	const {folder, run} = await standIn();
	const before = filesBelow(folder);
	mkdirSync(path.join(folder, 'etc/systemd'), {recursive: true});
	writeFileSync(path.join(folder, 'etc/systemd/system'), 'no folder');
	const broken = await run(['service', 'install', '--root', folder]);
	t.is(broken.code, 1);
	t.regex(broken.stderr, /^wrote \/etc\/systemd\/system\/github-runners\.service \(0644\) failed, and the steps before it were rolled back: /v);
	t.deepEqual(filesBelow(folder).filter(file => !/^\/etc\/\w+-$/v.test(file) && file !== '/etc/systemd/system').toSorted((a, b) => a.localeCompare(b)), [...before].toSorted((a, b) => a.localeCompare(b)));
});

test('from an npx cache it says so and puts the package at a stable path', async t => {
	const {folder, run} = await standIn();
	const cache = path.join(path.dirname(folder), '.npm/_npx/0123456789abcdef/node_modules/hetzner-runners-tui');
	for (const file of ['bin.js', 'package.json', 'LICENSE', 'dist']) {
		cpSync(path.join(packageRoot, file), path.join(cache, file), {recursive: true});
	}

	const env = plainEnvironment(path.dirname(folder), {
		PATH: `${process.env.PATH}:/usr/sbin:/sbin`, GITHUB_TOKEN: githubToken, GITHUB_REPOSITORY: 'testflows/github-runners', HETZNER_TOKEN: hetznerToken, HETZNER_SSH_KEY: 'me', HETZNER_SSH_PRIVATE_KEY: path.join(path.dirname(folder), 'key'),
	});
	const {code, stdout} = await runNode([path.join(cache, 'bin.js'), 'service', 'install', '--root', folder], {env});
	t.is(code, 0);
	t.regex(stdout, /a copy of the program in \/usr\/local\/lib\/hetzner-runners-tui, because of [^\n]+\/_npx\/[^\n]+: npm may delete its npx cache at any time/v);
	t.true(existsSync(path.join(folder, 'usr/local/lib/hetzner-runners-tui/dist/cli.js')));
	t.regex(readFileSync(path.join(folder, unit), 'utf8'), /^ExecStart=\S+ (?:--disable-sigusr1 )?\/usr\/local\/lib\/hetzner-runners-tui\/bin\.js run /mv);
	const uninstalled = await run(['service', 'uninstall', '--root', folder]);
	assertGood(t, uninstalled);
	t.false(existsSync(path.join(folder, 'usr/local/lib/hetzner-runners-tui')));
});

test('missing settings, a key with a passphrase and a missing key are told before anything is written', async t => {
	const {folder, run} = await standIn();
	const locked = path.join(path.dirname(folder), 'locked');
	await runNode(['-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', locked], {program: 'ssh-keygen'});
	for (const [more, words] of [
		[{GITHUB_TOKEN: '', HETZNER_SSH_KEY_NAME: ''}, /^Not set: --github-token \(GITHUB_TOKEN\), --ssh-key \(HETZNER_SSH_KEY\)\. sudo drops environment variables: use "sudo -E"/v],
		[{HETZNER_SSH_PRIVATE_KEY: locked}, /locked cannot be used by a service: it has a passphrase/v],
		[{HETZNER_SSH_PRIVATE_KEY: '/nowhere/key'}, /^--ssh-private-key names \/nowhere\/key, which does not exist\.\n$/v],
		[{HETZNER_SSH_PRIVATE_KEY: ''}, /^A service has no SSH agent and needs a private key file/v],
	] as const) {
		const {code, stderr} = await run(['service', 'install', '--root', folder], more);
		t.is(code, 2);
		t.regex(stderr, words);
	}

	t.false(existsSync(path.join(folder, 'etc/hetzner-runners-tui')));
});

for (const [supervisor, sign, name] of [['OpenRC', 'sbin/openrc-run', 'github-runners.initd'], ['runit', 'etc/runit/1', 'run'], ['supervisord', 'etc/supervisord.conf', 'github-runners.conf'], ['docker compose', 'etc/hostname', 'compose.yaml']] as const) {
	test(`without systemd there is one sentence and a ready file for ${supervisor}`, async t => {
		const {folder, run} = await standIn([sign]);
		const {code, stdout} = await run(['service', 'install', '--root', folder]);
		t.is(code, 1);
		t.is(stdout.trim().split('\n').length, 1);
		t.true(stdout.startsWith('This machine does not run systemd'));
		t.true(stdout.includes(supervisor));
		const text = readFileSync(path.join(folder, name), 'utf8');
		t.true(text.includes('CREDENTIALS_DIRECTORY'));
		t.true(text.includes('run --no-console --settings-file'));
		t.false(text.includes(githubToken));
		const again = await run(['service', 'install', '--root', folder]);
		t.is(again.code, 2);
		t.regex(again.stderr, /exists already/v);
	});
}
