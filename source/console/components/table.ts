import type {Role, Theme} from '../theme.ts';
import {betweenSides} from './frame.ts';
import {fit, type Align, type Cut} from './text.ts';

export type Column = {
	readonly title: string;
	readonly min: number;
	/**
	Shares of the width that is left over.
	@default 0
	*/
	readonly grow?: number;
	readonly max?: number;
	readonly align?: Align;
	readonly cut?: Cut;
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
	readonly is?: 'selected' | 'thread' | 'faded' | undefined;
	readonly isMarked?: boolean;
};

type TableProps = {
	readonly theme: Theme;
	readonly columns: readonly Column[];
	/**
	Only the rows in the window.
	*/
	readonly rows: readonly TableRow[];
	/**
	Rows that there are, with those above and below the window.
	*/
	readonly width: number;
	readonly height: number;
	readonly hasSides: boolean;
	readonly hasHeading?: boolean;
	/**
	What to say in place of rows.
	*/
	readonly empty: string;
};

const gutter = 2;
const gap = 2;

/**
A table that draws the rows it is given, each as one line of text.
*/
export function drawTable({theme, columns, rows, width, height, hasSides, hasHeading = true, empty}: TableProps): readonly string[] {
	const inner = hasSides ? width - 2 : width;
	const widths = columnWidths(columns, inner - gutter);
	const lines: string[] = [];
	if (hasHeading) {
		const titles = columns.map(column => ({text: column.title}));
		lines.push(theme.paint('dim', rowText(undefined, {id: '', cells: titles}, columns, widths, inner)));
	}

	for (const row of rows.slice(0, height)) {
		lines.push(paintRow(theme, row, columns, widths, inner));
	}

	if (rows.length === 0 && height > 0) {
		lines.push(theme.paint('dim', fit(`  ${empty}`, inner)));
	}

	const total = height + (hasHeading ? 1 : 0);
	while (lines.length < total) {
		lines.push(' '.repeat(inner));
	}

	return hasSides ? lines.map(line => betweenSides(theme, line)) : lines;
}

/**
The columns' widths in a table of that width; 0 for those that it is too narrow for.
*/
export function columnWidths(columns: readonly Column[], width: number): readonly number[] {
	const shown = columns.map(column => width >= (column.from ?? 0));
	const count = shown.filter(Boolean).length;
	const widths = columns.map((column, at) => shown[at] === true ? column.min : 0);
	let left = width - widths.reduce((sum, one) => sum + one, 0) - (gap * Math.max(0, count - 1));
	while (left > 0) {
		const growing = columns.flatMap((column, at) => shown[at] === true && (column.grow ?? 0) > 0 && (widths[at] ?? 0) < (column.max ?? Infinity) ? [{column, at}] : []);
		const shares = growing.reduce((sum, {column}) => sum + (column.grow ?? 0), 0);
		if (shares === 0) {
			break;
		}

		const before = left;
		for (const {column, at} of growing) {
			const more = Math.min(Math.max(1, Math.floor(before * (column.grow ?? 0) / shares)), left, (column.max ?? Infinity) - (widths[at] ?? 0));
			widths[at] = (widths[at] ?? 0) + more;
			left -= more;
		}
	}

	return widths;
}

function paintRow(theme: Theme, row: TableRow, columns: readonly Column[], widths: readonly number[], width: number): string {
	switch (row.is) {
		case 'selected': {
			return theme.paintsRows
				? theme.paint('selected', theme.signs.cursor + rowText(undefined, row, columns, widths, width, theme.signs.mark).slice(1))
				: theme.paint('cursor', theme.signs.cursor) + rowText(theme, row, columns, widths, width, theme.signs.mark).slice(1);
		}

		case 'thread': {
			return theme.paintsRows
				? theme.paint('thread', theme.signs.thread + rowText(undefined, row, columns, widths, width, theme.signs.mark).slice(1))
				: theme.paint('thread', theme.signs.thread) + rowText(theme, row, columns, widths, width, theme.signs.mark).slice(1);
		}

		case 'faded': {
			return theme.paint('dim', rowText(undefined, row, columns, widths, width, theme.signs.mark));
		}

		case undefined: {
			return rowText(theme, row, columns, widths, width, theme.signs.mark);
		}
	}
}

function rowText(theme: Theme | undefined, row: TableRow, columns: readonly Column[], widths: readonly number[], width: number, mark = ' '): string {
	let text = ` ${row.isMarked ? mark : ' '}`;
	let used = gutter;
	for (const [at, column] of columns.entries()) {
		const columnWidth = Math.min(widths[at] ?? 0, width - used);
		if (columnWidth <= 0) {
			continue;
		}

		const cell = row.cells[at] ?? {text: ''};
		const words = fit(cell.text, columnWidth, column.align, column.cut);
		text += theme === undefined || cell.role === undefined ? words : theme.paint(cell.role, words);
		used += columnWidth;
		if (used + gap <= width) {
			text += ' '.repeat(gap);
			used += gap;
		}
	}

	return text + ' '.repeat(Math.max(0, width - used));
}
