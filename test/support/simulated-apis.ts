import * as z from 'zod';
import type {Given} from '../../source/simulator/given.ts';
import {fetchFrom} from '../../source/simulator/http/fetch.ts';
import {githubApi} from '../../source/simulator/http/github-api.ts';
import {hetznerApi} from '../../source/simulator/http/hetzner-api.ts';

export type Answer = {
	readonly status: number;
	readonly headers: Headers;
	readonly body: Readonly<Record<string, unknown>>;
	/**
	The rows of a list, under whatever name.
	*/
	readonly rows: ReadonlyArray<Readonly<Record<string, unknown>>>;
};

type Ask = (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>;

/**
The HTTP of a world on a virtual clock: GitHub's paths below the repository (others with a leading "//"), Hetzner's below /v1.
*/
export function simulatedApis(day: Given): {readonly github: Ask; readonly hetzner: Ask} {
	const {world} = day;
	const github = fetchFrom(new Map([['https://github.simulated', githubApi(world)]]));
	const hetzner = fetchFrom(new Map([['https://hetzner.simulated', hetznerApi(world)]]));
	const row = z.record(z.string(), z.unknown());
	const ask = async (answer: Promise<Response>): Promise<Answer> => {
		let isDone = false;
		const watched = answer.finally(() => {
			isDone = true;
		});
		await day.clock.passUntil(() => isDone, 3600);
		const response = await watched;
		const text = await response.text();
		const body = text === '' || text.startsWith('<') ? {} : z.unknown().transform(value => row.safeParse(value).data ?? {list: value}).parse(JSON.parse(text));
		const list: unknown = Object.values(body).find(value => Array.isArray(value));
		return {
			status: response.status, headers: response.headers, body, rows: z.array(row).safeParse(list).data ?? [],
		};
	};

	return {
		github: async (method, path, body, headers) => ask(github(`https://github.simulated${path.startsWith('//') ? path.slice(1) : `/repos/acme/widgets${path}`}`, {
			method, headers: {authorization: `Bearer ${world.githubToken}`, 'user-agent': 'test', ...headers}, ...(body !== undefined && {body: JSON.stringify(body)}),
		})),
		hetzner: async (method, path, body, headers) => ask(hetzner(`https://hetzner.simulated/v1${path}`, {
			method, headers: {authorization: `Bearer ${world.hetznerToken}`, ...headers}, ...(body !== undefined && {body: JSON.stringify(body)}),
		})),
	};
}
