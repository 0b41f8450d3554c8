import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {
	mkdtempSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import {createConnection, createServer as createSocketServer, type Socket} from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {ask, requestHandshake, RemoteError} from '../../source/remote/ask.ts';
import {connectRemote} from '../../source/remote/client.ts';
import {serveRemote, type ServedRemote} from '../../source/remote/server.ts';
import {engineAt, findEngines, socketPathIn} from '../../source/remote/sockets.ts';
import {paths} from '../../source/remote/protocol.ts';
import type {Controller} from '../../source/scaler/controller.ts';
import {busyDay} from '../support/busy-day.ts';
import {fixtureController} from '../support/fixture-controller.ts';
import {givenState} from '../support/given/state.ts';
import {until} from '../support/until.ts';

const version = '1.0.0';
const anna = {name: 'anna'};

function folderFor(t: ExecutionContext): string {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'hrt-'));
	t.teardown(() => {
		rmSync(folder, {recursive: true});
	});
	return folder;
}

async function serve(t: ExecutionContext, socketPath: string, controller: Controller, about: {readonly version?: string} = {}): Promise<ServedRemote> {
	const served = await serveRemote({
		controller, socketPath, about: {
			version, repository: 'acme/widgets', pid: 1, where: 'the service', ...about,
		},
	});
	t.teardown(served.close);
	return served;
}

async function connect(t: ExecutionContext, socketPath: string): Promise<Controller> {
	const controller = await connectRemote({
		socketPath, version, isReadOnly: false, clockNow: () => 1000,
	});
	t.teardown(controller.close);
	return controller;
}

test('the socket is for its owner and its group, and goes with the engine', async t => {
	const socketPath = path.join(folderFor(t), 'engine.sock');
	const served = await serve(t, socketPath, fixtureController(givenState(busyDay)));
	t.is(statSync(socketPath).mode & 0o777, 0o660); // eslint-disable-line no-bitwise
	await served.close();
	t.is(statSync(socketPath, {throwIfNoEntry: false}), undefined);
	t.is(await engineAt(socketPath, version), undefined);
});

test('what an engine that was killed leaves behind is no engine, and the next one serves there', async t => {
	const socketPath = path.join(folderFor(t), 'engine.sock');
	const killed = spawn(process.execPath, ['-e', `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`]);
	await once(killed, 'exit');
	t.true(statSync(socketPath).isSocket());
	t.is(await engineAt(socketPath, version), undefined);
	await serve(t, socketPath, fixtureController(givenState(busyDay)));
	t.is((await engineAt(socketPath, version))?.handshake.repository, 'acme/widgets');
});

test('an engine is found by its repository, or as the only one', async t => {
	const folder = folderFor(t);
	const repository = {owner: 'Acme', name: 'widgets'};
	await serve(t, socketPathIn(folder, repository), fixtureController(givenState(busyDay)));
	writeFileSync(path.join(folder, 'notes.txt'), '');
	const environment = {};
	t.is((await findEngines({
		environment, version, folders: [folder], repository: {owner: 'acme', name: 'widgets'},
	})).length, 1);
	t.is((await findEngines({
		environment, version, folders: [folder], repository: {owner: 'acme', name: 'other'},
	})).length, 0);
	t.is((await findEngines({environment, version, folders: [folder, '/nowhere']})).length, 1);
	const long = socketPathIn('/run/hetzner-runners-tui', {owner: 'o'.repeat(39), name: 'n'.repeat(100)});
	t.true(`${long}.new`.length < 104);
	t.not(long, socketPathIn('/run/hetzner-runners-tui', {owner: 'o'.repeat(39), name: 'm'.repeat(100)}));
	t.not(socketPathIn('/run', {owner: 'a-b', name: 'c'}), socketPathIn('/run', {owner: 'a', name: 'b-c'}));
});

