import type {IncomingHttpHeaders} from 'node:http';
import {rngFor, type Range} from '../chance.ts';
import type {Api} from '../faults.ts';
import type {OtherAnswer} from '../request-pipeline.ts';
import type {World} from '../world.ts';
import {keepNewest} from '../keep-newest.ts';
import type {
	AnswerApi, Incoming, Reply, Route,
} from './message.ts';
import {oddRows, oddTotal} from './odd-rows.ts';
import {corrupt} from './corrupt.ts';

/**
What tells one API from another.
*/
export type ApiRules = {
	readonly api: Api;
	readonly world: World;
	readonly latencySeconds: Range;
	/**
	The route of a request; a Reply when the API has none, or does not know the token.
	*/
	readonly find: (incoming: Incoming) => Route | Reply;
	/**
	Puts a fault's or a limit's answer in the API's error form.
	*/
	readonly formatError: (answer: OtherAnswer) => Reply;
	/**
	The last touch on every reply: headers, conditional requests.
	*/
	readonly finish: (incoming: Incoming, reply: Reply) => Reply;
};

function oddLimitHeaders(headers: Readonly<Record<string, string>>, how: 'missing' | 'wrong'): Readonly<Record<string, string>> {
	const entries = Object.entries(headers);
	return Object.fromEntries(how === 'missing'
		? entries.filter(([name]) => !name.includes('ratelimit') && name !== 'retry-after')
		: entries.map(([name, value]) => [name, name.endsWith('remaining') ? '-1' : (name.endsWith('reset') ? '0' : value)]));
}

const tooLarge: OtherAnswer = {
	status: 502, code: 'bad_gateway', message: 'We couldn\'t respond to your request in time.', isHtml: true, headers: {},
};

/**
An API of that world, whatever carries it.
*/
export function createApi(rules: ApiRules): AnswerApi {
	const {world} = rules;
	const earlier = new Map<string, Reply>(); // For stale answers.
	const rng = rngFor(world.seed, 'latency', rules.api);

	// GitHub tries for ten seconds to make a page before it gives up.
	async function isTooLarge({api, operation, subject}: Route, {rows = 0}: Reply): Promise<boolean> {
		const fault = world.faults.triggerForRequest('pageTooLarge', api, operation, subject, ({above, chance = 1}) => rows > above && rng.next() < chance);
		if (fault !== undefined) {
			await world.clock.sleep(10);
		}

		return fault !== undefined;
	}

	function odd(route: Route, reply: Reply): Reply {
		const {api, operation, subject, isRead} = route;
		const trigger = <Kind extends 'oddRows' | 'oddTotal'>(kind: Kind) => isRead && reply.status === 200 ? world.faults.triggerForRequest(kind, api, operation, subject) : undefined;
		const rows = trigger('oddRows');
		const total = reply.rows === undefined ? undefined : trigger('oddTotal');
		const result = rows === undefined ? reply : oddRows(world, route, reply, rows);
		return total === undefined ? result : oddTotal(result, total.how, rng);
	}

	return async incoming => {
		world.now();
		const found = rules.find(incoming);
		if (!('operation' in found)) {
			return {reply: rules.finish(incoming, found), isCut: false};
		}

		const passage = world.pipeline.enter(found);
		await world.clock.sleep(rng.between(rules.latencySeconds) + passage.slowSeconds);
		world.now();
		if (passage.isDown) {
			world.pipeline.leave(found, 0);
			return 'reset';
		}

		const key = `${incoming.method} ${incoming.path}?${incoming.query.toString()}`;
		let reply = passage.instead === undefined ? found.answer() : rules.formatError(passage.instead);
		if (passage.isStale) {
			reply = earlier.get(key) ?? reply;
		} else if (found.isRead && reply.status === 200) {
			keepNewest(earlier, key, reply);
		}

		if (await isTooLarge(found, reply)) {
			reply = rules.formatError(tooLarge);
		}

		reply = passage.corruption === undefined ? reply : corrupt(reply, passage.corruption, rng);
		reply = odd(found, reply);
		reply = rules.finish(incoming, passage.afterwards === undefined ? reply : rules.formatError(passage.afterwards));
		world.pipeline.leave(found, reply.status);
		const headers = world.faults.trigger('limitHeaders', fault => fault.api === rules.api);
		return {reply: headers === undefined ? reply : {...reply, headers: oddLimitHeaders(reply.headers ?? {}, headers.how)}, isCut: passage.isCut};
	};
}

/**
A request as a client wrote it down. `own`: what absolute URLs begin with when the client did not say; a proxy's client sends the whole URL (gh with HTTP_PROXY does).
*/
export function incomingOf(request: {readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders; readonly text: string}, own: string): Incoming {
	const isAbsolute = /^https?:\/\//v.test(request.url);
	const url = URL.parse(request.url, own) ?? new URL(own);
	const isVersioned = url.pathname.startsWith('/api/v3/');
	return {
		method: request.method,
		path: isVersioned ? url.pathname.slice('/api/v3'.length) : url.pathname,
		query: url.searchParams,
		headers: request.headers,
		body: parseJson(request.text),
		origin: `${isAbsolute ? url.origin : own}${isVersioned ? '/api/v3' : ''}`,
	};
}

/**
A reply's bytes as text, and what kind of text that is; undefined when it has none.
*/
export function textOf(reply: Reply, isCut: boolean): {readonly text: string; readonly contentType: string} | undefined {
	if (reply.body === undefined) {
		return undefined;
	}

	const isText = typeof reply.body === 'string';
	const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
	return {text: isCut ? text.slice(0, Math.floor(text.length / 2)) : text, contentType: isText ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8'};
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
