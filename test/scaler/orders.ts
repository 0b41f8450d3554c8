import test from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import {parseSavedState} from '../../source/wiring/saved-state.ts';
import type {ServerName} from '../../source/model/server-name.ts';
import {engineController} from '../../source/scaler/engine-controller.ts';
import {createEngine} from '../../source/scaler/engine.ts';
import type {SavedState} from '../../source/scaler/saved-state.ts';
import {given, job} from '../../source/simulator/given.ts';
import {givenEngine, type EngineDay} from '../support/given-engine.ts';
import {givenPolicy} from '../support/given.ts';

const ann = {name: 'ann'};

// A server whose runner nobody gives a job, at the moment when its deletion is being checked; GitHub is slow to answer that.
async function inItsChecks(): Promise<EngineDay> {
	const day = givenEngine({jobs: [job('test')], faults: [{kind: 'unassigned'}]}, {maxRunners: 1});
	await day.wait('its runner is idle', () => day.engine.internals.memory.idle.size > 0);
	await day.pass(100);
	day.world.faults.inject({kind: 'slow', api: 'github', seconds: 4});
	await day.wait('its deletion is checked', () => day.engine.internals.deletions.size > 0, 120);
	return day;
}

test('a deletion in its checks is not finished once the engine is frozen', async t => {
	const day = await inItsChecks();
	await day.controller.setMode('frozen', ann);
	await day.pass(120);
	t.is(day.world.hetzner.gone.length, 0);
	t.is(day.world.github.runners.values().filter(runner => !runner.isForeign).toArray().length, 1, 'nor is its runner unregistered');
	await day.end();
});

test('a deletion in its checks is not finished once an operator keeps the server', async t => {
	const day = await inItsChecks();
	const name = day.engine.internals.reads.servers.items[0]?.name;
	t.truthy(name);
	if (name !== undefined) {
		await day.controller.keepServer(name, 600, ann);
	}

	await day.pass(120);
	t.is(day.world.hetzner.gone.length, 0);
	await day.end();
});

test('a deletion decided on all jobs is not finished when some cannot be read any more; three minutes later it is', async t => {
	const day = await inItsChecks();
	const other = day.world.addRun({workflow: 'of others', jobs: [{name: 'theirs', labels: ['someone-else'], isCounted: false}]});
	day.world.faults.inject({
		kind: 'answer', api: 'github', operation: 'listJobs', subject: other.id, status: 502,
	});
	await day.pass(150);
	t.is(day.world.hetzner.gone.length, 0, day.trace());
	await day.pass(120);
	t.is(day.world.hetzner.gone.length, 1, day.trace());
	await day.end();
});

test('what was ordered and what failed outlives a restart', async t => {
	let saved: SavedState | undefined;
	const day = given({jobs: [{...job('test'), outcome: ['setupFails', 'setupFails', 'setupFails']}]});
	const about = {version: '0.0.0', clockSpeed: 1};
	const first = createEngine({
		...day.ports, store: {
			save(state) {
				saved = state;
			},
		},
	}, givenPolicy(), about);
	void first.run();
	await day.pass(400);
	first.internals.setMode('paused');
	first.replan();
	await day.pass(1);
	t.true(first.internals.memory.failures.size > 0);
	const second = createEngine(day.ports, givenPolicy(), {...about, earlier: {activity: [], paid: [], saved}});
	t.is(second.internals.mode, 'paused');
	t.deepEqual(second.internals.memory.failures, first.internals.memory.failures);
	t.deepEqual(second.internals.memory.jobFailures, first.internals.memory.jobFailures);
	const stopped = first.stop();
	await day.pass(15);
	await stopped;
});

test('a job whose type the account may have no more of does not hold others (dedicated cores)', async t => {
	const day = givenEngine({
		runs: [{jobs: [job('dedicated', 'server-ccx13')]}, {afterSeconds: 15, jobs: [{...job('plain'), durationSeconds: 5}]}],
		faults: [{kind: 'serverLimit', what: 'dedicated core', limit: 0}],
	});
	await day.pass(40);
	t.is(day.world.hetzner.createdCount(), 1, day.trace());
	await day.end();
});

test('a server that was reached before a restart has its whole set-up time after it, though it does not answer any more', async t => {
	let saved: SavedState | undefined;
	const day = given({jobs: [{...job('test'), outcome: 'hostKeyChanges'}], parameters: {setupSeconds: [250, 300]}});
	const about = {version: '0.0.0', clockSpeed: 1};
	const first = createEngine({
		...day.ports, store: {
			save(state) {
				saved = state;
			},
		},
	}, givenPolicy(), about);
	void first.run();
	await day.pass(200);
	const stopped = first.stop();
	await day.pass(15);
	await stopped;
	const second = createEngine(day.ports, givenPolicy(), {...about, earlier: {activity: [], paid: [], saved}});
	void second.run();
	t.true(await day.until('test', 'completed', 900));
	t.is(day.world.hetzner.createdCount(), 1);
	const end = second.stop();
	await day.pass(15);
	await end;
});

