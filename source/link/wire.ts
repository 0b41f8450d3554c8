// How values travel: JSON, in which a Map, a Set and undefined keep what they are.

/**
The value as one line of JSON.
*/
export function toWire(value: unknown): string {
	return JSON.stringify(tagged(value));
}

/**
The value of such a line. Throws SyntaxError when it is no JSON.
*/
export function fromWire(line: string): unknown {
	return untagged(JSON.parse(line));
}

function tagged(value: unknown): unknown {
	if (value === undefined) {
		return {$: 'undefined'};
	}

	if (value instanceof Map) {
		const pairs: ReadonlyArray<readonly [unknown, unknown]> = [...value];
		return {$: 'map', of: pairs.map(([key, item]) => [key, tagged(item)])};
	}

	if (value instanceof Set) {
		return {$: 'set', of: [...value].map(item => tagged(item))};
	}

	if (isList(value)) {
		return value.map(item => tagged(item));
	}

	if (!isParts(value)) {
		return value;
	}

	const parts: Record<string, unknown> = {};
	for (const [key, value_] of Object.entries(value)) {
		parts[key] = tagged(value_);
	}

	return parts;
}

// What has no tag in it stays the object that it is: a state of ten thousand rows is not built twice.
function untagged(value: unknown): unknown {
	if (!isParts(value)) {
		return value;
	}

	if (Array.isArray(value)) {
		for (const [index, item] of value.entries()) {
			value[index] = untagged(item);
		}

		return value;
	}

	if (!('$' in value)) {
		for (const key of Object.keys(value)) {
			const item = value[key];
			if (isParts(item)) {
				value[key] = untagged(item);
			}
		}

		return value;
	}

	const of = 'of' in value && isList(value.of) ? value.of : [];
	switch (value.$) {
		case 'map': {
			return new Map(of.map(pair => isList(pair) ? [pair[0], untagged(pair[1])] : [pair, undefined]));
		}

		case 'set': {
			return new Set(of.map(item => untagged(item)));
		}

		default: {
			return undefined;
		}
	}
}

// An array is one, too.
function isParts(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function isList(value: unknown): value is readonly unknown[] {
	return Array.isArray(value);
}
