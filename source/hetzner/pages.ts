import * as z from 'zod';
import {HetznerError} from './errors.ts';
import type {HetznerRequest, Send} from './request.ts';

const perPage = 50;
const maxPages = 1000;

const optional = z.int().optional().catch(undefined);
const pagination = z.object({next_page: optional, total_entries: optional}).optional().catch(undefined);
const meta = z.looseObject({meta: z.object({pagination}).optional().catch(undefined)});
const rowsOf = z.array(z.unknown());
const idOf = z.object({id: z.int()});

type List = {readonly path: string; readonly key: string; readonly query?: HetznerRequest['query']};

export type Pages = {
	readonly rows: readonly unknown[];
	readonly ids: ReadonlySet<number>;
	/**
	How many rows there should be, when Hetzner says so.
	*/
	readonly total: number | undefined;
	readonly requests: number;
};

/**
All rows of a list, each once (rows move while pages are read), and those without an id. Throws HetznerError.
*/
export async function readPages(send: Send, list: List, signal?: AbortSignal): Promise<Pages> {
	const rows = new Map<number, unknown>();
	const withoutId: unknown[] = [];
	let requests = 0;
	let total: number | undefined;
	let page: number | undefined = 1;
	for (let turn = 0; page !== undefined && turn < maxPages; turn++) {
		const body = await send({method: 'GET', path: list.path, query: {...list.query, page, per_page: perPage}}, signal);
		requests++;
		const envelope = meta.safeParse(body);
		const found = rowsOf.safeParse(envelope.data?.[list.key]);
		if (!envelope.success || !found.success) {
			throw broken(`an answer without a list of ${list.key}`);
		}

		for (const row of found.data) {
			const parsed = idOf.safeParse(row);
			if (parsed.success) {
				rows.set(parsed.data.id, row);
			} else {
				withoutId.push(row);
			}
		}

		const next: z.infer<typeof pagination> = envelope.data.meta?.pagination;
		total = next?.total_entries;
		page = next?.next_page;
	}

	return {
		rows: [...rows.values(), ...withoutId], ids: new Set(rows.keys()), total, requests,
	};
}

/**
The error for a good status with a body that is not of the agreed form.
*/
export function broken(detail: string): HetznerError {
	return new HetznerError(detail, {status: 200, code: 'broken_answer'});
}
