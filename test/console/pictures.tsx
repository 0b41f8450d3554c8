// Charts, bars, title and bell: what is looked at rather than read.
import test from 'ava';
import {barAgainst, columnsOf} from '../../source/console/components/bars.ts';
import {newTrouble, titleOf} from '../../source/console/terminal/title-and-bell.ts';
import {listsOf} from '../../source/console/panes/lists.ts';
import {makeTheme, themeOf} from '../../source/console/theme/theme.ts';
import {codesOf, themeNames, type Role} from '../../source/console/theme/palettes.ts';
import {initialUi} from '../../source/console/state/ui-state.ts';
import {openZombies} from '../../source/console/screens/zombies/state.ts';
import {busyDay} from '../support/busy-day.ts';
import {givenState, whole} from '../support/given/state.ts';
import {openOn} from '../support/open-console.ts';

const plain = makeTheme('none', true);
const ascii = makeTheme('none', false);
const textOf = (spans: ReadonlyArray<{readonly text: string}>): string => spans.map(one => one.text).join('');

test('a chart is as high as its numbers; what is not known stays empty, what is little is seen', t => {
	t.deepEqual(plain.chart([0, 1, 50, 100, undefined], 100, 1), [' ▁▄█ ']);
	t.deepEqual(plain.chart([100, 50, 25], 100, 2), ['█  ', '██▄']);
	t.deepEqual(ascii.chart([0, 100, 10], 100, 1), [' #.']);
});

test('the last hour comes in columns, each with the most of its minutes', t => {
	const minute = 60_000;
	const history = [{at: 0, n: 9}, {at: 41 * minute, n: 3}, {at: 59 * minute, n: 5}, {at: 60 * minute, n: 2}];
	t.deepEqual(columnsOf(history, point => point.n, (60 * minute) + 5, 10), [undefined, undefined, undefined, undefined, undefined, undefined, 3, undefined, undefined, 5]);
	t.is(columnsOf(history, point => point.n, 60 * minute, 60).filter(value => value !== undefined).length, 3, 'an hour ago is gone');
});

test('a bar shows what is usual, and what goes beyond it', t => {
	const bar = (value: number, usual: number | undefined, isGoing = false) => barAgainst(plain, {
		value, usual, scale: 40, isGoing,
	}, 20);
	t.is(textOf(bar(20, undefined)), '██████████          ');
	t.is(textOf(bar(20, 30)), '██████████     ╎    ');
	t.is(textOf(bar(20, 30, true)), '██████████▸    ╎    ');
	t.is(textOf(bar(400, undefined, true)), '███████████████████▸');
	t.deepEqual(bar(40, 20).map(one => [one.text.length, one.role]), [[10, 'calm'], [10, 'waiting']]);
	t.deepEqual(bar(22, 20).filter(one => one.role === 'waiting').map(one => one.text), [''], 'a little more is usual, too');
	t.is(textOf(bar(0, undefined)).trim(), '');
});

test('the title says what waits and what is up, or what needs a person', t => {
	const state = givenState(busyDay);
	t.is(titleOf({notices: [], engine: state, lists: listsOf(state, initialUi)}), '4 queued 6 up');
	t.is(titleOf({
		notices: [{
			about: ['x'], short: '2 zombies', text: '', press: 'z', word: 'zombies', leadsTo: {type: 'open', screen: openZombies}, role: 'waiting',
		}], engine: state, lists: listsOf(state, initialUi),
	}), '! 2 zombies');
});

test('trouble is new once', t => {
	const notice = (...about: readonly string[]) => ({
		about, short: '', text: '', press: 'z', word: 'zombies', leadsTo: {type: 'open', screen: openZombies}, role: 'waiting',
	} as const);
	const first = newTrouble([notice('a')], new Set());
	t.true(first.isNew);
	t.false(newTrouble([notice('a')], first.told).isNew);
	const second = newTrouble([notice('a', 'b')], first.told);
	t.true(second.isNew);
	t.false(newTrouble([notice('b')], second.told).isNew);
	t.true(newTrouble([notice('a')], newTrouble([], second.told).told).isNew, 'what was over and comes again is new');
});

