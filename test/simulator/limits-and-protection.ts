// What Hetzner refuses, and what it does late.
import test from 'ava';
import type {FaultSpan, Fault} from '../../source/simulator/faults.ts';
import {given, job, type Given} from '../../source/simulator/given.ts';
import type {SimulatedServer} from '../../source/simulator/hetzner-resources.ts';
import {simulatedApis, type Answer} from '../support/simulated-apis.ts';

function dayWith(fault: Fault, span: FaultSpan = {}, parameters = {}) {
	const day = given({jobs: [job('one'), job('two')], faults: [[fault, span]], parameters: {bootSeconds: [10, 10], ...parameters}});
	return {day, ...simulatedApis(day)};
}

const body = (name: string, type: string, labels = {}) => ({
	name, server_type: type, image: 'ubuntu-24.04', location: 'nbg1', labels,
});

function refusal({status, body: answer}: Answer): string {
	return `${status} ${JSON.stringify(answer.error ?? '')}`;
}

function serverOf(day: Given): SimulatedServer {
	return day.world.hetzner.servers.values().find(server => !server.isForeign)!;
}

test('the limit of dedicated cores refuses only types that have such, and counts cores', async t => {
	const day = given({parameters: {dedicatedCoreLimit: 10}}); // The database of others has four.
	const {hetzner} = simulatedApis(day);
	t.is((await hetzner('POST', '/servers', body('a', 'ccx23'))).status, 201);
	t.regex(refusal(await hetzner('POST', '/servers', body('b', 'ccx23'))), /^403 .*resource_limit_exceeded.*dedicated core limit exceeded/v);
	t.is((await hetzner('POST', '/servers', body('c', 'ccx13'))).status, 201);
	t.regex(refusal(await hetzner('POST', '/servers', body('d', 'ccx13'))), /dedicated core limit exceeded/v);
	t.is((await hetzner('POST', '/servers', body('e', 'cx23'))).status, 201);
	day.world.faults.inject({kind: 'serverLimit', what: 'dedicated core', limit: 0});
	t.is((await hetzner('POST', '/servers', body('f', 'cx33'))).status, 201);
});

test('a request whose own values are no good is refused, and so is a name that is taken though no list has it; others are not', async t => {
	const {day, hetzner} = dayWith({
		kind: 'createInvalid', job: 'one', field: 'labels', message: 'label value is too long',
	});
	const of = (name: string) => ({'job-id': String(day.job(name).id)});
	t.regex(refusal(await hetzner('POST', '/servers', body('a', 'cx23', of('one')))), /^422 .*invalid_input.*invalid input in field 'labels'/v);
	t.is((await hetzner('POST', '/servers', body('b', 'cx23', of('two')))).status, 201);
	day.world.faults.clear();
	day.world.faults.inject({kind: 'nameTaken', job: 'one'});
	t.regex(refusal(await hetzner('POST', '/servers', body('c', 'cx23', of('one')))), /^409 .*uniqueness_error/v);
	t.is((await hetzner('GET', '/servers?name=c')).rows.length, 0);
	t.is((await hetzner('POST', '/servers', body('d', 'cx23', of('two')))).status, 201);
});

test('a server that somebody protects cannot be deleted until they let it, and what runs there is not stopped', async t => {
	const {day, hetzner} = dayWith({kind: 'protects', fromSeconds: 60, forSeconds: 600}, {times: 1});
	await hetzner('POST', '/servers', body('a', 'cx23'));
	const {id} = serverOf(day);
	await day.pass(70);
	t.like((await hetzner('GET', `/servers/${id}`)).body, {server: {protection: {delete: true}, status: 'running'}});
	t.regex(refusal(await hetzner('DELETE', `/servers/${id}`)), /^423 .*protected/v);
	t.is(serverOf(day).host.power, 'on');
	await day.pass(600);
	t.is((await hetzner('DELETE', `/servers/${id}`)).status, 200);
});

test('a server is off for a while before it ever ran: its start comes late (terraform-provider-hcloud#505)', async t => {
	const {day, hetzner} = dayWith({kind: 'lateStart', seconds: 90});
	await hetzner('POST', '/servers', body('a', 'cx23'));
	const statusOf = async () => (await hetzner('GET', `/servers/${serverOf(day).id}`)).body.server as {status: string; locked: boolean};
	t.like(await statusOf(), {status: 'initializing'});
	await day.pass(8);
	t.like(await statusOf(), {status: 'off', locked: false});
	await day.pass(80);
	t.like(await statusOf(), {status: 'off'});
	await day.pass(20);
	t.like(await statusOf(), {status: 'running'});
	await day.pass(20);
	t.true(serverOf(day).host.doesSshAnswer);
});

test('a server that was deleted before its late start never starts', async t => {
	const {day, hetzner} = dayWith({kind: 'lateStart', seconds: 90});
	await hetzner('POST', '/servers', body('a', 'cx23'));
	const server = serverOf(day);
	await day.pass(20);
	t.is((await hetzner('DELETE', `/servers/${server.id}`)).status, 200);
	await day.pass(200);
	t.is(server.host.power, 'off');
	t.false(day.world.hetzner.servers.has(server.id));
});

test('a pair that is refused in one place is made in another', async t => {
	const {hetzner} = dayWith({
		kind: 'pairRefused', serverType: 'cx23', location: 'nbg1', form: 'unavailable',
	});
	t.regex(refusal(await hetzner('POST', '/servers', body('a', 'cx23'))), /^412 .*resource_unavailable/v);
	t.is((await hetzner('POST', '/servers', {...body('a', 'cx23'), location: 'fsn1'})).status, 201);
	t.is((await hetzner('POST', '/servers', body('b', 'cx33'))).status, 201);
});
