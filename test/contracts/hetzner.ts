import test from 'ava';
import type {JobId, RunId} from '../../source/model/job.ts';
import {serverNameFor} from '../../source/model/server-name.ts';
import type {ServerId} from '../../source/model/server.ts';
import {PortError, type CreateRequest} from '../../source/scaler/ports.ts';
import {sides} from '../support/both-worlds.ts';

const never = new AbortController().signal;
const hostile = ['self-hosted', 'x\'; touch PWNED; echo \'', '😀 ü', '_', '__', 'a'.repeat(300)];

function request(id = 70, serverType = 'cx23', location: string | undefined = 'fsn1'): CreateRequest {
	const job = {id: id as JobId, runId: 7 as RunId};
	return {
		name: serverNameFor(job, new Set()), job, runnerLabels: hostile, engineSet: 'one', placement: {
			serverType, location, image: 'ubuntu-24.04', architecture: 'x64',
		},
	};
}

for (const {name, open} of sides) {
	test(`${name}: a server that was created carries its job and the labels of its runner`, async t => {
		const {cloud, until, world} = await open(t);
		const answer = await cloud.createServer(request());
		t.is(answer.outcome, 'created');
		await until(() => world.hetzner.servers.values().every(server => server.status === 'running'));
		const {items: servers} = await cloud.readServers(never);
		t.is(servers.length, 1);
		t.like(servers[0], {
			name: request().name, status: 'running', serverType: 'cx23', location: 'fsn1', architecture: 'x64', runId: 7 as RunId, jobId: 70 as JobId, startupEndedAt: undefined,
		});
		t.deepEqual(servers[0]?.runnerLabels, hostile);
		t.regex(servers[0]?.ip ?? '', /^127\.77\./v);
		t.deepEqual(await cloud.readServer(servers[0]?.id ?? 0 as ServerId), servers[0]);
		t.deepEqual(await cloud.findServer(request().name), servers[0]);
		t.is(await cloud.findServer(request(71).name), undefined);
	});

	test(`${name}: what is not ours is not seen, not found as ours, not deleted`, async t => {
		const {cloud, world} = await open(t);
		const foreign = world.addForeignServer({name: request().name, labels: {'managed-by': 'hetzner-runners-tui', 'github-owner': 'acme', 'github-repository': 'widgets-fork'}});
		t.deepEqual((await cloud.readServers(never)).items, []);
		t.is(await cloud.readServer(foreign.id as ServerId), undefined);
		t.is(await cloud.findServer(request().name), 'foreign');
		t.is(await cloud.deleteServer(foreign.id as ServerId), 'gone');
		t.like(await cloud.createServer(request()), {outcome: 'refused', refusal: {code: 'nameTaken'}});
		t.is(world.hetzner.servers.get(foreign.id), foreign);
	});

	test(`${name}: the making of a server is awaited to its end, good or bad`, async t => {
		const {cloud, world} = await open(t);
		const good = await cloud.createServer(request());
		const heal = world.faults.inject({kind: 'actionFails', command: 'create_server'}, {afterSeconds: 40});
		t.deepEqual(good.outcome === 'created' && await cloud.awaitCreation(good.server.id, never), {outcome: 'done'});
		await world.clock.sleep(41);
		const bad = await cloud.createServer(request(71));
		t.deepEqual(bad.outcome === 'created' && await cloud.awaitCreation(bad.server.id, never), {outcome: 'failed', answer: 'Action failed'});
		heal();
		t.deepEqual(await cloud.awaitCreation(1 as ServerId, never), {outcome: 'unknown'});
	});

	test(`${name}: each foreseen no has its code`, async t => {
		const {cloud, world} = await open(t);
		for (const form of ['placement', 'disabled', 'unavailable', 'unsupported'] as const) {
			const heal = world.faults.inject({kind: 'pairRefused', serverType: 'cx23', form});
			t.like({form, ...await cloud.createServer(request())}, {form, outcome: 'refused', refusal: {code: 'noCapacity'}});
			heal();
		}

		world.faults.inject({kind: 'serverLimit', limit: 0});
		t.like(await cloud.createServer(request()), {outcome: 'refused', refusal: {code: 'accountLimit'}});
	});

	test(`${name}: a create whose answer was lost is unknown, and found by its name`, async t => {
		const {cloud, world} = await open(t);
		world.faults.inject({
			kind: 'answerAfterwards', api: 'hetzner', operation: 'createServer', status: 502, code: 'bad_gateway', message: 'bad gateway',
		}, {times: 1});
		t.like(await cloud.createServer(request()), {outcome: 'unknown'});
		t.like(await cloud.findServer(request().name), {jobId: 70 as JobId});
		t.is(world.hetzner.servers.size, 1);
	});

	test(`${name}: a server is deleted even while it boots, then it is gone`, async t => {
		const {cloud, until, world} = await open(t);
		const answer = await cloud.createServer(request());
		const id = answer.outcome === 'created' ? answer.server.id : 0 as ServerId;
		t.is(await cloud.deleteServer(id), 'deleted');
		await until(() => world.hetzner.servers.size === 0);
		t.is(await cloud.readServer(id), undefined);
		t.is(await cloud.deleteServer(id), 'gone');
	});

	test(`${name}: the end of the startup script is kept on the server`, async t => {
		const {cloud, clock} = await open(t);
		const answer = await cloud.createServer(request());
		const at = clock.now();
		if (answer.outcome === 'created') {
			await cloud.markStartupEnded(answer.server, at);
		}

		const {items: [server]} = await cloud.readServers(never);
		t.is(Math.floor((server?.startupEndedAt ?? 0) / 1000), Math.floor(at / 1000));
		t.deepEqual(server?.runnerLabels, hostile, 'beside what was there');
	});

	test(`${name}: the catalogue has gross prices with the address`, async t => {
		const {cloud} = await open(t);
		const catalogue = await cloud.readCatalogue();
		t.is(catalogue.currency, 'EUR');
		t.true(catalogue.locations.includes('fsn1'));
		t.deepEqual([...catalogue.imageArchitectures].toSorted(), ['arm64', 'x64']);
		t.is(catalogue.serverTypes.get('cax11')?.architecture, 'arm64');
		t.is(catalogue.serverTypes.get('cx23')?.prices.get('fsn1')?.hourlyMicros, 10_472 + 952);
		t.is(catalogue.serverTypes.get('cx23')?.prices.get('ash'), undefined);
	});

	test(`${name}: a list that cannot be read is an error of the right kind`, async t => {
		const {cloud, world} = await open(t);
		const heal = world.faults.inject({kind: 'down', api: 'hetzner'});
		const unreachable = await t.throwsAsync(cloud.readServers(never), {instanceOf: PortError});
		t.is(unreachable.kind, 'unreachable');
		heal();
		world.faults.inject({kind: 'badCredentials', api: 'hetzner'});
		const refused = await t.throwsAsync(cloud.readServers(never), {instanceOf: PortError});
		t.is(refused.kind, 'refused');
	});
}
