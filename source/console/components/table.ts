import type {Role, Theme} from '../theme/theme.ts';
import {betweenSides} from './edges.ts';
import {withoutRun} from './names.ts';
import {span, type LineContent, type Span} from './spans.ts';
import {
	fit, widthOf, type Align, type Cut,
} from './text.ts';

export type Column = {
	readonly title: string;
	readonly min: number;
	/**
	How much of the free width it gets for words that have no room.
	@default 0
	*/
	readonly grow?: number;
	readonly max?: number;
	readonly align?: Align;
	/**
	What a cell loses that is too long; `name`: a server's name its run, before anything else.
	@default end
	*/
	readonly cut?: Cut | 'name';
	/**
	The column is there from this table width on.
	@default 0
	*/
	readonly from?: number;
};

export type Cell = {readonly text: string; readonly role?: Role};

export type TableRow = {
	readonly id: string;
	/**
	One for each column, hidden columns included.
	*/
	readonly cells: readonly Cell[];
	readonly is?: 'selected' | 'related' | 'faded' | undefined;
	readonly isMarked?: boolean;
};

export type TableProps = {
	readonly theme: Theme;
	readonly columns: readonly Column[];
	/**
	Only the rows in the window.
	*/
	readonly rows: readonly TableRow[];
	/**
	Columns and rows of the screen that it has.
	*/
	readonly width: number;
	readonly height: number;
	readonly hasSides: boolean;
	readonly hasHeading: boolean;
	/**
	What to say in place of rows.
	*/
	readonly empty: string;
	/**
	Rows of the window beside which the bar stands.
	@default none
	*/
	readonly thumb?: {readonly from: number; readonly to: number} | undefined;
};

const gutter = 2;
const gap = 2;

/**
A table as lines: its heading, if it has one, and the rows of its window, filled up to `height`.
*/
export function tableLines({theme, columns, rows, width, height, hasSides, hasHeading, empty, thumb}: TableProps): {readonly heading: LineContent | undefined; readonly body: readonly LineContent[]} {
	const inner = hasSides ? width - 2 : width - 1;
	const widths = widthsFor(columns, rows, inner - gutter);
	const framed = (line: LineContent, at: number): LineContent => {
		const isThumb = thumb !== undefined && at >= thumb.from && at < thumb.to;
		return hasSides ? betweenSides(theme, line, isThumb) : {...line, right: [span(isThumb ? theme.edges.thumb : ' ', 'dim')]};
	};

	const body: LineContent[] = rows.slice(0, height).map((row, at) => lineOf(theme, row, {
		columns, widths, isThumb: thumb !== undefined && at >= thumb.from && at < thumb.to, hasSides, inner,
	}));
	if (rows.length === 0 && height > 0) {
		body.push(framed({spans: [span(fit(`  ${empty}`, inner), 'dim')]}, 0));
	}

	while (body.length < height) {
		body.push(framed({spans: []}, body.length));
	}

	const titles = columns.map(column => ({text: column.title, role: 'dim' as const}));
	return {heading: hasHeading ? framed({spans: [span(' '.repeat(gutter)), ...cellSpans(titles, columns, widths, inner)]}, -1) : undefined, body};
}

// Widths that follow what is in the window: in steps, so that no column moves for a digit more.
const step = 6;

function widthsFor(columns: readonly Column[], rows: readonly TableRow[], width: number): readonly number[] {
	// Names lose their run only where they would not fit even without the steps; then they leave to others what they no longer need.
	for (const by of [step, 1]) {
		const needs = needsOf(columns, rows, by, false);
		const widths = columnWidths(columns, width, needs);
		if (columns.every(({cut}, at) => cut !== 'name' || (widths[at] ?? 0) >= (needs[at] ?? 0))) {
			return widths;
		}
	}

	return columnWidths(columns, width, needsOf(columns, rows, step, true));
}

