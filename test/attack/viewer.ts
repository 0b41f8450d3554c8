// Somebody of the group that may only look, another unix user: sees the engine, and changes nothing by whatever they send.
import {execFileSync, spawn} from 'node:child_process';
import {chmodSync, chownSync} from 'node:fs';
import {once} from 'node:events';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import {viewOnly} from '../../source/remote/view-only.ts';
import {paths} from '../../source/remote/protocol.ts';
import {serveRemote} from '../../source/remote/server.ts';
import {viewSocketOf} from '../../source/remote/sockets.ts';
import {encode} from '../../source/remote/codec.ts';
import {ReadOnlyError} from '../../source/scaler/controller.ts';
import {job} from '../../source/simulator/given.ts';
import {givenEngine} from '../support/given-engine.ts';
import {emptyHome, runProgram} from '../support/program.ts';
import {needs} from '../support/needs.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const version = '1.0.0';
const nobody = 65_534;
const asRoot = needs('root');

async function given(t: ExecutionContext) {
	const day = givenEngine({jobs: [job('test')]});
	await day.pass(30);
	const folder = temporaryFolder('viewer');
	const socketPath = path.join(folder, 'acme+widgets.sock');
	const about = {
		version, repository: 'acme/widgets', pid: 1, where: 'the service',
	};
	const acting = await serveRemote({controller: day.controller, socketPath, about});
	const viewing = await serveRemote({controller: viewOnly(day.controller), socketPath: viewSocketOf(socketPath), about});
	t.teardown(async () => {
		await Promise.all([acting.close(), viewing.close()]);
		await day.end();
	});
	return {
		day, folder, socketPath, viewPath: viewSocketOf(socketPath),
	};
}

// What that user's requests come to: status by method and path, or the error of the connection.
const asking = `
const {request} = require('node:http');
const ask = (socketPath, method, path, body) => new Promise(resolve => {
	const sent = request({socketPath, method, path, agent: false, headers: {'hetzner-runners-tui-version': '${version}'}}, answer => {
		answer.once('data', () => undefined);
		resolve(answer.statusCode);
		setTimeout(() => answer.destroy(), 50);
	});
	sent.on('error', error => resolve(error.code));
	sent.end(body);
});
const [, acting, viewing, ...routes] = process.argv;
(async () => {
	const said = {acting: await ask(acting, 'GET', '/hello')};
	for (const route of routes) {
		const [method, path, body] = route.split(' ');
		said[method + ' ' + path] = await ask(viewing, method, path, body);
	}
	process.stdout.write(JSON.stringify(said));
	process.exit();
})();
`;

asRoot('another user of the view group reads all that a console shows, and can neither act nor reach the other socket', async t => {
	const {day, folder, socketPath, viewPath} = await given(t);
	chmodSync(folder, 0o711);
	chownSync(viewPath, 0, nobody);
	const node = path.join(folder, 'node');
	// By a program of its own: a file that this process had open for writing, and a child of another thread inherited, could not be run
	// (ETXTBSY).
	execFileSync('install', ['-m', '755', process.execPath, node]);
	const {servers} = day.engine.state();
	const name = servers.items[0]?.name ?? '';
	const by = {name: 'root'};
	const requests: ReadonlyArray<readonly [string, unknown]> = [
		['/mode', {mode: 'paused', by}], ['/read-now', {}], ['/delete-servers', {names: [name], by, typed: new Set([name])}], ['/keep-server', {name, seconds: 60, by}],
	];
	const acts = requests.map(([to, body]) => `POST ${to} ${encode(body)}`);
	const reads = [paths.handshake, paths.events, paths.scripts, paths.scriptVariables, `${paths.scriptText}?0123456789ab`].map(to => `GET ${to}`);
	const odd = ['PUT /mode {}', 'DELETE /mode', 'POST /hello', 'GET /mode'];
	const child = spawn(node, ['-e', asking, socketPath, viewPath, ...reads, ...acts, ...odd], {
		uid: nobody, gid: nobody, cwd: '/', env: {}, stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
	const answers = JSON.parse(said) as Record<string, unknown>;
	t.deepEqual(answers, {
		acting: 'EACCES',
		...Object.fromEntries(reads.map(route => [route, 200])),
		'POST /mode': 403, 'POST /read-now': 403, 'POST /delete-servers': 403, 'POST /keep-server': 403,
		'PUT /mode': 404, 'DELETE /mode': 404, 'POST /hello': 404, 'GET /mode': 404,
	});
	t.is(day.engine.state().mode, 'scaling');
	t.deepEqual(day.engine.state().servers.items.map(server => server.name), servers.items.map(server => server.name));
	t.false(day.trace().includes('root'));
});

test('what may only look says so in its state, shows no script of one\'s own, and its end is not the engine\'s', async t => {
	const {day} = await given(t);
	const own = 'echo something of ours';
	let closed = 0;
	const view = viewOnly({
		...day.controller,
		async scripts() {
			const known = await day.controller.scripts();
			return {...known, setup: {kind: 'setup', source: {path: '/srv/setup.sh'}, text: own}};
		},
		scriptText: async hash => ({a: own, b: (await day.controller.scripts()).startupX64.text})[hash],
		async close() {
			closed++;
		},
	});
	t.true(view.state().policy.isReadOnly);
	t.is(view.state().policy, view.state().policy, 'one for as long as it stays the same');
	const {setup, startupX64} = await view.scripts();
	t.false(setup.text.includes(own));
	t.true(startupX64.text.includes('#!/'));
	t.false((await view.scriptText('a'))?.includes(own));
	t.is(await view.scriptText('b'), startupX64.text, 'what is built in is no secret');
	t.is(await view.scriptText('c'), undefined);
	await t.throwsAsync(view.setMode('paused', {name: 'x'}), {instanceOf: ReadOnlyError});
	await t.throwsAsync(view.deleteServers([], {name: 'x'}), {instanceOf: ReadOnlyError});
	await view.close();
	t.is(closed, 0);
});

test('a group\'s name that is none is refused', async t => {
	for (const group of ['a b', '$(id)', '-R', 'x\n', '0']) {
		const {code, stderr} = await runProgram(['run', '--view-group', group], {env: {HOME: emptyHome()}});
		t.is(code, 2, `${group}: ${stderr}`);
	}
});
