import {isDeepStrictEqual} from 'node:util';

/**
What turns one value into another, as small as it comes cheaply.
*/
export type Patch =
	| {readonly is: 'new'; readonly value: unknown}
	| {readonly is: 'parts'; readonly parts: ReadonlyArray<readonly [key: unknown, patch: Patch]>; readonly gone: readonly unknown[]}
	| {readonly is: 'moved'; readonly skip: number; readonly more: readonly unknown[]}
	| {readonly is: 'rows'; readonly gone: readonly unknown[]; readonly changed: readonly Row[]; readonly front: readonly Row[]; readonly back: readonly Row[]};

type Row = Readonly<Record<string, unknown>>;

/**
What turns `before` into `after`; undefined when they are alike. Objects
and maps part by part, lists of rows that have an id by the rows that are
new, changed and gone, lists that lose lines in front and gain them at the end (output) by what is new, anything else whole.
*/
export function patchBetween(before: unknown, after: unknown): Patch | undefined {
	if (Object.is(before, after)) {
		return undefined;
	}

	if (before instanceof Map && after instanceof Map) {
		return inParts(before, after);
	}

	if (Array.isArray(before) && Array.isArray(after)) {
		return inList(before, after);
	}

	if (isPlain(before) && isPlain(after)) {
		return inParts(new Map(Object.entries(before)), new Map(Object.entries(after)));
	}

	return isDeepStrictEqual(before, after) ? undefined : {is: 'new', value: after};
}

/**
The value that the patch makes of `before`, which stays as it is. Throws TypeError when it does not belong to such a value.
*/
export function applyPatch(before: unknown, change: Patch): unknown {
	switch (change.is) {
		case 'new': {
			return change.value;
		}

		case 'moved': {
			if (!Array.isArray(before)) {
				throw new TypeError('a change of a list came for something else');
			}

			const kept: readonly unknown[] = before.slice(change.skip);
			return [...kept, ...change.more];
		}

		case 'rows': {
			if (!hasIds(before)) {
				throw new TypeError('a change of rows came for something that has none');
			}

			const gone = new Set(change.gone);
			const changed = byId(change.changed);
			return [...change.front, ...before.filter(({id}) => !gone.has(id)).map(row => changed.get(row.id) ?? row), ...change.back];
		}

		case 'parts': {
			const isMap = before instanceof Map;
			if (!isMap && !isPlain(before)) {
				throw new TypeError('a change of parts came for something without parts');
			}

			const parts = new Map<unknown, unknown>(isMap ? before : Object.entries(before));
			for (const key of change.gone) {
				parts.delete(key);
			}

			for (const [key, part] of change.parts) {
				parts.set(key, applyPatch(parts.get(key), part));
			}

			return isMap ? parts : Object.fromEntries(parts.entries().map(([key, part]) => [String(key), part]));
		}
	}
}

function inParts(before: ReadonlyMap<unknown, unknown>, after: ReadonlyMap<unknown, unknown>): Patch | undefined {
	const parts: Array<readonly [unknown, Patch]> = [];
	for (const [key, value] of after) {
		const change: Patch | undefined = before.has(key) ? patchBetween(before.get(key), value) : {is: 'new', value};
		if (change !== undefined) {
			parts.push([key, change]);
		}
	}

	const gone = before.keys().filter(key => !after.has(key)).toArray();
	return parts.length === 0 && gone.length === 0 ? undefined : {is: 'parts', parts, gone};
}

function inList(before: readonly unknown[], after: readonly unknown[]): Patch | undefined {
	const change = hasIds(before) && hasIds(after) ? inRows(before, after) : 'reordered';
	return change === 'reordered' ? inLines(before, after) : change;
}

function inRows(before: readonly Row[], after: readonly Row[]): Patch | undefined | 'reordered' {
	const rows = byId(after);
	const kept = before.filter(({id}) => rows.has(id));
	const from = kept.length === 0 ? 0 : after.findIndex(({id}) => id === kept[0]?.id);
	if (rows.size < after.length || kept.some(({id}, at) => after[from + at]?.id !== id)) {
		return 'reordered';
	}

	const changed = kept.flatMap((row, at) => {
		const now = after[from + at];
		return now === undefined || isDeepStrictEqual(row, now) ? [] : [now];
	});
	const gone = before.filter(({id}) => !rows.has(id)).map(({id}) => id);
	const front = after.slice(0, from);
	const back = after.slice(from + kept.length);
	return [gone, changed, front, back].every(part => part.length === 0)
		? undefined
		: {
			is: 'rows', gone, changed, front, back,
		};
}

function inLines(before: readonly unknown[], after: readonly unknown[]): Patch | undefined {
	const first = after[0];
	for (let skip = 0; skip < before.length; skip++) {
		const overlap = before.length - skip;
		if (overlap <= after.length && isDeepStrictEqual(before[skip], first) && isDeepStrictEqual(before.slice(skip), after.slice(0, overlap))) {
			const more = after.slice(overlap);
			return skip === 0 && more.length === 0 ? undefined : {is: 'moved', skip, more};
		}
	}

	return before.length === 0 && after.length === 0 ? undefined : {is: 'new', value: after};
}

function hasIds(value: unknown): value is readonly Row[] {
	return Array.isArray(value) && value.every(row => isPlain(row) && 'id' in row);
}

function byId(rows: readonly Row[]): ReadonlyMap<unknown, Row> {
	return new Map(rows.map(row => [row.id, row]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map) && !(value instanceof Set);
}
