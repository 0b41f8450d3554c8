import {createHash} from 'node:crypto';
import {apiTime} from '../api-clock.ts';
import {unauthorized, type OtherAnswer} from '../gate.ts';
import type {World} from '../world.ts';
import {
	createApi,
	type AnswerApi,
	type Incoming,
	type Reply,
} from './api.ts';
import {githubRoute, notFound} from './github-routes.ts';

/**
GitHub's REST API: `/repos/...`, and `/api/v3/repos/...` as on an Enterprise Server.
*/
export function githubApi(world: World): AnswerApi {
	return createApi({
		api: 'github',
		world,
		latencySeconds: world.knobs.githubLatencySeconds,
		find(incoming) {
			if (incoming.headers['user-agent'] === undefined) {
				return {status: 403, body: '\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required).\r\n'};
			}

			const version = incoming.headers['x-github-api-version'];
			if (version !== undefined && !['2022-11-28', '2026-03-10'].includes(String(version))) {
				return {status: 410, body: {message: `"${String(version)}" is not a supported version.`, status: '410'}};
			}

			return tokenOf(incoming) === world.githubToken ? githubRoute(world, incoming) ?? notFound() : dress(unauthorized('github'));
		},
		dress,
		finish: (incoming, reply) => finish(world, incoming, reply),
	});
}

function tokenOf(incoming: Incoming): string | undefined {
	return /^(?:token|bearer) (?<token>\S+)$/iv.exec(incoming.headers.authorization ?? '')?.groups?.token;
}

function dress(answer: OtherAnswer): Reply {
	const body = answer.isHtml
		? `<html><head><title>${answer.status}</title></head><body><h1>Unicorn!</h1><p>${answer.message}</p></body></html>`
		: {message: answer.message, documentation_url: 'https://docs.github.com/rest', status: String(answer.status)};
	return {status: answer.status, body, headers: answer.headers};
}

// ETags are bound to the token; a 304 costs nothing of the budget, which the gate gives back once it has logged the answer.
function finish(world: World, incoming: Incoming, reply: Reply): Reply {
	const {limit, remaining, resetAt} = world.gate.limitOf('github');
	const etag = reply.status === 200 && incoming.method === 'GET'
		? `W/"${createHash('sha256').update(`${tokenOf(incoming)}\n${JSON.stringify(reply.body)}`).digest('hex')}"`
		: undefined;
	const isUnchanged = etag !== undefined && incoming.headers['if-none-match'] === etag;
	const left = isUnchanged ? Math.min(limit, remaining + 1) : remaining;
	const headers = {
		'x-github-media-type': 'github.v3; format=json',
		'x-github-api-version-selected': String(incoming.headers['x-github-api-version'] ?? '2022-11-28'),
		'x-github-request-id': createHash('sha256').update(`${world.gate.log.length}`).digest('hex').slice(0, 24).toUpperCase(),
		...(world.knobs.githubHasLimits && {
			'x-ratelimit-limit': String(limit),
			'x-ratelimit-remaining': String(left),
			'x-ratelimit-used': String(limit - left),
			'x-ratelimit-reset': String(Math.ceil(apiTime(world, 'github', resetAt) / 1000)),
			'x-ratelimit-resource': 'core',
		}),
		...world.knobs.githubTokenHeaders,
		date: new Date(apiTime(world, 'github', world.now())).toUTCString(),
		...(etag !== undefined && {etag}),
		...reply.headers,
	};
	return isUnchanged ? {status: 304, headers} : {...reply, headers};
}
