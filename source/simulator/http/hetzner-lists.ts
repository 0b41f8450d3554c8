import {type ApiError, invalid} from '../hetzner-errors.ts';
import type {World} from '../world.ts';
import type {Incoming, Reply} from './message.ts';
import {parseSelector} from './label-selector.ts';
import {pageOf} from './paging.ts';

/**
Hetzner's form of an error.
*/
export function errorReply({status, code, message, details}: ApiError): Reply {
	return {status, body: {error: {code, message, details: details ?? null}}};
}

export function ok(body: unknown): Reply {
	return {status: 200, body};
}

export function missing(what: string): Reply {
	return errorReply({status: 404, code: 'not_found', message: `${what} not found`});
}

/**
One thing under its name; 404 when there is none.
*/
export function one<Item>(name: string, item: Item | undefined, bodyOf: (item: Item) => unknown): Reply {
	return item === undefined ? missing(name) : ok({[name]: bodyOf(item)});
}

/**
What a list is asked for by, as each thing has it; what a thing lacks is not asked for.
*/
type Traits<Item> = {
	readonly name?: (item: Item) => string;
	readonly labels?: (item: Item) => Readonly<Record<string, string>>;
	/**
	Parameters that may be given several times, any of which must fit.
	*/
	readonly oneOf?: Readonly<Record<string, (item: Item) => string>>;
	/**
	Fields to sort by.
	*/
	readonly sort?: Readonly<Record<string, (item: Item) => number | string>>;
};

/**
A list's page: filtered by name, label_selector and others, sorted, as the request asks.
*/
export function list<Item>(world: World, incoming: Incoming, key: string, items: readonly Item[], bodyOf: (item: Item) => unknown, traits: Traits<Item> = {}): Reply {
	const {query} = incoming;
	const asked = query.get('label_selector') ?? '';
	const selector = parseSelector(asked);
	if (selector === undefined && asked !== '') {
		return errorReply(invalid('label_selector', 'is not a valid label selector'));
	}

	const orders = query.getAll('sort').map(order => order.split(':', 2));
	const unknown = traits.sort === undefined ? undefined : orders.find(([field = '', direction = 'asc']) => traits.sort?.[field] === undefined || !['asc', 'desc'].includes(direction));
	if (unknown !== undefined) {
		return errorReply(invalid('sort', `Not a valid choice: ${unknown.join(':')}`));
	}

	const {name, labels, oneOf = {}} = traits;
	let found = items.filter(item => (!query.has('name') || name === undefined || name(item) === query.get('name'))
		&& (asked === '' || labels === undefined || selector?.(labels(item)) === true)
		&& Object.entries(oneOf).every(([parameter, of]) => !query.has(parameter) || query.getAll(parameter).includes(of(item))));
	for (const [field = '', direction] of orders.toReversed()) {
		const of = traits.sort?.[field] ?? (() => 0);
		const sign = direction === 'desc' ? -1 : 1;
		found = found.toSorted((a, b) => {
			const [left, right] = [of(a), of(b)];
			return sign * (left < right ? -1 : (left > right ? 1 : 0));
		});
	}

	const page = pageOf(incoming, found, {usual: 25, most: Math.min(50, world.parameters.rowsPerPage)});
	return {
		status: 200,
		rows: page.items.length,
		body: {
			[key]: page.items.map(item => bodyOf(item)),
			meta: {
				pagination: {
					page: page.page, per_page: page.perPage, previous_page: page.page > 1 ? page.page - 1 : null, next_page: page.page < page.lastPage ? page.page + 1 : null, last_page: page.lastPage, total_entries: page.total,
				},
			},
		},
		headers: page.link === undefined ? {} : {link: page.link},
	};
}
