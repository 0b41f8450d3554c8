import * as z from 'zod';
import {instant, parseInstant, type Instant} from '../model/time.ts';
import {HetznerError} from './errors.ts';
import {readPages} from './pages.ts';
import type {Send} from './request.ts';

/**
Whether the token may write: asked by a create call without a name, which Hetzner must find invalid once it has let it in. Throws HetznerError.
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
