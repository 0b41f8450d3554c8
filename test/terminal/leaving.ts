// However the program ends, the terminal is as it was before.
import {mkdtempSync, readdirSync, rmdirSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {
	assertRestored, large, openDemo, small,
} from '../support/open-demo.ts';
import {isWhole} from '../support/pty.ts';

// A fault of our own, made for real: nobody catches what is thrown in a signal's handler.
const throwing = (code: string): Readonly<Record<string, string>> => ({NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2',()=>{${code}})`)}`});

test('q asks while servers are alive; Stay stays, Quit leaves', async t => {
	const demo = await openDemo(t, large);
	demo.type('q');
	const asked = await demo.until('the question', screen => isWhole(screen) && screen.text.includes('┌ Quit ─') && screen.text.includes('▸ Stay'));
	t.regex(asked.text, /\bservers? keeps? running and costs? money/v);
	t.regex(asked.text, /▸ Stay +Quit /v);
	demo.type('\r');
	await demo.until('the first screen', screen => isWhole(screen) && !screen.text.includes('┌ Quit ─'));
	demo.type('q');
	await demo.until('the question again', ({text}) => text.includes('▸ Stay'));
	demo.type('\t');
	await demo.until('the other answer', ({text}) => text.includes('▸ Quit'));
	demo.type('\r');
	t.deepEqual(await demo.ended, {code: 0, signal: 0});
	assertRestored(t, demo);
});

test('Ctrl-C asks, and a second one leaves at once', async t => {
	const demo = await openDemo(t, small);
	demo.type('\u{3}');
	await demo.until('the question', ({text}) => text.includes('▸ Stay'));
	demo.type('\u{3}');
	t.deepEqual(await demo.ended, {code: 0, signal: 0});
	assertRestored(t, demo);
});

for (const [signal, code] of [['SIGTERM', 0], ['SIGINT', 0], ['SIGHUP', 129]] as const) {
	test(`${signal} ends it with ${code}`, async t => {
		const demo = await openDemo(t, large);
		demo.signal(signal);
		t.deepEqual(await demo.ended, {code, signal: 0});
		assertRestored(t, demo);
	});
}

test('SIGTERM while a question is open ends it all the same', async t => {
	const demo = await openDemo(t, small);
	demo.type('q');
	await demo.until('the question', ({text}) => text.includes('▸ Stay'));
	demo.signal('SIGTERM');
	t.deepEqual(await demo.ended, {code: 0, signal: 0});
	assertRestored(t, demo);
});

test('a crash leaves the terminal whole, says what happened and ends with 1, and leaves no folder behind', async t => {
	const temporary = mkdtempSync(path.join(os.tmpdir(), 'hetzner-runners-crash-'));
	const demo = await openDemo(t, {...large, env: {...throwing('throw new Error(\'made up crash\')'), TMPDIR: temporary}});
	t.is(readdirSync(temporary).length, 1);
	demo.signal('SIGUSR2');
	t.deepEqual(await demo.ended, {code: 1, signal: 0});
	assertRestored(t, demo);
	t.true(demo.screen().text.includes('made up crash'));
	rmdirSync(temporary); // Throws when something is in it.
});

test('so does a rejection that nobody handles', async t => {
	const demo = await openDemo(t, {...large, env: throwing('Promise.reject(new Error(\'made up rejection\'))')});
	demo.signal('SIGUSR2');
	t.deepEqual(await demo.ended, {code: 1, signal: 0});
	assertRestored(t, demo);
	t.true(demo.screen().text.includes('made up rejection'));
});
