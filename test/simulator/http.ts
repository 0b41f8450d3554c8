import {mkdtemp, rm, stat} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import * as z from 'zod';
import {systemClock} from '../../source/clock/system-clock.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import type {WorldParameters} from '../../source/simulator/parameters.ts';
import {quietScenario} from '../../source/simulator/scenario.ts';
import {serveWorld, type ServedWorld} from '../../source/simulator/serve.ts';
import {createWorld, type World} from '../../source/simulator/world.ts';

type Answer = {readonly status: number; readonly headers: Headers; readonly text: string};

type Day = {
	readonly world: World;
	readonly served: ServedWorld;
	readonly github: (method: string, asked: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
	readonly hetzner: (method: string, asked: string, body?: unknown, token?: string) => Promise<Answer>;
};

async function dayOn(t: ExecutionContext, parameters: Partial<WorldParameters> = {}, speed = 100): Promise<Day> {
	const directory = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-http-'));
	const world = createWorld({seed: 11, clock: systemClock(speed), parameters});
	quietScenario(world);
	const served = await serveWorld({world, directory});
	t.teardown(async () => {
		await served.close();
		await rm(directory, {recursive: true, force: true});
	});
	const ask = async (url: string, init: RequestInit) => {
		const response = await fetch(url, init);
		return {status: response.status, headers: response.headers, text: await response.text()};
	};

	return {
		world,
		served,
		github: async (method, asked, headers = {}) => ask(`${served.githubUrl}${asked}`, {method, headers: {authorization: `token ${served.githubToken}`, 'user-agent': 'test', ...headers}}),
		hetzner: async (method, asked, body, token = served.hetznerToken) => ask(`${served.hetznerUrl}${asked}`, {
			method, headers: token === '' ? {} : {authorization: `Bearer ${token}`}, ...(body !== undefined && {body: JSON.stringify(body)}),
		}),
	};
}

const failure = z.object({error: z.object({code: z.string(), message: z.string()})});

function errorOf(answer: Answer): readonly [status: number, code: string, message: string] {
	const {error} = failure.parse(JSON.parse(answer.text));
	return [answer.status, error.code, error.message];
}

const server = {
	name: 'one', server_type: 'cx23', image: 'ubuntu-24.04', location: 'fsn1',
};

test('the environment is all a client needs, and its private key is for its owner alone', async t => {
	const {served} = await dayOn(t);
	t.is(served.environment.HCLOUD_TOKEN?.length, 64);
	t.regex(served.environment.GITHUB_TOKEN ?? '', /^ghp_\w{36}$/v);
	t.is((await stat(served.sshPrivateKeyFile)).mode % 0o1000, 0o600);
});

test('Hetzner answers an unknown route before it looks at the token, and a wrong method after', async t => {
	const {hetzner} = await dayOn(t);
	t.deepEqual(errorOf(await hetzner('GET', '/nonsense', undefined, '')), [404, 'not_found', 'api route not found']);
	t.deepEqual(errorOf(await hetzner('PATCH', '/servers', undefined, '')), [401, 'unauthorized', 'token is required']);
	t.deepEqual(errorOf(await hetzner('PATCH', '/servers', undefined, 'x')), [401, 'unauthorized', 'the token you have provided is invalid']);
	t.is((await hetzner('PATCH', '/servers')).status, 405);
	t.is((await hetzner('GET', '/datacenters')).status, 410);
});

test('a server in the making is locked, its name taken, its mistakes explained', async t => {
	const {hetzner, world} = await dayOn(t, {bootSeconds: [400, 400], hetznerLatencySeconds: [0, 0]});
	const made = await hetzner('POST', '/servers', server);
	t.is(made.status, 201);
	const {id} = z.object({server: z.object({id: z.number()})}).parse(JSON.parse(made.text)).server;
	t.deepEqual(errorOf(await hetzner('DELETE', `/servers/${id}`)), [423, 'locked', 'cannot perform operation because server is locked']);
	t.deepEqual(errorOf(await hetzner('POST', '/servers', server)), [409, 'uniqueness_error', 'server name is already used']);
	t.is(errorOf(await hetzner('POST', '/servers', {...server, name: 'a/b'}))[1], 'invalid_input');
	t.is(errorOf(await hetzner('POST', '/servers', {...server, name: 'x', labels: {repository: 'a/b'}}))[1], 'invalid_input');
	t.is(errorOf(await hetzner('POST', '/servers', {...server, name: 'x', server_type: 'cx11'}))[2], 'invalid input in field \'server_type\': invalid server type');
	t.is(errorOf(await hetzner('POST', '/servers', {...server, name: 'x', server_type: 'cpx11'}))[2], 'unsupported location for server type');
	await world.clock.sleep(410);
	t.is((await hetzner('DELETE', `/servers/${id}`)).status, 200);
	await world.clock.sleep(10);
	t.is((await hetzner('GET', `/servers/${id}`)).status, 404);
});

test('Hetzner pages its lists, and takes selectors', async t => {
	const {hetzner, world} = await dayOn(t);
	for (let number = 0; number < 57; number++) {
		world.hetzner.createServer({...server, name: `s${number}`, labels: {kind: number % 2 === 0 ? 'even' : 'odd', ...(number > 50 && {late: ''})}});
	}

	const shape = z.object({servers: z.array(z.object({name: z.string()})), meta: z.object({pagination: z.object({next_page: z.number().nullable(), last_page: z.number(), total_entries: z.number()})})});
	const ask = async (query: string) => shape.parse(JSON.parse((await hetzner('GET', `/servers?${query}`)).text));
	t.like((await ask('')).meta.pagination, {next_page: 2, last_page: 3, total_entries: 60});
	t.like((await ask('per_page=100&page=2')).meta.pagination, {next_page: null, last_page: 2});
	const count = async (selector: string) => (await ask(`per_page=50&label_selector=${encodeURIComponent(selector)}`)).meta.pagination.total_entries;
	t.is(await count('kind==even'), 29);
	t.is(await count('kind=odd,late'), 3);
	t.is(await count('kind!=even'), 31); // 28 odd ones and those of others, which lack the label.
	t.is(await count('!kind'), 3);
	t.is(await count('kind in (even, odd),!late'), 51);
	t.is(await count('kind notin (even)'), 31);
	t.is((await hetzner('GET', '/servers?label_selector=a%3D%3D%3Db')).status, 422);
	t.is((await ask('name=s7')).servers.length, 1);
	t.is((await ask('name=s7&sort=id:desc')).servers[0]?.name, 's7');
	t.is((await ask('sort=name:desc&per_page=1')).servers[0]?.name, 's9');
});

test('an unchanged answer of GitHub is a 304 that costs nothing, for the same token', async t => {
	const {github} = await dayOn(t, {jobsLagSeconds: [0, 0]});
	const first = await github('GET', '/repos/acme/widgets/actions/runners');
	const etag = first.headers.get('etag') ?? '';
	t.regex(etag, /^W\/"\w+"$/v);
	const second = await github('GET', '/api/v3/repos/ACME/widgets/actions/runners', {'if-none-match': etag});
	t.is(second.status, 304);
	t.is(second.headers.get('x-ratelimit-remaining'), first.headers.get('x-ratelimit-remaining'));
	t.is((await github('GET', '/repos/acme/widgets/actions/runners', {'if-none-match': 'W/"other"'})).status, 200);
});

test('GitHub says who may not, what is gone, and when to come back', async t => {
	const {github, world} = await dayOn(t, {githubPointsPerMinute: 12, githubLatencySeconds: [0, 0]}, 1); // All within one minute.
	t.is((await github('GET', '/repos/acme/widgets', {authorization: 'token x'})).status, 401);
	t.is((await github('GET', '/repos/acme/widgets/actions/jobs/1')).status, 404);
	t.is((await github('DELETE', '/repos/acme/widgets/actions/runners/999999')).status, 404);
	t.is((await github('POST', '/repos/acme/widgets/actions/runners/registration-token')).status, 201);
	const limited = await github('POST', '/repos/acme/widgets/actions/runners/registration-token');
	t.is(limited.status, 403);
	t.is(limited.headers.get('retry-after'), '60');
	t.regex(limited.text, /secondary rate limit/v);
	t.is(auditWorld(world).requests.github.refused, 3);
});

test('where a run is as far as its most advanced job, a queued job of a run in progress is only in the runs that are in progress', async t => {
	const {github, world} = await dayOn(t, {
		runStatus: 'mostAdvanced', jobsLagSeconds: [0, 0], jobLagSeconds: [0, 0], assignSeconds: [0, 0],
	});
	const run = world.addRun({jobs: [{name: 'first', durationSeconds: 9000}, {name: 'second', labels: ['self-hosted', 'other']}]});
	const ids = async (status: string) => {
		const answer = await github('GET', `/repos/acme/widgets/actions/runs?status=${status}`);
		return z.object({workflow_runs: z.array(z.object({id: z.number()}))}).parse(JSON.parse(answer.text)).workflow_runs.map(item => item.id);
	};

	t.deepEqual(await ids('queued'), [run.id]);
	const runner = world.github.addRunner({name: 'mine', labels: ['SELF-HOSTED'], architecture: 'x64'});
	world.github.connect(runner, () => undefined);
	await world.clock.sleep(5);
	t.deepEqual(await ids('queued'), []);
	t.deepEqual(await ids('in_progress'), [run.id]);
});

test('faults: an answer in HTML, a cut body, a dead connection, a wrong token for a while', async t => {
	const {github, hetzner, world} = await dayOn(t);
	const drop = world.faults.inject({
		kind: 'answer', api: 'github', status: 502, isHtml: true,
	}, {times: 1});
	const broken = await github('GET', '/repos/acme/widgets/actions/runners');
	t.is(broken.status, 502);
	t.regex(broken.text, /^<html>/v);
	t.is((await github('GET', '/repos/acme/widgets/actions/runners')).status, 200);
	drop();
	world.faults.inject({kind: 'cut', api: 'hetzner', operation: 'listServers'}, {times: 1});
	const cut = await hetzner('GET', '/servers');
	t.throws(() => {
		JSON.parse(cut.text);
	});
	world.faults.inject({kind: 'down', api: 'hetzner'}, {times: 1});
	await t.throwsAsync(hetzner('GET', '/servers'));
	world.faults.inject({kind: 'badCredentials', api: 'hetzner'}, {times: 1});
	t.is((await hetzner('GET', '/servers')).status, 401);
	world.faults.inject({
		kind: 'answerAfterwards', api: 'hetzner', operation: 'createServer', status: 504,
	}, {times: 1});
	t.is((await hetzner('POST', '/servers', server)).status, 504);
	t.is(errorOf(await hetzner('POST', '/servers', server))[0], 409);
	t.deepEqual([...auditWorld(world).faultsTriggered.keys()].toSorted(), ['answer', 'answerAfterwards', 'badCredentials', 'cut', 'down']);
});
