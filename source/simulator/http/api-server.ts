import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {gzipSync} from 'node:zlib';
import {incomingOf, textOf} from './api.ts';
import type {AnswerApi, Reply} from './message.ts';

export type ApiServer = {readonly url: string; readonly close: () => Promise<void>};

/**
Serves an API on a free port of 127.0.0.1.
*/
export async function serveApi(answer: AnswerApi): Promise<ApiServer> {
	let url = '';

	async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const text = await readBody(request);
		const answered = await answer(incomingOf({
			method: request.method ?? 'GET', url: request.url ?? '/', headers: request.headers, text,
		}, url));
		if (answered === 'reset') {
			request.socket.destroy();
		} else {
			send(request, response, answered.reply, answered.isCut);
		}
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
				send(request, response, {status: 500, body: {message: `The simulator failed: ${String(error)}`}}, false);
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

function send(request: IncomingMessage, response: ServerResponse, reply: Reply, isCut: boolean): void {
	const body = textOf(reply, isCut);
	const isZipped = body !== undefined && !isCut && body.text.length > 1000 && /\bgzip\b/v.test(request.headers['accept-encoding']?.toString() ?? '');
	const plain = Buffer.from(body?.text ?? '');
	const bytes = isZipped ? gzipSync(plain) : plain;
	response.writeHead(reply.status, {
		...(body !== undefined && {'content-type': body.contentType}),
		...(isZipped && {'content-encoding': 'gzip'}),
		...(reply.status !== 204 && reply.status !== 304 && {'content-length': bytes.length}),
		...reply.headers,
	});
	response.end(request.method === 'HEAD' ? undefined : bytes);
}
