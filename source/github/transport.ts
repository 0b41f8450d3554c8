import type {EtagCache} from './etag-cache.ts';

type Fetch = typeof fetch;

/**
Network's own patience with one attempt, in real milliseconds whatever the clock's speed.
*/
const attemptMilliseconds = 30_000;

/**
Fetch with a time limit for each attempt, and with redirected writes sent on as they are: fetch itself turns a redirected POST
into a GET, which at a renamed repository asks for something else.
*/
export function patientFetch(milliseconds = attemptMilliseconds): Fetch {
	return async (input, init = {}) => {
		const limit = AbortSignal.timeout(milliseconds);
		const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
		if (init.method !== 'POST') {
			return fetch(input, {...init, signal});
		}

		let url = new URL(input instanceof Request ? input.url : input);
		for (let hops = 0; ; hops++) {
			const response = await fetch(url, {...init, signal, redirect: 'manual'});
			const next = new URL(response.headers.get('location') ?? '', url);
			const isRedirect = response.status >= 300 && response.status < 400;
			if (!isRedirect || next.origin !== url.origin || hops === 3) {
				return response;
			}

			await response.body?.cancel();
			url = next;
		}
	};
}

/**
Fetch that asks GitHub whether a kept answer still holds and hands that out as a 200 when it does.
Every other answer passes through; good ones with an ETag are kept. One that broke off on the way is not: GitHub would confirm it for ever.
*/
export function conditionalFetch(inner: Fetch, cache: EtagCache): Fetch {
	return async (input, init = {}) => {
		const url = input instanceof Request ? input.url : String(input);
		const kept = cache.get(url);
		const headers = new Headers(init.headers);
		if (kept !== undefined) {
			headers.set('if-none-match', kept.etag);
		}

		const response = await inner(input, {...init, headers});
		if (response.status === 304 && kept !== undefined) {
			const fresh = new Headers(response.headers);
			fresh.set('content-type', kept.contentType);
			fresh.delete('content-length');
			return new Response(kept.body, {status: 200, headers: fresh});
		}

		const etag = response.headers.get('etag');
		if (response.status !== 200 || etag === null) {
			return response;
		}

		const body = await response.text();
		const contentType = response.headers.get('content-type') ?? 'application/json';
		if (isJson(body)) {
			cache.set(url, {etag, body, contentType});
		}

		const whole = new Headers(response.headers);
		whole.delete('content-encoding'); // The text is decoded already.
		whole.delete('content-length');
		return new Response(body, {status: 200, headers: whole});
	};
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
