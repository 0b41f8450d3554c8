import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Row} from '../../source/doctor/finding.ts';
import {newAppUrl} from '../../source/doctor/github.ts';
import type {Fault} from '../../source/simulator/faults.ts';
import type {WorldParameters} from '../../source/simulator/parameters.ts';
import {runProgram} from '../support/program.ts';
import {asApp, partsOfKey} from '../support/served-app.ts';
import {serveQuickWorld} from '../support/simulator-process.ts';

async function given(t: ExecutionContext, parameters: Partial<WorldParameters> = {}) {
	const quick = await serveQuickWorld(t, {seed: 56, parameters});
	const {environment, keyFile} = asApp(quick);
	return {
		...quick, environment, keyFile,
		async look(more: Readonly<Record<string, string>> = {}) {
			const {code, stdout, stderr} = await runProgram(['doctor', '--json'], {env: {...environment, ...more}});
			const {checks} = JSON.parse(stdout) as {readonly checks: readonly Row[]};
			return {
				code, rows: checks, text: stdout + stderr, bad: checks.filter(({level}) => level === 'fault' || level === 'warning'),
			};
		},
	};
}

test('an App that has what it needs: nothing is found, its rights are named, and no token or key is said', async t => {
	const {world, look} = await given(t);
	const {code, rows, text, bad} = await look();
	t.deepEqual(bad, []);
	t.is(code, 0);
	t.is(rows.find(({name}) => name === 'GitHub App')?.message, '"Simulated runners", installed for acme, has Actions: read, Administration: read and write, Metadata: read; its token is for this repository alone');
	t.false(rows.some(({name}) => name === 'GitHub token'));
	t.false([...world.githubApp.tokens.map(token => token.text), ...partsOfKey(world.githubApp.privateKey())].some(secret => text.includes(secret)));
});

const cases: ReadonlyArray<readonly [title: string, fault: Fault, message: RegExp, advice: RegExp]> = [
	['reading jobs', {kind: 'permissionLost', permission: 'actions'}, /"Simulated runners", installed for acme, lacks the permission "Actions: read"/v, /then accept it at https:\/\/github\.com\/settings\/installations\/\d+/v],
	['runners', {kind: 'permissionLost', permission: 'administration'}, /lacks the permission "Administration: read and write"/v, /then accept it at/v],
	['changing runners', {kind: 'permissionLost', permission: 'administration=write'}, /lacks the permission "Administration: read and write"/v, /then accept it at/v],
	['a suspended installation', {kind: 'installationSuspended'}, /is suspended: an owner of the account lifts that by "Unsuspend"/v, /^$/v],
	['a repository outside of it', {kind: 'installationNarrowed'}, /does not include acme\/widgets: add it under "Repository access" at/v, /^$/v],
	['no installation', {kind: 'installationGone'}, /is not installed for acme: install it, with widgets, at/v, /^$/v],
	['a deleted key', {kind: 'appKeyRevoked'}, /does not know that key of the GitHub App/v, /^$/v],
];
for (const [title, fault, message, advice] of cases) {
	test(`it names what an App lacks: ${title}`, async t => {
		const {world, look} = await given(t);
		world.faults.inject(fault);
		const {code, bad} = await look();
		t.is(code, 1);
		const row = bad.find(({name}) => name === 'GitHub App');
		t.regex(row?.message ?? '', message);
		t.regex(row?.advice ?? '', advice);
	});
}

test('a clock ten minutes off is named, and is no trouble for the App', async t => {
	const {look} = await given(t, {githubClockSeconds: 600});
	const {bad} = await look();
	t.deepEqual(bad.map(({name}) => name), ['clock']);
});

test('a key that others can read, and a token that is set in vain', async t => {
	const {look, keyFile} = await given(t);
	t.deepEqual((await look({GITHUB_TOKEN: 'ghp_x'})).bad.map(({name, level, message}) => `${level} ${name}: ${message}`), ['warning settings: a GitHub App is set, so the GitHub token that is set as well is ignored']);
	chmodSync(keyFile, 0o644);
	const {bad} = await look();
	t.is(bad[0]?.name, 'GitHub App');
	t.regex(bad[0]?.message ?? '', /can be read by other users of this machine \(mode 644\): chmod 600/v);
});

// X-Accepted-GitHub-Permissions comes to fine-grained tokens as to Apps: https://github.blog/changelog/2023-08-10-x-accepted-github-permissions-header-for-fine-grained-permission-actors
test('a fine-grained token: the answer\'s own header names what is missing', async t => {
	const quick = await serveQuickWorld(t, {seed: 57, parameters: {githubTokenHeaders: {}}});
	quick.world.faults.inject({kind: 'permissionLost', permission: 'administration=write'});
	quick.world.faults.inject({kind: 'permissionLost', permission: 'actions'});
	const {stdout} = await runProgram(['doctor', '--json'], {env: quick.environment});
	const bad = (JSON.parse(stdout) as {readonly checks: readonly Row[]}).checks.filter(({level}) => level === 'fault');
	t.deepEqual(bad.map(({name}) => name), ['read jobs', 'change runners', 'registration']);
	t.regex(bad[0]?.message ?? '', /the token needs the permission "Actions: read" for acme\/widgets/v);
	t.regex(bad[1]?.message ?? '', /the token needs the permission "Administration: read and write" for acme\/widgets/v);
});

test('the page that registers an App asks for exactly the rights in use, at github.com, with data residency and on a server of one\'s own', t => {
	const page = new URL(newAppUrl('https://github.com'));
	t.is(page.pathname, '/settings/apps/new');
	t.deepEqual(Object.fromEntries(page.searchParams), {
		name: 'hetzner-runners-tui', url: 'https://www.npmjs.com/package/hetzner-runners-tui', public: 'false', webhook_active: 'false', actions: 'read', administration: 'write',
	});
	t.true(newAppUrl('https://acme.ghe.com', 'acme').startsWith('https://acme.ghe.com/organizations/acme/settings/apps/new?name=hetzner-runners-tui+acme&'));
	t.true(newAppUrl('https://git.corp').startsWith('https://git.corp/settings/apps/new?'));
});

test('a webhook: its secrets are looked at, half of it is a fault', async t => {
	const {environment, home} = await given(t);
	const secretFile = path.join(home, 'secret');
	writeFileSync(secretFile, 'one-secret-0123456789\nother-secret-0123456789\n', {mode: 0o600});
	const row = async (values: Readonly<Record<string, string>>) => {
		const file = path.join(home, 'webhook.json');
		writeFileSync(file, JSON.stringify(values), {mode: 0o600});
		const {stdout} = await runProgram(['doctor', '--json', '--settings-file', file], {env: environment});
		t.false(stdout.includes('secret-0123456789'));
		return (JSON.parse(stdout) as {readonly checks: readonly Row[]}).checks.find(({name}) => name === 'webhook');
	};

	const good = await row({webhook: '127.0.0.1:8080', webhookSecretFile: secretFile});
	t.like(good, {level: 'ok'});
	t.regex(good?.message ?? '', /deliveries come to 127\.0\.0\.1:8080, POST \/webhook, signed with either of two secrets/v);
	const half = await row({webhook: '127.0.0.1:8080'});
	t.like(half, {level: 'fault'});
	t.regex(half?.message ?? '', /--webhook-secret-file is not set/v);
	chmodSync(secretFile, 0o640);
	const open = await row({webhook: '127.0.0.1:8080', webhookSecretFile: secretFile});
	t.regex(open?.message ?? '', /can be read by other users/v);
});
