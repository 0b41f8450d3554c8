// The built console on an engine that runs elsewhere.
import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {serveRemote, type ServedRemote} from '../../source/remote/server.ts';
import type {EngineState} from '../../source/scaler/controller.ts';
import {busyDay, crowd} from '../support/busy-day.ts';
import {fixtureController} from '../support/fixture-controller.ts';
import {givenState} from '../support/given/state.ts';
import {assertRestored, large} from '../support/open-demo.ts';
import {versionHere} from '../support/program.ts';
import {isWhole, openProgram, type PtyProgram} from '../support/pty.ts';

async function serve(t: ExecutionContext, state: EngineState): Promise<ServedRemote> {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'hrt-attach-'));
	const served = await serveRemote({
		controller: fixtureController(state), socketPath: path.join(folder, 'engine.sock'), about: {
			version: versionHere(), repository: 'acme/widgets', pid: 1, where: 'the service',
		},
	});
	t.teardown(async () => {
		await served.close();
		rmSync(folder, {recursive: true});
	});
	return served;
}

function attach(t: ExecutionContext, {socketPath}: ServedRemote): PtyProgram {
	const program = openProgram(['attach', '--socket', socketPath, '--no-bell'], large);
	t.teardown(program.kill);
	return program;
}

test('keys typed before there is anything to see do what they do', async t => {
	const console = attach(t, await serve(t, givenState(busyDay)));
	console.type('l');
	await console.until('the log', ({text}) => text.includes('┌ Log'));
	console.type('\u{1B}');
	await console.until('the first screen', ({text}) => text.includes('[Jobs]'));
	console.type('q');
	t.is((await console.ended).code, 0);
	assertRestored(t, console);
});

test('ten thousand jobs: the first rows at once, all of them soon, and the last one is a key away', async t => {
	const console = attach(t, await serve(t, crowd(10_000, 100)));
	const {text: first} = await console.until('the first rows', isWhole);
	const {text: all} = await console.until('all rows', screen => isWhole(screen) && screen.text.includes('[Jobs] 9950 queued · 50 running') && !screen.text.includes('first of'));
	const names = (text: string): readonly string[] => text.split('\n').filter(row => row.startsWith('│') && row.includes('waits: ')).map(row => row.slice(11, 45));
	t.true(names(all).length > 3);
	t.deepEqual(names(first).slice(0, names(all).length), names(all), 'no row moved');
	console.type('G');
	await console.until('the last row', screen => isWhole(screen) && /▸ ●.*4800-9900/v.test(screen.text));
	console.type('q');
	t.is((await console.ended).code, 0);
	assertRestored(t, console);
});

test('an engine that goes is said to be gone, its rows stay, and q still leaves', async t => {
	const served = await serve(t, givenState(busyDay));
	const console = attach(t, served);
	await console.until('the first screen', isWhole);
	await served.close();
	const {text} = await console.until('the notice', screen => screen.text.includes('no answer from the service since'));
	t.true(text.includes('build-arm'));
	console.type('q');
	t.is((await console.ended).code, 0);
	assertRestored(t, console);
});
