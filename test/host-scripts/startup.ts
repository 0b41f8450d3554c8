import {spawn, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {
	existsSync, mkdirSync, readFileSync, watch, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readHostScripts} from '../../source/host-scripts/find.ts';
import {filesBelow} from '../support/look-for-secrets.ts';
import {stubPrograms, type StubPrograms} from '../support/stub-programs.ts';

const scripts = await readHostScripts();
const hostile = 'x\'; touch PWNED; echo \'$(touch PWNED)`touch PWNED`,😀';
const filename = 'actions-runner-linux-x64-2.338.0.tar.gz';

/* A machine whose runner program is made of these two scripts; a world of stand-ins around it. */
function given({config = 'exit 0', run = 'exit 0', machine = 'x86_64'}: {readonly config?: string; readonly run?: string; readonly machine?: string} = {}) {
	const stubs = stubPrograms();
	const home = path.join(stubs.folder, 'home');
	const source = path.join(stubs.folder, 'source');
	mkdirSync(home);
	mkdirSync(source);
	const note = '{ printf \'%s\' "$0"; printf \' [%s]\' "$@"; echo; env | sort; } >';
	writeFileSync(path.join(source, 'config.sh'), `#!/bin/bash\n${note}'${stubs.folder}/config'\n${config}\n`, {mode: 0o755});
	writeFileSync(path.join(source, 'run.sh'), `#!/bin/bash\n${note}'${stubs.folder}/run'\n${run}\n`, {mode: 0o755});
	const archive = path.join(stubs.folder, 'archive');
	spawnSync('tar', ['czf', archive, '-C', source, 'config.sh', 'run.sh']);
	stubs.add('uname', `echo ${machine}`);
	stubs.add('curl', `[[ " $* " == *' --output '* ]] || exit 0; while [ "$1" != --output ]; do shift; done; cp '${archive}' "$2"`);
	stubs.add('chown');
	stubs.add('runuser', 'shift 3; exec "$@"');
	stubs.add('systemctl', `touch '${stubs.folder}/off'`);
	stubs.add('poweroff');
	return {stubs, home, sha: createHash('sha256').update(readFileSync(archive)).digest('hex')};
}

function environment({stubs, home, sha}: ReturnType<typeof given>): Record<string, string> {
	return {
		PATH: stubs.path, RUNNER_PATH: stubs.path, RUNNER_HOME: home, RUNNER_LOG: path.join(stubs.folder, 'log'),
		GITHUB_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/widgets', GITHUB_RUNNER_TOKEN: 'runner-secret', GITHUB_RUNNER_GROUP: 'Default', GITHUB_RUNNER_LABELS: hostile,
		RUNNER_NAME: 'gh-actions-runner-7-70', RUNNER_DOWNLOAD_URL: `https://github.com/actions/runner/${filename}`, RUNNER_DOWNLOAD_FILENAME: filename, RUNNER_DOWNLOAD_SHA256: sha,
	};
}

async function start(world: ReturnType<typeof given>, more: Readonly<Record<string, string>> = {}, text = scripts.startupX64.text): Promise<{status: number; output: string}> {
	const file = path.join(world.stubs.folder, 'startup');
	writeFileSync(file, text);
	const child = spawn('bash', [file], {stdio: ['ignore', 'pipe', 'pipe'], env: {...environment(world), ...more}, cwd: world.stubs.folder});
	let output = '';
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
		output += chunk;
	});
	child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
		output += chunk;
	});
	const [status] = await once(child, 'close') as [number];
	return {status, output};
}

/* Resolves once that file is there. */
async function appears(stubs: StubPrograms, name: string): Promise<void> {
	const watcher = watch(stubs.folder); // eslint-disable-line n/prefer-promises/fs -- That one begins to watch too late.
	while (!existsSync(path.join(stubs.folder, name))) {
		await once(watcher, 'change');
	}

	watcher.close();
}

test('the runner is downloaded, checked, configured for one job, run, and the machine powered off', async t => {
	const world = given();
	const {status, output} = await start(world);
	t.deepEqual([status, output.split('\n').at(-2)], [0, 'Started']);
	await appears(world.stubs, 'off');
	const config = readFileSync(path.join(world.stubs.folder, 'config'), 'utf8').split('\n');
	t.is(config[0]?.replace(world.home, '.'), './config.sh [--unattended] [--replace] [--url] [https://github.com/acme/widgets] [--name] [gh-actions-runner-7-70] '
	+ `[--labels] [${hostile}] [--work] [_work] [--ephemeral] [--disableupdate] [--runnergroup] [Default]`);
	t.true(config.includes('ACTIONS_RUNNER_INPUT_TOKEN=runner-secret'));
	t.false(world.stubs.calls().some(call => call.includes('runner-secret')), 'the token is on no command line');
	t.notRegex(output, /runner-secret/v);
	t.false(existsSync(path.join(world.stubs.folder, 'PWNED')) || existsSync(path.join(world.home, 'PWNED')));
	t.false(existsSync(path.join(world.home, filename)), 'the archive is not left');
});

const jit = `ey${'Jk'.repeat(2000)}==`;

