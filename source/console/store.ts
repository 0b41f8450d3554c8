/**
A value that can be read, replaced and listened to.
*/
export type Store<Value> = {
	readonly get: () => Value;
	readonly set: (value: Value) => void;
	readonly subscribe: (listener: () => void) => () => void;
};

/**
A store with that value in it. Setting the same value again tells nobody.
*/
export function makeStore<Value>(first: Value): Store<Value> {
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