test('when the engine is lost the last state stays, nothing can be done, and a new engine is found by itself', async t => {
	const socketPath = path.join(folderFor(t), 'engine.sock');
	const first = await serve(t, socketPath, fixtureController(givenState(busyDay)));
	const console = await connect(t, socketPath);
	const before = console.state();
	t.true(before.jobs.items.length > 0);
	await first.close();
	await until('lost', () => lostOf(console) !== undefined);
	t.is(console.state(), before);
	t.is(lostOf(console)?.since, 1000);
	await t.throwsAsync(console.setMode('paused', anna), {instanceOf: RemoteError, message: /nothing was done/v});

	const second = fixtureController({...givenState(busyDay), mode: 'draining'});
	await serve(t, socketPath, second);
	await until('found again', () => lostOf(console) === undefined);
	t.is(console.state().mode, 'draining');
	await console.setMode('paused', anna);
	t.deepEqual(second.calls, ['setMode paused']);
});

test('an engine of another version is refused, here and there, with the command that fits it', async t => {
	const socketPath = path.join(folderFor(t), 'engine.sock');
	const controller = fixtureController(givenState(busyDay));
	await serve(t, socketPath, controller, {version: '2.0.0'});
	const refused = {instanceOf: RemoteError, message: /is version 2\.0\.0 and this is 1\.0\.0.*npx hetzner-runners-tui@2\.0\.0 attach/v};
	await t.throwsAsync(connect(t, socketPath), refused);
	await t.throwsAsync(engineAt(socketPath, version), refused);
	await t.throwsAsync(ask({socketPath, version}, 'POST', paths.mode, {mode: 'paused', by: anna}), {message: /the engine is version 2\.0\.0, this console 1\.0\.0/v});
	t.deepEqual(controller.calls, []);
});

test('a console whose engine comes back as another version keeps its last state and names the command that fits', async t => {
	const socketPath = path.join(folderFor(t), 'engine.sock');
	const first = await serve(t, socketPath, fixtureController(givenState(busyDay)));
	const console = await connect(t, socketPath);
	await first.close();
	await serve(t, socketPath, fixtureController(givenState()), {version: '2.0.0'});
	await until('refused', () => lostOf(console)?.reason.includes('npx hetzner-runners-tui@2.0.0 attach') === true);
	t.is(console.state().jobs.items.length, givenState(busyDay).jobs.items.length);
});

test('an engine that speaks another language, and a stranger, are told from an engine in one sentence', async t => {
	const folder = folderFor(t);
	const {createServer} = await import('node:http');
	const answers = [
		{
			product: 'hetzner-runners-tui', protocol: 99, version: '3.0.0', repository: 'acme/widgets', pid: 1, where: 'the service',
		},
		{hello: 'world'},
	];
	const messages = [];
	for (const [index, answer] of answers.entries()) {
		const socketPath = path.join(folder, `${index}.sock`);
		const server = createServer((_, response) => {
			response.end(JSON.stringify(answer));
		}).listen(socketPath);
		await once(server, 'listening');
		messages.push((await t.throwsAsync(requestHandshake({socketPath, version}))).message);
		server.close();
	}

	t.regex(messages[0] ?? '', /is version 3\.0\.0.*npx hetzner-runners-tui@3\.0\.0 attach/v);
	t.regex(messages[1] ?? '', /cannot be understood/v);
});

test('an engine of the same version whose state has another form, and one that ends in its midst, are no engine to look at', async t => {
	const folder = folderFor(t);
	const {createServer} = await import('node:http');
	const greeting = {
		product: 'hetzner-runners-tui', protocol: 2, version, repository: 'acme/widgets', pid: 1, where: 'the service',
	};
	const whole = JSON.stringify({jobs: {items: []}});
	const streams = [`event: state\ndata: ${whole}\n\n`, `event: state\ndata: ${whole.slice(0, -3)}\n\n`, 'event: state\ndata: {"jo'];
	for (const [index, stream] of streams.entries()) {
		const socketPath = path.join(folder, `${index}.sock`);
		const server = createServer((request, response) => {
			response.end(request.url === paths.handshake ? JSON.stringify(greeting) : stream);
		}).listen(socketPath);
		await once(server, 'listening');
		const error = await t.throwsAsync(connectRemote({
			socketPath, version, isReadOnly: false, clockNow: () => 1000,
		}), {instanceOf: RemoteError});
		t.regex(error.message, [/cannot be understood: is it of the same version/v, /JSON/v, /it has ended/v][index] ?? /never/v);
		server.close();
	}
});

