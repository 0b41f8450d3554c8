import {Buffer} from 'node:buffer';
import {connect} from 'node:net';

// One request of HTTP/1.0 on a Unix socket. Node's own client would load all of fetch with it, which takes a third of the time in which a console starts.

export type Answer = {
	readonly status: number;
	/**
	The body as it comes, to its end.
	*/
	readonly pieces: AsyncIterable<string>;
};

export type Request = {
	readonly socketPath: string;
	readonly method: 'GET' | 'POST';
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	/**
	Ends the request, also while its body comes.
	*/
	readonly signal: AbortSignal | undefined;
};

const longestHead = 16_384;

/**
Sends the request; resolves with the head of the answer. Rejects with what the system says when nobody answers, an Error when it is no HTTP.
Version 1.0, as an answer to it ends with its connection and is in one piece.
*/
export async function sendRequest({socketPath, method, path, headers, body, signal}: Request): Promise<Answer> {
	const socket = connect({path: socketPath, ...(signal !== undefined && {signal})});
	const head = Object.entries({...headers, 'content-length': String(Buffer.byteLength(body))}).map(([name, value]) => `${name}: ${value}\r\n`);
	socket.setEncoding('utf8').write(`${method} ${path} HTTP/1.0\r\n${head.join('')}\r\n${body}`);
	const pieces: AsyncIterator<string> = socket[Symbol.asyncIterator]();
	let text = '';
	for (;;) {
		const piece = await pieces.next();
		text += piece.done === true ? '' : piece.value;
		const end = text.indexOf('\r\n\r\n');
		if (end !== -1) {
			return {status: statusOf(text), pieces: bodyAfter(text.slice(end + 4), pieces)};
		}

		if (piece.done === true || text.length > longestHead) {
			socket.destroy();
			throw new Error(text === '' ? 'the connection ended without an answer' : 'what answers is no HTTP server');
		}
	}
}

async function * bodyAfter(first: string, pieces: AsyncIterator<string>): AsyncGenerator<string> {
	if (first !== '') {
		yield first;
	}

	yield * {[Symbol.asyncIterator]: () => pieces};
}

function statusOf(head: string): number {
	const status = /^HTTP\/1\.\d (?<status>\d{3})/v.exec(head)?.groups?.status;
	if (status === undefined) {
		throw new Error('what answers is no HTTP server');
	}

	return Number(status);
}
