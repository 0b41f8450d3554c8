import {Buffer} from 'node:buffer';
import process from 'node:process';
import test from 'ava';
import xterm from '@xterm/headless';
import {span, widthOfSpans, type Span} from '../../source/console/components/spans.ts';
import {makePainter, type Part} from '../../source/console/render/painter.ts';
import {withoutFrames} from '../../source/console/render/stdout.ts';
import {makeTheme, type Role} from '../../source/console/theme/theme.ts';

// Each cell's character and looks.
function shown(view: xterm.Terminal): readonly string[] {
	return Array.from({length: view.rows}, (_, row) => Array.from({length: view.cols}, (__, column) => {
		const cell = view.buffer.active.getLine(row)?.getCell(column);
		return cell === undefined ? '' : [cell.getChars() === '' ? ' ' : cell.getChars(), cell.getFgColor(), cell.getBgColor(), cell.isBold(), cell.isInverse(), cell.isDim()].join(' ');
	}).join('|'));
}

const plainTheme = makeTheme('many', true);

type Line = readonly [column: number, ...spans: ReadonlyArray<string | Span>];

/* A terminal behind the painter, which is shown frames: rows of lines, each the column where it begins and its spans. */
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
	const painter = makePainter(terminal, plainTheme);
	painter.setOurs(true);
	const show = (...frame: ReadonlyArray<readonly Line[]>): void => {
		painter.show(frame.map(row => row.map(([column, ...parts]): Part => {
			const spans = parts.map(part => typeof part === 'string' ? span(part) : part);
			return {column, width: widthOfSpans(spans), content: {spans}};
		})));
	};

	return {
		painter,
		stdout: withoutFrames(terminal, painter),
		show,
		/* What was written since it was asked last. */
		written(): string {
			const text = written;
			written = '';
			return text;
		},
		async draw(...frame: ReadonlyArray<readonly Line[]>) {
			written = '';
			show(...frame);
			const {promise, resolve} = Promise.withResolvers<void>();
			view.write(written, resolve);
			await promise;
			return {
				bytes: Buffer.byteLength(written), cells: shown(view), rows: Array.from({length: rows}, (_, row) => view.buffer.active.getLine(row)?.translateToString(true).trimEnd() ?? ''),
			};
		},
	};
}

test('lines are where their boxes are; what has not changed is not written again', async t => {
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
	const {show, written} = given(60);
	show([[0, 'a\u{1B}[2Jb\u{7}c\u{9B}2Jd\u{1B}]0;title\u{7}e\r\n', span('red', 'wrong'), ' é\u{0}']]);
	const text = written();
	for (const code of ['\u{1B}[2Jb', '\u{7}', '\u{9B}', '\u{1B}]0', '\r', '\n', '\u{0}']) {
		t.false(text.includes(code), JSON.stringify(code));
	}

	t.true(['a', 'b', 'c', 'd', 'e', 'red'].every(part => text.includes(part)));
});

test('colours change cells although their text is the same', async t => {
	const {draw} = given();
	await draw([[0, 'a ', span('red', 'good'), ' b']]);
	const {rows, bytes} = await draw([[0, 'a ', span('red', 'waiting'), ' b']]);
	t.is(rows[0], 'a red b');
	t.true(bytes > 'red'.length && bytes < 30);
});

test('a link is opened and closed around its text, and only one that is safe', t => {
	const {show, written} = given(60);
	show([[0, {...span('job'), href: 'https://github.com/a'}, ' ', {...span('no'), href: 'file:///etc/passwd'}]]);
	t.true(written().includes('\u{1B}]8;;https://github.com/a\u{1B}\\job\u{1B}]8;;\u{1B}\\ no'));
});

for (const columns of [24, 20]) {
	test(`whatever frame of ${columns} columns follows whatever other, the screen is as if it were drawn alone`, async t => {
		const roles: readonly Role[] = ['plain', 'wrong', 'related', 'cursor', 'selected'];
		const one = given(columns);
		let lines: readonly Line[] = [];
		for (let seed = 1; seed <= 150; seed++) {
			let state = seed * 7919;
			const roll = (below: number): number => {
				state = ((state * 1_103_515_245) + 12_345) % 2_147_483_648;
				return Math.floor(state / 65_536) % below;
			};

			const line = (): Line => [0, ' .', ...Array.from({length: 20}, () => span(' ▸›ab●'[roll(6)] ?? ' ', roles[roll(3) === 0 ? roll(roles.length) : 0]))];
			// Half of the frames differ from the one before in their marks only.
			lines = roll(2) === 0 ? lines.map(([column, , ...rest]) => [column, ` ${roll(2) === 0 ? '▸' : '.'}`, ...rest]) : Array.from({length: 4}, line);
			const frame = lines.map(text => [text]);
			const alone = await given(columns).draw(...frame);
			const after = await one.draw(...frame);
			t.deepEqual(after.cells, alone.cells, `seed ${seed}`);
		}
	});
}

test('Ink\'s frames go nowhere, its modes do, and another program is not written over', t => {
	const {painter, stdout, show, written} = given();
	painter.setOurs(false);
	show([[0, 'one']], [[0, 'two']]);
	t.is(written(), '');
	stdout.write('\u{1B}[?1049h');
	stdout.write('a frame of Ink\nof two lines');
	t.regex(written(), /\[\?1049h[\s\S]*one[\s\S]*two/v);
	stdout.write('a frame of Ink\nof two lines');
	t.is(written(), '');
	stdout.write('\u{1B}[?1049l');
	t.regex(written(), /\[\?1049l/v);
	show([[0, 'one']], [[0, 'three']]);
	t.is(written(), '');
	stdout.write('\u{1B}[?1049h');
	painter.repaint();
	t.regex(written(), /one[\s\S]*three/v);
});
