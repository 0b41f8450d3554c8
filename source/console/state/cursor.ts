/**
A selection in a list. Until somebody moves it (`isHome`) it stays at the top
by its place, where the most urgent rows are; once moved it stays with its
row's id while rows come, go and move. `line` is the row's place in the window,
so that the selected row stays under the eye. `id` undefined: the list was empty.
*/
export type Cursor = {readonly id: string | undefined; readonly index: number; readonly line: number; readonly isHome: boolean};

export const startOfList: Cursor = {
	id: undefined, index: 0, line: 0, isHome: true,
};

/**
The cursor on the rows as they are now: at the top, or with its id where that is, else on the row that took its place.
*/
export function reconcileCursor(cursor: Cursor, ids: readonly string[]): Cursor {
	if (ids.length === 0) {
		return cursor.id === undefined ? cursor : {...cursor, id: undefined};
	}

	const match = cursor.isHome || cursor.id === undefined ? -1 : (ids[cursor.index] === cursor.id ? cursor.index : ids.indexOf(cursor.id));
	const index = cursor.isHome ? 0 : (match === -1 ? Math.min(cursor.index, ids.length - 1) : match);
	const id = ids[index];
	const line = cursor.isHome ? 0 : cursor.line;
	return id === cursor.id && index === cursor.index && line === cursor.line
		? cursor
		: {
			...cursor, id, index, line,
		};
}

/**
The cursor moved by that many rows, stopping at both ends; `height` is the window's. A step over the window's edge leads to its
middle: the rows that follow are read standing still, and a slow line carries half a window now and then, not a whole one with every key.
*/
export function moveBy(cursor: Cursor, by: number, ids: readonly string[], height: number): Cursor {
	const from = reconcileCursor(cursor, ids);
	const index = Math.max(0, Math.min(ids.length - 1, from.index + by));
	const top = topOf(from, ids.length, height);
	const wanted = index - top;
	const isOverEdge = wanted < 0 || wanted >= height;
	const line = isOverEdge && Math.abs(by) === 1 ? Math.floor((by > 0 ? height : height - 1) / 2) : Math.max(0, Math.min(height - 1, wanted));
	return ids.length === 0
		? from
		: {
			id: ids[index], index, line, isHome: false,
		};
}

/**
The cursor on the row with that id, where the window shows it; where it was when there is no such row.
*/
export function moveTo(cursor: Cursor, id: string, ids: readonly string[], height: number): Cursor {
	const index = ids.indexOf(id);
	return index === -1 ? cursor : moveBy(cursor, index - reconcileCursor(cursor, ids).index, ids, height);
}

/**
The cursor on the last row, which it is to stay on while rows are added.
*/
export function endOfList(ids: readonly string[], height: number): Cursor {
	return {
		id: ids.at(-1), index: Math.max(0, ids.length - 1), line: Math.max(0, height - 1), isHome: false,
	};
}

export function isSameCursor(a: Cursor, b: Cursor): boolean {
	return a.id === b.id && a.index === b.index && a.line === b.line && a.isHome === b.isHome;
}

/**
Index of the first row that the window shows.
*/
export function topOf(cursor: Cursor, count: number, height: number): number {
	const line = Math.max(0, Math.min(cursor.line, height - 1));
	return Math.max(0, Math.min(cursor.index - line, count - height));
}

/**
The rows that a window of that height shows.
*/
export function inWindow<Row>(rows: readonly Row[], cursor: Cursor, height: number): readonly Row[] {
	const top = topOf(cursor, rows.length, height);
	return rows.slice(top, top + height);
}

/**
Rows of the window beside which the bar for its place in the list is drawn; none when all rows are in it.
*/
export function thumbOf(top: number, count: number, height: number): {readonly from: number; readonly to: number} | undefined {
	if (count <= height || height < 3) {
		return undefined;
	}

	const size = Math.max(1, Math.round(height * height / count));
	const from = Math.round((height - size) * top / (count - height));
	return {from, to: from + size};
}
