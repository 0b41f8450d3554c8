// How values travel: as JSON on one line. Maps and sets are lists there;
// where they are stands behind it, after a tab, which JSON has none of.
// So whoever reads has no need to look through all of a state of ten
// thousand rows for the few that there are. What is undefined is left out.

type Path = ReadonlyArray<string | number>;

// The innermost first, as they are to be read first.
type Place = readonly [is: 'map' | 'set', at: Path];

/**
The value as one line.
*/
export function encode(value: unknown): string {
	const places: Place[] = [];
	const text = JSON.stringify(inLists(value, [], places));
	return places.length === 0 ? text : `${text}\t${JSON.stringify(places)}`;
}

/**
The value of such a line. Throws SyntaxError when it is none.
*/
export function decode(line: string): unknown {
	const tab = line.lastIndexOf('\t');
	if (tab === -1) {
		return JSON.parse(line);
	}

	const whole = {value: JSON.parse(line.slice(0, tab)) as unknown};
	for (const place of listed(JSON.parse(line.slice(tab + 1)))) {
		const [is, path] = listed(place);
		replaceAt(whole, listed(path), is === 'map' ? asMap : asSet);
	}

	return whole.value;
}

// What holds no map and no set stays the object that it is.
function inLists(value: unknown, path: Array<string | number>, places: Place[]): unknown {
	if (typeof value !== 'object' || value === null) {
		return value;
	}

	const within = (key: string | number, item: unknown): unknown => {
		path.push(key);
		const inside = inLists(item, path, places);
		path.pop();
		return inside;
	};

	if (value instanceof Map) {
		const pairs: ReadonlyArray<readonly [unknown, unknown]> = [...value];
		const inside = pairs.map(([key, item], at) => {
			path.push(at);
			const told = within(1, item);
			path.pop();
			return [key, told];
		});
		places.push(['map', [...path]]);
		return inside;
	}

	if (value instanceof Set) {
		const items = [...value].map((item, at) => within(at, item));
		places.push(['set', [...path]]);
		return items;
	}

	if (Array.isArray(value)) {
		const items: readonly unknown[] = value;
		let changed: unknown[] | undefined;
		for (const [at, item] of items.entries()) {
			const inside = within(at, item);
			if (inside !== item) {
				changed ??= [...items];
				changed[at] = inside;
			}
		}

		return changed ?? items;
	}

	let changed: Record<string, unknown> | undefined;
	for (const [key, item] of Object.entries(value)) {
		const inside = within(key, item);
		if (inside !== item) {
			changed ??= {...value};
			changed[key] = inside;
		}
	}

	return changed ?? value;
}

// Own parts only: a path is what somebody else says.
function replaceAt(whole: {value: unknown}, path: readonly unknown[], as: (items: readonly unknown[]) => unknown): void {
	let holder: Record<string | number, unknown> = whole;
	let key: string | number = 'value';
	for (const step of path) {
		const part = typeof step === 'number' ? step : String(step);
		const inside = holder[key];
		if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, part)) {
			throw new SyntaxError('it names a place that is not there');
		}

		holder = inside as Record<string | number, unknown>;
		key = part;
	}

	holder[key] = as(listed(holder[key]));
}

function asMap(pairs: readonly unknown[]): ReadonlyMap<unknown, unknown> {
	return new Map(pairs.map(pair => {
		const [key, value] = listed(pair);
		return [key, value];
	}));
}

function asSet(items: readonly unknown[]): ReadonlySet<unknown> {
	return new Set(items);
}

function listed(value: unknown): readonly unknown[] {
	if (!Array.isArray(value)) {
		throw new SyntaxError('a list is missing');
	}

	return value;
}
