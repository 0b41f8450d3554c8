// A person's walk over the screens of the built program, in a real terminal.
import test from 'ava';
import {large, openDemo, small} from '../support/open-demo.ts';
import {isWhole, type Screen} from '../support/pty.ts';

const has = (...texts: readonly string[]) => (screen: Screen): boolean => isWhole(screen) && texts.every(text => screen.text.includes(text));
const rowOf = (screen: Screen, sign: string): string => screen.rows.find(row => row.includes(sign)) ?? '';
const escape = '\u{1B}';

test('a large terminal shows four panes with jobs, servers, a runner and activity', async t => {
	const demo = await openDemo(t, large);
	const {rows, text} = await demo.until('a created server', ({text}) => /created …\d/v.test(text));
	t.is(rows.length, 36);
	t.regex(rows[0] ?? '', /acme\/widgets .*SCALING.*€\d.*\/h .*servers? /v);
	for (const title of [/^┌ \[Jobs\] \d+ queued/mv, /^├ Servers \d/mv, /^├ Runners \d/mv, /^├ Activity /mv]) {
		t.regex(text, title);
	}

	t.regex(text, /ci \/ test \(20, ubuntu\) +\d+ +self-hosted/v);
	t.regex(text, /\d {2,}. (?:creating|booting|setting up|starting|idle|busy)/v);
	t.true(text.includes('office-mac-mini'));
	t.true(rows.slice(2).every(row => /^[│┌└├].*[│┐┘┤]$/v.test(row)), 'every row has both its sides');
});

test('a small terminal shows one pane with tabs and counts', async t => {
	const demo = await openDemo(t, small);
	const {rows, text} = demo.screen();
	t.is(rows.length, 24);
	t.regex(text, /^ 1 Jobs \d+ +2 Servers \d+ +3 Runners \d+ +4 Activity/mv);
	t.regex(text, /WAIT +WORKFLOW \/ JOB/v);
	demo.type('2');
	await demo.until('the servers', screen => /NAME +STATE/v.test(screen.text) && isWhole(screen));
	demo.type('4');
	await demo.until('the activity', screen => /created (?:gh-actions-runner-|…)\d/v.test(screen.text));
	demo.type('\t');
	await demo.until('the jobs again', screen => /WAIT +WORKFLOW \/ JOB/v.test(screen.text) && isWhole(screen));
	t.true(demo.screen().rows.every(row => row.length <= 80));
});

test('a terminal that is too small says so, and the console comes back with room', async t => {
	const demo = await openDemo(t, small);
	demo.resize(50, 12);
	await demo.until('the words', ({text}) => text.trim() === '50x12 is too small: 60x15 at least.');
	demo.resize(60, 15);
	const back = await demo.until('the console', screen => isWhole(screen) && screen.rows.length === 15);
	t.regex(back.text, /1 Jobs \d/v);
});

test('Tab and 1 to 4 change the pane, j and k the row', async t => {
	const demo = await openDemo(t, large);
	await demo.until('three jobs', has('test (24, ubuntu)'));
	t.regex(rowOf(demo.screen(), '▸'), /│▸/v);
	const first = rowOf(demo.screen(), '▸').slice(14, 45);
	demo.type('jk'); // Keys that arrive together are two keys.
	demo.type('j');
	const moved = await demo.until('another row', screen => isWhole(screen) && rowOf(screen, '▸').slice(14, 45) !== first);
	t.true(moved.text.includes('[Jobs]'));
	demo.type('k');
	await demo.until('the first row', screen => rowOf(screen, '▸').slice(14, 45) === first);
	demo.type('\t');
	await demo.until('the servers', has('├ [Servers]'));
	demo.type('4');
	await demo.until('the activity', has('├ [Activity]'));
	demo.type('3');
	await demo.until('the runners', has('├ [Runners]'));
	demo.type('1');
	await demo.until('the jobs', has('┌ [Jobs]'));
});

test('Enter shows the details of a job, Esc leads back', async t => {
	const demo = await openDemo(t, large);
	demo.type('\r');
	const {text} = await demo.until('the details', has('what happened', 'https://github.com/acme/widgets/actions/runs/'));
	t.regex(text, /^┌ ci \/ test .* run \d+ · job \d+ ┐$/mv);
	t.regex(text, /queued +\d{2}:\d{2}:\d{2}/v);
	demo.type(escape);
	await demo.until('the first screen', has('[Jobs]', 'Activity'));
});

