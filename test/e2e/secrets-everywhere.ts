import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {request} from 'node:http';
import path from 'node:path';
import test from 'ava';
import {paths} from '../../source/remote/protocol.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {
	assertWithout,
	filesBelow,
	lookAround,
	nothingSeen,
	registrationTokens,
} from '../support/look-for-secrets.ts';
import {emptyHome, runProgram} from '../support/program.ts';
import {isWhole, openProgram} from '../support/pty.ts';
import {serveQuickWorld} from '../support/simulator-process.ts';

// A whole day of the console on a real terminal: every screen, every answer of the socket, metrics, plain commands, files, processes.

// What that path of the socket answers; a stream for as long as it takes to bring the first state.
async function answerOf(socketPath: string, route: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const asked = request({socketPath, path: route}, response => {
			let text = '';
			response.setEncoding('utf8').on('data', (part: string) => {
				text += part;
				if (!text.includes('\n\n')) {
					return;
				}

				resolve(text);
				asked.destroy();
			}).on('end', () => {
				resolve(text);
			}).on('error', () => {
				resolve(text);
			});
		});
		asked.on('error', reject).end();
	});
}

test('no token is in any screen, socket answer, metric, log, file or process of a day', async t => {
	t.timeout(300_000); // A day with every screen and a dozen programs, on a busy machine.
	const {world, environment} = await serveQuickWorld(t, {seed: 907});
	const given = registrationTokens(world);
	world.addRun({
		jobs: [
			{name: 'good', durationSeconds: 3},
			{name: 'bad', outcome: 'configFails', durationSeconds: 1},
			{name: 'arm', labels: ['self-hosted', 'server-cax11'], durationSeconds: 1},
		],
	});
	// Both APIs repeat the token in an error, once.
	world.faults.inject({
		kind: 'answer', api: 'hetzner', operation: 'createServer', status: 422, code: 'invalid_input', message: `no such token ${world.hetznerToken}`,
	}, {times: 1});
	world.faults.inject({
		kind: 'answer', api: 'github', operation: 'listRunners', status: 500, message: `no such token ${world.githubToken}`,
	}, {afterSeconds: 8, times: 4});
	const home = emptyHome();
	const {GITHUB_TOKEN: githubToken = '', HETZNER_TOKEN: hetznerToken = '', HCLOUD_TOKEN: _hcloud, ...others} = environment;
	const env = {
		...others, HOME: home, XDG_CONFIG_HOME: path.join(home, '.config'), XDG_STATE_HOME: path.join(home, '.state'), XDG_RUNTIME_DIR: path.join(home, '.run'), TMPDIR: path.join(home, 'tmp'),
	};
	mkdirSync(env.TMPDIR);
	t.is((await runProgram(['settings', 'set', 'github-token', '-'], {env, input: githubToken})).code, 0);
	t.is((await runProgram(['settings', 'set', 'hetzner-token', '-'], {env, input: hetznerToken})).code, 0);
	const settingsFile = (await runProgram(['settings', 'path'], {env})).stdout.trim();
	t.true(readFileSync(settingsFile, 'utf8').includes(githubToken));
	const logFile = path.join(home, 'log/day.jsonl');
	const config = path.join(home, 'logger.json');
	writeFileSync(config, JSON.stringify({destinations: [{to: 'file', path: logFile, format: 'json'}]}));
	const socket = path.join(home, 'engine.sock');
	const program = openProgram([
		'run', '--debug', '--scale-up-interval', '1', '--scale-down-interval', '1', '--max-powered-off-time', '3', '--max-runner-registration-time', '10', '--metrics', '0', '--socket', socket, '--logger-config', config,
	], {columns: 160, rows: 110, env});
	t.teardown(program.kill);
	const seen = nothingSeen();
	await program.until('a server', screen => program.view.modes.bracketedPasteMode && isWhole(screen) && /Servers [1-9]/v.test(screen.text));
	const secrets = (): readonly string[] => [githubToken, hetznerToken, ...given];
	const check = (where: string, text: string) => {
		assertWithout(t, secrets(), where, text);
	};

	for (const [key, sign] of [['s', 'GITHUB_RUNNER_TOKEN'], ['\u{1B}', 'p pause'], ['l', 'all levels'], ['\u{1B}', 'p pause'], ['z', '┌ Zombies'], ['\u{1B}', 'p pause'], ['2', '[Servers'], ['\r', 'esc back'], ['\u{1B}', 'p pause'], ['?', '┌ Keys'], ['\u{1B}', 'p pause']] as const) {
		lookAround(program.pid, seen);
		program.type(key);
		await program.until(`${JSON.stringify(key)} shows ${sign}`, screen => isWhole(screen) && screen.text.toLowerCase().includes(sign.toLowerCase()));
	}

	for (const route of [paths.handshake, paths.events, paths.scripts, paths.scriptVariables]) {
		const answer = await answerOf(socket, route);
		t.true(answer.length > 10, `${route} answers`);
		check(`the socket's ${route}`, answer);
	}

	const metricsUrl = /metrics at (?<url>http\S+)/v.exec(program.raw())?.groups?.url ?? '';
	check('metrics', await (await fetch(metricsUrl)).text());
	for (const argv of [['list', '--json'], ['logs', '-n', '200'], ['logs', '-n', '200', '--log-format', 'json'], ['scripts', '--json'], ['doctor'], ['doctor', '--json'], ['settings', 'show'], ['service', 'status']]) {
		lookAround(program.pid, seen);
		const {stdout, stderr} = await runProgram([...argv, '--socket', socket], {env});
		check(argv.join(' '), stdout + stderr);
	}

	while (!isFinished(world)) {
		lookAround(program.pid, seen);
		await new Promise(resolve => {
			setTimeout(resolve, 100);
		});
	}

	program.signal('SIGTERM');
	t.deepEqual(await program.ended, {code: 0, signal: 0});
	check('the screen', program.raw());
	check('what is left on the screen', program.screen().text);
	const files = filesBelow(home);
	for (const [file, text] of files) {
		if (file !== settingsFile) {
			check(file, text);
		}
	}

	t.regex(files.get(logFile) ?? '', /"code":"serverDeleted"/v);
	t.true(files.keys().some(file => file.endsWith('/journal.jsonl')));
	t.true(files.keys().some(file => /\/servers\/gh-actions-runner-[^\/]+\.log$/v.test(file)));
	t.regex(files.get(logFile) ?? '', /no such token \*+/v);
	for (const line of seen.commandLines) {
		check(`the command line ${line.replaceAll('\0', ' ')}`, line);
	}

	t.true(seen.commandLines.values().some(line => line.startsWith('ssh\0')));
	for (const text of seen.childEnvironments) {
		check('the environment of a child', text);
	}
});
