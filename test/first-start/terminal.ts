import {Buffer} from 'node:buffer';
import {readFileSync, rmSync, statSync} from 'node:fs';
import {copyFile, mkdir} from 'node:fs/promises';
import path from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {keysOf} from '../../source/wiring/first-start.ts';
import {emptyHome, runNode} from '../support/program.ts';
import {openProgram, type PtyProgram} from '../support/pty.ts';
import {serveQuickWorld, type QuickWorld} from '../support/simulator-process.ts';

// The first start as a person meets it: the built program in a real terminal, against the simulated APIs.

type Opened = {readonly quick: QuickWorld; readonly program: PtyProgram; readonly settingsFile: string; readonly home: string; readonly again: () => PtyProgram};

async function open(t: ExecutionContext, options: {readonly hasKeyAtHetzner: boolean; readonly columns?: number; readonly rows?: number; readonly env?: (quick: QuickWorld) => Readonly<Record<string, string>>; readonly prepare?: (folder: string) => void}): Promise<Opened> {
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
	options.prepare?.(folder);
	const again = () => openProgram(['--scale-up-interval', '1'], {
		columns: options.columns ?? 100, rows: options.rows ?? 30, env: {
			HOME: home, XDG_CONFIG_HOME: path.join(home, '.config'), XDG_STATE_HOME: path.join(home, '.state'), GITHUB_API_URL: github, HCLOUD_ENDPOINT: hetzner, HETZNER_SSH_PORT: port, ...options.env?.(quick),
		},
	});
	const program = again();
	t.teardown(program.kill);
	return {
		quick, program, settingsFile: path.join(home, '.config/hetzner-runners-tui/config.json'), home, again,
	};
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
	t.true(program.view.buffer.active.type === 'alternate');
	program.type('\u{1}acme/'); // It is still there, to be mended: Ctrl-A, then what was missing.
	await program.until('it is mended', shows('acme/widgets'));
	program.type('\u{5}\u{15}https://github.com/acme/widgets.git\r');
	await program.until('the GitHub token', shows('/settings/personal-access-tokens/new?name=hetzner-runners-tui&actions=read&a'));
	program.type('ghp_wrong\r');
	await program.until('it is refused', shows('GitHub refused the token (401 Bad credentials)'));
	program.type(`\u{15}${world.githubToken}xx yy`);
	await program.until('it is masked', shows('*'.repeat(world.githubToken.length + 5)));
	program.type('\u{17}');
	await program.until('the last word is gone', screen => !shows('*'.repeat(world.githubToken.length + 4))(screen));
	program.type('\u{5}\u{7F}\u{7F}\u{7F}');
	await program.until('it is mended', screen => shows('*'.repeat(world.githubToken.length))(screen) && !shows('*'.repeat(world.githubToken.length + 1))(screen));
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
	await program.until('how many at once', shows('7 of 8 How many servers'));
	program.type('0\r');
	await program.until('none is too few', shows('must be a whole number from 1 to 10000'));
	program.type('\u{15}\r');
	await program.until('the firewall', shows('✔ at most 10 servers at once'));
	program.type('\r');
	await program.until('the console', shows('acme/widgets ● SCALING'));

	t.deepEqual(settingsOf(settingsFile), {
		githubApiUrl: quick.environment.GITHUB_API_URL, hetznerApiUrl: quick.environment.HCLOUD_ENDPOINT, maxRunners: 10, firewall: 'create',
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
	await program.until('how many at once', shows('How many servers'));
	program.type('3\r');
	await program.until('the firewall', shows('A firewall before the servers?'));
	program.type('\u{1B}[B\r');
	await program.until('the console', shows('SCALING'));
	const stored = settingsOf(settingsFile);
	t.deepEqual(Object.keys(stored), ['hetznerToken', 'sshKey', 'sshPrivateKey', 'serverType', 'maxRunners', 'hetznerApiUrl']);
	t.is(stored.sshKey, 'simulated-key');
	t.is(world.hetzner.keys.length, 1);
});

test('ctrl-c in the middle keeps what was answered, tokens only when agreed, and the next start goes on from there', async t => {
	const {quick: {world}, program, settingsFile, again} = await open(t, {hasKeyAtHetzner: true, columns: 80, rows: 24});
	await program.until('the welcome', shows('enter begin d demo q quit'));
	program.type('\r');
	await program.until('the repository', shows('1 of 8 Which repository'));
	program.type('acme/widgets\r');
	const {text} = await program.until('the GitHub token', shows('2 of 8 A GitHub token'));
	const target = /\/settings\/personal-access-tokens\/new\?\S+/v.exec(text.split('\n').map(line => line.trim()).join(''))?.[0] ?? '';
	t.regex(target, /administration=write/v);
	const marked = program.raw().replaceAll('\u{1B}', '<esc>');
	t.regex(marked, /<esc>\]8;;https?:[^<]*administration=write<esc>\\[^<]/v, 'each part of it leads to all of it');
	program.type('o');
	await program.until('the link is on the clipboard', () => program.raw().includes(`]52;c;${Buffer.from('http').toString('base64').slice(0, 4)}`));
	program.type('\r');
	await program.until('it wants a token', shows('Paste a token first.'));
	program.type(`${world.githubToken}\r`);
	await program.until('the Hetzner token', shows('3 of 8'));
	program.type(`${world.hetznerToken}\r`);
	await program.until('the SSH key', shows('4 of 8 Which SSH key'));
	program.type('\u{3}');
	await program.until('what is kept', shows('all but the tokens'));
	program.type('\r');
	t.like(await program.ended, {code: 0});
	t.is(settingsOf(settingsFile).githubRepository, 'acme/widgets');
	t.false([world.githubToken, world.hetznerToken].some(token => readFileSync(settingsFile, 'utf8').includes(token)));
	t.regex(program.raw(), /Kept for the next start in \S+config\.json: githubRepository[^\n]*\. Tokens were not written\./v);
	const next = again();
	await next.until('the welcome', shows('enter begin d demo q quit'));
	next.type('\r');
	await next.until('the repository is known', shows('✔ repository acme/widgets'));
	await next.until('the GitHub token', shows('2 of 8'));
	next.type(`${world.githubToken}\r`);
	await next.until('the Hetzner token', shows('3 of 8'));
	next.type('\u{3}');
	await next.until('what is kept', shows('all but the tokens'));
	next.type('y');
	await next.ended;
	t.is(settingsOf(settingsFile).githubToken, world.githubToken);
	t.is(statSync(settingsFile).mode % 0o1000, 0o600);
});

test('a private key without its public half is offered all the same; one with a passphrase says what to do', async t => {
	const {quick: {world}, program, home} = await open(t, {
		hasKeyAtHetzner: true, env: quick => ({GITHUB_REPOSITORY: 'acme/widgets', GITHUB_TOKEN: quick.world.githubToken, HETZNER_TOKEN: quick.world.hetznerToken}), prepare(folder) {
			rmSync(path.join(folder, 'id_ecdsa.pub'));
		},
	});
	await program.until('the welcome', shows('enter begin d demo q quit'));
	program.type('\r');
	await program.until('the key', shows('simulated-key (at Hetzner, private key'));
	program.type('\u{3}');
	await program.ended;
	const folder = path.join(home, '.ssh');
	const locked = path.join(folder, 'locked');
	await runNode(['-q', '-t', 'ed25519', '-N', 'secret', '-f', locked], {program: 'ssh-keygen'});
	rmSync(`${locked}.pub`);
	const found = await keysOf([], folder);
	t.deepEqual(found.keys.map(({privateKeyFile}) => path.basename(privateKeyFile)), ['id_ecdsa']);
	t.regex(found.keyProblems.join('\n'), /locked has a passphrase, .*ssh-add/v);
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
