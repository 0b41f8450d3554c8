import {Buffer} from 'node:buffer';
import test from 'ava';
import {keymap, keysFor, worksAt} from '../../source/console/actions/keymap.ts';
import {pressesOf} from '../../source/console/input/key-names.ts';
import {initialUi, type UiState} from '../../source/console/state/ui-state.ts';
import {openZombies} from '../../source/console/screens/zombies/state.ts';
import {busyDay} from '../support/busy-day.ts';
import {fixtureController} from '../support/fixture-controller.ts';
import {givenPolicy, givenState} from '../support/given/state.ts';
import {openOn} from '../support/open-console.ts';

const enter = '\r';
const esc = '\u{1B}';
const ctrlC = '\u{3}';
const places = [
	...['dashboard', 'detail', 'zombies', 'scripts', 'log', 'help'].map(name => ({name, isTyping: false})),
	...['filter', 'confirm', 'search', 'palette'].map(name => ({name, isTyping: true})),
];

test('no key has two meanings in one place', t => {
	for (const place of places) {
		const keys = keymap().filter(row => worksAt(row, place)).flatMap(row => row.press.split(' '));
		t.is(new Set(keys).size, keys.length, `${place.name}: ${keys.filter((key, at) => keys.indexOf(key) !== at).join(' ')}`);
	}
});

test('no key that destroys lies beside a key that moves', t => {
	const keyboard = ['1234567890-=', 'qwertyuiop[]', 'asdfghjkl;\'', 'zxcvbnm,./'];
	const spot = (key: string): readonly [number, number] | undefined => {
		const row = keyboard.findIndex(keys => keys.includes(key.toLowerCase()));
		return key.length === 1 && row !== -1 ? [row, (keyboard[row]?.indexOf(key.toLowerCase()) ?? 0) + (row * 0.4)] : undefined;
	};

	for (const place of places) {
		const rows = keymap().filter(row => worksAt(row, place));
		const spots = rows.filter(row => row.isMove).flatMap(row => row.press.split(' ')).flatMap(key => spot(key) ?? []);
		for (const destroyer of rows.filter(row => row.does === 'destroy').flatMap(row => row.press.split(' '))) {
			const [row, column] = spot(destroyer) ?? [-9, -9];
			for (let at = 0; at < spots.length; at += 2) {
				const distance = Math.max(Math.abs((spots[at] ?? 99) - row), Math.abs((spots[at + 1] ?? 99) - column));
				t.true(distance > 1, `${place.name}: ${destroyer}`);
			}

			t.not(destroyer, 'backspace');
		}
	}
});

test('nothing destroys while a filter, a script or a question has the keys', t => {
	const calm = places.filter(({name}) => ['filter', 'scripts', 'log', 'help'].includes(name));
	for (const place of calm) {
		t.deepEqual(keymap().filter(row => worksAt(row, place) && row.does !== 'view'), []);
	}
});

test('read-only leaves only keys that look', t => {
	t.true(keysFor(initialUi, true).every(row => row.does === 'view'));
	const zombies: UiState = {...initialUi, screen: openZombies};
	t.false(keysFor(zombies, true).some(row => row.press.includes('enter')));
});

test('a chunk of input comes apart into its keys', t => {
	const names = (input: string): readonly string[] => pressesOf(input, {}).map(press => press.name);
	t.deepEqual(names('jjj'), ['j', 'j', 'j']);
	t.deepEqual(names('jk\r'), ['j', 'k', 'enter']);
	t.deepEqual(names('a \t\u{7F}'), ['a', 'space', 'tab', 'backspace']);
	t.deepEqual(names('\u{3}'), ['ctrl-c']);
	t.deepEqual(names('e\u{301}🚀'), ['e\u{301}', '🚀']);
	t.deepEqual(names(']11;rgb:0000/0000/0000'), []);
	t.deepEqual(pressesOf('x', {meta: true}).map(press => press.name), ['meta-x']);
	t.deepEqual(pressesOf('', {tab: true, shift: true}).map(press => press.name), ['shift-tab']);
});

test('keys that arrive together act one by one', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	await shown.press('jjj');
	t.regex((await shown.frame()).find(row => row.startsWith('│▸')) ?? '', /release \/ sign/v);
	await shown.press('kk\r');
	t.regex(await shown.text(), /┌ ci \/ test \(22, ubuntu\)/v);
	await shown.press(esc);
	t.regex(await shown.text(), /\[Jobs\]/v);
	await shown.press('\u{1B}[A\u{1B}[B\u{1B}[B');
	t.regex((await shown.frame()).find(row => row.startsWith('│▸')) ?? '', /e2e \(chrome\)/v);
});

