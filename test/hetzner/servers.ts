import test from 'ava';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import type {JobId, RunId} from '../../source/model/job.ts';
import {serverNameFor, type ServerName} from '../../source/model/server-name.ts';
import type {ServerId} from '../../source/model/server.ts';
import {instant} from '../../source/model/time.ts';
import {PortError} from '../../source/scaler/ports.ts';
import {answeringServer, type Answer, type Arrived} from '../support/answering-server.ts';
import {handClock} from '../support/hand-clock.ts';
import {page, serverRow} from '../support/hetzner-bodies.ts';
import {sharedFixtures} from '../support/shared-fixtures.ts';

const never = new AbortController().signal;
const job = {id: 70 as JobId, runId: 7 as RunId};
const name = serverNameFor(job, new Set());
const labels = serverRow(1, '').labels as Record<string, string>;

async function given(answer: (request: Arrived, count: number) => Answer) {
	const server = await answeringServer(answer);
	const clock = handClock();
	const hetzner = createHetzner({
		apiUrl: `${server.url}/v1/`, token: 'hetzner-secret', repository: {owner: 'Acme', name: 'Widgets'}, sshKeyName: 'laptop', image: 'ubuntu-24.04', clock, attemptMilliseconds: 2000,
	});
	return {server, hetzner, clock};
}

test('only servers with our labels are seen, whatever the filter let through', async t => {
	const {server, hetzner} = await given(() => ({
		body: page('servers', [
			serverRow(1, name),
			serverRow(2, 'gh-actions-runner-7-71', {labels: {...labels, 'github-repository': 'gadgets'}}),
			serverRow(3, 'gh-actions-runner-7-72', {labels: {}}),
			{id: 4, name: 'foreign and of a form we do not know', labels: {team: 'x'}},
		]),
	}));
	const {items: servers} = await hetzner.readServers(never);
	t.deepEqual(servers, [{
		id: 1 as ServerId, name, status: 'running', created: instant(Date.UTC(2026, 10, 24, 11, 58)), ip: '203.0.113.10', serverType: 'cx23', architecture: 'x64', location: 'fsn1',
		runId: job.runId, jobId: job.id, runnerLabels: ['self-hosted', 'server-cx23'], startupEndedAt: undefined, engineSet: undefined,
	}]);
	t.is(server.arrived[0]?.query.get('label_selector'), 'managed-by==hetzner-runners-tui,github-owner==acme,github-repository==widgets');
	t.is(server.arrived[0]?.headers.authorization, 'Bearer hetzner-secret');
	await server.close();
});

test('when a server was made is told by our clock, whatever Hetzner\'s shows, and does not move from one answer to the next', async t => {
	for (const aheadSeconds of [0, 90, -7200, 7200]) {
		let jitter = 0;
		const {server, hetzner, clock} = await given(() => {
			const theirs = new Date(clock.now() + ((aheadSeconds + jitter--) * 1000));
			return {body: page('servers', [serverRow(1, name, {created: new Date(theirs.getTime() - 60_000).toISOString()})]), headers: {date: theirs.toUTCString()}};
		});
		const first = await hetzner.readServers(never);
		t.is(first.items[0]?.created, instant(clock.now() - 60_000), `${aheadSeconds} s ahead`);
		t.is((await hetzner.readServers(never)).items[0]?.created, first.items[0]?.created);
		await server.close();
	}
});

test('all pages are read; rows that moved count once', async t => {
	const {server, hetzner} = await given(({query}) => query.get('page') === '1'
		? {body: page('servers', [serverRow(1, 'a'), serverRow(2, 'b')], {next: 2, total: 3})}
		: {body: page('servers', [serverRow(2, 'b'), serverRow(3, 'c')], {page: 2, total: 3})});
	const {items: servers} = await hetzner.readServers(never);
	t.deepEqual(servers.map(({id}) => Number(id)), [1, 2, 3]);
	await server.close();
});

test('a total that never fits is believed no more than two passes that agree (actions-runner-controller#362); where they differ, what is missing is known by id', async t => {
	const lasting = await given(() => ({body: page('servers', [serverRow(1, 'a')], {total: 19})}));
	t.like(await lasting.hetzner.readServers(never), {gaps: [], counted: 2});
	await lasting.server.close();

	const {server, hetzner} = await given((_, count) => ({body: count === 1 ? page('servers', [serverRow(1, 'a'), serverRow(2, 'b'), serverRow(3, 'c')]) : page('servers', [serverRow(count, 'x')], {total: 3})}));
	await hetzner.readServers(never);
	const {items, gaps} = await hetzner.readServers(never);
	t.deepEqual(items.map(({id}) => Number(id)), [2, 3]);
	t.deepEqual(gaps.map(({serverId}) => serverId), [undefined, 1 as ServerId]);
	await server.close();
});