test('what answers on a socket and speaks no HTTP is told in a sentence', async t => {
	const folder = folderFor(t);
	for (const [index, answer] of ['', 'SSH-2.0-OpenSSH_9.2\r\n', 'x'.repeat(20_000), '\u{0}\r\n\r\n', 'HTTP/1.1 two hundred\r\n\r\n'].entries()) {
		const socketPath = path.join(folder, `${index}.sock`);
		const server = createSocketServer(socket => {
			socket.on('error', () => undefined).end(answer);
		}).listen(socketPath);
		await once(server, 'listening');
		const error = await t.throwsAsync(requestHandshake({socketPath, version}), {instanceOf: RemoteError});
		t.regex(error.message, /^no engine answers at .*(?:socket hang up|is no HTTP server)$/v);
		server.close();
	}
});

test('a console that takes nothing costs the engine no memory and no time, and gets the newest state when it wakes', async t => {
	const socketPath = path.join(folderFor(t), 'engine.sock');
	const controller = fixtureController(givenState(busyDay));
	await serve(t, socketPath, controller);
	const sleeper = createConnection(socketPath);
	await once(sleeper, 'connect');
	sleeper.pause();
	sleeper.write('GET /events HTTP/1.1\r\nhost: engine\r\n\r\n');
	const awake = await connect(t, socketPath);
	const line = 'x'.repeat(1000);
	for (let turn = 1; turn <= 60; turn++) {
		controller.publish(state => ({...state, jobsDone: turn, output: new Map(state.servers.items.map(({name}) => [name, Array.from({length: 200}, () => `${line} ${turn}`)]))}));
		await until('the other console has it', () => awake.state().jobsDone === turn);
	}

	const heard = await drain(sleeper, /"jobsDone",\{"is":"new","value":60\}/v);
	const whole = 200 * 1000 * controller.state().servers.items.length;
	t.true(heard.length < 20 * whole, `${heard.length} bytes for 60 changes of ${whole}`);
	sleeper.destroy();
});

test('a request that makes no sense is refused, and the engine goes on', async t => {
	const socketPath = path.join(folderFor(t), 'engine.sock');
	const controller = fixtureController(givenState(busyDay));
	await serve(t, socketPath, controller);
	const at = {socketPath, version};
	await t.throwsAsync(ask(at, 'POST', paths.mode, {mode: 'warp', by: anna}), {instanceOf: RemoteError});
	await t.throwsAsync(ask(at, 'POST', paths.mode, {mode: 'paused'}), {instanceOf: RemoteError});
	await t.throwsAsync(ask(at, 'POST', paths.mode, 'x'.repeat(300_000)), {message: /bytes at the most|connection|no engine/v});
	await t.throwsAsync(ask(at, 'GET', '/nothing'), {message: /nothing at GET/v});
	const raw = createConnection(socketPath);
	await once(raw, 'connect');
	raw.resume();
	raw.end('\u{0}\u{1} nonsense\r\n\r\n');
	await once(raw, 'close');
	t.deepEqual(controller.calls, []);
	t.is((await engineAt(socketPath, version))?.handshake.where, 'the service');
});

function lostOf(console: Controller): {readonly since: number; readonly reason: string} | undefined {
	const attachment = console.attachment();
	return attachment.at === 'socket' ? attachment.lost : undefined;
}

async function drain(socket: Socket, last: RegExp): Promise<string> {
	let heard = '';
	let tail = '';
	socket.setEncoding('utf8');
	for await (const piece of socket) {
		heard += String(piece);
		tail = `${tail}${String(piece)}`.slice(-400_000);
		if (last.test(tail)) {
			break;
		}
	}

	return heard;
}
