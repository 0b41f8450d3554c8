import {incomingOf, textOf} from './api.ts';
import type {AnswerApi} from './message.ts';

/**
A `fetch` that reaches these APIs without a network, each under its origin ("https://github.simulated"). Nothing else is there.
*/
export function fetchFrom(apis: ReadonlyMap<string, AnswerApi>): typeof fetch {
	return async (input, init = {}) => {
		const url = new URL(input instanceof Request ? input.url : input);
		const api = apis.get(url.origin);
		if (api === undefined) {
			throw new TypeError('fetch failed', {cause: new Error(`nothing is simulated at ${url.origin}`)});
		}

		init.signal?.throwIfAborted();
		const answered = await untilAborted(api(incomingOf({
			method: init.method ?? 'GET',
			url: `${url.pathname}${url.search}`,
			headers: Object.fromEntries(new Headers(init.headers)),
			text: typeof init.body === 'string' ? init.body : '',
		}, url.origin)), init.signal ?? undefined);
		if (answered === 'reset') {
			throw new TypeError('fetch failed', {cause: new Error('read ECONNRESET')});
		}

		const body = textOf(answered.reply, answered.isCut);
		return new Response(body?.text ?? null, {
			status: answered.reply.status,
			headers: {...(body !== undefined && {'content-type': body.contentType}), ...answered.reply.headers},
		});
	};
}

// A client that goes away does not undo what its request does.
async function untilAborted<Value>(answer: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
	if (signal === undefined) {
		return answer;
	}

	const {promise, reject} = Promise.withResolvers<never>();
	const leave = () => {
		reject(signal.reason as Error);
	};

	signal.addEventListener('abort', leave, {once: true});
	try {
		return await Promise.race([answer, promise]);
	} finally {
		signal.removeEventListener('abort', leave);
	}
}
