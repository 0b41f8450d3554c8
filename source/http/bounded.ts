/**
The most that one answer may be, unpacked, bytes.
*/
const mostBytes = 32 * 1024 * 1024;

/**
An answer that is longer than any that an API has reason to give.
*/
export class TooLongError extends Error {
	override readonly name = 'TooLongError';

	constructor() {
		super(`an answer of more than ${mostBytes / 1024 / 1024} MB`);
	}
}

/**
The same answer with its body read to the end, unpacked. It is read in pieces, however it was packed: who sends little and means much is stopped on
the way. Throws TooLongError, and what reading throws.
*/
export async function bounded(response: Response): Promise<Response> {
	const body: ReadableStream<Uint8Array<ArrayBuffer>> | null = response.body; // eslint-disable-line @typescript-eslint/no-restricted-types
	if (body === null) {
		return response;
	}

	const chunks: Array<Uint8Array<ArrayBuffer>> = [];
	let length = 0;
	for await (const chunk of body) {
		length += chunk.length;
		if (length > mostBytes) {
			throw new TooLongError(); // Leaving the loop ends the transfer.
		}

		chunks.push(chunk);
	}

	const headers = new Headers(response.headers);
	headers.delete('content-encoding'); // It is unpacked already.
	headers.delete('content-length');
	return new Response([204, 205, 304].includes(response.status) ? undefined : new Blob(chunks), {status: response.status, headers});
}