test('an odd row stops nothing: a server whose labels can be read is ours, and what else cannot be read is unknown', async t => {
	const {server, hetzner, clock} = await given(() => ({
		body: page('servers', [
			serverRow(1, 'gh-actions-runner-7-70', {
				server_type: null, created: undefined, public_net: 4, location: 'fsn1', status: null,
			}),
			serverRow(2, 'b', {created: 'yesterday', name: null, labels: {...labels, team: 7}}),
			serverRow(3, 'c', {labels: null}),
			{name: 'no id', labels: {team: 'x'}},
			{name: 'no id', labels},
			serverRow(4, 'd'),
			'a text',
		]),
	}));
	const since = clock.now();
	await hetzner.readServers(never);
	clock.pass(100);
	const {items, gaps} = await hetzner.readServers(never);
	t.deepEqual(items.map(({id}) => Number(id)), [1, 2, 4]);
	t.like(items[0], {
		serverType: 'unknown', created: since, ip: undefined, location: 'unknown', status: 'unknown', name: 'gh-actions-runner-7-70' as ServerName,
	});
	t.like(items[1], {created: since, name: 'server-2' as ServerName});
	t.deepEqual(gaps.map(({what}) => what), ['server 3', 'a server without an id', 'a server without an id']);
	await server.close();
});

test('a server with delete protection is said to have it, at once and in Hetzner’s words', async t => {
	const {server, hetzner, clock} = await given(({method}) => method === 'GET' ? {body: {server: serverRow(1, name)}} : {status: 423, body: {error: {code: 'protected', message: 'server deletion is protected'}}});
	t.deepEqual(await hetzner.deleteServer(1 as ServerId), {protected: 'server deletion is protected (423 protected)'});
	t.deepEqual(clock.slept, []);
	await server.close();
});

test('unknown states, missing addresses and older rows are understood', async t => {
	const {server, hetzner} = await given(() => ({
		body: page('servers', [
			serverRow(1, 'a', {status: 'dreaming', location: undefined, datacenter: {id: 4, name: 'nbg1-dc3', location: {name: 'nbg1'}}}),
			serverRow(2, 'b', {public_net: {ipv4: null, ipv6: {ip: '2001:db8:1:2::/64'}}, location: undefined, server_type: {name: 'cax11', architecture: 'arm'}}),
			serverRow(3, 'c', {
				public_net: {ipv4: null, ipv6: null}, labels: {
					...labels, 'run-id': 'many', 'job-id': '', 'runner-labels-0': 'typed by hand', 'startup-ended-at': '1795521600',
				},
			}),
		]),
	}));
	const {items: servers} = await hetzner.readServers(never);
	t.like(servers[0], {status: 'unknown', location: 'nbg1'});
	t.like(servers[1], {ip: '2001:db8:1:2::1', location: 'unknown', architecture: 'arm64'});
	t.like(servers[2], {
		ip: undefined, runId: undefined, jobId: undefined, runnerLabels: [], startupEndedAt: instant(1_795_521_600_000),
	});
	await server.close();
});

test('one server is ours, or for us it does not exist', async t => {
	const answers: Readonly<Record<string, Answer>> = {
		'/v1/servers/1': {body: {server: serverRow(1, name)}},
		'/v1/servers/2': {body: {server: serverRow(2, 'x', {labels: {}})}},
		'/v1/servers/3': {status: 404, body: {error: {code: 'not_found', message: 'server not found'}}},
	};
	const {server, hetzner} = await given(({path}) => answers[path] ?? 'drop');
	const own = await hetzner.readServer(1 as ServerId);
	t.is(own?.name, name);
	t.is(await hetzner.readServer(2 as ServerId), undefined);
	t.is(await hetzner.readServer(3 as ServerId), undefined);
	await server.close();
});

test('a name is ours, foreign, or nobody’s', async t => {
	const {server, hetzner} = await given((_, count) => ({body: page('servers', count === 1 ? [serverRow(1, name)] : (count === 2 ? [serverRow(1, name, {labels: {}})] : []))}));
	t.like(await hetzner.findServer(name), {id: 1 as ServerId});
	t.is(await hetzner.findServer(name), 'foreign');
	t.is(await hetzner.findServer(name), undefined);
	t.is(server.arrived[0]?.query.get('name'), name);
	await server.close();
});

test('a server is read again right before it is deleted, and nobody else’s is', async t => {
	const foreign = await given(({method}) => method === 'GET' ? {body: {server: serverRow(1, name, {labels: {...labels, 'github-owner': 'other'}})}} : {body: {}});
	t.is(await foreign.hetzner.deleteServer(1 as ServerId), 'gone');
	t.deepEqual(foreign.server.arrived.map(({method}) => method), ['GET']);
	await foreign.server.close();

	const own = await given(({method}) => method === 'GET' ? {body: {server: serverRow(1, name)}} : {body: {action: {id: 606_028_482_673_874}}});
	t.is(await own.hetzner.deleteServer(1 as ServerId), 'deleted');
	t.deepEqual(own.server.arrived.map(({method, path}) => `${method} ${path}`), ['GET /v1/servers/1', 'DELETE /v1/servers/1']);
	await own.server.close();
});

