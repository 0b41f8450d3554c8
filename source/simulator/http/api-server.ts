import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {type Range, diceFor} from '../chance.ts';
import type {Api} from '../faults.ts';
import type {OtherAnswer, RequestName} from '../gate.ts';
import type {World} from '../world.ts';

/**
A request as the routes see it.
*/
export type Incoming = {
	readonly method: string;
	/**
	Without host, query and any `/api/v3`.
	*/
	readonly path: string;
	readonly query: URLSearchParams;
	readonly headers: IncomingMessage['headers'];
	/**
	Parsed JSON; undefined when there was none, or when it was none.
	*/
	readonly body: unknown;
	/**
	What absolute URLs in answers begin with: the way the client came.
	*/
	readonly origin: string;
};

/**
`body` undefined: no body. A text is sent as it is, anything else as JSON.
*/
export type Reply = {readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>};

export type Route = RequestName & {readonly answer: () => Reply};

/**
What makes an API of a plain HTTP server.
*/
export type ApiRules = {
	readonly api: Api;
	readonly world: World;
	readonly latencySeconds: Range;
	/**
	The route of a request; a Reply when the API has none, or does not know the token.
	*/
	readonly find: (incoming: Incoming) => Route | Reply;
	/**
	Dresses a fault's or a limit's answer in the API's error form.
	*/
	readonly dress: (answer: OtherAnswer) => Reply;
	/**
	The last touch on every reply: headers, conditional requests.
	*/
	readonly finish: (incoming: Incoming, reply: Reply) => Reply;
};

export type ApiServer = {readonly url: string; readonly close: () => Promise<void>};

/**
Serves an API on a free port of 127.0.0.1.
*/
export async function serveApi(rules: ApiRules): Promise<ApiServer> {
	const {world} = rules;
	const earlier = new Map<string, Reply>(); // For stale answers.
	const dice = diceFor(world.seed, 'latency', rules.api);
	let url = '';

	async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const text = await readBody(request);
		const incoming = parse(request, text, url);
		world.now();
		const found = rules.find(incoming);
		if (!('operation' in found)) {
			send(response, rules.finish(incoming, found), false);
			return;
		}

		const passage = world.gate.enter(found);
		await world.clock.sleep(dice.between(rules.latencySeconds) + passage.slowSeconds);
		world.now();
		if (passage.isDown) {
			world.gate.leave(found, 0);
			request.socket.destroy();
			return;
		}

		const key = `${incoming.method} ${incoming.path}?${incoming.query.toString()}`;
		let reply = passage.instead === undefined ? found.answer() : rules.dress(passage.instead);
		if (passage.isStale) {
			reply = earlier.get(key) ?? reply;
		} else if (found.isRead && reply.status === 200) {
			earlier.set(key, reply);
		}

		reply = rules.finish(incoming, passage.afterwards === undefined ? reply : rules.dress(passage.afterwards));
		world.gate.leave(found, reply.status);
		send(response, reply, passage.isCut);
	}

	const server = createServer((request, response) => {
		// A client that goes away in between is its own affair.
		response.on('error', () => {
			response.destroy();
		});
		handle(request, response).catch((error: unknown) => {
			if (response.headersSent || response.destroyed) {
				response.destroy();
			} else {
				send(response, {status: 500, body: {message: `The simulator failed: ${String(error)}`}}, false);
			}
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
	return {
		url,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

async function readBody(request: IncomingMessage): Promise<string> {
	const parts: Uint8Array[] = [];
	for await (const part of request) {
		parts.push(new Uint8Array(Buffer.from(part)));
	}

	return new TextDecoder().decode(Buffer.concat(parts));
}

// A proxy's client sends the whole URL in the request line (gh with HTTP_PROXY does).
function parse(request: IncomingMessage, text: string, own: string): Incoming {
	const asked = request.url ?? '/';
	const isAbsolute = /^https?:\/\//v.test(asked);
	const url = URL.parse(asked, own) ?? new URL(own);
	const isVersioned = url.pathname.startsWith('/api/v3/');
	return {
		method: request.method ?? 'GET',
		path: isVersioned ? url.pathname.slice('/api/v3'.length) : url.pathname,
		query: url.searchParams,
		headers: request.headers,
		body: parseJson(text),
		origin: `${isAbsolute ? url.origin : own}${isVersioned ? '/api/v3' : ''}`,
	};
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function send(response: ServerResponse, reply: Reply, isCut: boolean): void {
	const isText = typeof reply.body === 'string';
	const text = reply.body === undefined ? '' : (isText ? reply.body : JSON.stringify(reply.body));
	const bytes = Buffer.from(isCut ? text.slice(0, Math.floor(text.length / 2)) : text);
	response.writeHead(reply.status, {
		...(reply.body !== undefined && {'content-type': isText ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8'}),
		...(reply.status !== 204 && reply.status !== 304 && {'content-length': bytes.length}),
		...reply.headers,
	});
	response.end(bytes);
}
