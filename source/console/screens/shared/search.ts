/**
A search on a screen of lines: what is looked for, and while it is typed what there was before.
*/
export type Search = {readonly query: string; readonly typing: {readonly before: string} | undefined};

export const noSearch: Search = {query: '', typing: undefined};

/**
The places at which a text is in lines, whatever its case.
*/
export function matchesIn(lines: readonly string[], query: string): readonly number[] {
	const wanted = query.toLowerCase();
	return wanted === '' ? [] : lines.flatMap((line, at) => line.toLowerCase().includes(wanted) ? [at] : []);
}

/**
The match after `from` (before it when `by` is -1), beginning again at the other end; undefined when there is none.
*/
export function nextMatch(matches: readonly number[], from: number, by: 1 | -1): number | undefined {
	return by === 1 ? (matches.find(match => match > from) ?? matches[0]) : (matches.findLast(match => match < from) ?? matches.at(-1));
}

/**
How a search goes, for the border: "/ssh: 2 of 7   "; empty without one.
*/
export function formatMatches(lines: readonly string[], query: string, at: number | undefined): {readonly text: string; readonly role: 'waiting' | 'calm'} {
	const matches = matchesIn(lines, query);
	const place = at === undefined ? -1 : matches.indexOf(at);
	const count = matches.length === 0 ? 'no match' : (place === -1 ? `${matches.length} ${matches.length === 1 ? 'match' : 'matches'}` : `${place + 1} of ${matches.length}`);
	return {text: query === '' ? '' : `/${query}: ${count}   `, role: matches.length === 0 ? 'waiting' : 'calm'};
}
