// The console for a screen reader: what changes is said, line after line.
import test from 'ava';
import {later} from '../../source/model/time.ts';
import {busyDay} from '../support/busy-day.ts';
import {ago, givenState} from '../support/given/state.ts';
import {openOn, type OpenConsole} from '../support/open-console.ts';

const escape = '\u{1B}';
const enter = '\r';
const said = (shown: OpenConsole): readonly string[] => shown.terminal.raw().split('\r\n').map(line => line.split(escape).at(-1)?.replace(/^\[\?\d+[hl]|^\\/v, '') ?? '');

async function after(shown: OpenConsole, ...keys: readonly string[]): Promise<string> {
	const before = shown.terminal.raw().length;
	await shown.press(...keys);
	return shown.terminal.raw().slice(before);
}

test('it begins with how things stand, and what needs a person', async t => {
	const shown = await openOn(t, givenState(busyDay), 80, 24, {isScreenReader: true});
	const text = said(shown).join('\n');
	t.regex(text, /Console of acme\/widgets, scaling\. 4 jobs queued, the oldest for 12m, 1 running, 6 servers, 1 busy\./v);
	t.regex(text, /Attention: ci \/ build-arm waits 12m: .*\. The key w leads there\./v);
	t.regex(text, /Jobs, 6 rows\.\nci \/ build-arm, waits 12m, cax11 in fsn1 refused, hel1 next in 20s \(try 7\)\. Row 1 of 6\./v);
	t.false(shown.terminal.isAlternate());
});

test('a step says the row, another pane its name; seconds that pass say nothing', async t => {
	let clock = 0;
	const shown = await openOn(t, givenState(busyDay), 80, 24, {isScreenReader: true, clockNow: () => clock});
	t.is(await after(shown, 'j'), 'ci / test (22, ubuntu), waits 1m4s, setting up …4802-9902, 20s. Row 2 of 6.\r\n');
	t.regex(await after(shown, '\t'), /^Servers, 7 rows\.\r\ngh-actions-runner-4807-9907, off, cx23 fsn1, up 15m.*Row 1 of 7\.\r\n$/v);
	const before = shown.terminal.raw();
	clock = 5000;
	shown.controller.publish(state => ({...state, publishedAt: later(state.publishedAt, 5), nextReadAt: later(state.publishedAt, 10)}));
	await shown.frame();
	t.is(shown.terminal.raw(), before);
});

test('what the engine does is said once, as a sentence', async t => {
	const shown = await openOn(t, givenState(busyDay), 80, 24, {isScreenReader: true});
	const before = shown.terminal.raw().length;
	shown.controller.publish(state => ({
		...state, mode: 'paused', activity: [...state.activity, {id: 99, at: ago(0), event: {code: 'notice', text: 'red \u{1B}[31m alert'}}],
	}));
	while (!shown.terminal.raw().slice(before).includes('alert')) {
		await shown.frame();
	}

	t.regex(shown.terminal.raw().slice(before), /^The engine is paused now\.\r\n\d\d:\d\d: red �\[31m alert\.\r\n$/v);
});

test('screens and questions are told in full, and answered', async t => {
	const shown = await openOn(t, givenState(busyDay), 80, 24, {isScreenReader: true});
	t.regex(await after(shown, 'z'), /Zombies, 2 of 6 servers\. .*\r\ngh-actions-runner-4806-9906, cx23 fsn1, up 14m.*its runner never registered/v);
	t.regex(await after(shown, enter), /Delete 1 server\?\r\n.*gh-actions-runner-4806-9906[\s\S]*Cancel has the focus/v);
	t.regex(await after(shown, '\t'), /^Delete has the focus/v);
	await shown.press(enter);
	t.is(shown.controller.calls.length, 1);
	await shown.press(escape);
	t.regex(await after(shown, ':', 'drain'), /drain: no new servers, what runs may finish; or resume, key D\.\r\n$/v);
	await shown.press(escape);
	t.regex(await after(shown, 's'), /Scripts\. Tab shows the next one/v);
	await shown.press(escape);
	t.regex(await after(shown, '?'), /j Down: next row\./v);
	await shown.press(escape);
	t.regex(await after(shown, 'l'), /Log, 9 lines\.\r\n\d\d:\d\d:\d\d good reading jobs works again/v);
	await shown.press(escape);
	t.regex(await after(shown, '1', enter), /Details of ci \/ build-arm/v);
});

test('INK_SCREEN_READER=true asks for it, too', async t => {
	const shown = await openOn(t, givenState(busyDay), 80, 24, {env: {TERM: 'xterm', LANG: 'C.UTF-8', INK_SCREEN_READER: 'true'}});
	t.regex(said(shown).join('\n'), /Console of acme\/widgets/v);
});
