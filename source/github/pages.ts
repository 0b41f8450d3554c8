import * as z from 'zod';
import {later, type Instant} from '../model/time.ts';
import type {Client, Tally} from './client.ts';
import {GitHubError, type Asked} from './errors.ts';
import type {Urgency} from './governor.ts';
import {parseId} from './rows.ts';

/**
Page sizes, tried in that order: GitHub fails for good to make a page of 100 of some lists (open-telemetry/opentelemetry-java-instrumentation#18649).
*/
const sizes = [100, 30, 10] as const;

/**
How long a size that worked is kept before a larger one is tried again, seconds.
*/
const sizeSeconds = 30 * 60;

const mostRows = 10_000;

type Page<Item> = {readonly etag: string | undefined; readonly items: ReadonlyMap<number, Item>; readonly broken: number; readonly count: number; readonly total: number; readonly next: boolean | undefined};

/**
What is kept of one list between two reads of it: parsed rows with the ETag of their page, the page size that works, and how wrong its total is.
*/
export type ListMemory<Item> = {
	pages: Map<string, Page<Item>>;
	size: {readonly index: number; readonly until: Instant} | undefined;
	/** By how much GitHub announces more than it lists (actions/actions-runner-controller#362), as seen in two passes that agreed. */
	excess: number | undefined;
};

/**
Nothing kept yet.
*/
export function listMemory<Item>(): ListMemory<Item> {
	return {pages: new Map(), size: undefined, excess: undefined};
}

export type List<Item> = {
	readonly route: string;
	readonly key: string;
	readonly parameters: Readonly<Record<string, string | number | boolean>>;
	/**
	What a row with an id is; undefined when that cannot be told.
	*/
	readonly parse: (row: unknown) => Item | undefined;
	/**
	More rows than that GitHub announces, but never lists.
	@default all
	*/
	readonly most?: number;
	/**
	No more pages than that are read.
	@default all
	*/
	readonly mostPages?: number;
	/**
	Pages after that one are taken as they were kept.
	@default all are asked for
	*/
	readonly freshPages?: number | undefined;
};

/** `isOnce`: pages that were never read before are read once and then kept, and not counted. */
export type ReadOptions = {readonly isOnce?: boolean; readonly signal?: AbortSignal | undefined; readonly urgency?: Urgency; readonly tally?: Tally | undefined; readonly retries?: number | undefined};

export type Rows<Item> = {
	/**
	Items by id, each once: rows move to the next page while pages are read.
	*/
	readonly items: ReadonlyMap<number, Item>;
	/**
	What GitHub says their number is; undefined when it changed between pages.
	*/
	readonly total: number | undefined;
	/**
	Rows that cannot be read.
	*/
	readonly broken: number;
	/**
	At least how many rows did not come; 0 when the list is whole.
	*/
	readonly short: number;
	/**
	Whether some pages were not asked for again.
	*/
	readonly isPartlyKept: boolean;
};

/**
All rows of a list. A pass over its pages whose number is the announced one is whole, and so are two that agree; otherwise what both saw
together is there, and some are missing. Throws PortError.
*/
export async function readList<Item>(client: Client, list: List<Item>, memory: ListMemory<Item>, asked: Asked, options: ReadOptions): Promise<Rows<Item>> {
	const first = await readPass(client, list, memory, asked, options);
	if (isSettled(first, list, memory)) {
		return {...first, short: 0};
	}

	const second = await readPass(client, {...list, freshPages: undefined}, {...memory, pages: new Map()}, asked, {...options, isOnce: false});
	if (isSettled(second, list, memory)) {
		return {...second, short: 0};
	}

	const onlyOnce = [...first.items.keys()].filter(id => !second.items.has(id)).length + [...second.items.keys()].filter(id => !first.items.has(id)).length;
	if (onlyOnce === 0) {
		memory.excess = second.total === undefined ? undefined : second.total - second.items.size - second.broken;
		return {...second, short: 0};
	}

	return {
		items: new Map([...first.items, ...second.items]), total: second.total, broken: Math.max(first.broken, second.broken), short: onlyOnce, isPartlyKept: false,
	};
}

function isSettled<Item>({items, broken, total, isPartlyKept}: Pass<Item>, {most = Infinity, mostPages}: List<Item>, {excess}: ListMemory<Item>): boolean {
	const count = items.size + broken;
	return mostPages !== undefined || isPartlyKept || (total !== undefined && (count === total || count === Math.min(total, most) || total - count === excess));
}

type Pass<Item> = Omit<Rows<Item>, 'short'>;