test('p pauses scaling up and goes on with it, and the header says so', async t => {
	const demo = await openDemo(t, large);
	demo.type('p');
	const paused = await demo.until('the pause', ({rows}) => (rows[0] ?? '').includes('PAUSED'));
	t.false(paused.rows[0]?.includes('SCALING'));
	await demo.until('its line in the activity', has('paused, by '));
	demo.type('p');
	const scaling = await demo.until('scaling', screen => isWhole(screen) && (screen.rows[0] ?? '').includes('SCALING'));
	t.false(scaling.rows[0]?.includes('PAUSED'));
});

test('z shows the zombies, s three scripts that scroll, ? every key', async t => {
	const demo = await openDemo(t, large);
	demo.type('z');
	await demo.until('the zombies', screen => isWhole(screen) && (screen.rows[0] ?? '').startsWith('┌ Zombies'));
	demo.type(escape);
	await demo.until('the first screen', has('[Jobs]'));
	demo.type('s');
	const setup = await demo.until('the setup script', has('#!/bin/bash'));
	t.regex(setup.text, /setup.*startup x64.*startup arm64/v);
	demo.type('jjj');
	await demo.until('three lines further', screen => isWhole(screen) && !screen.text.includes('#!/bin/bash'));
	demo.type('g');
	await demo.until('its first line', has('#!/bin/bash'));
	demo.type('\t');
	const startup = await demo.until('the startup script', screen => isWhole(screen) && screen.text !== setup.text && screen.text.includes('#!/bin/bash'));
	demo.type('\t');
	await demo.until('that for arm64', screen => isWhole(screen) && ![setup.text, startup.text].includes(screen.text));
	demo.type(escape);
	await demo.until('the first screen', has('[Jobs]'));
	demo.type('?');
	await demo.until('the keys', has('all keys', 'next row', 'go to jobs'));
	demo.type(escape);
	await demo.until('the first screen', has('[Jobs]'));
});

test('d asks first, with the focus on Cancel, and Enter then deletes nothing', async t => {
	const demo = await openDemo(t, large);
	await demo.until('a created server', ({text}) => /created …\d/v.test(text));
	demo.type('2');
	await demo.until('the servers', has('├ [Servers]'));
	await demo.until('a server that is there', screen => /│▸ +…\S+ +. (?:booting|setting up|starting|idle|busy)/v.test(screen.text));
	demo.type('d');
	const asked = await demo.until('the question', screen => isWhole(screen) && screen.text.includes('┌ Delete 1 server') && screen.text.includes('▸ Cancel'));
	t.regex(asked.text, /▸ Cancel +Delete /v);
	t.regex(asked.text, /gh-actions-runner-\d+-\d+ +cx23 fsn1, up /v);
	demo.type('\r');
	const after = await demo.until('the first screen', screen => isWhole(screen) && !screen.text.includes('Delete 1 server'));
	t.notRegex(after.text, /deleted .* by /v);
	t.true(after.text.includes('[Servers]'));
});

test('with --read-only no key that acts does anything', async t => {
	const demo = await openDemo(t, {...large, argv: ['--read-only']});
	t.regex(demo.screen().rows[0] ?? '', /SCALING read-only/v);
	demo.type('2');
	await demo.until('the servers', has('├ [Servers]'));
	demo.type('pPDd xK');
	// The help is opened by the key after them: all of them have been taken by then.
	demo.type('?');
	const help = await demo.until('the help', has('all keys'));
	t.notRegex(help.text, /changes something|asks first/v);
	demo.type(escape);
	const {rows, text} = await demo.until('the first screen', has('[Servers]'));
	t.regex(rows[0] ?? '', /SCALING read-only/v);
	t.notRegex(text, /paused|frozen|draining|Delete|\bp pause|d delete/v);
	demo.type('z');
	const zombies = await demo.until('the zombies', screen => (screen.rows[0] ?? '').startsWith('┌ Zombies') && isWhole(screen));
	t.notRegex(zombies.text, /delete marked|keep 10m/v);
});
