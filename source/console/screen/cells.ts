import {
	diffAnsiCodes, reduceAnsiCodesIncremental, tokenize, type AnsiCode,
} from '@alcalzone/ansi-tokenize';
import {graphemesOf} from '../components/graphemes.ts';
import {isPlain as isPlainText, widthOf} from '../components/text.ts';

/**
What one column of a terminal shows. A wide character is followed by a cell without text.
*/
export type Cell = {readonly text: string; readonly styles: readonly AnsiCode[]; readonly look: string};

export type Line = {
	readonly cells: readonly Cell[];
	/**
	Up to this column every terminal agrees on where things are: nothing wide, nothing combined before it.
	*/
	readonly plainTo: number;
};

// What a theme writes: colours, and links.
const escapes = /(\u{1B}\[[\d;]*m|\u{1B}\]8;[^\u{7}\u{1B}]*(?:\u{7}|\u{1B}\\))/v; // eslint-disable-line no-control-regex, regexp/no-control-character, regexp/prefer-named-capture-group

// Whatever else a text has of these would be obeyed by the terminal. Texts are cleaned before; this is the last door.
const control = /[\u{0}-\u{1F}\u{7F}-\u{9F}]/v; // eslint-disable-line no-control-regex, regexp/no-control-character

// A theme has few, and each line has many of them.
const known = new Map<string, readonly AnsiCode[]>();

function codesIn(escape: string): readonly AnsiCode[] {
	const found = known.get(escape) ?? tokenize(escape).filter(token => token.type === 'ansi');
	if (!escape.startsWith('\u{1B}]')) {
		known.set(escape, found);
	}

	return found;
}

/**
The cells of one line: text and escape codes for colours and links.
*/
export function cellsOf(line: string): Line {
	const cells: Cell[] = [];
	let plainTo = Infinity;
	let styles: readonly AnsiCode[] = [];
	let look = '';
	for (const [at, part] of line.split(escapes).entries()) {
		if (at % 2 === 1) {
			styles = reduceAnsiCodesIncremental([...styles], [...codesIn(part)]);
			look = styles.map(({code}) => code).join('');
			continue;
		}

		if (isPlainText(part)) {
			for (const text of part) {
				cells.push({text, styles, look});
			}

			continue;
		}

		for (const grapheme of graphemesOf(part)) {
			const text = control.test(grapheme) ? '\u{FFFD}' : grapheme;
			const isKnown = isPlainText(text);
			const width = isKnown ? text.length : widthOf(text);
			plainTo = isKnown ? plainTo : Math.min(plainTo, width === 0 ? cells.length - 1 : cells.length);
			const last = cells.at(-1);
			if (width === 0 && last !== undefined) {
				cells[cells.length - 1] = {...last, text: last.text + text};
				continue;
			}

			cells.push({text, styles, look});
			if (width === 2) {
				cells.push({text: '', styles, look});
			}
		}
	}

	return {cells, plainTo};
}

const blank: Cell = {text: ' ', styles: [], look: ''};
/**
Unchanged cells that are cheaper written again than jumped over.
*/
const cheapGap = 4;

/**
A line with another one over it from that column on. Of a wide character of which one half is covered a blank is left.
*/
export function laidOver(below: Line, over: Line, column: number): Line {
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

/**
The parts of a line that differ, from left to right; columns count from 0. From where terminals disagree on its columns, a line comes whole or not at all.
*/
function changedRuns(before: Line, after: Line): readonly Run[] {
	const length = Math.max(before.cells.length, after.cells.length);
	const at = (line: Line, column: number): Cell => line.cells[column] ?? blank;
	const isSame = (column: number): boolean => {
		const [one, other] = [at(before, column), at(after, column)];
		return one.text === other.text && one.look === other.look;
	};

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
		if (last !== undefined && (column > plainTo || (column - last.to <= cheapGap && at(after, last.to).look === at(after, column).look))) {
			last.to = column + 1;
		} else {
			runs.push({from: column, to: column + 1});
		}
	}

	return runs.map(({from, to}) => ({from, cells: Array.from({length: to - from}, (_, offset) => at(after, from + offset))}));
}

/**
Where the terminal's pen is, and how it writes. A `row` of undefined: unknown. At the end of a line that may be as wide as the screen it hangs:
whether in the last column or behind it, terminals do not agree.
*/
export type Pen = {readonly row: number | undefined; readonly column: number; readonly isAtEnd: boolean; readonly styles: readonly AnsiCode[]};

/**
What turns one line of the screen into another, and where that leaves the pen.
*/
export function paintLine(row: number, before: Line, after: Line, pen: Pen): {readonly text: string; readonly pen: Pen} {
	let text = '';
	let {styles, ...place} = pen;
	for (const {from, cells} of changedRuns(before, after)) {
		text += moveTo(row, from, place);
		const isToTheEnd = from + cells.length >= before.cells.length;
		const drawn = isToTheEnd ? withoutBlankEnd(cells) : cells.length;
		for (const cell of cells.slice(0, drawn)) {
			text += codes(styles, cell.styles) + cell.text;
			({styles} = cell);
		}

		if (drawn < cells.length) {
			text += `${codes(styles, [])}\u{1B}[K`;
			styles = [];
		}

		// Where terminals disagree on widths it may be anywhere.
		place = {row: from + cells.length <= Math.min(before.plainTo, after.plainTo) ? row : undefined, column: from + drawn, isAtEnd: from + drawn >= after.cells.length};
	}

	return {text, pen: {...place, styles}};
}

// How many cells remain without the blanks at the end, when erasing is shorter than writing those.
function withoutBlankEnd(cells: readonly Cell[]): number {
	let drawn = cells.length;
	while (drawn > 0 && cells[drawn - 1]?.text === ' ' && cells[drawn - 1]?.look === '') {
		drawn--;
	}

	return cells.length - drawn > 3 ? drawn : cells.length;
}

// The shorter of two ways: what differs, or all anew. A link is no colour and has an end of its own.
function codes(from: readonly AnsiCode[], to: readonly AnsiCode[]): string {
	if (from === to) {
		return '';
	}

	const difference = diffAnsiCodes([...from], [...to]).map(({code}) => code).join('');
	const anew = `\u{1B}[m${to.map(({code}) => code).join('')}`;
	return anew.length < difference.length && [...from, ...to].every(({code}) => code.startsWith('\u{1B}[')) ? anew : difference;
}

function moveTo(row: number, column: number, place: Omit<Pen, 'styles'>): string {
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
