/**
The value as it comes over a socket: what is undefined is not there.
*/
export function withoutUndefined(value: unknown): unknown {
	if (value instanceof Map) {
		const pairs: ReadonlyArray<readonly [unknown, unknown]> = [...value];
		return new Map(pairs.map(([key, item]) => [key, withoutUndefined(item)]));
	}

	if (Array.isArray(value)) {
		return value.map(item => withoutUndefined(item));
	}

	return typeof value !== 'object' || value === null || value instanceof Set ? value : Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => [key, withoutUndefined(item)]));
}
