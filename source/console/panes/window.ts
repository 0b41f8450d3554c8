import {shortestServerName, shortServerName} from '../../model/server-name.ts';
import {topOf, type Cursor} from '../components/cursor.ts';
import type {TableRow} from '../components/table.ts';
import type {Theme} from '../theme.ts';

/**
What every pane is drawn with.
*/
export type PaneProps<Row> = {
	readonly theme: Theme;
	/**
	Only the rows in the window.
	*/
	readonly rows: readonly Row[];
	readonly selected: string | undefined;
	/**
	The row of the thread whose selection is in another pane.
	*/
	readonly thread: string | undefined;
	readonly width: number;
	readonly height: number;
	readonly hasSides: boolean;
	readonly empty: string;
};

/**
The rows that a window of that height shows.
*/
export function inWindow<Row>(rows: readonly Row[], cursor: Cursor, height: number): readonly Row[] {
	const top = topOf(cursor, rows.length, height);
	return rows.slice(top, top + height);
}

/**
Whether names are shown by their telling end alone: "…4821-9931".
*/
export function isNameShort(width: number): boolean {
	return width < 150;
}

/**
Whether a server goes by its job's number alone there.
*/
export function isNameShortest(width: number): boolean {
	return width < 110;
}

/**
A server's name, or words with one in them, as a pane of that width has room for it.
*/
export function nameAt(width: number, words: string): string {
	return isNameShortest(width) ? shortestServerName(words) : (isNameShort(width) ? shortServerName(words) : words);
}

/**
How a row stands out among the others.
*/
export function standing(id: string, selected: string | undefined, thread: string | undefined, isFaded: boolean): TableRow['is'] {
	if (id === selected) {
		return 'selected';
	}

	return id === thread ? 'thread' : (isFaded ? 'faded' : undefined);
}
