// Judges that nobody here wrote: GitHub's own OpenAPI for each route of an App, Octokit's App client on the simulator, and `emulate` (vercel-labs) under our client.
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {createAppAuth} from '@octokit/auth-app';
import {Octokit} from '@octokit/rest';
import test from 'ava';
import {createEmulator} from 'emulate';
import {systemClock} from '../../source/clock/system-clock.ts';
import {githubAccess} from '../../source/github/access.ts';
import {createGitHub} from '../../source/github/github.ts';
import {PortError} from '../../source/scaler/ports.ts';
import {serveApi} from '../../source/simulator/http/api-server.ts';
import {githubApi} from '../../source/simulator/http/github-api.ts';
import type {WorldParameters} from '../../source/simulator/parameters.ts';
import {quietScenario} from '../../source/simulator/scenario.ts';
import {createWorld} from '../../source/simulator/world.ts';
import {asNode, at, faultsOf} from '../support/openapi.ts';

async function served(parameters: Partial<WorldParameters> = {}) {
	const world = createWorld({seed: 6, clock: systemClock(1), parameters: {githubLatencySeconds: [0, 0], ...parameters}});
	quietScenario(world);
	const api = await serveApi(githubApi(world));
	return {world, app: world.githubApp, ...api};
}

// Octokit writes what it meets to the console.
function silent() {
	const warnings: string[] = [];
	const log = {
		debug() {/* Not here. */}, info() {/* Not here. */}, error() {/* Not here. */},
		warn(words: string) {
			warnings.push(words);
		},
	};
	return {warnings, log};
}

// Cut from @octokit/openapi 23.0.2 (MIT): these routes and what they refer to, without descriptions.
const spec = asNode(JSON.parse(readFileSync(path.join(import.meta.dirname, '../support/github-app.openapi.json'), 'utf8')));

// In the list an account is a user and an enterprise at once (allOf for anyOf), in the other routes one of both.
const ofEnterprise = /^\[0\]\.account\.(?:name|slug|created_at|updated_at) is missing$/v;

test('each route of an App answers in the shape of GitHub\'s OpenAPI', async t => {
	const {app, url, close} = await served();
	t.teardown(close);
	const octokit = new Octokit({
		authStrategy: createAppAuth, auth: {appId: app.id, privateKey: app.privateKey()}, baseUrl: url, log: silent().log,
	});
	const id = app.installationId;
	const routes: ReadonlyArray<readonly [method: 'GET' | 'POST', template: string, asked: string, status: number]> = [
		['GET', '/app', '/app', 200],
		['GET', '/app/installations', '/app/installations', 200],
		['GET', '/app/installations/{installation_id}', `/app/installations/${id}`, 200],
		['GET', '/repos/{owner}/{repo}/installation', '/repos/acme/widgets/installation', 200],
		['POST', '/app/installations/{installation_id}/access_tokens', `/app/installations/${id}/access_tokens`, 201],
	];
	for (const [method, template, asked, status] of routes) {
		const answer = await octokit.request(`${method} ${asked}`, method === 'POST' ? {repositories: ['widgets'], permissions: {actions: 'read'}} : {});
		t.is(answer.status, status);
		const schema = at(spec, ['paths', template, method.toLowerCase(), 'responses', String(status), 'content', 'application/json', 'schema']);
		t.true(Object.keys(schema).length > 0, `${template} has no schema`);
		t.deepEqual(faultsOf(answer.data, schema, spec, '').filter(fault => !ofEnterprise.test(fault)), [], `${method} ${asked}`);
	}
});

for (const githubClockSeconds of [0, 600, -600]) {
	test(`Octokit's own App client works at the simulator whose clock is ${githubClockSeconds} s off, and meets the refusals that it knows`, async t => {
		const {app, url, close} = await served({githubClockSeconds});
		t.teardown(close);
		const {warnings, log} = silent();
		const octokit = new Octokit({
			authStrategy: createAppAuth, auth: {appId: app.id, privateKey: app.privateKey()}, baseUrl: url, log,
		});
		const {data} = await octokit.rest.apps.getRepoInstallation({owner: 'acme', repo: 'widgets'});
		t.is(data.id, app.installationId);
		t.is(warnings.some(words => words.includes('system time are different')), githubClockSeconds !== 0);
		const {data: {token}} = await octokit.rest.apps.createInstallationAccessToken({installation_id: data.id});
		t.regex(token, /^ghs_\d+_[\w\-]+\.[\w\-]+\.[\w\-]+$/v);
		const {data: runners} = await new Octokit({auth: token, baseUrl: url, log}).rest.actions.listSelfHostedRunnersForRepo({owner: 'acme', repo: 'widgets'});
		t.is(runners.total_count, runners.runners.length);
	});
}

test('our client finds its installation at emulate, makes a token and uses it', async t => {
	const emulator = await createEmulator({
		service: 'github', port: 0, seed: {
			github: {
				users: [{login: 'acme'}],
				repos: [{owner: 'acme', name: 'widgets', private: false}, {owner: 'acme', name: 'other', private: false}],
				apps: [{
					app_id: 12_345, slug: 'runners', name: 'Runners', permissions: {actions: 'read', administration: 'write', metadata: 'read'},
					installations: [{installation_id: 100, account: 'acme', repository_selection: 'all'}],
				}],
			},
		},
	});
	t.teardown(async () => emulator.close());
	const key = emulator.generatedSecrets.find(secret => secret.kind === 'github.app_private_key')?.value ?? '';
	const clock = systemClock(1);
	const secrets: string[] = [];
	const options = {apiUrl: emulator.url, repository: {owner: 'acme', name: 'widgets'}, clock};
	const {tokens, app} = githubAccess({
		kind: 'app', appId: '12345', installation: undefined, readKey: () => key,
	}, {
		...options, onSecret(secret) {
			secrets.push(secret);
		},
	});
	const github = createGitHub({...options, token: tokens});
	t.deepEqual((await github.readJobs(new AbortController().signal)).items, []);
	t.is(secrets.length, 1);
	t.like(await app?.facts(), {name: 'Runners', account: 'acme', permissions: {actions: 'read', administration: 'write'}});

	const foreign = githubAccess({
		kind: 'app', appId: '12346', installation: undefined, readKey: () => key,
	}, options);
	await t.throwsAsync(createGitHub({...options, token: foreign.tokens}).readJobs(new AbortController().signal), {instanceOf: PortError, message: /GitHub App 12346/v});
});
