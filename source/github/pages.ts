import * as z from 'zod';
import type {AskOptions, Client} from './client.ts';
import type {Asked} from './errors.ts';
import {parseId} from './rows.ts';

const perPage = 100;
const maxPages = 100;

export type Rows = {
	/**
	Rows by their id, each once: rows move to the next page while pages are read.
	*/
	readonly rows: ReadonlyMap<number, unknown>;
	/**
	What GitHub says their number is; undefined when it changed between pages.
	*/
	readonly total: number | undefined;
	/**
	Rows without an id.
	*/
	readonly broken: number;
	/**
	How many of the rows that were announced did not come.
	*/
	readonly short: number;
};

type List = {
	readonly route: string;
	readonly key: string;
	readonly parameters: Readonly<Record<string, string | number | boolean>>;
	/**
	More rows than that GitHub announces, but never lists.
	@default all
	*/
	readonly most?: number;
};

/**
All pages of a list, from what GitHub confirms where it can; asked for afresh when rows are missing in that. Throws PortError.
*/
export async function readList(client: Client, list: List, asked: Asked, signal: AbortSignal): Promise<Rows> {
	const read = await readPages(client, list, asked, {signal, conditional: true});
	return read.short + read.broken === 0 ? read : readPages(client, list, asked, {signal});
}

/**
All pages of a list, one after another. Throws PortError.
*/
export async function readPages(client: Client, list: List, asked: Asked, options: AskOptions): Promise<Rows> {
	const envelope = z.looseObject({total_count: z.int().nonnegative()});
	const listed = z.array(z.unknown());
	const rows = new Map<number, unknown>();
	const totals = new Set<number>();
	let broken = 0;
	for (let page = 1; page <= maxPages; page++) {
		// One page after another: only an answer tells whether there is a next.
		const answer = await client.ask(list.route, {...list.parameters, per_page: perPage, page}, asked, options);
		const parsed = envelope.safeParse(answer.data);
		if (!parsed.success) {
			throw client.broken(asked, typeof answer.data === 'string' ? 'it is no JSON' : z.prettifyError(parsed.error).replaceAll('\n', ' '));
		}

		const newRows = listed.safeParse(parsed.data[list.key]).data;
		if (newRows === undefined) {
			throw client.broken(asked, `it has no list "${list.key}"`);
		}

		totals.add(parsed.data.total_count);
		const known = rows.size + broken;
		for (const row of newRows) {
			const id = parseId(row);
			if (id === undefined) {
				broken++;
			} else {
				rows.set(id, row);
			}
		}

		// By the number that was announced, not by the page's size: a server may give fewer a page than it was asked for.
		if (rows.size + broken === known || rows.size + broken >= parsed.data.total_count) {
			break;
		}
	}

	const total = totals.size === 1 ? [...totals][0] : undefined;
	return {
		rows, total, broken, short: Math.max(0, Math.min(total ?? 0, list.most ?? Infinity) - rows.size - broken),
	};
}
