import {Buffer} from 'node:buffer';
import {measureElement, type DOMElement} from 'ink';
import {fitLine, type LineContent} from '../components/spans.ts';
import type {Theme} from '../theme/theme.ts';
import {
	cellsOf, laidOver, paintRow, type Pen, type Row,
} from './cells.ts';

/**
Longer changes are shown at once, by the synchronized output that most terminals know and the others ignore.
*/
const syncFromBytes = 256;

export type Painter = {
	/**
	What that box of Ink's tree shows, from the next frame on: one line, as wide as Yoga makes the box.
	*/
	readonly put: (box: DOMElement, content: LineContent) => void;
	/**
	Lays all lines of the tree out where Yoga has put their boxes, and writes what changed. Later boxes cover earlier ones.
	*/
	readonly paint: (root: DOMElement) => void;
	/**
	Writes what changed of a frame: for each row of the screen its lines and where they begin, later ones over earlier ones.
	*/
	readonly show: (frame: ReadonlyArray<readonly Part[]>) => void;
	/**
	Writes the last frame again, as far as the terminal does not show it.
	*/
	readonly repaint: () => void;
	/**
	Forgets what the terminal shows, as after a resize: the next frame is written whole, on a wiped screen.
	*/
	readonly forget: () => void;
	/**
	Whether the alternate screen is ours to write on.
	*/
	readonly setOurs: (isOurs: boolean) => void;
};

/**
A line, the column where it begins, and how wide it is.
*/
export type Part = {readonly column: number; readonly width: number; readonly content: LineContent};

const nowhere: Pen = {
	row: undefined, column: 0, isAtEnd: false, style: '', href: undefined,
};
const nothing: Row = {cells: [], plainTo: Infinity};

/**
Writes to a terminal only the cells that changed. A clock that ticks costs a dozen bytes, whatever is drawn anew.
*/
export function makePainter(terminal: NodeJS.WriteStream, theme: Theme): Painter {
	const contents = new WeakMap<DOMElement, LineContent>();
	let wanted: ReadonlyArray<readonly Part[]> = [];
	let shown: Array<{readonly key: string; readonly row: Row} | undefined> = [];
	let pen = nowhere;
	let isWiped = false;
	let isOurs = false;

	const collect = (box: DOMElement, rows: Part[][]): void => {
		const content = contents.get(box);
		if (content !== undefined) {
			const {x, y, width} = measureElement(box);
			(rows[y] ??= []).push({column: x, width, content});
			return;
		}

		for (const child of box.childNodes) {
			if (child.nodeName !== '#text') {
				collect(child, rows);
			}
		}
	};

	const rowOf = (parts: readonly Part[]): Row => {
		let row = nothing;
		for (const {column, width, content} of parts) {
			row = laidOver(row, cellsOf(fitLine(content, width, theme.isUnicode), theme.code, theme.hasCommands), column);
		}

		return {...row, cells: row.cells.slice(0, terminal.columns)}; // One of the size before would wrap and scroll.
	};

	const repaint = (): void => {
		if (!isOurs) {
			return;
		}

		let text = isWiped ? '\u{1B}[0m\u{1B}[H\u{1B}[2J' : '';
		isWiped = false;
		for (let at = 0; at < Math.max(Math.min(wanted.length, terminal.rows), shown.length); at++) {
			const parts = at < terminal.rows ? wanted[at] ?? [] : [];
			const key = keyOf(parts);
			if (key === shown[at]?.key) {
				continue;
			}

			const row = rowOf(parts);
			const painted = paintRow(at, shown[at]?.row ?? nothing, row, pen);
			text += painted.text;
			({pen} = painted);
			shown[at] = {key, row};
		}

		if (text !== '') {
			terminal.write(Buffer.byteLength(text) < syncFromBytes ? text : `\u{1B}[?2026h${text}\u{1B}[?2026l`);
		}
	};

	const show = (frame: ReadonlyArray<readonly Part[]>): void => {
		wanted = frame;
		repaint();
	};

	return {
		put(box, content) {
			contents.set(box, content);
		},
		paint(root) {
			const rows: Part[][] = [];
			collect(root, rows);
			show(rows);
		},
		show,
		repaint,
		forget() {
			shown = [];
			pen = nowhere;
			isWiped = true;
		},
		setOurs(isNow) {
			isOurs = isNow;
		},
	};
}

function keyOf(parts: readonly Part[]): string {
	let key = '';
	for (const {column, width, content} of parts) {
		key += `${column},${width},${content.fill ?? ''}`;
		for (const {text, role, href} of [...content.spans, ...content.right ?? [], ...(content.filler === undefined ? [] : [content.filler])]) {
			key += `\n${role}${href ?? ''}\t${text}`;
		}
	}

	return key;
}