test('a paste presses no keys, and types into a filter', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	await shown.press('\u{1B}[200~pzq\r\u{1B}[201~');
	t.deepEqual(shown.controller.calls, []);
	t.regex(await shown.text(), /\[Jobs\] 4 queued/v);
	await shown.press('/', '\u{1B}[200~build-arm\u{1B}[201~');
	t.regex(await shown.text(), /\/build-arm/v);
	t.notRegex(await shown.text(), /release \/ sign/v);
	await shown.press(enter, 'n', esc);
	t.regex(await shown.text(), /release \/ sign/v);
});

test('p pauses and resumes; P freezes; D asks and drains', async t => {
	let clock = 0;
	const shown = await openOn(t, givenState(busyDay), 120, 36, {clockNow: () => clock});
	for (const [key, mode] of [['p', /PAUSED/v], ['p', /SCALING/v], ['P', /FROZEN/v], ['P', /SCALING/v]] as const) {
		clock += 2000;
		await shown.press(key);
		await shown.until(mode);
	}

	await shown.press('D');
	t.regex(await shown.text(), /▸ Cancel +Drain/v);
	await shown.press(enter);
	t.regex(await shown.text(), /SCALING/v);
	await shown.press('D', '\t', enter);
	await shown.until(/DRAINING/v);
	t.deepEqual(shown.controller.calls, ['setMode paused', 'setMode scaling', 'setMode frozen', 'setMode scaling', 'setMode draining']);
});

test('a second change of mode within a second asks first', async t => {
	let clock = 5000;
	const shown = await openOn(t, givenState(busyDay), 120, 36, {clockNow: () => clock});
	await shown.press('p');
	await shown.until(/PAUSED/v);
	clock += 300;
	await shown.press('P');
	t.regex(await shown.text(), /┌ Freeze ─[\s\S]*▸ Cancel +Freeze/v);
	await shown.press(enter);
	t.deepEqual(shown.controller.calls, ['setMode paused']);
});

test('zombies: all are marked, one question with the evidence, Cancel has the focus, each has its result', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	await shown.press('z');
	t.regex(await shown.text(), /its runner never registered, 13m of 1m/v);
	t.regex(await shown.text(), /no runner of its name at GitHub \(read 2s ago\)/v);
	t.notRegex(await shown.text(), /4807-9907/v, 'off for less than its limit');
	await shown.press('a', enter);
	t.regex(await shown.text(), /Delete 2 servers/v);
	t.regex(await shown.text(), /▸ Cancel +Delete/v);
	await shown.press(enter);
	t.deepEqual(shown.controller.calls, []);
	await shown.press(enter, '\t', enter);
	const text = await shown.until(/2 of 2 done/v);
	t.is(text.match(/^│.? +deleted/gmv)?.length, 2);
	t.is(shown.controller.calls.length, 1);
	t.regex(shown.controller.calls[0] ?? '', /^delete gh-actions-runner-4806-9906 .* by ada$/v);
});

test('a busy server goes only when its name is typed', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	await shown.press('2', 'G', 'k', 'k', 'd');
	t.regex(await shown.text(), /Busy: to delete it all the same, type its name/v);
	await shown.press('\t', enter);
	t.deepEqual(shown.controller.calls, []);
	t.regex(await shown.text(), /only when its name is typed/v);
	await shown.press('gh-actions-runner-4801-99O1', '\u{7F}\u{7F}', '01', enter);
	await shown.until(/deleted 1/v);
	t.deepEqual(shown.controller.calls, ['delete gh-actions-runner-4801-9901 typed gh-actions-runner-4801-9901 by ada']);
});

test('marked servers are deleted together, esc takes the marks away', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	await shown.press('2', ' ', ' ', 'd');
	t.regex(await shown.text(), /Delete 2 servers/v);
	await shown.press(esc, esc, 'd');
	t.regex(await shown.text(), /Delete 1 server /v);
});

test('+ and - change the maximum number of servers, where it is shown', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	t.regex(await shown.text(), /7\/10 servers|8\/10 servers/v);
	await shown.press('+', '+', '-');
	t.deepEqual(shown.controller.calls, ['setMaxRunners 11', 'setMaxRunners 12', 'setMaxRunners 11']);
	t.regex(await shown.until(/\/11 servers/v), /maximum number of servers: 11; kept over a restart/v);
	shown.controller.publish(state => ({...state, policy: {...state.policy, maxRunners: undefined}}));
	await shown.until(/ {2}\d servers /v);
	await shown.press('+');
	t.regex((await shown.frame()).at(-1) ?? '', /there is no limit \(--max-runners\); - sets one/v);
});

