// One suite for whoever plays the Controller: the engine in this process, and a console's end of a socket.
import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {connectRemote} from '../../source/remote/client.ts';
import {serveRemote} from '../../source/remote/server.ts';
import type {ServerName} from '../../source/model/server-name.ts';
import {describeEvent} from '../../source/model/event.ts';
import {describeRunnerVerdict, describeServerVerdict} from '../../source/model/describe-verdict.ts';
import {ReadOnlyError, type Controller, type EngineState} from '../../source/scaler/controller.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {job} from '../../source/simulator/given.ts';
import {givenEngine, type EngineDay} from '../support/given-engine.ts';
import {withoutUndefined} from '../support/without-undefined.ts';

type Way = {readonly title: string; readonly reach: (t: ExecutionContext, day: EngineDay) => Promise<Controller>};

const ways: readonly Way[] = [
	{title: 'the engine itself', reach: async (_, day) => day.controller},
	{
		title: 'over a socket', async reach(t, day) {
			const folder = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-test-'));
			const socketPath = path.join(folder, 'engine.sock');
			const served = await serveRemote({
				controller: day.controller, socketPath, about: {
					version: '1.0.0', repository: 'acme/widgets', pid: 1, where: 'a test',
				},
			});
			const controller = await connectRemote({
				socketPath, version: '1.0.0', isReadOnly: false, clockNow: () => Date.now(),
			});
			t.teardown(async () => {
				await controller.close();
				await served.close();
				await rm(folder, {recursive: true});
			});
			return controller;
		},
	},
];

const anna = {name: 'anna on pts/3'};

// The engine's clock stands still, the socket's does not: what has been said arrives a little later.
async function heard(controller: Controller, what: string, isSo: () => boolean): Promise<void> {
	for (let tries = 0; !isSo(); tries++) {
		if (tries > 500) {
			throw new Error(`never heard: ${what}\n${controller.state().activity.map(({event}) => describeEvent(event)).join('\n')}`);
		}

		await pause(20);
	}
}

