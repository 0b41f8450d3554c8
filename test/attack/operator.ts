// Somebody of the group that may use an engine's socket: may act, but must not wear out the APIs, the disk or the engine, nor wipe what
// was done.
import {once} from 'node:events';
import {readFileSync, readdirSync, statSync} from 'node:fs';
import {request as httpRequest} from 'node:http';
import {connect, type Socket} from 'node:net';
import path from 'node:path';
import {text} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import {createJournal, readPaid} from '../../source/logging/journal.ts';
import {serveRemote} from '../../source/remote/server.ts';
import type {ServerName} from '../../source/model/server-name.ts';
import {instant} from '../../source/model/time.ts';
import {job} from '../../source/simulator/given.ts';
import {givenEngine} from '../support/given-engine.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const version = '1.0.0';

async function given(t: ExecutionContext, changes = {}) {
	const day = givenEngine({jobs: [job('test')]}, changes);
	await day.pass(30);
	const socketPath = path.join(temporaryFolder('operator'), 'engine.sock');
	let polls = 0;
	const served = await serveRemote({
		controller: {
			...day.controller, readNow() {
				polls++;
			},
		}, socketPath, about: {
			version, repository: 'acme/widgets', pid: 1, where: 'the service',
		},
	});
	t.teardown(async () => {
		await served.close();
		await day.end();
	});
	const ask = async (to: string, body: unknown, as = version) => {
		const request = httpRequest({
			socketPath, method: 'POST', path: to, agent: false, headers: {'hetzner-runners-tui-version': as},
		});
		request.end(JSON.stringify(body));
		const [answer] = await once(request, 'response') as [NodeJS.ReadableStream & {readonly statusCode: number}];
		return {status: answer.statusCode, text: await text(answer)};
	};

	return {
		day, socketPath, ask, polls: () => polls,
	};
}

const by = {name: 'root'};

test('however often a poll is asked for, one in two seconds comes, and none from another version or on a read-only engine', async t => {
	const {ask, polls} = await given(t);
	t.is((await ask('/read-now', {}, '9.9.9')).status, 409);
	t.is(polls(), 0);
	const begun = performance.now();
	for (let turn = 0; turn < 100; turn++) {
		t.is((await ask('/read-now', {})).status, 200);
	}

	t.true(polls() >= 1 && polls() <= 1 + ((performance.now() - begun) / 2000), 'one in two seconds');
	const locked = await given(t, {isReadOnly: true});
	t.is((await locked.ask('/read-now', {})).status, 403);
	t.is(locked.polls(), 0);
});

test('names that nobody has, long ones and too many requests leave nothing behind', async t => {
	const {day, ask} = await given(t);
	const before = day.engine.state().activity.length;
	t.is((await ask('/keep-server', {name: 'nobody', seconds: 1, by})).status, 404);
	t.is((await ask('/keep-server', {name: 'x'.repeat(200_000), seconds: 1, by})).status, 400);
	t.true((await ask('/keep-server', {name: 'x'.repeat(200_000), seconds: 1, by})).text.length < 2000);
	const answers: number[] = [];
	for (let turn = 0; turn < 120; turn++) {
		answers.push((await ask('/keep-server', {name: 'nobody', seconds: 1, by})).status);
	}

	t.true(answers.filter(status => status === 429).length > 30);
	t.is(day.engine.state().activity.length, before);
});

test('who did something is told as what the socket says: its own word', async t => {
	const {day, ask} = await given(t);
	t.is((await ask('/mode', {mode: 'paused', by: {name: 'anna\u{1B}[2J'}})).status, 200);
	t.regex(day.trace(), /paused, by anna\u{FFFD}\[2J \(by its own word\)/v);
});

test('1,500 requests that never end: memory stays level, and others are answered', async t => {
	const {ask, socketPath} = await given(t);
	await ask('/mode', {mode: 'paused', by});
	const before = process.memoryUsage().rss;
	const sockets: Socket[] = [];
	for (let count = 0; count < 1500; count++) {
		const socket = connect(socketPath);
		socket.on('error', () => undefined);
		socket.write(`POST /mode HTTP/1.1\r\nhost: x\r\nhetzner-runners-tui-version: ${version}\r\ncontent-length: 200000\r\n\r\n{"mode":`);
		sockets.push(socket);
		if (count % 100 === 0) {
			t.is((await ask('/read-now', {})).status, 200);
		}
	}

	const begun = performance.now();
	t.is((await ask('/read-now', {})).status, 200);
	t.true(performance.now() - begun < 2000);
	t.true(process.memoryUsage().rss - before < 150_000_000);
	for (const socket of sockets) {
		socket.destroy();
	}
});

test('a flood of events wipes neither what was done nor what was paid', t => {
	const stateFolder = temporaryFolder('journal');
	const journal = createJournal({
		logs: [], stateFolder, secrets: [], now: () => instant(0), onTrouble: words => t.fail(words),
	});
	const server = 'gh-actions-runner-1-1' as ServerName;
	journal.record({code: 'modeChanged', mode: 'paused', by: {kind: 'operator', name: 'anna'}}, instant(1000));
	journal.record({
		code: 'serverDeleted', server, reason: 'off', by: {kind: 'engine'}, ageSeconds: 60, cost: '€0.01', costMicros: 10_000,
	}, instant(2000));
	for (let minute = 1; minute < 200; minute++) {
		for (let count = 0; count < 1000; count++) {
			journal.record({code: 'setupEnded', server, tookSeconds: count}, instant(minute * 60_000));
		}
	}

	const stats = readdirSync(stateFolder).map(name => statSync(path.join(stateFolder, name)));
	const size = stats.filter(stat => stat.isFile()).reduce((sum, stat) => sum + stat.size, 0);
	t.true(size < 40_000_000);
	t.regex(readFileSync(path.join(stateFolder, 'actions.jsonl'), 'utf8'), /paused/v);
	t.is(readPaid(stateFolder, instant(0)).length, 1);
});
