import {createHash} from 'node:crypto';
import {apiTime} from '../api-clock.ts';
import type {OtherAnswer} from '../request-pipeline.ts';
import type {World} from '../world.ts';
import {createApi} from './api.ts';
import type {AnswerApi, Reply} from './message.ts';
import {errorReply} from './hetzner-lists.ts';
import {hetznerRoute} from './hetzner-routes.ts';

/**
Hetzner's Cloud API, under `/v1`.
*/
export function hetznerApi(world: World): AnswerApi {
	let count = 0;
	return createApi({
		api: 'hetzner',
		world,
		latencySeconds: world.parameters.hetznerLatencySeconds,
		find(incoming) {
			const route = hetznerRoute(world, incoming);
			if (route === 'noRoute') {
				return errorReply({status: 404, code: 'not_found', message: 'api route not found'});
			}

			const token = /^Bearer (?<token>\S+)$/v.exec(incoming.headers.authorization ?? '')?.groups?.token;
			if (token !== world.hetznerToken) {
				return errorReply({status: 401, code: 'unauthorized', message: token === undefined ? 'token is required' : 'the token you have provided is invalid'});
			}

			return route === 'wrongMethod' ? errorReply({status: 405, code: 'method_not_allowed', message: 'method not allowed'}) : route;
		},
		formatError,
		finish: (_incoming, reply) => finish(world, reply, ++count),
	});
}

function formatError(answer: OtherAnswer): Reply {
	return {...(answer.isHtml ? {status: answer.status, body: `<html><body><h1>${answer.status}</h1>${answer.message}</body></html>`} : errorReply(answer)), headers: answer.headers};
}

// `number`: of the answer, so that no two have the same correlation id.
function finish(world: World, reply: Reply, number: number): Reply {
	const {limit, remaining, resetAt} = world.pipeline.limitOf('hetzner');
	return {
		...reply,
		headers: {
			...(reply.status !== 401 && {'ratelimit-limit': String(limit), 'ratelimit-remaining': String(remaining), 'ratelimit-reset': String(Math.ceil(apiTime(world, 'hetzner', resetAt) / 1000))}),
			'x-correlation-id': createHash('sha256').update(`${world.seed} ${number}`).digest('hex').slice(0, 16),
			date: new Date(apiTime(world, 'hetzner', world.now())).toUTCString(),
			...reply.headers,
		},
	};
}
