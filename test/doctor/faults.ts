import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {systemClock} from '../../source/clock/system-clock.ts';
import {checksOf} from '../../source/doctor/checks.ts';
import {checkReadiness} from '../../source/doctor/readiness.ts';
import {runChecks, type Row} from '../../source/doctor/finding.ts';
import {createGitHub} from '../../source/github/github.ts';
import {createGitHubProbe} from '../../source/github/probe.ts';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import {later} from '../../source/model/time.ts';
import type {Clock} from '../../source/scaler/ports.ts';
import {resolveSettings, settingsOf} from '../../source/settings/read.ts';
import type {Fault} from '../../source/simulator/faults.ts';
import type {WorldParameters} from '../../source/simulator/parameters.ts';
import type {World} from '../../source/simulator/world.ts';
import {emptyHome, runNode, runProgram} from '../support/program.ts';
import {serveQuickWorld, type QuickWorld} from '../support/simulator-process.ts';

// Each thing that can be wrong, switched on in turn on a world where all is well: the examination names it, and nothing else.

type Case = {
	readonly title: string;
	readonly parameters?: Partial<WorldParameters>;
	readonly fault?: Fault;
	readonly prepare?: (world: World) => void;
	readonly environment?: (quick: QuickWorld) => Readonly<Record<string, string>>;
	readonly clock?: (clock: Clock) => Clock;
	/**
	With --allow-server-type and --max-runners.
	*/
	readonly bounds?: true;
	readonly names: string;
	readonly level: Row['level'];
	readonly message: RegExp;
	readonly advice: RegExp;
};

const day = 86_400;
const inDays = (days: number) => new Date(later(systemClock().now(), days * day)).toISOString();
const skewed = (seconds: number) => (clock: Clock): Clock => ({...clock, now: () => later(clock.now(), seconds)});
const answers = (api: 'github' | 'hetzner', operation: string, status: number, code = 'forbidden'): Fault => ({
	kind: 'answer', api, operation, status, code, message: 'Resource not accessible by personal access token',
});

