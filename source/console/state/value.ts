/**
A value that can be read, replaced and listened to.
*/
export type Value<Held> = {
	readonly get: () => Held;
	readonly set: (value: Held) => void;
	readonly subscribe: (listener: () => void) => () => void;
};

/**
A store with that value in it. Setting the same value again tells nobody.
*/
export function makeValue<Held>(first: Held): Value<Held> {
	let value = first;
	const listeners = new Set<() => void>();
	return {
		get: () => value,
		set(next) {
			if (Object.is(next, value)) {
				return;
			}

			value = next;
			for (const listener of listeners) {
				listener();
			}
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
	};
}
