/**
What decides between two rows: the first of the differences that is not zero.
*/
export function firstDifference(...differences: readonly number[]): number {
	return differences.find(difference => difference !== 0) ?? 0;
}

/**
The order of two texts that needs no locale.
*/
export function byText(a: string, b: string): number {
	return a === b ? 0 : (a < b ? -1 : 1);
}
