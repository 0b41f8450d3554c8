import test from 'ava';
import {readMouse, mouseOff, mouseOn} from '../../source/console/input/mouse.ts';
import {busyDay, crowd} from '../support/busy-day.ts';
import {givenState} from '../support/given/state.ts';
import {openOn} from '../support/open-console.ts';

const click = (column: number, row: number): string => `\u{1B}[<0;${column + 1};${row + 1}M\u{1B}[<0;${column + 1};${row + 1}m`;
const wheel = (direction: 'up' | 'down', row: number): string => `\u{1B}[<${direction === 'up' ? 64 : 65};5;${row + 1}M`;

test('reports of the mouse are read wherever a chunk breaks, and nothing else is', t => {
	t.deepEqual(readMouse(`jj${click(4, 2)}k`).events, [{did: 'click', column: 4, row: 2}]);
	t.deepEqual(readMouse(wheel('up', 9)).events, [{did: 'wheelUp', column: 4, row: 9}]);
	t.deepEqual(readMouse('\u{1B}[<2;1;1M\u{1B}[<35;1;1M\u{1B}[A').events, [], 'other buttons and moves mean nothing');
	const whole = click(100, 30);
	for (let at = 1; at < whole.indexOf('M'); at++) {
		const {events, pending} = readMouse(whole.slice(0, at));
		t.deepEqual(events, []);
		t.is(readMouse(pending + whole.slice(at)).events.length, 1, String(at));
	}

	t.is(readMouse('abc').pending, '');
});

for (const [columns, rows] of [[80, 24], [120, 36], [200, 60]] as const) {
	test(`a click selects and the wheel scrolls at ${columns}x${rows}, and neither is a key`, async t => {
		const shown = await openOn(t, givenState(busyDay), columns, rows, {hasMouse: true});
		t.true(shown.terminal.raw().includes(mouseOn));
		const find = async (words: string): Promise<number> => (await shown.frame()).findIndex(row => row.includes(words));
		const selected = async (): Promise<string> => (await shown.frame()).find(row => row.slice(0, 2).includes('▸')) ?? '';
		await shown.press(click(10, await find('release / sign')));
		t.true((await selected()).includes('release / sign'));
		await shown.press(wheel('up', await find('release / sign')));
		t.true((await selected()).includes('ci / build-arm'));
		await shown.press(click(18, await find('2 Servers 7') === -1 ? await find('Servers 6') : await find('2 Servers 7')));
		await shown.press(click(10, await find('9910 ')));
		t.regex(await selected(), /9910 +✕ zombie/v);

		await shown.press(click(10, 2));
		t.regex(await shown.text(), /┌ ci \/ build-arm/v, 'a click on the notice leads to it');
		t.deepEqual(shown.controller.calls, []);
		shown.close();
		await shown.ended;
		t.true(shown.terminal.raw().includes(mouseOff));
	});
}

test('zombies and log are clicked, too; a question is not', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36, {hasMouse: true});
	await shown.press('z', click(5, 5));
	t.regex(await shown.text(), /▸\[ \] gh-actions-runner-4810-9910/v);
	await shown.press('\r');
	t.regex(await shown.text(), /Delete 1 server/v);
	await shown.press(click(5, 2), wheel('down', 3));
	t.regex(await shown.text(), /▸ Cancel/v);
	await shown.press('\u{1B}', '\u{1B}', 'l', click(5, 3));
	t.regex(await shown.text(), /▸ .* created …4801-9901/v);
});

test('far down a long list a click selects the row under it', async t => {
	const shown = await openOn(t, crowd(500, 300), 120, 36, {hasMouse: true});
	await shown.press('G', 'k', 'k');
	const rows = await shown.frame();
	const at = rows.findIndex(row => row.startsWith('│▸'));
	const name = (rows[at - 2] ?? '').slice(11, 30);
	await shown.press(click(20, at - 2));
	t.true((await shown.frame())[at - 2]?.startsWith('│▸'), 'the window stays where it was');
	t.true((await shown.frame())[at - 2]?.includes(name));
});

test('without --mouse the terminal is asked for no mouse, and reports of one are no keys', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	const before = await shown.text();
	await shown.press(click(10, 8), wheel('down', 8));
	t.is(await shown.text(), before);
	t.false(shown.terminal.raw().includes('[?1000h'));
});
