import type {Incoming} from './message.ts';

export type Page<Item> = {
	readonly items: readonly Item[];
	readonly page: number;
	readonly perPage: number;
	readonly lastPage: number;
	readonly total: number;
	/**
	The Link header; undefined when one page is all.
	*/
	readonly link: string | undefined;
};

/**
The page that `page` and `per_page` of a request ask for. Nonsense counts as the default.
*/
export function pageOf<Item>(incoming: Incoming, items: readonly Item[], sizes: {readonly usual: number; readonly most: number}): Page<Item> {
	const perPage = Math.min(sizes.most, wholeNumber(incoming.query.get('per_page') ?? '') ?? sizes.usual);
	const page = wholeNumber(incoming.query.get('page') ?? '') ?? 1;
	const lastPage = Math.max(1, Math.ceil(items.length / perPage));
	const links: string[] = [];
	const add = (rel: string, number: number) => {
		const query = new URLSearchParams(incoming.query);
		query.set('page', String(number));
		links.push(`<${incoming.origin}${incoming.path}?${query.toString()}>; rel="${rel}"`);
	};

	if (page > 1) {
		add('prev', page - 1);
		add('first', 1);
	}

	if (page < lastPage) {
		add('next', page + 1);
		add('last', lastPage);
	}

	return {
		items: items.slice((page - 1) * perPage, page * perPage), page, perPage, lastPage, total: items.length, link: links.length === 0 ? undefined : links.join(', '),
	};
}

function wholeNumber(text: string): number | undefined {
	return /^[1-9]\d{0,6}$/v.test(text) ? Number(text) : undefined;
}

/**
A moment as both APIs write it: "2026-11-24T09:00:00Z".
*/
export function rfc3339(milliseconds: number): string {
	return new Date(milliseconds).toISOString().replace(/\.\d+Z$/v, 'Z');
}
