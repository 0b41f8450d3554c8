/**
The most that one answer may be, unpacked, bytes.
*/
const mostBytes = 32 * 1024 * 1024;

/**
Answers longer than that are read on one after another, so that many of them at once do not take many times the memory.
*/
const largeBytes = 4 * 1024 * 1024;

let lastLarge: Promise<void> = Promise.resolve();

/**
An answer that is longer than any that an API has reason to give.
*/
class TooLongError extends Error {
	override readonly name = 'TooLongError';

	constructor() {
		super(`an answer of more than ${mostBytes / 1024 / 1024} MB`);
	}
}

/**
The same answer with its body read to the end, unpacked. It is read in pieces, however it was packed: who sends little and means much is
stopped on the way. Throws TooLongError, and what reading throws.
*/
export async function bounded(response: Response): Promise<Response> {
	if (response.body === null) {
		return response;
	}

	const reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> = response.body.getReader();
	const chunks: Array<Uint8Array<ArrayBuffer>> = [];
	let length = 0;
	let leave: (() => void) | undefined;
	try {
		for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
			const chunk: Uint8Array<ArrayBuffer> = piece.value;
			length += chunk.length;
			if (length > mostBytes) {
				throw new TooLongError();
			}

			if (length > largeBytes) {
				leave ??= await enterLarge();
			}

			chunks.push(chunk);
		}
	} catch (error) {
		chunks.length = 0;
		await reader.cancel().catch(() => undefined); // Ends the transfer.
		throw error;
	} finally {
		leave?.();
	}

	const headers = new Headers(response.headers);
	headers.delete('content-encoding'); // It is unpacked already.
	headers.delete('content-length');
	return new Response([204, 205, 304].includes(response.status) ? undefined : new Blob(chunks), {status: response.status, headers});
}

// Answers what lets the next one in.
async function enterLarge(): Promise<() => void> {
	const before = lastLarge;
	const {promise, resolve} = Promise.withResolvers<void>();
	lastLarge = promise;
	await before;
	return resolve;
}
