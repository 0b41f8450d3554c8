const most = 1000;

/**
Sets a value in a map that forgets its oldest ones: what a long day was asked is not kept for ever.
*/
export function keepNewest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
	map.delete(key);
	map.set(key, value);
	const [oldest] = map.keys();
	if (map.size > most && oldest !== undefined) {
		map.delete(oldest);
	}
}
