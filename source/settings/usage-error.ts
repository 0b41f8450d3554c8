import leven from 'leven';

/**
The user asked for something that cannot be: one sentence that says what is wrong, where, and what to do. Exit code 2.
*/
export class UsageError extends Error {
	override readonly name = 'UsageError';
}

/**
The known word that is most like the given one, or undefined when none is near.
*/
function nearest(word: string, known: readonly string[]): string | undefined {
	const best = known.map(candidate => ({candidate, distance: leven(word, candidate)})).toSorted((a, b) => a.distance - b.distance)[0];
	return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/**
" Did you mean --max-runners?", or nothing.
*/
export function didYouMean(word: string, known: readonly string[], prefix = ''): string {
	const near = nearest(word, known);
	return near === undefined ? '' : ` Did you mean ${prefix}${near}?`;
}

/**
Six of the known words, those most like the given one first.
*/
export function likest(word: string, known: readonly string[]): readonly string[] {
	return known.map(candidate => ({candidate, distance: leven(word, candidate)})).toSorted((a, b) => a.distance - b.distance).slice(0, 6).map(({candidate}) => candidate);
}