test('a locked server is deleted once the lock is off, and given up after a minute', async t => {
	const locked: Answer = {status: 423, body: {error: {code: 'locked', message: 'cannot perform operation because resource is locked'}}};
	const soon = await given(({method}, count) => method === 'GET' ? {body: {server: serverRow(1, name)}} : (count < 5 ? locked : {body: {action: {}}}));
	t.is(await soon.hetzner.deleteServer(1 as ServerId), 'deleted');
	t.deepEqual(soon.clock.slept, [1, 2, 4]);
	await soon.server.close();

	const never_ = await given(({method}) => method === 'GET' ? {body: {server: serverRow(1, name)}} : locked);
	await t.throwsAsync(never_.hetzner.deleteServer(1 as ServerId), {instanceOf: PortError, message: /deleting server 1: cannot perform operation because resource is locked \(423 locked\)/v});
	t.true(never_.clock.slept.reduce((sum, seconds) => sum + seconds, 0) <= 60);
	await never_.server.close();
});

test('the end of the startup script is written beside all labels that the server has now', async t => {
	const {server, hetzner} = await given(({method}) => ({body: {server: serverRow(1, name, {labels: {...labels, team: 'added by somebody'}})}, status: method === 'PUT' ? 200 : 200}));
	const own = await hetzner.readServer(1 as ServerId);
	t.truthy(own);
	if (own !== undefined) {
		await hetzner.markStartupEnded(own, instant(1_795_521_600_999));
	}

	const put = server.arrived.find(({method}) => method === 'PUT');
	t.deepEqual(JSON.parse(put?.body ?? ''), {labels: {...labels, team: 'added by somebody', 'startup-ended-at': '1795521600'}});
	await server.close();
});

test('the budget is read from the answers; a used-up one stops requests here', async t => {
	const {server, hetzner, clock} = await given((_, count) => count === 1
		? {
			headers: {
				date: new Date(clock.now() + 5000).toUTCString(), 'RateLimit-Limit': '3600', 'RateLimit-Remaining': '3599', 'RateLimit-Reset': String((clock.now() / 1000) + 6),
			}, body: page('servers', []),
		}
		: {status: 429, body: {error: {message: 'limit of 3600 requests per hour reached', code: 'rate_limit_exceeded', details: null}}});
	t.is(hetzner.budget(), undefined);
	await hetzner.readServers(never);
	t.deepEqual(hetzner.budget(), {
		limit: 3600, remaining: 3599, resetAt: instant(clock.now() + 1000), blockedUntil: undefined,
	});
	const error = await t.throwsAsync(hetzner.readServers(never), {instanceOf: PortError});
	t.is(error.kind, 'limited');
	t.true((error.retryAt ?? 0) > clock.now());
	const count = server.arrived.length;
	const answer = await hetzner.createServer({
		name, job, runnerLabels: [], engineSet: 'one', placement: {
			serverType: 'cx23', location: undefined, image: 'ubuntu-24.04', architecture: 'x64',
		},
	});
	t.like(answer, {outcome: 'refused', refusal: {code: 'rateLimited'}});
	t.is(server.arrived.length, count);
	await server.close();
});

for (const [retryAfter, seconds] of [['30', 30], ['1000000000', 3600], ['-1', 10], ['NaN', 10], ['soon', 10]] as const) {
	test(`a refusal with retry-after ${retryAfter} is waited out for ${seconds} s`, async t => {
		const {server, hetzner, clock} = await given(() => ({status: 429, headers: {'retry-after': retryAfter}, body: {error: {message: 'limit', code: 'rate_limit_exceeded'}}}));
		const answer = await hetzner.createServer({
			name, job, runnerLabels: [], engineSet: 'one', placement: {
				serverType: 'cx23', location: undefined, image: 'ubuntu-24.04', architecture: 'x64',
			},
		});
		const at = clock.now();
		t.is(answer.outcome === 'refused' && answer.refusal.code === 'rateLimited' && ((answer.refusal.retryAt ?? 0) - at) / 1000, seconds);
		await server.close();
	});
}

test('documented and observed servers are understood', async t => {
	const documented = sharedFixtures('hetzner/documented', 'schema-example-get_servers_id-200').map(({body}) => (body as {server: Record<string, unknown>}).server);
	const observed = sharedFixtures('hetzner/observed', 'server-get').map(({body}) => ({created: '2026-09-01T00:00:00+00:00', ...body as Record<string, unknown>}));
	t.log(documented.length === 0 ? 'fixtures are not here' : 'fixtures read');
	for (const row of [serverRow(5, 'own'), ...documented, ...observed]) {
		const {server, hetzner} = await given(() => ({body: {server: {...row, labels}}}));
		const read = await hetzner.readServer(5 as ServerId);
		t.is(read?.status, 'running');
		t.not(read?.ip, undefined);
		t.not(read?.location, 'unknown');
		await server.close();
	}
});
