// A server's moments and output are its own, also when another server gets its name.
import test from 'ava';
import type {ServerName} from '../../source/model/server-name.ts';
import {earlierServerLine, type Timeline} from '../../source/scaler/controller.ts';
import {job} from '../../source/simulator/given.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {givenEngine} from '../support/given-engine.ts';

test('a server made anew under the name of one that was deleted begins with no moments, and with its output below a line', async t => {
	const day = givenEngine({jobs: [job('test')]});
	const {state} = day.engine;
	await day.wait('its first server is being set up', () => state().output.size > 0);
	const name = givenName([...state().output.keys()]);
	const of = (): Timeline => state().timelines.get(name) ?? {};
	const first = of();
	t.is(first.serverId, state().servers.items[0]?.id);
	await day.controller.setMode('paused', {name: 'ada'});
	const deleted = day.controller.deleteServers([name], {name: 'ada'});
	await day.pass(60);
	t.is((await deleted).get(name)?.state, 'deleted');
	t.not(of().goneAt, undefined);
	await day.controller.setMode('scaling', {name: 'ada'});
	await day.wait('the second one exists', () => of().createdAt !== first.createdAt && of().createdAt !== undefined);
	t.is(state().servers.items.at(-1)?.name, name, 'it has the same name');
	t.is(of().serverId, state().servers.items.at(-1)?.id);
	t.like(of(), {
		sshAt: undefined, setupEndedAt: undefined, registeredAt: undefined, goneAt: undefined,
	});
	t.is(state().output.get(name)?.at(-1), earlierServerLine);
	await day.wait('all is done', () => isFinished(day.world));
	await day.pass(60);
	const {createdAt = 0, sshAt = 0, runningAt = 0, goneAt = 0} = of();
	t.true(createdAt < sshAt && sshAt < runningAt && runningAt < goneAt);
	t.is(state().output.get(name)?.filter(line => line === earlierServerLine).length, 1);
	await day.end();
});

function givenName(names: readonly ServerName[]): ServerName {
	const [name] = names;
	if (name === undefined) {
		throw new Error('no server');
	}

	return name;
}

test('an engine that stops says how many servers keep running, and that it does not know when it could not read them', async t => {
	const read = givenEngine({jobs: [{...job('long'), durationSeconds: 3600}]});
	await read.until('long', 'running');
	await read.end();
	t.regex(read.trace(), /stopped; 1 server keeps running/v);

	const never = givenEngine({jobs: [job('test')], faults: [{kind: 'down', api: 'hetzner'}, {kind: 'down', api: 'github'}]});
	await never.pass(60);
	await never.end();
	t.regex(never.trace(), /stopped; the list of servers was never read: some may be running/v);

	const lost = givenEngine({jobs: [{...job('long'), durationSeconds: 3600}]});
	await lost.until('long', 'running');
	lost.world.faults.inject({kind: 'slow', api: 'hetzner', seconds: 600});
	await lost.pass(120);
	await lost.end();
	t.regex(lost.trace(), /stopped; the list of servers is out of date \(1 on it\)/v);
});

test('what was spent today counts a server from the moment it is made, also one that is deleted before the next poll', async t => {
	const day = givenEngine({jobs: [job('test')]}, {scaleUpIntervalSeconds: 60, scaleDownIntervalSeconds: 60});
	await day.wait('a server exists', () => day.engine.state().servers.items.length === 1);
	await day.pass(1);
	const spent = day.engine.state().todayMicros ?? 0;
	t.true(spent > 0);
	t.is(spent, day.engine.state().hourlyMicros ?? 0);
	await day.controller.setMode('paused', {name: 'ada'});
	const {name} = day.engine.state().servers.items[0] ?? {};
	const deleted = day.controller.deleteServers(name === undefined ? [] : [name], {name: 'ada'});
	await day.pass(200);
	await deleted;
	t.is(day.engine.state().servers.items.length, 0);
	t.is(day.engine.state().todayMicros, spent);
	await day.end();
});
