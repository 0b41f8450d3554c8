import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createConnection} from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {connectRemote} from '../../source/remote/client.ts';
import {
	collectChunks, headOf, chunksOf, rowsOfLong,
} from '../../source/remote/chunks.ts';
import {serveRemote} from '../../source/remote/server.ts';
import type {Controller} from '../../source/scaler/controller.ts';
import {busyDay, crowd} from '../support/busy-day.ts';
import {fixtureController, type FixtureController} from '../support/fixture-controller.ts';
import {givenState} from '../support/given/state.ts';
import {withoutUndefined} from '../support/without-undefined.ts';
import {until} from '../support/until.ts';

const version = '1.0.0';
const long = crowd(3000, 2000);

async function serve(t: ExecutionContext, controller: FixtureController, engineVersion = version): Promise<{readonly socketPath: string; readonly close: () => Promise<void>}> {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'hrt-pieces-'));
	const served = await serveRemote({
		controller, socketPath: path.join(folder, 'engine.sock'), about: {
			repository: 'acme/widgets', pid: 1, where: 'the service', version: engineVersion,
		},
	});
	t.teardown(async () => {
		await served.close();
		rmSync(folder, {recursive: true, force: true});
	});
	return served;
}

async function connect(t: ExecutionContext, socketPath: string, isHurried: boolean): Promise<Controller> {
	const controller = await connectRemote({
		socketPath, version, isReadOnly: false, clockNow: () => 1000, isHurried,
	});
	t.teardown(controller.close);
	return controller;
}

function comingOf(console: Controller): number | undefined {
	const attachment = console.attachment();
	return attachment.at === 'socket' ? attachment.coming : undefined;
}

test('a short state is in one piece, a long one is the same after it was put together', t => {
	t.is(rowsOfLong(givenState(busyDay)), undefined);
	t.true((rowsOfLong(long) ?? 0) > 5000);
	const collected = collectChunks();
	for (const piece of chunksOf(long)) {
		t.true(piece.rows.length <= 250);
		collected.add(piece);
	}

	t.deepEqual(collected.whole(headOf(long)) as unknown, long);
});

test('the head holds what waits longest and the oldest servers, with all that belongs to these', t => {
	const head = headOf(long);
	const waiting = long.jobs.items.filter(({status}) => status === 'queued').toSorted((a, b) => a.createdAt - b.createdAt);
	t.true(head.jobs.items.length < 500);
	t.true(waiting.slice(0, 100).every(job => head.jobs.items.includes(job)));
	t.deepEqual(head.servers.items, long.servers.items.toSorted((a, b) => a.created - b.created).slice(0, 100));
	for (const server of head.servers.items) {
		t.is(head.serverVerdicts.get(server.id), long.serverVerdicts.get(server.id));
		t.is(head.jobs.items.find(({runnerName}) => runnerName === server.name), long.jobs.items.find(({runnerName}) => runnerName === server.name));
		t.is(head.runners.items.find(({name}) => name === server.name), long.runners.items.find(({name}) => name === server.name));
	}

	t.true(head.jobs.items.every(({id}) => head.jobVerdicts.get(id) === long.jobVerdicts.get(id)));
	t.is(head.activity, long.activity);
});

test('a console in a hurry begins with the first rows and knows how many come; another waits for all', async t => {
	const {socketPath} = await serve(t, fixtureController(long));
	const hurried = await connect(t, socketPath, true);
	t.is(comingOf(hurried), rowsOfLong(long));
	t.true(hurried.state().jobs.items.length < 500);
	const patient = await connect(t, socketPath, false);
	t.is(comingOf(patient), undefined);
	t.deepEqual(patient.state() as unknown, withoutUndefined(long));
	await until('all rows are there', () => comingOf(hurried) === undefined);
	t.deepEqual(hurried.state(), patient.state());
});

test('what changes while the rows are on their way comes after them', async t => {
	const controller = fixtureController(long);
	const {socketPath} = await serve(t, controller);
	const console = await connect(t, socketPath, true);
	controller.publish(state => ({...state, jobsDone: 4711, jobs: {...state.jobs, items: state.jobs.items.slice(1)}}));
	await until('the change is there', () => console.state().jobsDone === 4711);
	t.deepEqual(console.state() as unknown, withoutUndefined(controller.state()));
});

test('of an engine that comes back the rows of before stay until all are there again', async t => {
	const controller = fixtureController(long);
	const first = await serve(t, controller);
	const console = await connect(t, first.socketPath, true);
	await until('all rows are there', () => comingOf(console) === undefined);
	const counts: number[] = [];
	console.subscribe(() => {
		counts.push(console.state().jobs.items.length);
	});
	await first.close();
	await serveRemote({
		controller, socketPath: first.socketPath, about: {
			version, repository: 'acme/widgets', pid: 2, where: 'the next',
		},
	}).then(served => {
		t.teardown(served.close);
	});
	await until('found again', () => {
		const attachment = console.attachment();
		return attachment.at === 'socket' && attachment.where === 'the next' && attachment.lost === undefined;
	});
	t.deepEqual([...new Set(counts)], [long.jobs.items.length]);
});

test('rows are not even looked up for a console that takes nothing, and the engine answers others', async t => {
	let looks = 0;
	const state = crowd(20_000, 100);
	const {deletions} = state;
	Object.defineProperty(state, 'deletions', { // The last of the long parts.
		enumerable: true, get() {
			looks++;
			return deletions;
		},
	});
	const {socketPath} = await serve(t, fixtureController(state));
	const first = await connect(t, socketPath, false);
	t.true(first.state().jobs.items.length > 10_000);
	const forAll = looks;
	const sleeper = createConnection(socketPath);
	await once(sleeper, 'connect');
	sleeper.pause();
	sleeper.write('GET /events HTTP/1.1\r\nhost: engine\r\n\r\n');
	await until('it was begun with', () => looks > forAll);
	await pause(500);
	t.true(looks - forAll < forAll, `${looks} of ${forAll} for each`);
	await connect(t, socketPath, false);
	t.true(looks - forAll < 2 * forAll);
	sleeper.destroy();
});
