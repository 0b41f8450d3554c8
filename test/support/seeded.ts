/**
Random numbers that are the same for the same seed (Lehmer's generator): from 0 up to 1.
*/
export function seeded(seed: number): () => number {
	const modulus = 2_147_483_647;
	let state = (seed % modulus) + 1;
	return () => {
		state = (state * 48_271) % modulus;
		return state / modulus;
	};
}

const odd = ['\'', '"', '`', '$', '\\', '\n', '\r', '\t', ' ', '!', ';', '&', '|', '(', ')', '{', '}', '*', '?', '~', '#', '_', '__', '-', '.', '/', ',', '=', '%', '€', 'ü', '😀', '\u{D800}', '\u{1}', '\u{7F}', 'x', 'Z', '0'];

/**
A random text of characters that break things: quotes, line breaks, escapes, emoji, half a pair of surrogates.
*/
export function oddText(random: () => number, maxLength: number): string {
	const length = Math.floor(random() * (maxLength + 1));
	return Array.from({length}, () => odd[Math.floor(random() * odd.length)] ?? '').join('');
}