function needsOf(columns: readonly Column[], rows: readonly TableRow[], by: number, isShort: boolean): readonly number[] {
	return columns.map((column, at) => {
		const shown = (text: string): string => isShort && column.cut === 'name' ? withoutRun(text, 0) : text;
		const widest = Math.max(column.title.length, ...rows.map(row => widthOf(shown(row.cells[at]?.text ?? ''))));
		return Math.ceil(widest / by) * by;
	});
}

/**
The columns' widths in a table of that width; 0 for those that it is too
narrow for. No column gets more than it needs while another needs it;
what nobody needs goes to the last one that grows.
*/
export function columnWidths(columns: readonly Column[], width: number, needs: readonly number[] = columns.map(() => Infinity)): readonly number[] {
	const shown = columns.map(column => width >= (column.from ?? 0));
	const least = ({min, grow = 0}: Column, at: number): number => grow === 0 ? min : Math.min(min, needs[at] ?? min);
	const widths = columns.map((column, at) => shown[at] === true ? least(column, at) : 0);
	let left = width - widths.reduce((sum, one) => sum + one, 0) - (gap * Math.max(0, shown.filter(Boolean).length - 1));
	for (const isWanted of [true, false]) {
		while (left > 0) {
			const growing = columns.flatMap((column, at) => {
				const most = Math.min(column.max ?? Infinity, isWanted ? needs[at] ?? 0 : Infinity);
				return shown[at] === true && (column.grow ?? 0) > 0 && (widths[at] ?? 0) < most ? [{column, at, most}] : [];
			}).slice(isWanted ? 0 : -1);
			const shares = growing.reduce((sum, {column}) => sum + (column.grow ?? 0), 0);
			if (shares === 0) {
				break;
			}

			const before = left;
			for (const {column, at, most} of growing) {
				const more = Math.min(Math.max(1, Math.floor(before * (column.grow ?? 0) / shares)), left, most - (widths[at] ?? 0));
				widths[at] = (widths[at] ?? 0) + more;
				left -= more;
			}
		}
	}

	return widths;
}

type RowOptions = {readonly columns: readonly Column[]; readonly widths: readonly number[]; readonly isThumb: boolean; readonly hasSides: boolean; readonly inner: number};

// The selected row is a bar from side to side.
function lineOf(theme: Theme, row: TableRow, {columns, widths, isThumb, hasSides, inner}: RowOptions): LineContent {
	const {cursor, related, mark} = theme.signs;
	const sign = row.is === 'selected' ? span(cursor) : (row.is === 'related' ? span(related, 'related') : span(' '));
	const spans = [sign, span(row.isMarked === true ? mark : ' '), ...cellSpans(row.cells, columns, widths, inner)];
	const fill = row.is === 'selected' ? 'selected' : (row.is === 'faded' ? 'dim' : undefined);
	const filled = fill === undefined ? spans : spans.map(part => ({...part, role: fill}) satisfies Span);
	const filler = span(' ', fill);
	return hasSides
		? betweenSides(theme, {spans: filled, filler}, isThumb)
		: {spans: filled, filler, right: [span(isThumb ? theme.edges.thumb : ' ', isThumb ? 'dim' : fill)]};
}

function cellSpans(cells: readonly Cell[], columns: readonly Column[], widths: readonly number[], inner: number): readonly Span[] {
	const spans: Span[] = [];
	let used = gutter;
	for (const [at, column] of columns.entries()) {
		const width = Math.min(widths[at] ?? 0, inner - used);
		if (width <= 0) {
			continue;
		}

		const cell = cells[at] ?? {text: ''};
		spans.push(span(column.cut === 'name' ? fit(withoutRun(cell.text, width), width, column.align, 'middle') : fit(cell.text, width, column.align, column.cut), cell.role));
		used += width;
		if (used + gap <= inner) {
			spans.push(span(' '.repeat(gap)));
			used += gap;
		}
	}

	return spans;
}
