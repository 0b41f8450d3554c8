import type {RequestName} from '../request-pipeline.ts';
import type {World} from '../world.ts';
import type {Incoming, Reply} from './message.ts';
import type {Place} from './github-bodies.ts';
import {pageOf} from './paging.ts';

/**
Answers a request; `id`: what its path names.
*/
export type Handler = (place: Place, incoming: Incoming, id: string) => Reply;

/**
A path below /repos/{owner}/{repo}, and what answers it.
*/
export type Row = readonly [method: string, path: RegExp, operation: RequestName['operation'], handler: Handler];

/**
What GitHub says to what it does not know, or does not let one know.
*/
export function notFound(): Reply {
	return {status: 404, body: {message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404'}};
}

export function ok(body: unknown): Reply {
	return {status: 200, body};
}

/**
A list's page; no more than `most` rows are on its pages in all, whatever the number it announces.
*/
export function list<Item>(world: World, incoming: Incoming, name: string, items: readonly Item[], bodyOf: (item: Item) => unknown, most = Infinity): Reply {
	const page = pageOf(incoming, items.slice(0, most), {usual: 30, most: world.parameters.rowsPerPage});
	return {
		status: 200,
		rows: page.items.length,
		body: {total_count: items.length, [name]: page.items.map(item => bodyOf(item))},
		headers: page.link === undefined ? {} : {link: page.link},
	};
}
