// A job that has root looks for something with which another runner could be registered: what the engine handed over, the real startup
// script, a job that reads all it can.
import {spawn, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {
	existsSync, mkdirSync, readFileSync, watch, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readHostScripts} from '../../source/host-scripts/find.ts';
import {job} from '../../source/simulator/given.ts';
import {givenEngine} from '../support/given-engine.ts';
import {filesBelow} from '../support/look-for-secrets.ts';
import {stubPrograms} from '../support/stub-programs.ts';

const scripts = await readHostScripts();

// The environment of each process above the job, then every file that it is given: what root can read.
const looksEverywhere = (folder: string) => String.raw`#!/bin/bash
pid=$$
while [ "$pid" -gt 1 ]; do
	tr '\0' '\n' <"/proc/$pid/environ"
	tr '\0' '\n' <"/proc/$pid/cmdline"
	pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status")
done >"${folder}/loot"
`;

test('a job with root finds no token, and its own runner’s configuration starts no second one', async t => {
	const day = givenEngine({jobs: [{...job('hostile'), durationSeconds: 600}]}, {}, scripts);
	let handed: Readonly<Record<string, string>> = {};
	const {startSetUp} = day.world.hetzner;
	day.world.hetzner.startSetUp = (server, input) => {
		handed = input.environment;
		return startSetUp(server, input);
	};

	await day.wait('the job runs', () => day.job('hostile').actualState === 'running');
	t.false('GITHUB_RUNNER_TOKEN' in handed);

	const stubs = stubPrograms();
	const [home, source] = [path.join(stubs.folder, 'home'), path.join(stubs.folder, 'source')];
	mkdirSync(home);
	mkdirSync(source);
	writeFileSync(path.join(source, 'run.sh'), looksEverywhere(stubs.folder), {mode: 0o755});
	const archive = path.join(stubs.folder, 'archive');
	spawnSync('tar', ['czf', archive, '-C', source, 'run.sh']);
	stubs.add('uname', 'echo x86_64');
	stubs.add('curl', `[[ " $* " == *' --output '* ]] || exit 0; while [ "$1" != --output ]; do shift; done; cp '${archive}' "$2"`);
	stubs.add('chown');
	stubs.add('runuser', 'shift 3; exec "$@"');
	stubs.add('systemctl', `touch '${stubs.folder}/off'`);
	const child = spawn('bash', ['-c', scripts.startupX64.text], {
		cwd: stubs.folder, stdio: 'ignore', env: {
			...handed, PATH: stubs.path, RUNNER_PATH: stubs.path, RUNNER_HOME: home, RUNNER_LOG: path.join(stubs.folder, 'log'),
			RUNNER_DOWNLOAD_SHA256: createHash('sha256').update(readFileSync(archive)).digest('hex'),
		},
	});
	const watcher = watch(stubs.folder); // eslint-disable-line n/prefer-promises/fs -- That one begins to watch too late.
	t.deepEqual(await once(child, 'close'), [0, null]);
	while (!existsSync(path.join(stubs.folder, 'off'))) {
		await once(watcher, 'change');
	}

	watcher.close();
	const loot = [readFileSync(path.join(stubs.folder, 'loot'), 'utf8'), ...filesBelow(home).values()].join('\n');
	const [found] = /^ACTIONS_RUNNER_INPUT_JITCONFIG=(?<config>.+)$/mv.exec(loot)?.groups?.config?.split('\n') ?? [];
	t.is(found, day.world.github.jitConfigs()[0], 'the search is a real one: its own runner’s configuration is there');

	t.deepEqual(day.world.github.tokens(), [], 'there is no registration token in the world');
	for (const token of loot.match(/\b[0-9A-Z]{29}\b/gv) ?? []) {
		t.is(typeof day.world.github.register({
			token, name: 'stolen', labels: ['self-hosted'], architecture: 'x64', version: '2.338.0',
		}), 'string');
	}

	const second = day.world.github.startJit(found ?? '');
	t.regex(typeof second === 'string' ? second : 'started', /already exists/v);
	await day.end();
});
