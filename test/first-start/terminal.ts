import {readFileSync, statSync} from 'node:fs';
import {copyFile, mkdir} from 'node:fs/promises';
import path from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {emptyHome, runNode} from '../support/program.ts';
import {openProgram, type PtyProgram} from '../support/pty.ts';
import {serveQuickWorld, type QuickWorld} from '../support/simulator-process.ts';

// The first start as a person meets it: the built program in a real terminal, against the simulated APIs.

type Opened = {readonly quick: QuickWorld; readonly program: PtyProgram; readonly settingsFile: string};

async function open(t: ExecutionContext, options: {readonly hasKeyAtHetzner: boolean; readonly columns?: number; readonly rows?: number; readonly env?: (quick: QuickWorld) => Readonly<Record<string, string>>}): Promise<Opened> {
	const quick = await serveQuickWorld(t, {seed: 88});
	const home = emptyHome();
	const folder = path.join(home, '.ssh');
	await mkdir(folder, {mode: 0o700});
	if (options.hasKeyAtHetzner) {
		const own = quick.served.sshPrivateKeyFile;
		await copyFile(own, path.join(folder, 'id_ecdsa'));
		await copyFile(`${own}.pub`, path.join(folder, 'id_ecdsa.pub'));
	} else {
		await runNode(['-q', '-t', 'ed25519', '-N', '', '-C', 'me@laptop', '-f', path.join(folder, 'id_ed25519')], {program: 'ssh-keygen'});
	}

	const {GITHUB_API_URL: github = '', HCLOUD_ENDPOINT: hetzner = '', HETZNER_SSH_PORT: port = ''} = quick.environment;
	const program = openProgram(['--scale-up-interval', '1'], {
		columns: options.columns ?? 100, rows: options.rows ?? 30, env: {
			HOME: home, XDG_CONFIG_HOME: path.join(home, '.config'), XDG_STATE_HOME: path.join(home, '.state'), GITHUB_API_URL: github, HCLOUD_ENDPOINT: hetzner, HETZNER_SSH_PORT: port, ...options.env?.(quick),
		},
	});
	t.teardown(program.kill);
	return {quick, program, settingsFile: path.join(home, '.config/hetzner-runners-tui/config.json')};
}

function shows(words: string): (screen: {readonly text: string}) => boolean {
	return screen => screen.text.replaceAll(/\s+/gv, ' ').includes(words);
}

function settingsOf(file: string): Readonly<Record<string, unknown>> {
	return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
}

test('it asks, checks each answer live, uploads the key, saves for the owner alone, and the console opens; no token is ever shown', async t => {
	const {quick, program, settingsFile} = await open(t, {hasKeyAtHetzner: false});
	const {world} = quick;
	await program.until('the welcome', shows('enter begin d demo q quit'));
	program.type('\r');
	await program.until('the repository', shows('Which repository'));
	program.type('widgets\r');
	await program.until('it is found wrong', shows('This is "widgets", but must have the form owner/name'));
	program.type('https://github.com/acme/widgets.git\r');
	await program.until('the GitHub token', shows('/settings/personal-access-tokens/new?name=hetzner-runners-tui&actions=read&a'));
	program.type('ghp_wrong\r');
	await program.until('it is refused', shows('GitHub refused the token (401 Bad credentials)'));
	program.type(world.githubToken);
	await program.until('it is masked', shows('*'.repeat(world.githubToken.length)));
	program.type('\r');
	await program.until('the Hetzner token', shows('A Hetzner Cloud token'));
	program.type(`${world.hetznerToken}\r`); // As a paste brings it, with its line's end.
	await program.until('the SSH key', shows('to Hetzner as me@laptop'));
	program.type('\r');
	await program.until('the server types', shows('Which server type'));
	await program.until('with prices', shows('cx23 2 cores 4 GB x64 from €0.011 an hour'));
	program.type('\r');
	await program.until('the locations', shows('Where?'));
	program.type('\u{1B}[B');
	await program.until('the next is chosen', screen => /❯ \w+ {2}€0\.011 an hour/v.test(screen.text));
	program.type('\r');
	await program.until('the console', shows('acme/widgets ● SCALING'));

	t.deepEqual(settingsOf(settingsFile), {
		githubRepository: 'acme/widgets', githubToken: world.githubToken, hetznerToken: world.hetznerToken, sshKey: 'me@laptop', sshPrivateKey: path.join(path.dirname(settingsFile), '../../.ssh/id_ed25519'), serverType: ['cx23'], location: ['fsn1'],
	});
	t.is(statSync(settingsFile).mode % 0o1000, 0o600);
	t.true(world.hetzner.keys.some(({name}) => name === 'me@laptop'));
	t.false([world.githubToken, world.hetznerToken, 'ghp_wrong'].some(token => program.raw().includes(token)));
});

test('a key that is at Hetzner is offered first; esc goes back; values that are set are checked, not asked for, and not stored again', async t => {
	const {quick: {world}, program, settingsFile} = await open(t, {
		hasKeyAtHetzner: true, columns: 80, rows: 24, env: quick => ({GITHUB_REPOSITORY: 'acme/widgets', GITHUB_TOKEN: quick.world.githubToken}),
	});
	await program.until('the welcome', shows('enter begin d demo q quit'));
	program.type('\r');
	await program.until('the Hetzner token, at once', shows('✔ GitHub takes the token for acme/widgets'));
	program.type(`${world.hetznerToken}\r`);
	await program.until('the SSH key', shows('simulated-key (at Hetzner, private key'));
	program.type('\r');
	await program.until('the server types', shows('Which server type'));
	program.type('\u{1B}');
	await program.until('the SSH key again', shows('Which SSH key'));
	program.type('\r');
	await program.until('the server types again', shows('Which server type'));
	program.type('\r');
	await program.until('the locations', shows('Where?'));
	program.type('\r');
	await program.until('the console', shows('SCALING'));
	const stored = settingsOf(settingsFile);
	t.deepEqual(Object.keys(stored), ['hetznerToken', 'sshKey', 'sshPrivateKey', 'serverType']);
	t.is(stored.sshKey, 'simulated-key');
	t.is(world.hetzner.keys.length, 1);
});

test('q and ctrl-c leave the terminal as it was and write nothing', async t => {
	for (const key of ['q', '\u{3}']) {
		const {program, settingsFile} = await open(t, {hasKeyAtHetzner: true});
		await program.until('the welcome', shows('enter begin d demo q quit'));
		program.type(key);
		t.deepEqual(await program.ended, {code: 0, signal: 0});
		t.is(program.view.buffer.active.type, 'normal');
		t.throws(() => statSync(settingsFile), {code: 'ENOENT'});
	}
});

test('what is typed ahead of the screen is not lost, and an enter takes what was typed right before it', async t => {
	const {program} = await open(t, {hasKeyAtHetzner: true});
	program.type('\r'); // The program has not even begun to draw.
	await program.until('the repository', shows('Which repository'));
	for (const key of [...'acme/widgets', '\r']) {
		program.type(key);
		await turn();
	}

	const {text} = await program.until('the GitHub token', shows('A GitHub token for acme/widgets with'));
	t.notRegex(text, /This is/v);
});

test('d shows the demo', async t => {
	const {program, settingsFile} = await open(t, {hasKeyAtHetzner: true});
	await program.until('the welcome', shows('enter begin d demo q quit'));
	program.type('d');
	const {text} = await program.until('the console of the demo', shows('SCALING'));
	t.regex(text, /engine: here|GitHub \d+/v);
	t.throws(() => statSync(settingsFile), {code: 'ENOENT'});
});
