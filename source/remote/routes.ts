import type {IncomingMessage} from 'node:http';
import * as z from 'zod';
import {ReadOnlyError, type Controller} from '../scaler/controller.ts';
import {decode} from './codec.ts';
import {paths, versionHeader} from './protocol.ts';
import {requests} from './schema/requests.ts';

/**
The longest body that is read, bytes.
*/
const bodyLimit = 262_144;

/**
Requests that act: so many at once, then so many a second, of all consoles together. And how often one of them may hasten the next poll.
*/
const requestsAtOnce = 60;
const requestsPerSecond = 5;
const readNowMilliseconds = 2000;

/**
A request that is not done, with the status that says why.
*/
export class Refused extends Error {
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}

/**
Does what was asked; resolves with the body of the answer. `query`: what
follows the path's question mark. Rejects with Refused or ReadOnlyError.
*/
export type Route = (request: IncomingMessage, query: string) => Promise<unknown>;

/**
What a console may ask of that controller, by method and path. What acts is done only for a console of the same version.
*/
export function routesOf(controller: Controller, version: string): ReadonlyMap<string, Route> {
	const takeTurn = createLimit();
	let readNowAt = -Infinity;

	const checkVersion = (request: IncomingMessage): void => {
		const theirs = request.headers[versionHeader];
		if (theirs !== version) {
			throw new Refused(409, `the engine is version ${version}, this console ${String(theirs ?? 'unknown')}: it is read-only`);
		}
	};

	const checkServer = (name: string): void => {
		if (controller.state().servers.items.every(known => known.name !== name)) {
			throw new Refused(404, 'there is no such server of ours');
		}
	};

	const post = <Schema extends z.ZodType>(path: string, schema: Schema, act: (body: z.infer<Schema>) => Promise<unknown>): readonly [string, Route] => [`POST ${path}`, async request => {
		checkVersion(request);
		takeTurn();
		const parsed = schema.safeParse(await bodyOf(request));
		if (!parsed.success) {
			throw new Refused(400, z.prettifyError(parsed.error).slice(0, 1000));
		}

		return await act(parsed.data) ?? {};
	}];

	return new Map<string, Route>([
		[`GET ${paths.scripts}`, async () => controller.scripts()],
		[`GET ${paths.scriptVariables}`, async () => controller.scriptVariables()],
		[`GET ${paths.scriptText}`, async (_request, hash) => ({text: await controller.scriptText(hash)})],
		[`POST ${paths.readNow}`, async request => {
			checkVersion(request);
			if (controller.state().policy.isReadOnly) {
				throw new ReadOnlyError();
			}

			// Sooner than that it has just been done, or is about to be.
			if (performance.now() - readNowAt >= readNowMilliseconds) {
				readNowAt = performance.now();
				controller.readNow();
			}

			request.resume();
			return {};
		}],
		post(paths.mode, requests.mode, async ({mode, by}) => controller.setMode(mode, by)),
		post(paths.deleteServers, requests.deleteServers, async ({names, by, typed}) => {
			for (const name of names) {
				checkServer(name);
			}

			return controller.deleteServers(names, by, typed);
		}),
		post(paths.keepServer, requests.keepServer, async ({name, seconds, by}) => {
			checkServer(name);
			return controller.keepServer(name, seconds, by);
		}),
		post(paths.maxRunners, requests.maxRunners, async ({limit, by}) => controller.setMaxRunners(limit, by)),
		post(paths.drainServer, requests.drainServer, async ({name, isDraining, by}) => {
			checkServer(name);
			return controller.drainServer(name, isDraining, by);
		}),
	]);
}

// Answers a function that throws Refused when too much is asked for.
function createLimit(): () => void {
	let left = requestsAtOnce;
	let at = performance.now();
	return () => {
		const now = performance.now();
		left = Math.min(requestsAtOnce, left + ((now - at) / 1000 * requestsPerSecond));
		at = now;
		if (left < 1) {
			throw new Refused(429, `consoles ask for too much: more than ${requestsPerSecond} actions a second`);
		}

		left--;
	};
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
	request.setEncoding('utf8');
	let text = '';
	for await (const piece of request) {
		text += String(piece);
		if (text.length > bodyLimit) {
			throw new Refused(413, `a request is ${bodyLimit} bytes at the most`);
		}
	}

	try {
		return decode(text);
	} catch {
		throw new Refused(400, 'the request is not JSON');
	}
}