for (const {title, reach} of ways) {
	test(`${title}: the state is the engine's, part for part, also after it changed`, async t => {
		const day = givenEngine({jobs: [job('test'), {...job('构建 \u{1B}[31mred'), labels: ['self-hosted', 'server-nope']}]});
		const controller = await reach(t, day);
		await day.until('test', 'running');
		await day.pass(5);
		const wanted = day.engine.state();
		await heard(controller, 'the newest state', () => controller.state().publishedAt === wanted.publishedAt);
		t.deepEqual(told(controller.state()), told(wanted));
		t.true(controller.state().jobVerdicts.size >= 2 && controller.state().output.size > 0, 'there is something to compare');
		await day.end();
	});

	test(`${title}: scaling is paused by a person who is named`, async t => {
		const day = givenEngine({jobs: []});
		const controller = await reach(t, day);
		await controller.setMode('paused', anna);
		await day.pass(1);
		await heard(controller, 'paused', () => controller.state().mode === 'paused');
		t.is(day.engine.state().mode, 'paused');
		t.regex(day.trace(), /paused, by anna on pts\/3/v);
		await day.end();
	});

	test(`${title}: the maximum number of servers is changed in a running engine, by a person who is named`, async t => {
		const day = givenEngine({jobs: Array.from({length: 4}, (_, index) => ({...job(`test ${index}`), durationSeconds: 3000}))}, {maxRunners: 1});
		const controller = await reach(t, day);
		await day.wait('one server', () => auditWorld(day.world).serversCreated === 1);
		await controller.setMaxRunners(3, anna);
		await day.pass(30);
		t.is(auditWorld(day.world).serversCreated, 3);
		t.deepEqual(day.engine.state().timelines.values().map(({waitedForLimit}) => waitedForLimit).toArray(), [undefined, 1, 1], 'a timeline tells for what its job waited');
		await heard(controller, 'the new maximum', () => controller.state().policy.maxRunners === 3);
		t.regex(day.trace(), /maximum number of servers is 3 now, was 1, by anna on pts\/3/v);
		await controller.setMaxRunners(2, anna);
		await day.pass(60);
		t.is(day.engine.state().servers.items.length, 3, 'none is deleted for it');
		await controller.setMaxRunners(undefined, anna);
		await day.pass(30);
		t.is(auditWorld(day.world).serversCreated, 4);
		await day.end();
	});

	test(`${title}: a server that is drained gets no further job, and one that has a job finishes it`, async t => {
		const day = givenEngine({jobs: [{...job('test'), durationSeconds: 300}]});
		const controller = await reach(t, day);
		await day.until('test', 'running');
		await day.pass(30);
		const [server] = day.engine.state().servers.items;
		const name = server?.name ?? ('' as ServerName);
		await controller.drainServer(name, true, anna);
		await day.pass(30);
		await heard(controller, 'the order', () => controller.state().activity.some(({event}) => event.code === 'serverDrained'));
		const verdict = day.serverVerdicts()[0];
		t.regex(verdict === undefined ? '' : describeServerVerdict(verdict, day.clock.now()), /busy with ci \/ test; draining \(asked by anna on pts\/3/v);
		await day.wait('it is gone', () => auditWorld(day.world).serversLeft === 0);
		t.like(auditWorld(day.world), {jobsKilled: 0, jobs: {done: 1}});
		await t.throwsAsync(controller.drainServer(name, true, anna), {message: /being deleted already|no such server of ours/v});
		await day.end();
	});

	test(`${title}: a server is deleted on demand, a busy one is kept until its name is typed`, async t => {
		const day = givenEngine({jobs: [{...job('test'), durationSeconds: 3000}]});
		const controller = await reach(t, day);
		await day.until('test', 'running');
		await day.pass(30);
		const name = day.engine.state().servers.items[0]?.name ?? '' as ServerName;
		const first = controller.deleteServers([name], anna);
		await day.pass(1);
		const kept = await settle(day, first);
		t.is(kept.get(name)?.state, 'kept');
		t.is(auditWorld(day.world).jobsKilled, 0);
		const typed = await settle(day, controller.deleteServers([name], anna, new Set([name])));
		t.deepEqual([...typed], [[name, {state: 'deleted'}]]);
		await day.end();
	});

	test(`${title}: a server is kept for a while`, async t => {
		const day = givenEngine({jobs: [{...job('test'), durationSeconds: 3000}]});
		const controller = await reach(t, day);
		await day.until('test', 'running');
		const name = day.engine.state().servers.items[0]?.name ?? '' as ServerName;
		await controller.keepServer(name, 600, anna);
		await day.pass(1);
		t.regex(day.trace(), /kept gh-actions-runner-\d+-\d+: for 10 minutes, by anna/v);
		await day.end();
	});

	test(`${title}: scripts and what they get, without secrets`, async t => {
		const day = givenEngine({jobs: []});
		const controller = await reach(t, day);
		t.deepEqual(await controller.scripts(), await day.controller.scripts());
		const variables = await controller.scriptVariables();
		t.true(Object.keys(variables).length > 3);
		t.true(Object.entries(variables).every(([name, value]) => !name.endsWith('TOKEN') || value === '********'));
		await day.end();
	});

	test(`${title}: nobody acts on a read-only engine`, async t => {
		const day = givenEngine({jobs: []}, {isReadOnly: true});
		const controller = await reach(t, day);
		await t.throwsAsync(controller.setMode('paused', anna), {instanceOf: ReadOnlyError});
		await t.throwsAsync(controller.deleteServers(['gh-actions-runner-1-1' as ServerName], anna), {instanceOf: ReadOnlyError});
		t.is(day.engine.state().mode, 'scaling');
		await day.end();
	});
}

// A verdict or event may carry more of a job than its type says; what people get of it are its words.
function told(state: EngineState): unknown {
	const now = state.publishedAt;
	return withoutUndefined({
		...state,
		serverVerdicts: state.serverVerdicts.entries().map(([id, verdict]) => [id, describeServerVerdict(verdict, now)]).toArray(),
		runnerVerdicts: state.runnerVerdicts.entries().map(([id, verdict]) => [id, describeRunnerVerdict(verdict)]).toArray(),
		activity: state.activity.map(({id, at, event}) => [id, at, describeEvent(event)]),
	});
}

// Lets the world's time pass until that has come.
async function settle<Value>(day: EngineDay, operation: Promise<Value>): Promise<Value> {
	for (let tries = 0; tries < 500; tries++) {
		await day.pass(1);
		const result = await Promise.race([operation.then(value => ({value})), pause(10)]);
		if (result !== undefined) {
			return result.value;
		}
	}

	throw new Error('it never ended');
}
