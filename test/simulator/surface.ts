// What clients other than ours see of both APIs.
import {Buffer} from 'node:buffer';
import test from 'ava';
import {given, job} from '../../source/simulator/given.ts';
import {simulatedApis, type Answer} from '../support/simulated-apis.ts';

const parameters = {jobsLagSeconds: [0, 0], bootSeconds: [20, 20]} as const;
const errorOf = ({status, body}: Answer) => [status, (body.error as {message: string} | undefined)?.message];
const server = {
	name: 'one', server_type: 'cx23', image: 'ubuntu-24.04', location: 'fsn1',
};

test('names of servers are host names of parts of at most 63 characters, whether created or changed', async t => {
	const day = given({parameters});
	const {hetzner} = simulatedApis(day);
	const create = async (name: string) => (await hetzner('POST', '/servers', {...server, name})).status;
	for (const name of ['x'.repeat(64), `${'x'.repeat(64)}.example`, '-a', 'a-', 'a..b', 'a_b', 'a b', '', `${'a.'.repeat(127)}aa`]) {
		t.is(await create(name), 422, `"${name}"`);
	}

	t.is(await create(`${'x'.repeat(63)}.${'y'.repeat(63)}`), 201);
	const {id} = [...day.world.hetzner.servers.values()].at(-1)!;
	t.is((await hetzner('PUT', `/servers/${id}`, {name: 'no name'})).status, 422);
	t.is((await hetzner('PUT', `/servers/${id}`, {name: 'a.name'})).status, 200);
});

test('what a request gets wrong is told in the words and fields of Hetzner', async t => {
	const {hetzner} = simulatedApis(given({parameters}));
	const answer = await hetzner('POST', '/servers', {
		server_type: 'cx23', image: true, ssh_keys: 'key', labels: ['a'], start_after_create: 'yes',
	});
	t.is(answer.status, 422);
	t.like(answer.body.error, {
		code: 'invalid_input', message: 'invalid input in field \'name\': Missing data for required field.', details: {
			fields: [
				{name: 'name', messages: ['Missing data for required field.']},
				{name: 'image', messages: ['Not a valid string.']},
				{name: 'ssh_keys', messages: ['Not a valid list.']},
				{name: 'labels', messages: ['Not a valid mapping type.']},
				{name: 'start_after_create', messages: ['Not a valid boolean.']},
			],
		},
	});
	t.deepEqual(errorOf(await hetzner('POST', '/ssh_keys', {name: '', public_key: 'x'})), [422, 'invalid input in field \'name\': Shorter than minimum length 1.']);
});

test('networks, volumes, firewalls and addresses that are not there are refused; a server without IPv4 has none', async t => {
	const {hetzner} = simulatedApis(given({parameters}));
	for (const more of [{networks: [1]}, {volumes: [1]}, {firewalls: [{firewall: 1}]}, {placement_group: 1}, {public_net: {ipv4: 1}}]) {
		t.is((await hetzner('POST', '/servers', {...server, ...more})).status, 404, JSON.stringify(more));
	}

	const made = await hetzner('POST', '/servers', {...server, public_net: {enable_ipv4: false, enable_ipv6: true}});
	t.like(made.body, {server: {public_net: {ipv4: null}}});
	const addresses = await hetzner('GET', '/primary_ips?sort=id:desc');
	t.is(addresses.rows.length, 7, 'two for each server of others, one for this');
	t.is((await hetzner('GET', `/primary_ips?ip=${encodeURIComponent(String(addresses.rows[1]?.ip))}`)).rows.length, 1);
});

test('the progress of an action grows, and an action is its own server\'s alone', async t => {
	const day = given({parameters});
	const {hetzner} = simulatedApis(day);
	const made = await hetzner('POST', '/servers', server);
	const {id, resources} = made.body.action as {id: number; resources: ReadonlyArray<{id: number}>};
	const progress = async () => ((await hetzner('GET', `/actions/${id}`)).body.action as {progress: number}).progress;
	const seen = [await progress()];
	await day.pass(5);
	seen.push(await progress());
	await day.pass(4);
	seen.push(await progress());
	await day.pass(10);
	seen.push(await progress());
	t.deepEqual(seen, seen.toSorted((a, b) => a - b));
	t.true(seen[1]! > 20 && seen[2]! > seen[1]! && seen[2]! < 100 && seen[3] === 100, seen.join(', '));
	const own = resources[0]!.id;
	t.is((await hetzner('GET', `/servers/${own}/actions/${id}`)).status, 200);
	const other = day.world.hetzner.servers.values().find(({name}) => name === 'prod-db')!;
	t.is((await hetzner('GET', `/servers/${other.id}/actions/${id}`)).status, 404);
	const listed = await hetzner('GET', `/servers/${own}/actions?status=success&sort=command:asc`);
	t.deepEqual(listed.rows.map(({command}) => command), ['create_server']);
	t.is((await hetzner('GET', '/servers?sort=size')).status, 422);
});

