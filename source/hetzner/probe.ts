import * as z from 'zod';
import {instant, parseInstant, type Instant} from '../model/time.ts';
import type {Repository} from '../model/job.ts';
import {HetznerError} from './errors.ts';
import {ownLabels} from './ownership.ts';
import {readPages} from './pages.ts';
import type {Send} from './request.ts';

/**
Whether the token may write: sends a create request without a name, which Hetzner rejects as invalid once it has accepted the token.
Throws HetznerError.
*/
export async function mayWrite(send: Send): Promise<boolean> {
	try {
		await send({method: 'POST', path: '/servers', body: {}});
		return true;
	} catch (error) {
		if (error instanceof HetznerError && (error.status === 422 || error.status === 400)) {
			return true;
		}

		if (error instanceof HetznerError && error.status === 403) {
			return false;
		}

		throw error;
	}
}

const imageRow = z.object({deprecated: z.string().optional().catch(undefined)});

/**
Since when the image of that name (or number) is deprecated: it goes some months after that. Undefined when it is not. Throws HetznerError.
*/
export async function imageDeprecated(send: Send, image: string): Promise<Instant | undefined> {
	const rows = /^\d+$/v.test(image)
		? [z.object({image: z.unknown()}).safeParse(await send({method: 'GET', path: `/images/${image}`})).data?.image]
		: (await readPages(send, {path: '/images', key: 'images', query: {name: image, include_deprecated: true}})).rows;
	const moments = rows.map(row => parseInstant(imageRow.safeParse(row).data?.deprecated ?? '')).filter(moment => moment !== undefined);
	return moments.length === 0 ? undefined : instant(Math.min(...moments));
}

/**
The names of the images that Hetzner offers to everybody. Throws HetznerError.
*/
export async function imageNames(send: Send): Promise<readonly string[]> {
	const {rows} = await readPages(send, {path: '/images', key: 'images', query: {type: 'system'}});
	return [...new Set(rows.flatMap(row => z.object({name: z.string()}).safeParse(row).data?.name ?? []))];
}

const labelledRow = z.object({name: z.string(), labels: z.object({'github-owner': z.string(), 'github-repository': z.string()}).catchall(z.unknown())});

/**
Names of servers that this program made for other repositories, by "owner/name" as their labels say it. Throws HetznerError.
*/
export async function serversElsewhere(send: Send, repository: Repository): Promise<ReadonlyMap<string, readonly string[]>> {
	const own = ownLabels(repository);
	const {rows} = await readPages(send, {path: '/servers', key: 'servers', query: {label_selector: `managed-by==${own['managed-by']}`}});
	const found = new Map<string, string[]>();
	for (const row of rows) {
		const {data} = labelledRow.safeParse(row);
		if (data === undefined || (data.labels['github-owner'] === own['github-owner'] && data.labels['github-repository'] === own['github-repository'])) {
			continue;
		}

		const of = `${data.labels['github-owner']}/${data.labels['github-repository']}`;
		found.set(of, [...found.get(of) ?? [], data.name]);
	}

	return found;
}