test('+ pressed twice counts twice, though the engine elsewhere has not said yet that it followed the first', async t => {
	const asked: Array<number | undefined> = [];
	const state = givenState();
	const slow = {
		...fixtureController(state),
		async setMaxRunners(limit: number | undefined) {
			asked.push(limit);
			if (asked.length === 4) {
				throw new Error('the engine does not answer');
			}
		},
	};
	const shown = await openOn(t, state, 80, 24, {controller: slow});
	await shown.press('+', '+', '-', '+', '+');
	t.deepEqual(asked, [11, 12, 11, 12, 12], 'what failed counts for nothing');
});

test('e drains the selected server, or says why it cannot', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	await shown.press('e');
	t.regex((await shown.frame()).at(-1) ?? '', /select a server first/v);
	await shown.press('2', 'j', 'j', 'e');
	t.regex(shown.controller.calls.join(','), /^drain gh-actions-runner-/v);
	const [drained = ''] = (/gh-actions-runner-\S+/v.exec(shown.controller.calls.join(','))) ?? [];
	shown.controller.publish(state => ({
		...state, serverVerdicts: new Map([...state.serverVerdicts, ...state.servers.items.filter(({name}) => name === drained).map(({id}) => [id, {code: 'draining', by: 'ada'}] as const)]),
	}));
	await shown.until(/draining \(asked by ada\)/v);
	await shown.press('e');
	t.regex(shown.controller.calls.join(','), /,undrain gh-actions-runner-/v);
	const state = givenState(busyDay);
	const others = await openOn(t, {...state, servers: {...state.servers, items: state.servers.items.map(server => ({...server, engineSet: 'another'}))}}, 120, 36);
	await others.press('2', 'j', 'j', 'e');
	t.regex(await others.text(), /it cannot be drained: (?:another engine looks after it|it is off already)/v);
});

test('read-only has no keys that act', async t => {
	const shown = await openOn(t, givenState({...busyDay, but: {policy: {...givenPolicy, isReadOnly: true}}}), 120, 36);
	await shown.press('p', 'P', 'D', 'd', 'x', ' ', 'z', 'a', enter, 'K', esc);
	t.deepEqual(shown.controller.calls, []);
	t.regex(await shown.text(), /read-only/v);
	t.notRegex((await shown.frame()).at(-1) ?? '', /delete|pause/v);
});

test('y copies without a redraw, r reads, S sorts, F shows foreign jobs, ? lists every key', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 50);
	await shown.press('2', 'y');
	t.true(shown.terminal.raw().includes(`\u{1B}]52;c;${Buffer.from('gh-actions-runner-4807-9907').toString('base64')}\u{7}`));
	await shown.press('r', 'S');
	t.deepEqual(shown.controller.calls, ['readNow']);
	t.regex(await shown.text(), /what is wrong first/v);
	await shown.press('?');
	const first = await shown.text();
	await shown.press('G');
	const text = first + await shown.text();
	for (const row of keymap()) {
		t.true(text.includes(row.title.slice(0, 30)), row.title);
	}
});

test('q asks while servers are alive and the engine is here; twice Ctrl-C leaves at once', async t => {
	const shown = await openOn(t, givenState(busyDay), 80, 24);
	t.true(shown.terminal.isAlternate());
	await shown.press('q');
	t.regex(await shown.text(), /7 servers keep running and cost money: the next start picks them up/v);
	await shown.press(enter);
	t.regex(await shown.text(), /1 Jobs 4/v);
	await shown.press(ctrlC, ctrlC);
	t.deepEqual(await shown.ended, {why: 'quit'});
	await shown.terminal.drawn();
	t.false(shown.terminal.isAlternate());
});

test('q leaves without a question when the engine lives elsewhere, and close() gives the terminal back', async t => {
	const away = await openOn(t, givenState(busyDay), 80, 24, {
		attachment: {
			at: 'socket', where: 'the service', lost: undefined,
		},
	});
	await away.press('q');
	t.deepEqual(await away.ended, {why: 'quit'});
	const closed = await openOn(t, givenState(busyDay), 80, 24);
	closed.close();
	t.deepEqual(await closed.ended, {why: 'closed'});
	await closed.terminal.drawn();
	t.false(closed.terminal.isAlternate());
});

test('a picture that cannot be drawn ends the console, and the terminal is as it was', async t => {
	const {controller, ended, terminal} = await openOn(t, givenState(busyDay), 120, 36);
	t.true(terminal.isAlternate());
	controller.publish(state => Object.defineProperty({...state}, 'history', {
		get() {
			throw new Error('made up');
		},
	}));
	await t.throwsAsync(ended, {message: 'made up'});
	await terminal.drawn();
	t.false(terminal.isAlternate());
});

test('a first frame that cannot be drawn ends it, too', async t => {
	const broken = Object.defineProperty({...givenState(busyDay)}, 'history', {
		get() {
			throw new Error('made up');
		},
	});
	const {ended, terminal} = await openOn(t, broken, 120, 36);
	await t.throwsAsync(ended, {message: 'made up'});
	t.false(terminal.isAlternate());
});
