/**
A selection in a list. It stays with its row's id while rows come, go and move; `line` is the row's place in the window,
so that the selected row stays under the eye. `id` undefined: the list was empty.
`isHome`: nobody has moved it, so the list's beginning stays in the window, where the most urgent rows are.
*/
export type Cursor = {readonly id: string | undefined; readonly index: number; readonly line: number; readonly isHome: boolean};

export const startOfList: Cursor = {
	id: undefined, index: 0, line: 0, isHome: true,
};

/**
The cursor on the rows as they are now: with its id where that is, else on the row that took its place.
*/
export function settle(cursor: Cursor, ids: readonly string[]): Cursor {
	if (ids.length === 0) {
		return cursor.id === undefined ? cursor : {...cursor, id: undefined};
	}

	const found = cursor.id === undefined ? -1 : ids.indexOf(cursor.id);
	const index = found === -1 ? Math.min(cursor.isHome ? 0 : cursor.index, ids.length - 1) : found;
	const id = ids[index];
	const line = cursor.isHome ? index : cursor.line;
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
	const from = settle(cursor, ids);
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
	return index === -1 ? cursor : moveBy(cursor, index - settle(cursor, ids).index, ids, height);
}

/**
Index of the first row that the window shows.
*/
export function topOf(cursor: Cursor, count: number, height: number): number {
	const line = Math.max(0, Math.min(cursor.line, height - 1));
	return Math.max(0, Math.min(cursor.index - line, count - height));
}
