import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {createServer, type IncomingHttpHeaders} from 'node:http';

/**
A request as it arrived.
*/
export type Arrived = {
	readonly method: string;
	readonly path: string;
	readonly query: URLSearchParams;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
};

/**
What to answer; `drop` cuts the connection without a word, `hang` never answers.
*/
export type Answer = 'drop' | 'hang' | {readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown; readonly raw?: string};

export type AnsweringServer = {readonly url: string; readonly arrived: readonly Arrived[]; readonly close: () => Promise<void>};

/**
An HTTP server on loopback that answers as told and remembers what it was asked.
*/
export async function answeringServer(answer: (request: Arrived, count: number) => Answer): Promise<AnsweringServer> {
	const arrived: Arrived[] = [];
	const server = createServer((request, response) => {
		const chunks: Uint8Array[] = [];
		request.on('data', (chunk: Uint8Array) => {
			chunks.push(chunk);
		});
		request.once('end', () => {
			const url = new URL(request.url ?? '/', 'http://server');
			const one: Arrived = {
				method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers, body: Buffer.concat(chunks).toString(),
			};
			arrived.push(one);
			const told = answer(one, arrived.length);
			if (told === 'drop') {
				request.socket.destroy();
			} else if (told !== 'hang') {
				const {status = 200, headers = {}, body, raw} = told;
				response.sendDate = false; // Tests have clocks of their own.
				response.writeHead(status, {'content-type': 'application/json; charset=utf-8', ...headers});
				response.end(raw ?? (body === undefined ? undefined : JSON.stringify(body)));
			}
		});
	});
	// A test that failed before it closed this must not keep the process.
	server.unref();
	server.on('connection', socket => {
		socket.unref();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	return {
		url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
		arrived,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