test('the terminal is titled and rung once, and gets its title back', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36, {hasBell: true});
	const bells = () => shown.terminal.raw().split('\u{7}').length - 1;
	t.true(shown.terminal.raw().includes('\u{1B}[22;2t\u{1B}]2;! 1 job waits\u{1B}\\'));
	t.is(bells(), 1);
	shown.controller.publish(state => ({...state, jobs: whole([]), servers: whole([])}));
	await shown.until(/no queued jobs/v);
	t.true(shown.terminal.raw().includes('\u{1B}]2;0 queued 0 up\u{1B}\\'));
	t.is(bells(), 1);
	shown.close();
	await shown.ended;
	t.true(shown.terminal.raw().endsWith('\u{1B}[23;2t'));
	const quiet = await openOn(t, givenState(busyDay), 120, 36);
	t.false(quiet.terminal.raw().includes('\u{7}'));
});

test('wide and high terminals show the last hour; others its short form in the header', async t => {
	const large = await openOn(t, givenState(busyDay), 200, 60);
	t.regex(await large.text(), /┌ Last hour .* longest wait 5m15s · most busy 6 ┐/v);
	t.regex(await large.text(), /│ longest [^\n\r\u{2028}\u{2029}\u{2588}]*\u{2588}.* busy .*█/v);
	for (const [columns, rows] of [[120, 36], [80, 24]] as const) {
		const shown = await openOn(t, givenState(busyDay), columns, rows);
		t.regex((await shown.frame())[1] ?? '', /waits [ ▁▂▃▄▅▆▇█]+ p50 48s {2}p95 2m10s/v);
	}
});

test('each server\'s paid hour is a bar with its minute', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	t.regex(await shown.text(), /…4807-9907 .* █░░░ \d\d:47 /v);
});

test('details draw each step against its usual time', async t => {
	for (const [columns, rows] of [[80, 24], [120, 36], [200, 60]] as const) {
		const shown = await openOn(t, givenState(busyDay), columns, rows);
		await shown.press('G', 'k', '\r');
		const text = await shown.text();
		t.regex(text, /ssh +\d\d:\d\d:10 +█.*╎ +29s {2}usual 33s/v);
		t.regex(text, /runs +█+▸ +6m12s/v);
		t.regex(text, /€0\.010 so far, 1 started hour +paid to \d\d:\d\d:\d\d {2}\[█/v);
		t.regex(text, /52m30s left/v);
	}
});

test('the details\' output follows its end, and scrolls as far as it goes', async t => {
	const state = givenState(busyDay);
	const [name = ''] = state.output.keys();
	const output = new Map([[state.servers.items.find(server => server.name === name)?.name ?? state.servers.items[0]!.name, Array.from({length: 90}, (_, at) => `line ${at + 1}`)]]);
	for (const rows of [24, 36, 60]) {
		const shown = await openOn(t, {...state, output}, 120, rows);
		await shown.press('j', '\r');
		t.regex(await shown.text(), /line 90 .*\n└/v);
		await shown.press('k');
		t.regex(await shown.text(), /line 89 .*\n└/v);
		await shown.press('g');
		t.regex(await shown.text(), /├ set-up output .*\n│ +line 1 /v);
		await shown.press('k', 'j');
		t.regex(await shown.text(), /├ set-up output .*\n│ +line 2 /v);
		await shown.press('G');
		t.regex(await shown.text(), /line 90 .*\n└/v);
	}
});

test('every theme has all roles, and none of them speaks by colour where colours are off', t => {
	const roles = ['plain', 'dim', 'strong', 'calm', 'working', 'good', 'waiting', 'wrong', 'money', 'related', 'selected', 'match', 'code', 'comment', 'text'] as const satisfies readonly Role[];
	for (const name of themeNames) {
		for (const depth of ['none', 'basic', 'many'] as const) {
			for (const role of roles) {
				const on = codesOf(name, depth)[role];
				t.true((name !== 'none' && depth !== 'none') || !/(?:^|;)(?:[349]|10)\d/v.test(on), `${name} ${depth} ${role}`);
			}
		}
	}

	t.is(themeOf({TERM: 'xterm-256color', LANG: 'C.UTF-8'}, 'none').depth, 'none');
	t.is(themeOf({TERM: 'xterm-256color', NO_COLOR: '1'}, 'light').depth, 'none');
});

test('themes change colours, never words', async t => {
	const screens = await Promise.all(themeNames.map(async theme => {
		const shown = await openOn(t, givenState(busyDay), 120, 36, {theme});
		return {text: await shown.text(), raw: shown.terminal.raw()};
	}));
	t.is(new Set(screens.map(({text}) => text)).size, 1);
	t.is(new Set(screens.map(({raw}) => raw)).size, 4);
});