test('a guest goes down some time after ACPI asked it, or does not hear', async t => {
	const day = given({parameters});
	const {hetzner} = simulatedApis(day);
	await hetzner('POST', '/servers', server);
	await day.pass(60);
	const {id} = day.world.hetzner.servers.values().find(({name}) => name === 'one')!;
	const status = async () => ((await hetzner('GET', `/servers/${id}`)).body.server as {status: string}).status;
	const undo = day.world.faults.inject({kind: 'ignoresShutdown'});
	t.is((await hetzner('POST', `/servers/${id}/actions/shutdown`)).status, 201);
	await day.pass(120);
	t.is(await status(), 'running');
	undo();
	await hetzner('POST', `/servers/${id}/actions/shutdown`);
	await day.pass(3);
	t.is(await status(), 'running');
	await day.pass(15);
	t.is(await status(), 'off');
});

test('a rebuild destroys what runs there: a job is killed, and the machine is a new one', async t => {
	const day = given({parameters});
	const {hetzner} = simulatedApis(day);
	await hetzner('POST', '/servers', server);
	await day.pass(60);
	const one = day.world.hetzner.servers.values().find(({name}) => name === 'one')!;
	const before = one.host;
	t.is((await hetzner('POST', `/servers/${one.id}/actions/rebuild`, {image: 'nonsense'})).status, 422);
	t.is((await hetzner('POST', `/servers/${one.id}/actions/rebuild`, {image: 'debian-13'})).status, 201);
	t.is(before.power, 'off');
	await day.pass(60);
	t.true(one.host !== before && one.host.doesSshAnswer);
	t.is(one.image.name, 'debian-13');
});

test('GitHub names what may be kept, and compares by any of the forms of If-None-Match', async t => {
	const {github} = simulatedApis(given({parameters}));
	const {headers} = await github('GET', '/actions/runners');
	const etag = headers.get('etag') ?? '';
	t.regex(headers.get('cache-control') ?? '', /private, max-age=60/v);
	t.regex(headers.get('vary') ?? '', /Authorization/v);
	for (const asked of [etag, etag.slice(2), `"other", ${etag}`, `W/"a",${etag.slice(2)}`, '*']) {
		t.is((await github('GET', '/actions/runners', undefined, {'if-none-match': asked})).status, 304, `asked by ${asked}`);
	}

	t.is((await github('GET', '/actions/runners', undefined, {'if-none-match': '"other", W/"more"'})).status, 200);
	const head = await github('HEAD', '/actions/runners');
	t.is(head.status, 200);
	t.is(head.headers.get('etag'), etag);
});

test('GitHub takes a token by Basic authentication; who has none has the budget of an address', async t => {
	const day = given({parameters});
	const {github, hetzner} = simulatedApis(day);
	const basic = (token: string) => ({authorization: `Basic ${Buffer.from(`me:${token}`).toString('base64')}`});
	t.is((await github('GET', '/actions/runners', undefined, basic(day.world.githubToken))).status, 200);
	const refused = await github('GET', '/actions/runners', undefined, basic('wrong'));
	t.is(refused.status, 401);
	t.is(refused.headers.get('x-ratelimit-limit'), '60');
	t.false(refused.headers.has('x-oauth-scopes'));
	const unknown = await hetzner('GET', '/servers', undefined, {authorization: 'Bearer wrong'});
	t.is(unknown.status, 401);
	t.false(unknown.headers.has('ratelimit-remaining'));
});

test('runs are filtered by branch, event, actor and date, and by the file of their workflow', async t => {
	const day = given({
		parameters, runs: [{workflow: 'ci', branch: 'main', jobs: [job('a')]}, {
			workflow: 'docs', branch: 'fix', event: 'pull_request', jobs: [job('b')],
		}],
	});
	const {github} = simulatedApis(day);
	await day.pass(60);
	const names = async (path: string) => (await github('GET', path)).rows.map(({name}) => name);
	t.deepEqual(await names('/actions/runs?branch=fix'), ['docs']);
	t.deepEqual(await names('/actions/runs?event=push'), ['ci']);
	t.deepEqual(await names('/actions/runs?actor=nobody'), []);
	t.deepEqual(await names('/actions/runs?created=%3E%3D2026-11-24'), ['docs', 'ci']);
	t.deepEqual(await names('/actions/runs?created=2026-11-01..2026-11-23'), []);
	t.deepEqual(await names('/actions/runs?created=%3C2026-11-24T09:30:00Z&status=queued'), ['docs', 'ci']);
	t.deepEqual(await names('/actions/workflows/docs.yml/runs'), ['docs']);
	t.is((await github('GET', '/actions/workflows/nothing.yml')).status, 404);
});