test('no server is made of an image whose system the setup script does not know, and its job says so; with a script of one\'s own it is', async t => {
	for (const isOwn of [false, true]) {
		const day = given({jobs: [job('test')]});
		const {cloud, scripts} = day.ports;
		const setup = {...scripts.setup, ...(isOwn && {source: {path: '/etc/setup.sh'}})};
		const ports = {...day.ports, scripts: {...scripts, setup}, cloud: {...cloud, readCatalogue: async () => ({...await cloud.readCatalogue(), imageFlavor: 'arch'})}};
		const engine = createEngine(ports, givenPolicy(), {version: '0.0.0', clockSpeed: 1});
		void engine.run();
		await day.pass(60);
		t.is(day.world.hetzner.createdCount(), isOwn ? 1 : 0);
		const [verdict] = engine.state().jobVerdicts.values();
		t.is(verdict?.code === 'ownFault' && verdict.reason.includes('is of the system arch'), !isOwn);
		const stopped = engine.stop();
		await day.pass(15);
		await stopped;
	}
});

test('a drained server whose runner is idle is unregistered and deleted, whatever --max-idle-runner-time says, and a job gets another', async t => {
	const day = givenEngine({jobs: [job('test')], faults: [[{kind: 'unassigned'}, {forSeconds: 300}]]}, {maxIdleRunnerSeconds: 3600});
	await day.wait('its runner is idle', () => day.engine.state().servers.items.some(({name}) => day.engine.internals.memory.idle.has(name)));
	const [server] = day.engine.state().servers.items;
	await day.controller.drainServer(server?.name ?? ('' as ServerName), true, ann);
	await day.wait('it is gone', () => day.world.hetzner.gone.length === 1, 180);
	t.regex(day.trace(), /deleted gh-actions-runner-\S+ after .*: drained by ann/v);
	await day.wait('its job is done on another', () => auditWorld(day.world).jobs.done === 1);
	t.is(auditWorld(day.world).jobsKilled, 0);
	await day.end();
});

test('a server that is drained while it boots is deleted before its runner is registered; one that is drained during the startup script once it is idle', async t => {
	for (const step of ['waitingForSsh', 'startup']) {
		const day = givenEngine({jobs: [{...job('test'), durationSeconds: 300}]});
		await day.wait(step, () => day.engine.state().setUps.values().some(setUp => setUp.step === step));
		await day.controller.drainServer(day.engine.state().servers.items[0]?.name ?? ('' as ServerName), true, ann);
		await day.wait('all is done', () => auditWorld(day.world).jobs.done === 1 && auditWorld(day.world).serversLeft === 0);
		t.is(auditWorld(day.world).jobsKilled, 0, step);
		await day.end();
	}
});

test('draining that is taken back leaves the server to its own limits', async t => {
	const day = givenEngine({jobs: [job('test')], faults: [{kind: 'unassigned'}]}, {maxIdleRunnerSeconds: 3600});
	await day.wait('its runner is idle', () => day.engine.state().servers.items.some(({name}) => day.engine.internals.memory.idle.has(name)));
	await day.controller.setMode('frozen', ann);
	const name = day.engine.state().servers.items[0]?.name ?? ('' as ServerName);
	await day.controller.drainServer(name, true, ann);
	await day.pass(60);
	t.is(day.serverVerdicts()[0]?.code, 'draining');
	await day.controller.drainServer(name, false, ann);
	await day.controller.setMode('scaling', ann);
	await day.pass(200);
	t.is(day.serverVerdicts()[0]?.code, 'idle');
	await day.end();
});

test('a maximum that an operator has set and a server that is drained outlive a restart, until the settings say something else', async t => {
	let saved: SavedState | undefined;
	const day = given({jobs: [{...job('test'), durationSeconds: 3000}]});
	const about = {version: '0.0.0', clockSpeed: 1};
	const store = {
		save(state: SavedState) {
			saved = state;
		},
	};
	const first = createEngine({...day.ports, store}, givenPolicy({maxRunners: 5}), about);
	void first.run();
	await day.until('test', 'running');
	await day.pass(20);
	const controller = engineController(first);
	await controller.setMaxRunners(7, ann);
	await controller.drainServer(first.state().servers.items[0]?.name ?? ('' as ServerName), true, ann);
	const stopped = first.stop();
	await day.pass(15);
	await stopped;
	const earlier = {activity: [], paid: [], saved: parseSavedState(JSON.stringify(saved))};
	t.is(createEngine(day.ports, givenPolicy({maxRunners: 6}), {...about, earlier}).state().policy.maxRunners, 6, 'the settings have been changed since');
	const second = createEngine(day.ports, givenPolicy({maxRunners: 5}), {...about, earlier});
	void second.run();
	await day.pass(30);
	t.is(second.state().policy.maxRunners, 7);
	t.true(second.state().activity.some(({event}) => event.code === 'notice' && event.text.includes('is 7, as an operator left it; the settings say 5')));
	t.like([...second.state().serverVerdicts.values()][0], {code: 'busy', drainedBy: 'ann'});
	const ended = second.stop();
	await day.pass(15);
	await ended;
});
