import {isDeepStrictEqual} from 'node:util';

/**
What turns one value into another, as small as it comes cheaply.
*/
export type Difference =
	| {readonly is: 'new'; readonly value: unknown}
	| {readonly is: 'parts'; readonly parts: ReadonlyArray<readonly [key: unknown, difference: Difference]>; readonly gone: readonly unknown[]}
	| {readonly is: 'moved'; readonly skip: number; readonly more: readonly unknown[]};

/**
What turns `before` into `after`; undefined when they are alike. Objects and maps part by part, lists that lose rows in front and gain them
at the end (activity, output) by what is new, anything else whole.
*/
export function difference(before: unknown, after: unknown): Difference | undefined {
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
The value that the difference makes of `before`, which stays as it is. Throws TypeError when it does not belong to such a value.
*/
export function changedBy(before: unknown, change: Difference): unknown {
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
				parts.set(key, changedBy(parts.get(key), part));
			}

			return isMap ? parts : Object.fromEntries(parts.entries().map(([key, part]) => [String(key), part]));
		}
	}
}

function inParts(before: ReadonlyMap<unknown, unknown>, after: ReadonlyMap<unknown, unknown>): Difference | undefined {
	const parts: Array<readonly [unknown, Difference]> = [];
	for (const [key, value] of after) {
		const change: Difference | undefined = before.has(key) ? difference(before.get(key), value) : {is: 'new', value};
		if (change !== undefined) {
			parts.push([key, change]);
		}
	}

	const gone = before.keys().filter(key => !after.has(key)).toArray();
	return parts.length === 0 && gone.length === 0 ? undefined : {is: 'parts', parts, gone};
}

function inList(before: readonly unknown[], after: readonly unknown[]): Difference | undefined {
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

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map) && !(value instanceof Set);
}
