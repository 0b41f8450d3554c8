import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {
	createServer, request, type IncomingMessage, type ServerResponse,
} from 'node:http';
import {gzipSync} from 'node:zlib';

const beginning = '{"total_count":0,"workflow_runs":[],"x":"';

/**
Answers a request itself and says so, or leaves it to the API.
*/
export type Instead = (incoming: IncomingMessage, response: ServerResponse) => boolean;

/**
Stands before an API and hands requests on, but for those that `instead` answers.
*/
export async function serveFront(apiUrl: string, instead: Instead): Promise<{readonly url: string; readonly close: () => void}> {
	const target = new URL(apiUrl);
	const server = createServer((incoming, response) => {
		if (instead(incoming, response)) {
			return;
		}

		const onward = request({
			host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers: incoming.headers,
		}, answer => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(response);
		});
		onward.on('error', () => {
			response.destroy();
		});
		incoming.pipe(onward);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	return {
		url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}${target.pathname.replace(/\/$/v, '')}`,
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

/**
Answers every request for workflow runs with `answer`, and counts them.
*/
export function insteadOfRuns(answer: (response: ServerResponse) => void): {readonly instead: Instead; readonly count: () => number} {
	let count = 0;
	return {
		instead(incoming, response) {
			if (incoming.url?.includes('/actions/runs') !== true) {
				return false;
			}

			count++;
			answer(response);
			return true;
		},
		count: () => count,
	};
}

/**
Sends that many bytes of one JSON answer, or as many as the other side takes; `onSent` hears of each piece.
*/
export function pour(response: ServerResponse, bytes: number, onSent: (bytes: number) => void): void {
	const piece = Buffer.alloc(1_000_000, 'a');
	let left = bytes;
	const more = (): void => {
		while (left > 0 && !response.destroyed) {
			left -= piece.length;
			onSent(piece.length);
			if (!response.write(piece)) {
				response.once('drain', more);
				return;
			}
		}

		response.end('"}');
	};

	response.on('error', () => undefined);
	response.writeHead(200, {'content-type': 'application/json'});
	response.write(beginning);
	more();
}

let packed: Uint8Array | undefined;

/**
An answer of a gigabyte, as gzip.
*/
export function packedGigabyte(): Uint8Array {
	packed ??= gzipSync(Buffer.concat([Buffer.from(beginning), Buffer.alloc(1_000_000_000, 'a'), Buffer.from('"}')]));
	return packed;
}
