import {graphemesOf} from '../components/graphemes.ts';
import type {Span} from '../components/spans.ts';
import {isPlain as isPlainText, widthOf} from '../components/text.ts';

/**
What one column of a terminal shows. A wide character is followed by a cell
without text. `style`: the parameters of a colour code, empty for none.
*/
export type Cell = {readonly text: string; readonly style: string; readonly href: string | undefined};

export type Row = {
	readonly cells: readonly Cell[];
	/**
	Up to this column every terminal agrees on where things are: nothing wide, nothing combined before it.
	*/
	readonly plainTo: number;
};

// Whatever a text has of these would be obeyed by the terminal. Texts are cleaned before; this is the last check.
const control = /[\u{0}-\u{1F}\u{7F}-\u{9F}]/v; // eslint-disable-line no-control-regex, regexp/no-control-character

const safeLink = /^https:\/\/[\u{21}-\u{7E}]+$/v;

/**
The cells of one line of spans, each in the style of its role. Links are kept where `hasLinks`.
*/
export function cellsOf(spans: readonly Span[], codeOf: (role: Span['role']) => string, hasLinks: boolean): Row {
	const cells: Cell[] = [];
	let plainTo = Infinity;
	for (const {text: words, role, href: link} of spans) {
		const style = codeOf(role);
		const href = hasLinks && link !== undefined && safeLink.test(link) ? link : undefined;
		if (isPlainText(words)) {
			for (const text of words) {
				cells.push({text, style, href});
			}

			continue;
		}

		for (const grapheme of graphemesOf(words)) {
			const text = control.test(grapheme) ? '\u{FFFD}' : grapheme;
			const isKnown = isPlainText(text);
			const width = isKnown ? text.length : widthOf(text);
			plainTo = isKnown ? plainTo : Math.min(plainTo, width === 0 ? cells.length - 1 : cells.length);
			const last = cells.at(-1);
			if (width === 0 && last !== undefined) {
				cells[cells.length - 1] = {...last, text: last.text + text};
				continue;
			}

			cells.push({text, style, href});
			if (width === 2) {
				cells.push({text: '', style, href});
			}
		}
	}

	return {cells, plainTo};
}

const blank: Cell = {text: ' ', style: '', href: undefined};
/**
Unchanged cells that are cheaper written again than jumped over.
*/
const cheapGap = 4;

/**
A row with another one over it from that column on. Of a wide character of which one half is covered a blank is left.
*/
export function laidOver(below: Row, over: Row, column: number): Row {
	if (column === 0 && over.cells.length >= below.cells.length) {
		return over;
	}

	const end = column + over.cells.length;
	const left = Array.from({length: column}, (_, at) => below.cells[at] ?? blank);
	const right = below.cells.slice(end);
	const lastLeft = left.at(-1);
	if (lastLeft !== undefined && below.cells[column]?.text === '') {
		left[column - 1] = {...lastLeft, text: ' '};
	}

	const [firstRight] = right;
	if (firstRight?.text === '') {
		right[0] = {...firstRight, text: ' '};
	}

	return {cells: [...left, ...over.cells, ...right], plainTo: Math.min(below.plainTo, over.plainTo + column)};
}

// The columns in which rows are marked.
const marksTo = 4;
// Columns back that are cheaper one by one than by a place: digits of a clock.
const nearEnough = 4;

type Run = {readonly from: number; readonly cells: readonly Cell[]};

const isAlike = (one: Cell, other: Cell): boolean => one.style === other.style && one.href === other.href;

/**
The parts of a row that differ, from left to right; columns count from 0. From
where terminals disagree on its columns, a row comes whole or not at all.
*/
function changedRuns(before: Row, after: Row): readonly Run[] {
	const length = Math.max(before.cells.length, after.cells.length);
	const at = (row: Row, column: number): Cell => row.cells[column] ?? blank;
	const isSame = (column: number): boolean => at(before, column).text === at(after, column).text && isAlike(at(before, column), at(after, column));
	const plainTo = Math.min(before.plainTo, after.plainTo, length);
	let isRestSame = true;
	for (let column = plainTo; column < length; column++) {
		isRestSame &&= isSame(column);
	}

	const runs: Array<{from: number; to: number}> = [];
	for (let column = 0; column < length; column++) {
		if (column < plainTo ? isSame(column) : isRestSame) {
			continue;
		}

		const last = runs.at(-1);
		if (last !== undefined && (column > plainTo || (column - last.to <= cheapGap && isAlike(at(after, last.to), at(after, column))))) {
			last.to = column + 1;
		} else {
			runs.push({from: column, to: column + 1});
		}
	}

	return runs.map(({from, to}) => ({from, cells: Array.from({length: to - from}, (_, offset) => at(after, from + offset))}));
}

/**
Where the terminal's pen is, and how it writes. A `row` of undefined:
unknown. At the end of a line that may be as wide as the screen it hangs:
whether in the last column or behind it, terminals do not agree.
*/
export type Pen = {readonly row: number | undefined; readonly column: number; readonly isAtEnd: boolean; readonly style: string; readonly href: string | undefined};

/**
What turns one row of the screen into another, and where that leaves the pen.
*/
export function paintRow(row: number, before: Row, after: Row, pen: Pen): {readonly text: string; readonly pen: Pen} {
	let text = '';
	let {style, href, ...place} = pen;
	const styleChange = (cell: Pick<Cell, 'style' | 'href'>): string => {
		const codes = (cell.style === style ? '' : styleCode(style, cell.style)) + (cell.href === href ? '' : `\u{1B}]8;;${cell.href ?? ''}\u{1B}\\`);
		({style, href} = cell);
		return codes;
	};

	for (const {from, cells} of changedRuns(before, after)) {
		text += moveTo(row, from, place);
		const drawn = from + cells.length >= before.cells.length ? withoutBlankEnd(cells) : cells.length;
		for (const cell of cells.slice(0, drawn)) {
			text += styleChange(cell) + cell.text;
		}

		if (drawn < cells.length) {
			text += `${styleChange(blank)}\u{1B}[K`;
		}

		// Where terminals disagree on widths it may be anywhere.
		place = {row: from + cells.length <= Math.min(before.plainTo, after.plainTo) ? row : undefined, column: from + drawn, isAtEnd: from + drawn >= after.cells.length};
	}

	return {text, pen: {...place, style, href}};
}

// How many cells remain without the blanks at the end, when erasing is shorter than writing those.
function withoutBlankEnd(cells: readonly Cell[]): number {
	let drawn = cells.length;
	while (drawn > 0 && cells[drawn - 1]?.text === ' ' && cells[drawn - 1]?.style === '') {
		drawn--;
	}

	return cells.length - drawn > 3 ? drawn : cells.length;
}

// An empty parameter is a 0: all that was set is taken back first.
function styleCode(from: string, to: string): string {
	return to === '' ? '\u{1B}[m' : `\u{1B}[${from === '' ? '' : ';'}${to}m`;
}

function moveTo(row: number, column: number, place: Pick<Pen, 'row' | 'column' | 'isAtEnd'>): string {
	const step = column - place.column;
	if (place.row === row && step >= 0) {
		return step === 0 ? '' : `\u{1B}[${step === 1 ? '' : step}C`;
	}

	if (place.row === row && step >= -nearEnough && !place.isAtEnd) {
		return '\b'.repeat(-step);
	}

	// From the mark of one row to that of the next; never from the end of a line, where the pen hangs.
	return place.row === row - 1 && step === -1 && column < marksTo ? '\b\u{1B}[B' : `\u{1B}[${row + 1}${column === 0 ? '' : `;${column + 1}`}H`;
}