for (const [kind, machine, text] of [['x64', 'x86_64', scripts.startupX64.text], ['arm64', 'aarch64', scripts.startupArm64.text]] as const) {
	test(`${kind}: with a configuration of its own the runner is started without config.sh, and finds it in its environment, nowhere else`, async t => {
		const world = given({machine, run: String.raw`tr '\0' ' ' </proc/$PPID/cmdline; tr '\0' ' ' </proc/$$/cmdline`});
		const {status, output} = await start(world, {GITHUB_RUNNER_JIT_CONFIG: jit, GITHUB_RUNNER_TOKEN: ''}, text);
		t.deepEqual([status, output.split('\n').at(-2)], [0, 'Started']);
		await appears(world.stubs, 'off');
		t.false(existsSync(path.join(world.stubs.folder, 'config')));
		const lines = readFileSync(path.join(world.stubs.folder, 'run'), 'utf8').split('\n');
		t.is(lines[0]?.replace(world.home, '.'), './run.sh []');
		t.deepEqual(lines.slice(1).map(line => line.split('=', 1)[0] ?? '').filter(name => !['', '_', 'SHLVL', 'PWD', 'OLDPWD'].includes(name)).toSorted(), [
			'ACTIONS_RUNNER_INPUT_JITCONFIG', 'ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE', 'HOME', 'LANG', 'LOGNAME', 'PATH', 'USER',
		]);
		t.true(lines.includes(`ACTIONS_RUNNER_INPUT_JITCONFIG=${jit}`));
		const log = readFileSync(path.join(world.stubs.folder, 'log'), 'utf8');
		t.regex(log, /run\.sh ended with 0/v);
		for (const words of [output, log, ...world.stubs.calls(), ...filesBelow(world.home).values()]) {
			t.false(words.includes(jit));
		}
	});
}

test('neither configuration nor runner inherits our variables', async t => {
	const world = given();
	await start(world);
	await appears(world.stubs, 'off');
	const names = (file: string) => readFileSync(path.join(world.stubs.folder, file), 'utf8').split('\n').slice(1).map(line => line.split('=', 1)[0] ?? '')
		.filter(name => !['', '_', 'SHLVL', 'PWD', 'OLDPWD'].includes(name)).toSorted();
	t.deepEqual(names('config'), ['ACTIONS_RUNNER_INPUT_TOKEN', 'HOME', 'LANG', 'LOGNAME', 'PATH', 'USER']);
	t.deepEqual(names('run'), ['ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE', 'HOME', 'LANG', 'LOGNAME', 'PATH', 'USER']);
});

test('the machine powers off when run.sh fails, and when systemctl does, too', async t => {
	const failing = given({run: 'exit 1'});
	t.is((await start(failing)).status, 0);
	await appears(failing.stubs, 'off');

	const bare = given();
	bare.stubs.add('systemctl', 'exit 1');
	bare.stubs.add('poweroff', `touch '${bare.stubs.folder}/off'`);
	await start(bare);
	await appears(bare.stubs, 'off');
	t.true(bare.stubs.calls().includes('poweroff [-f]'));
});

test('a failing config.sh gives its code and its words, and nothing is started or powered off', async t => {
	const world = given({config: 'echo "Http response code: NotFound"; exit 9'});
	const {status, output} = await start(world);
	t.is(status, 9);
	t.regex(output, /Http response code: NotFound\n$/v);
	t.false(existsSync(path.join(world.stubs.folder, 'run')));
	t.false(existsSync(path.join(world.stubs.folder, 'off')));
});

test('a download with another checksum is not unpacked', async t => {
	const world = given();
	const {status, output} = await start(world, {RUNNER_DOWNLOAD_SHA256: 'a'.repeat(64)});
	t.not(status, 0);
	t.regex(output, /FAILED/v);
	t.false(existsSync(path.join(world.home, 'config.sh')));
});

test('a failing download, a wrong machine and a strange file name stop it', async t => {
	const noNet = given();
	noNet.stubs.add('curl', 'echo "curl: (6) Could not resolve host" >&2; exit 6');
	t.like(await start(noNet), {status: 6});
	const arm = await start(given({machine: 'aarch64'}));
	t.is(arm.output, 'This script is for x86_64, this machine is aarch64\n');
	t.is(arm.status, 1);
	t.is((await start(given(), {}, scripts.startupArm64.text)).output, 'This script is for aarch64, this machine is x86_64\n');
	t.is((await start(given(), {RUNNER_DOWNLOAD_FILENAME: '../../etc/passwd'})).status, 1);
});

test('an old curl gets no option that it does not know, and no redirect leads from https elsewhere', async t => {
	const world = given();
	world.stubs.add('curl', `[[ " $* " == *' --retry-all-errors '* ]] && exit 2; while [ "$1" != --output ]; do shift; done; cp '${path.join(world.stubs.folder, 'archive')}' "$2"`);
	t.is((await start(world)).status, 0);
	const call = world.stubs.calls().find(one => one.startsWith('curl') && one.includes('--output')) ?? '';
	t.true(call.includes('[--retry-connrefused]') && call.includes('[--proto] [=https]'), call);
});

test('what an image made of a used server brought along does not stop its runner', async t => {
	const world = given({config: '[ ! -e .runner ] || { echo "Cannot configure the runner because it is already configured"; exit 1; }'});
	writeFileSync(path.join(world.home, '.runner'), '{}');
	t.is((await start(world)).status, 0);
});
