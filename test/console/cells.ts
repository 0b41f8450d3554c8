import {Buffer} from 'node:buffer';
import process from 'node:process';
import test from 'ava';
import xterm from '@xterm/headless';
import {markedBy, markOf, rowsALayer} from '../../source/console/screen/marks.ts';
import {cellScreen} from '../../source/console/screen/stdout.ts';

// Each cell's character and looks.
function shown(view: xterm.Terminal): readonly string[] {
	return Array.from({length: view.rows}, (_, row) => Array.from({length: view.cols}, (__, column) => {
		const cell = view.buffer.active.getLine(row)?.getCell(column);
		return cell === undefined ? '' : [cell.getChars() === '' ? ' ' : cell.getChars(), cell.getFgColor(), cell.getBgColor(), cell.isBold(), cell.isInverse(), cell.isDim()].join(' ');
	}).join('|'));
}

/* A terminal behind the screen, which is told frames as Ink draws them: rows of pieces, each the column where a line begins and its text. */
function given(columns = 20, rows = 4) {
	const view = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	let written = '';
	const terminal = new Proxy(process.stdout, {
		get: (target, name) => ({
			columns, rows, write(text: string) {
				written += text;
				return true;
			},
		})[String(name)] ?? Reflect.get(target, name) as unknown,
	});
	const screen = cellScreen(terminal);
	return {
		screen,
		/* What was written since the last look. */
		written(): string {
			const text = written;
			written = '';
			return text;
		},
		async draw(...frame: ReadonlyArray<ReadonlyArray<readonly [column: number, text: string]>>) {
			written = '';
			const layers = Math.max(0, ...frame.map(parts => parts.length));
			screen.put(Array.from({length: layers}, (_, layer) => frame.map(parts => parts[layer]?.[1] ?? '')));
			screen.stdout.write(frame.map((parts, at) => {
				let row = '';
				for (const [layer, [column]] of parts.entries()) {
					row = row.slice(0, column).padEnd(column) + markOf(layer, at) + row.slice(column + 1);
				}

				return row;
			}).join('\n'));
			const {promise, resolve} = Promise.withResolvers<void>();
			view.write(written, resolve);
			await promise;
			return {
				bytes: Buffer.byteLength(written), cells: shown(view), rows: Array.from({length: rows}, (_, row) => view.buffer.active.getLine(row)?.translateToString(true).trimEnd() ?? ''),
			};
		},
	};
}

test('lines are where their marks are; what has not changed is not written again', async t => {
	const {draw} = given();
	t.deepEqual((await draw([[0, 'one     1']], [[0, 'two     2']])).rows, ['one     1', 'two     2', '', '']);
	const {rows, bytes} = await draw([[0, 'one     1']], [[0, 'two     3']]);
	t.deepEqual(rows, ['one     1', 'two     3', '', '']);
	t.is(bytes, '\u{1B}[2;9H3'.length);
	t.is((await draw([[0, 'one     1']], [[0, 'two     3']])).bytes, 0);
	t.deepEqual((await draw([[0, 'one']])).rows, ['one', '', '', '']);
});

test('a dialog covers what is under it and leaves it whole beside it', async t => {
	const {draw} = given();
	t.is((await draw([[0, '0123456789abcdef'], [4, 'DIALOG']])).rows[0], '0123DIALOGabcdef');
	t.is((await draw([[0, '0123456789abcdef'], [14, 'DIALOG']])).rows[0], '0123456789abcdDIALOG');
	t.is((await draw([[0, 'short'], [8, 'DIALOG']])).rows[0], 'short   DIALOG');
	t.is((await draw([[3, 'alone']])).rows[0], '   alone');
});

test('of a wide character under the edge of a dialog a blank is left', async t => {
	const {draw} = given();
	t.is((await draw([[0, '构建与测试构建'], [3, 'DIA']])).rows[0], '构 DIA测试构建');
	t.is((await draw([[0, '构建与测试构建'], [2, 'DIA']])).rows[0], '构DIA 测试构建');
});

test('from its first wide or combined character on a line is written to its end, before it only what changed', async t => {
	const {draw} = given();
	await draw([[0, 'same 1 构建 9']]);
	const narrow = await draw([[0, 'same 2 构建 9']]);
	t.is(narrow.rows[0], 'same 2 构建 9');
	t.is(narrow.bytes, '\u{1B}[1;6H2'.length);
	const wide = await draw([[0, 'same 2 构建 8']]);
	t.is(wide.rows[0], 'same 2 构建 8');
	t.is(wide.bytes, Buffer.byteLength('\u{1B}[C构建 8'));
	t.is((await draw([[0, 'same 2 e\u{301} 8']])).rows[0], 'same 2 e\u{301} 8');
	t.is((await draw([[0, 'plain']])).rows[0], 'plain');
});

