type Fetch = typeof fetch;

/**
Network's own patience with one attempt, in real milliseconds whatever the clock's speed.
*/
const attemptMilliseconds = 30_000;

/**
The most that one answer may be, unpacked, bytes.
*/
const mostBytes = 32 * 1024 * 1024;

const mostHops = 3;

/**
An answer that is longer than any that GitHub has reason to give.
*/
export class TooLongError extends Error {
	override readonly name = 'TooLongError';

	constructor() {
		super(`an answer of more than ${mostBytes / 1024 / 1024} MB`);
	}
}

/**
Fetch with a time limit for each attempt and a bound for each body. Redirects are followed to the same origin only, with method and body as they
were: fetch itself turns a redirected POST into a GET, which at a renamed repository asks for something else, and believes any host.
*/
export function patientFetch(milliseconds = attemptMilliseconds, send: Fetch = async (input, init) => fetch(input, init)): Fetch {
	return async (input, init = {}) => {
		const limit = AbortSignal.timeout(milliseconds);
		const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
		let url = new URL(input instanceof Request ? input.url : input);
		for (let hops = 0; ; hops++) {
			const response = await send(url, {...init, signal, redirect: 'manual'});
			const location = response.headers.get('location') ?? '';
			const isRedirect = response.status > 300 && response.status < 400 && response.status !== 304 && location !== '' && URL.canParse(location, url.href);
			const next = isRedirect ? new URL(location, url) : url;
			if (!isRedirect || next.origin !== url.origin || hops === mostHops) {
				return bounded(response);
			}

			await response.body?.cancel();
			url = next;
		}
	};
}

// The body is read here, in pieces, however it was packed: who sends little and means much is stopped on the way.
async function bounded(response: Response): Promise<Response> {
	if (response.body === null) {
		return response;
	}

	const chunks: Array<Uint8Array<ArrayBuffer>> = [];
	let length = 0;
	for await (const chunk of response.body) {
		length += chunk.length;
		if (length > mostBytes) {
			throw new TooLongError(); // Leaving the loop ends the transfer.
		}

		chunks.push(chunk);
	}

	const headers = new Headers(response.headers);
	headers.delete('content-encoding'); // It is unpacked already.
	headers.delete('content-length');
	const mayHaveBody = ![204, 205, 304].includes(response.status);
	return new Response(mayHaveBody ? new Blob(chunks) : null, {status: response.status, headers}); // eslint-disable-line @typescript-eslint/no-restricted-types
}
