/* eslint-disable no-bitwise -- Pseudo-random numbers and hashes are made of bits. */
/**
Seeded chance. The same seed and keys give the same numbers, whatever else was asked meanwhile.
*/
export type Rng = {
	/**
	From 0 up to 1.
	*/
	readonly next: () => number;
	readonly between: (range: Range) => number;
	/**
	A whole number from 0 up to below `count`.
	*/
	readonly below: (count: number) => number;
	/**
	One of the items; throws when there are none.
	*/
	readonly pick: <Item>(items: readonly Item[]) => Item;
	/**
	That many characters of the alphabet.
	*/
	readonly text: (length: number, alphabet: string) => string;
};

/**
Least and most, both possible.
*/
export type Range = readonly [least: number, most: number];

/**
Dice of their own for what the keys name: an entity's numbers do not depend on the order in which others were made.
*/
export function rngFor(seed: number, ...keys: ReadonlyArray<string | number>): Rng {
	let state = hash(JSON.stringify([seed, ...keys]));
	// Mulberry32: small, fast, and even enough for a simulated world.
	const next = () => {
		state = Math.trunc(state + 0x6D_2B_79_F5);
		const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		const spread = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((spread ^ (spread >>> 14)) >>> 0) / 4_294_967_296;
	};

	const below = (count: number) => Math.floor(next() * count);
	return {
		next,
		below,
		between: ([least, most]) => least + (next() * (most - least)),
		pick(items) {
			const item = items[below(items.length)];
			if (item === undefined) {
				throw new RangeError('Nothing to pick from.');
			}

			return item;
		},
		text: (length, alphabet) => Array.from({length}, () => alphabet[below(alphabet.length)]).join(''),
	};
}

// FNV-1a.
function hash(text: string): number {
	let value = 0x81_1C_9D_C5;
	for (const byte of new TextEncoder().encode(text)) {
		value = Math.imul(value ^ byte, 0x01_00_01_93);
	}

	return value;
}