test('a clock that ticks costs as many bytes as it has new digits, and one back for each', async t => {
	const {draw} = given();
	const times = ['next 59s .', 'next 58s .', 'next 57s .', 'next 49s .', 'next 48s .'];
	const bytes = [];
	for (const text of times) {
		const drawn = await draw([[0, text]]);
		t.is(drawn.rows[0], text);
		bytes.push(drawn.bytes);
	}

	t.deepEqual(bytes.slice(2), [2, 4, 2]);
});

test('a code that is no colour and no link never reaches the terminal', t => {
	const {screen, written} = given(60);
	screen.put([['a\u{1B}[2Jb\u{7}c\u{9B}2Jd\u{1B}]0;title\u{7}e\r\n\u{1B}[31mred\u{1B}[39m é\u{0}']]);
	screen.enter();
	screen.show();
	const text = written();
	for (const code of ['\u{1B}[2Jb', '\u{7}', '\u{9B}', '\u{1B}]0', '\r', '\n', '\u{0}']) {
		t.false(text.includes(code), JSON.stringify(code));
	}

	t.true(['a', 'b', 'c', 'd', 'e', 'red'].every(part => text.includes(part)));
});

test('colours change cells although their text is the same', async t => {
	const {draw} = given();
	await draw([[0, 'a \u{1B}[31mred\u{1B}[39m b']]);
	const {rows, bytes} = await draw([[0, 'a \u{1B}[32mred\u{1B}[39m b']]);
	t.is(rows[0], 'a red b');
	t.true(bytes > 'red'.length && bytes < 30);
});

for (const columns of [24, 20]) {
	test(`whatever frame of ${columns} columns follows whatever other, the screen is as if it were drawn alone`, async t => {
		const looks = [(text: string) => text, (text: string) => `\u{1B}[31m${text}\u{1B}[39m`, (text: string) => `\u{1B}[1m\u{1B}[36m${text}\u{1B}[39m\u{1B}[22m`, (text: string) => `\u{1B}[7m${text}\u{1B}[27m`, (text: string) => `\u{1B}[2m${text}\u{1B}[22m`];
		const one = given(columns);
		let lines = ['', '', '', ''];
		for (let seed = 1; seed <= 150; seed++) {
			let state = seed * 7919;
			const roll = (below: number): number => {
				state = ((state * 1_103_515_245) + 12_345) % 2_147_483_648;
				return Math.floor(state / 65_536) % below;
			};

			const line = (): string => Array.from({length: 20}, () => looks[roll(3) === 0 ? roll(looks.length) : 0]?.(' ▸›ab●'[roll(6)] ?? ' ') ?? '').join('');
			// Half of the frames differ from the one before in their marks only.
			lines = roll(2) === 0 ? lines.map(text => `${text[0] ?? ''}${roll(2) === 0 ? '▸' : ' '}${text.slice(2)}`) : Array.from({length: 4}, () => ` .${line()}`.slice(0, 200));
			const frame = lines.map(text => [[0, text]] as const);
			const alone = await given(columns).draw(...frame);
			const after = await one.draw(...frame);
			t.deepEqual(after.cells, alone.cells, `seed ${seed}`);
		}
	});
}

test('each line of each layer has a mark of its own, which no other character is taken for', t => {
	const marks = [0, 1, 2, 3].flatMap(layer => Array.from({length: rowsALayer}, (_, row) => markOf(layer, row)));
	t.is(new Set(marks).size, 4 * rowsALayer);
	t.deepEqual(marks.map(mark => markedBy(mark)), [0, 1, 2, 3].flatMap(layer => Array.from({length: rowsALayer}, (_, row) => ({layer, row}))));
	t.is(markedBy('x'), undefined);
	t.is(markedBy('▸'), undefined);
});

test('the screen is there before Ink, is entered once, and another program is not written over', t => {
	const {screen, written} = given();
	screen.put([['one', 'two']]);
	screen.show();
	t.is(written(), '');
	screen.enter();
	screen.show();
	t.regex(written(), /\[\?1049h[\s\S]*one[\s\S]*two/v);
	screen.stdout.write('\u{1B}[?1049h');
	t.is(written(), '');
	screen.stdout.write(`${markOf(0, 0)}\n${markOf(0, 1)}`);
	t.is(written(), '');
	screen.stdout.write('\u{1B}[?1049l');
	t.regex(written(), /\[\?1049l/v);
	screen.put([['one', 'three']]);
	screen.show();
	screen.leave();
	t.is(written(), '');
	screen.stdout.write('\u{1B}[?1049h');
	screen.show();
	t.regex(written(), /one[\s\S]*three/v);
	screen.leave();
	t.true(written().endsWith('\u{1B}[?1049l\u{1B}[?25h'));
});