/**
One pass over the pages of a list, in smaller pages when GitHub fails to make large ones. Throws PortError.
*/
export async function readPass<Item>(client: Client, list: List<Item>, memory: ListMemory<Item>, asked: Asked, options: ReadOptions): Promise<Pass<Item>> {
	const now = client.clock.now();
	const known = memory.size !== undefined && memory.size.until > now ? memory.size.index : 0;
	for (let index = known; ; index++) {
		try {
			const pass = await readPages(client, list, memory, asked, options, sizes[index] ?? 10);
			if (index > known) {
				memory.size = {index, until: later(now, sizeSeconds)};
			}

			return pass;
		} catch (error) {
			if (!(error instanceof GitHubError) || !error.mayBeTooMuch || index >= sizes.length - 1) {
				throw error;
			}
		}
	}
}

/**
Whether the first page of a list that was read before is another now, by a conditional request, which GitHub does not count when it answers 304. What has come
is kept, so that the next read is told 304. False for a list without ETags, which would cost a request each time. Throws PortError.
*/
export async function hasNewFirstPage<Item>(client: Client, list: List<Item>, memory: ListMemory<Item>, asked: Asked, signal: AbortSignal): Promise<boolean> {
	const [size] = [...memory.pages.keys()].map(key => Number(key.split(' ', 1)[0]));
	const kept = size === undefined ? undefined : memory.pages.get(`${size} 1`);
	if (size === undefined || kept?.etag === undefined) {
		return false;
	}

	const page = await readPage(client, list, kept, asked, {signal, urgency: 'jobs', retries: 0}, {size, number: 1});
	memory.pages.set(`${size} 1`, page);
	return page !== kept;
}

// One page after another: only an answer tells whether there is a next.
async function readPages<Item>(client: Client, list: List<Item>, memory: ListMemory<Item>, asked: Asked, options: ReadOptions, size: number): Promise<Pass<Item>> {
	const items = new Map<number, Item>();
	const totals = new Set<number>();
	let broken = 0;
	let number = 1;
	let isPartlyKept = false;
	for (; number <= Math.min(list.mostPages ?? Infinity, mostRows / size); number++) {
		const kept = memory.pages.get(`${size} ${number}`);
		const isKept = kept !== undefined && number > (list.freshPages ?? Infinity);
		isPartlyKept ||= isKept;
		const page = isKept ? kept : await readPage(client, list, kept, asked, options, {size, number});
		memory.pages.set(`${size} ${number}`, page);
		if (!isKept) {
			totals.add(page.total);
		}

		const before = items.size + broken;
		broken += page.broken;
		for (const [id, item] of page.items) {
			items.set(id, item);
		}

		const count = items.size + broken;
		const isLast = page.count === 0 || count === before || (count >= (list.most ?? Infinity) && page.next !== true);
		// By the Link header where there is one. Else by the announced number; when that is wrong, by a page that is not full.
		const hasMore = page.next ?? (count === page.total ? false : count < page.total || page.count >= size);
		if (isLast || !hasMore) {
			break;
		}
	}

	for (const key of memory.pages.keys()) {
		const [theirSize, theirNumber] = key.split(' ').map(Number);
		if (theirSize !== size || (theirNumber ?? 0) > number) {
			memory.pages.delete(key);
		}
	}

	return {
		items, broken, total: totals.size === 1 ? [...totals][0] : undefined, isPartlyKept,
	};
}

const envelope = z.looseObject({total_count: z.int().nonnegative().nullish().catch(undefined)});
const listed = z.array(z.unknown());

async function readPage<Item>(client: Client, list: List<Item>, kept: Page<Item> | undefined, asked: Asked, {isOnce = false, ...options}: ReadOptions, {size, number}: {readonly size: number; readonly number: number}): Promise<Page<Item>> {
	const answer = await client.ask(list.route, {...list.parameters, per_page: size, page: number}, asked, {
		urgency: 'list', ...options, tally: isOnce && kept === undefined ? undefined : options.tally, etag: kept?.etag, retries: options.retries ?? (size > 10 ? 0 : 1),
	});
	if (answer.status === 304 && kept !== undefined) {
		return kept;
	}

	const parsed = envelope.safeParse(answer.data);
	if (!parsed.success) {
		throw client.broken(asked, typeof answer.data === 'string' ? 'it is no JSON' : z.prettifyError(parsed.error).replaceAll('\n', ' '));
	}

	const rows = listed.safeParse(parsed.data[list.key]).data;
	if (rows === undefined) {
		throw client.broken(asked, `it has no list "${list.key}"`);
	}

	const items = new Map<number, Item>();
	let broken = 0;
	for (const row of rows) {
		const id = parseId(row);
		const item = id === undefined ? undefined : list.parse(row);
		if (id === undefined || item === undefined) {
			broken++;
		} else {
			items.set(id, item);
		}
	}

	const {etag, link} = answer.headers;
	return {
		etag: etag === undefined ? undefined : String(etag), items, broken, count: rows.length, total: parsed.data.total_count ?? rows.length,
		next: link === undefined ? undefined : /rel="?next"?/v.test(String(link)),
	};
}