const cases: readonly Case[] = [
	{
		title: 'a GitHub token that is none', fault: {kind: 'badCredentials', api: 'github'}, names: 'GitHub token', level: 'fault', message: /GitHub refused the token \(401/v, advice: /settings\/personal-access-tokens\/new\?/v,
	},
	{
		title: 'GitHub out of reach', fault: {kind: 'down', api: 'github'}, names: 'GitHub token', level: 'fault', message: /GitHub could not be reached/v, advice: /^$/v,
	},
	{
		title: 'a repository that is not there', fault: answers('github', 'repository', 404), names: 'GitHub token', level: 'fault', message: /GitHub knows no repository acme\/widgets, or this token may not see it/v, advice: /^$/v,
	},
	{
		title: 'a classic token without its scope', parameters: {githubTokenHeaders: {'x-oauth-scopes': 'gist, read:user'}}, names: 'GitHub token', level: 'fault', message: /a classic token with the scopes gist, read:user lacks the scope repo/v, advice: /fine-grained token/v,
	},
	{
		title: 'a token that ends soon', parameters: {githubTokenHeaders: {'github-authentication-token-expiration': inDays(3).replace('T', ' ').replace(/\.\d+Z$/v, ' UTC')}}, names: 'GitHub token', level: 'warning', message: /ends in (?:2d 23h|3d)/v, advice: /make a new one at https?:\/\//v,
	},
	{
		title: 'an archived repository', parameters: {repositoryIs: {private: true, archived: true, withActions: true}}, names: 'repository', level: 'fault', message: /acme\/widgets is archived/v, advice: /unarchive/v,
	},
	{
		title: 'a repository without Actions', parameters: {repositoryIs: {private: true, archived: false, withActions: false}}, names: 'repository', level: 'fault', message: /Actions are switched off/v, advice: /Settings, Actions, General/v,
	},
	{
		title: 'a public repository whose label may order anything', parameters: {repositoryIs: {private: false, archived: false, withActions: true}}, names: 'labels', level: 'warning', message: /public, and a label of a pull request may order any server type/v, advice: /--allow-server-type/v,
	},
	{
		title: 'a public repository in which who has contributed once runs what they like', parameters: {repositoryIs: {private: false, archived: false, withActions: true}, forks: {approvalPolicy: 'first_time_contributors', run: false, wait: false}}, bounds: true, names: 'fork pull requests', level: 'warning', message: /whoever has had one pull request merged runs code on your servers by a pull request, unapproved/v, advice: /Require approval for all external contributors/v,
	},
	{
		title: 'a public repository in which any old account runs what it likes', parameters: {repositoryIs: {private: false, archived: false, withActions: true}, forks: {approvalPolicy: 'first_time_contributors_new_to_github', run: false, wait: false}}, bounds: true, names: 'fork pull requests', level: 'warning', message: /anybody whose GitHub account is not new/v, advice: /Require approval/v,
	},
	{
		title: 'a private repository whose forks run unapproved', parameters: {forks: {approvalPolicy: '', run: true, wait: false}}, names: 'fork pull requests', level: 'warning', message: /whoever may read the repository and fork it/v, advice: /require approval for fork pull request workflows/v,
	},
	{
		title: 'no right to read jobs', fault: answers('github', 'listRuns', 403), names: 'read jobs', level: 'fault', message: /the token needs the permission "Actions: read"/v, advice: /^$/v,
	},
	{
		title: 'no right to register runners', fault: answers('github', 'registrationToken', 403), names: 'change runners', level: 'fault', message: /GitHub refuses getting a registration token \(403 Resource not accessible/v, advice: /personal-access-tokens/v,
	},
	{
		title: 'a policy against runners, in GitHub\'s own words (runs-on/runs-on#417)', fault: {
			kind: 'answer', api: 'github', operation: 'registrationToken', status: 403, code: 'forbidden', message: 'Repository level self-hosted runners are disabled on this repository.',
		}, names: 'change runners', level: 'fault', message: /Repository level self-hosted runners are disabled on this repository/v, advice: /^$/v,
	},
	{
		title: 'a clock that is ahead', clock: skewed(30), names: 'clock', level: 'warning', message: /this machine's clock is (?:29|3\d)s ahead of GitHub's/v, advice: /set-ntp/v,
	},
	{
		title: 'a clock that is far behind', clock: skewed(-600), names: 'clock', level: 'fault', message: /clock is (?:9m\d+s|10m|10m1s) behind GitHub's/v, advice: /set-ntp/v,
	},
	{
		title: 'a Hetzner token that is none', fault: {kind: 'badCredentials', api: 'hetzner'}, names: 'Hetzner token', level: 'fault', message: /Hetzner refused the token/v, advice: /^$/v,
	},
	{
		title: 'a Hetzner token that may only read', fault: answers('hetzner', 'createServer', 403, 'token_readonly'), names: 'Hetzner token', level: 'fault', message: /may only read/v, advice: /Read & Write/v,
	},
	{
		title: 'Hetzner out of reach', fault: {kind: 'down', api: 'hetzner'}, names: 'Hetzner token', level: 'fault', message: /Hetzner could not be reached/v, advice: /^$/v,
	},
	{
		title: 'a wrong name of the SSH key', environment: () => ({HETZNER_SSH_KEY: 'nobody'}), names: 'SSH key', level: 'fault', message: /Hetzner has no SSH key named "nobody" .*the project has: simulated-key/v, advice: /^$/v,
	},
	{
		title: 'a private key that is another', environment: ({home}) => ({HETZNER_SSH_PRIVATE_KEY: path.join(home, 'other')}), names: 'SSH key', level: 'fault', message: /is not the private key of "simulated-key"/v, advice: /--ssh-private-key/v,
	},
	{
		title: 'a firewall that is not there', environment: () => ({HETZNER_FIREWALL: 'office'}), prepare(world) {
			world.hetzner.addFirewall('web', []);
		}, names: 'firewall', level: 'fault', message: /Hetzner has no firewall named "office" .*the project has: web/v, advice: /^$/v,
	},
	{
		title: 'a firewall that keeps the engine out', environment: () => ({HETZNER_FIREWALL: 'web', HETZNER_SSH_PORT: '2222'}), prepare(world) {
			world.hetzner.addFirewall('web', [{
				direction: 'in', protocol: 'tcp', port: '20-30', source_ips: ['0.0.0.0/0'],
			}]);
		}, names: 'firewall', level: 'fault', message: /"web" lets nobody in at port 2222/v, advice: /^$/v,
	},
	{
		title: 'a server type that is not there', environment: () => ({HETZNER_SERVER_TYPE: 'cx11,cx23'}), names: 'server types', level: 'fault', message: /there is no server type cx11/v, advice: /cx23/v,
	},
	{
		title: 'a location that is not there', environment: () => ({HETZNER_LOCATION: 'fsn2,fsn1'}), names: 'server types', level: 'fault', message: /there is no location fsn2/v, advice: /fsn1/v,
	},
	{
		title: 'a type that is not sold there', environment: () => ({HETZNER_SERVER_TYPE: 'cax11', HETZNER_LOCATION: 'ash'}), names: 'server types', level: 'fault', message: /cax11 is not sold in ash/v, advice: /fsn1, nbg1, hel1/v,
	},
	{
		title: 'a type that is sold for some time only', environment: () => ({HETZNER_SERVER_TYPE: 'cx23'}), parameters: {typeEnds: {cx23: inDays(20)}}, names: 'server types', level: 'warning', message: /cx23 is sold for (?:19d23h|20d) more/v, advice: /cx33/v,
	},
	{
		title: 'a type that is sold no more', environment: () => ({HETZNER_SERVER_TYPE: 'cx23'}), parameters: {typeEnds: {cx23: inDays(-20)}}, names: 'server types', level: 'fault', message: /cx23 is not sold any more/v, advice: /cx33/v,
	},
	{
		title: 'a location in which nothing of the usual size is sold at the price', environment: () => ({HETZNER_LOCATION: 'ash', MAX_PRICE: '0.01'}), names: 'server types', level: 'fault', message: /cpx21 costs \S+ an hour, the limit is €0\.010/v, advice: /--max-price-per-hour/v,
	},
	{
		title: 'an image without that architecture', environment: () => ({HETZNER_IMAGE: 'ubuntu-26.04', HETZNER_SERVER_TYPE: 'cax11'}), names: 'server types', level: 'fault', message: /ubuntu-26\.04 does not exist for arm64/v, advice: /./v,
	},
	{
		title: 'an image that is deprecated', parameters: {imageDeprecated: {'ubuntu-24.04': inDays(-3)}}, names: 'image', level: 'warning', message: /ubuntu-24\.04 is deprecated since \d{4}-\d\d-\d\d/v, advice: /newer/v,
	},
	{
		title: 'few GitHub requests left', parameters: {githubRequestsPerHour: 60}, prepare(world) {
			for (let turn = 0; turn < 51; turn++) {
				world.pipeline.enter({api: 'github', operation: 'listRunners', isRead: true});
			}
		}, names: 'GitHub budget', level: 'warning', message: /\d of 60 requests left/v, advice: /who else uses this token/v,
	},
	{
		title: 'a script that installs an old runner', environment: ({home}) => ({START_SCRIPT: path.join(home, 'startup.sh')}), names: 'runner program', level: 'fault', message: /--startup-x64-script installs runner 2\.306\.0, and GitHub lets none below 2\.329\.0 register/v, advice: /RUNNER_URL/v,
	},
	{
		title: 'tokens and repository that are not set', environment: () => ({GITHUB_TOKEN: '', HETZNER_TOKEN: '', HCLOUD_TOKEN: ''}), names: 'settings', level: 'fault', message: /--github-token \(GITHUB_TOKEN\) is not set/v, advice: /settings set/v,
	},
];

async function look(quick: QuickWorld, environment: Readonly<Record<string, string>>, clock: Clock, hasBounds = false): Promise<readonly Row[]> {
	const {START_SCRIPT: script, MAX_PRICE: price} = environment;
	const given = new Map([
		...script === undefined ? [] : [['startupX64Script', {flag: '--startup-x64-script', texts: [script]}] as const],
		...price === undefined ? [] : [['maxPricePerHour', {flag: '--max-price-per-hour', texts: [price]}] as const],
		...hasBounds ? [['allowServerType', {flag: '--allow-server-type', texts: ['cx*']}], ['maxRunners', {flag: '--max-runners', texts: ['9']}]] as const : [],
	]);
	const settings = settingsOf(resolveSettings({flags: given, environment, file: undefined}));
	return runChecks(checksOf({
		settings, file: {path: path.join(quick.home, 'config.json'), warning: undefined}, version: '1.0.0', clock, environment,
	}));
}

function levels(rows: readonly Row[]): readonly string[] {
	return rows.filter(({level}) => level === 'fault' || level === 'warning').map(({name}) => name);
}

async function quickWorld(t: ExecutionContext, parameters: Partial<WorldParameters> = {}): Promise<QuickWorld> {
	const quick = await serveQuickWorld(t, {seed: 55, parameters});
	writeFileSync(path.join(quick.home, 'startup.sh'), 'curl -LO https://github.com/actions/runner/releases/download/v2.306.0/actions-runner-linux-x64-2.306.0.tar.gz\n');
	await runNode(['-q', '-t', 'ed25519', '-N', '', '-f', path.join(quick.home, 'other')], {program: 'ssh-keygen'});
	return quick;
}

for (const {title, parameters, fault, prepare, environment, clock, bounds, names, level, message, advice} of cases) {
	test(`it names ${title}`, async t => {
		const quick = await quickWorld(t, parameters);
		prepare?.(quick.world);
		if (fault !== undefined) {
			quick.world.faults.inject(fault);
		}

		const own = systemClock();
		const rows = await look(quick, {...quick.environment, ...environment?.(quick)}, clock?.(own) ?? own, bounds);
		const found = rows.find(row => row.name === names && row.level === level);
		t.regex(found?.message ?? '', message, JSON.stringify(rows, undefined, 1));
		t.regex(found?.advice ?? '', advice);
		t.deepEqual([...new Set(levels(rows))], [names], 'nothing else is wrong');
	});
}

test('where all is well nothing is found, nothing is changed, and no token is said', async t => {
	const quick = await quickWorld(t);
	const {world} = quick;
	const things = () => [world.hetzner.servers.values().map(({id, status}) => `${id} ${status}`).toArray(), world.hetzner.keys.map(({id}) => id), world.github.runners.values().map(({id}) => id).toArray()];
	const before = things();
	const {code, stdout, stderr} = await runProgram(['doctor'], {env: quick.environment});
	t.is(code, 0, `It said:\n${stdout}`);
	t.is(stderr, '');
	t.regex(stdout, /\n0 faults, 0 warnings\n$/v);
	t.false([world.githubToken, world.hetznerToken].some(token => stdout.includes(token)));
	t.deepEqual(things(), before);
	t.deepEqual(world.pipeline.log.filter(request => !request.isRead).map(({operation, status}) => `${operation} ${status}`).toSorted((a, b) => a.localeCompare(b)), ['createServer 422', 'jitConfig 422', 'registrationToken 201']);
});

test('with a dead API nothing is said of tokens, and what was not asked is not checked', async t => {
	const quick = await quickWorld(t);
	quick.world.faults.inject({kind: 'down', api: 'github'});
	const rows = await look(quick, quick.environment, systemClock());
	t.deepEqual(rows.filter(({level}) => level === 'fault').map(({name}) => name), ['GitHub token']);
	t.false(rows.some(({advice = ''}) => advice.includes('personal-access-tokens')));
	const names = ['repository', 'fork pull requests', 'labels', 'read jobs', 'read runners', 'change runners', 'registration', 'runner program', 'runner group', 'GitHub budget', 'clock'];
	t.deepEqual(names.map(name => rows.find(row => row.name === name)?.level), names.map(() => 'skipped'));
	t.true(rows.filter(({level}) => level === 'skipped').some(({message}) => message === 'not checked, see GitHub token'));
});

test('a policy that cannot be read is not checked, and neither good nor bad; one that waits for approval is good', async t => {
	const publicly = {private: false, archived: false, withActions: true};
	const quick = await quickWorld(t, {repositoryIs: publicly});
	const row = async () => (await look(quick, quick.environment, systemClock(), true)).find(({name}) => name === 'fork pull requests');
	t.like(await row(), {level: 'ok', message: 'every run of an outside contributor waits for approval; only pull_request_target does not'});
	const heal = quick.world.faults.inject(answers('github', 'forkApproval', 403));
	t.like(await row(), {level: 'skipped'});
	heal();
	quick.world.faults.inject(answers('github', 'forkApproval', 404));
	t.like(await row(), {level: 'skipped'});
	const own = await quickWorld(t, {forks: {approvalPolicy: '', run: true, wait: true}});
	t.like((await look(own, own.environment, systemClock())).find(({name}) => name === 'fork pull requests'), {level: 'ok', message: 'pull requests from forks run nothing unapproved'});
});

test('how runners register is said, and why', async t => {
	const scripts = path.join(emptyHome(), 'startup.sh');
	writeFileSync(scripts, '#!/bin/bash\n./config.sh --token "$GITHUB_RUNNER_TOKEN"\n');
	const quick = await quickWorld(t);
	const row = async (more: Readonly<Record<string, string>> = {}, of = quick, file?: Record<string, unknown>) => {
		const settingsFile = path.join(emptyHome(), 'config.json');
		writeFileSync(settingsFile, JSON.stringify(file ?? {}));
		const {stdout} = await runProgram(['doctor', '--json', '--settings-file', settingsFile], {env: {...of.environment, ...more}});
		return (JSON.parse(stdout) as {readonly checks: readonly Row[]}).checks.find(({name}) => name === 'registration');
	};

	t.like(await row(), {level: 'ok', message: 'each runner with a configuration of its own, good for one use'});
	t.like(await row({}, quick, {registration: 'token'}), {level: 'ok', message: 'with a registration token, good for the whole repository, as --registration says'});
	t.like(await row({}, quick, {startupArm64Script: scripts}), {message: 'each runner with a configuration of its own, good for one use; but with a registration token, good for the whole repository where --startup-arm64-script does not read GITHUB_RUNNER_JIT_CONFIG'});
	t.like(await row({}, quick, {startupArm64Script: scripts, startupX64Script: scripts}), {message: 'with a registration token, good for the whole repository: --startup-x64-script and --startup-arm64-script do not read GITHUB_RUNNER_JIT_CONFIG'});
	t.like(await row({}, await quickWorld(t, {githubHasJit: false})), {message: 'with a registration token, good for the whole repository: this GitHub has no just-in-time configurations'});
});

test('the proxy that is used is named by its variable, without its password', async t => {
	const quick = await quickWorld(t);
	const rows = await look(quick, {...quick.environment, HTTPS_PROXY: 'https://user:hunter2@proxy.corp:3128', NO_PROXY: '127.0.0.1'}, systemClock());
	const row = rows.find(({name}) => name === 'proxy');
	t.is(row?.message, 'HTTPS_PROXY (environment) sends requests to proxy.corp:3128, but those for 127.0.0.1');
});

test('readiness has the faults of the same rows, and none while an API is out of reach', async t => {
	const quick = await quickWorld(t, {typeEnds: {cx23: inDays(-20)}});
	quick.world.faults.inject({
		kind: 'answer', api: 'github', operation: 'registrationToken', status: 403, code: 'forbidden', message: 'Repository level self-hosted runners are disabled on this repository.',
	});
	const environment = {...quick.environment, HETZNER_SERVER_TYPE: 'cx23', HETZNER_SSH_PRIVATE_KEY: path.join(quick.home, 'other')};
	const settings = settingsOf(resolveSettings({flags: new Map(), environment, file: undefined}));
	const clock = systemClock();
	const {repository} = quick.world;
	const options = {
		apiUrl: settings.githubApiUrl, token: settings.githubToken ?? '', repository, clock,
	};
	const parts = {
		settings, repository, clock, github: createGitHub(options), probe: createGitHubProbe(options), hetzner: createHetzner({
			apiUrl: settings.hetznerApiUrl, token: settings.hetznerToken ?? '', repository, sshKeyName: settings.sshKey ?? '', image: settings.image, clock,
		}),
	};
	const problems = await checkReadiness(parts);
	t.deepEqual(problems.map(({what}) => what), ['change runners', 'SSH key', 'server types']);
	t.regex(problems[0]?.problem ?? '', /Repository level self-hosted runners are disabled/v);
	t.true(problems.slice(1).every(({advice}) => advice !== ''));
	quick.world.faults.inject({kind: 'down', api: 'github'});
	quick.world.faults.inject({kind: 'down', api: 'hetzner'});
	t.deepEqual(await checkReadiness(parts), []);
});

test('a fault ends with 1; --json has the same rows', async t => {
	const quick = await quickWorld(t, {typeEnds: {cx23: inDays(-20)}});
	const env = {...quick.environment, HETZNER_SERVER_TYPE: 'cx23'};
	const {code, stdout} = await runProgram(['doctor', '--json'], {env});
	t.is(code, 1);
	const answer = JSON.parse(stdout) as {readonly checks: readonly Row[]; readonly faults: number; readonly warnings: number};
	t.is(answer.faults, 1);
	t.like(answer.checks.find(({level}) => level === 'fault'), {name: 'server types', message: 'cx23 is not sold any more'});
	const text = await runProgram(['doctor'], {env});
	t.is(text.code, 1);
	t.regex(text.stdout, /^fault {4}server types +cx23 is not sold any more\n +-> take another: [^\n]*cx33/mv);
});

test('a settings file that cannot be understood is a fault, too', async t => {
	const home = emptyHome();
	const file = path.join(home, 'config.json');
	writeFileSync(file, '{"workers": "many"}');
	const {code, stdout} = await runProgram(['doctor', '--settings-file', file]);
	t.is(code, 1);
	t.regex(stdout, /^fault {4}settings +\S+config\.json: "workers" must be a number, and is "many"\.$/mv);
});
