import {bounded} from '../http/bounded.ts';

type Fetch = typeof fetch;

/**
Network's own patience with one attempt, in real milliseconds whatever the clock's speed.
*/
const attemptMilliseconds = 30_000;

const mostHops = 3;

/**
Fetch with a time limit for each attempt and a bound for each body. Redirects are followed to the same origin only, with method and body as they
were: fetch itself turns a redirected POST into a GET, which at a renamed repository asks for something else, and believes any host.
`admit` is asked before anything goes out, be it a first attempt, a retry or the next hop of a redirect; what it throws is thrown, and nothing is sent.
*/
export function patientFetch(
	milliseconds = attemptMilliseconds,
	send: Fetch = async (input, init) => fetch(input, init),
	admit?: (method: string) => void,
): Fetch {
	return async (input, init = {}) => {
		const limit = AbortSignal.timeout(milliseconds);
		const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
		let url = new URL(input instanceof Request ? input.url : input);
		for (let hops = 0; ; hops++) {
			admit?.(init.method ?? 'GET');
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
