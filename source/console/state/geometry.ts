/**
A rectangle of the screen; columns and rows count from 0.
*/
export type Rectangle = {readonly left: number; readonly top: number; readonly width: number; readonly height: number};

/**
Where each named part of the screen is, as laid out last: what drawing, paging and the mouse go by. Parts in front come last.
*/
export type Geometry = ReadonlyMap<string, Rectangle>;

/**
Rows that a part has; some while nothing was laid out yet.
*/
export function rowsIn(geometry: Geometry, name: string): number {
	return Math.max(1, geometry.get(name)?.height ?? 10);
}

/**
Columns that a part has; 80 while nothing was laid out yet.
*/
export function columnsIn(geometry: Geometry, name: string): number {
	return geometry.get(name)?.width ?? 80;
}

/**
Whether both have the same parts at the same places.
*/
export function isSameGeometry(one: Geometry, other: Geometry): boolean {
	return one.size === other.size && one.entries().every(([name, a]) => {
		const b = other.get(name);
		return b !== undefined && Object.is(a.left, b.left) && Object.is(a.top, b.top) && Object.is(a.width, b.width) && Object.is(a.height, b.height);
	});
}

/**
The parts at a place, the smallest first, each with the place counted from its own corner.
*/
export function partsAt(geometry: Geometry, column: number, row: number): ReadonlyArray<{readonly name: string; readonly column: number; readonly row: number}> {
	const isIn = ({left, top, width, height}: Rectangle): boolean => column >= left && column < left + width && row >= top && row < top + height;
	return [...geometry]
		.filter(([, rectangle]) => isIn(rectangle))
		.toSorted(([, a], [, b]) => (a.width * a.height) - (b.width * b.height))
		.map(([name, {left, top}]) => ({name, column: column - left, row: row - top}));
}
