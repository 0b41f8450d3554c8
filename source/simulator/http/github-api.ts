import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {apiTime} from '../api-clock.ts';
import {unauthorized, type OtherAnswer} from '../request-pipeline.ts';
import {later} from '../../model/time.ts';
import type {LimitState} from '../limits.ts';
import type {World} from '../world.ts';
import {createApi} from './api.ts';
import type {AnswerApi, Incoming, Reply} from './message.ts';
import {notFound} from './github-lists.ts';
import {asApp, isAppToken, withRights} from './github-app-routes.ts';
import {githubRoute} from './github-routes.ts';

/**
GitHub's REST API: `/repos/...`, and `/api/v3/repos/...` as on an Enterprise Server.
*/
export function githubApi(world: World): AnswerApi {
	let count = 0;
	return createApi({
		api: 'github',
		world,
		latencySeconds: world.parameters.githubLatencySeconds,
		find(incoming) {
			if (incoming.headers['user-agent'] === undefined) {
				return {status: 403, body: '\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required).\r\n'};
			}

			const version = incoming.headers['x-github-api-version'];
			if (version !== undefined && !['2022-11-28', '2026-03-10'].includes(String(version))) {
				return {status: 410, body: {message: `"${String(version)}" is not a supported version.`, status: '410'}};
			}

			const token = tokenOf(incoming);
			const ofApp = asApp(world, incoming, token);
			if (ofApp !== undefined) {
				return ofApp;
			}

			if (token !== world.githubToken && !isAppToken(world, token)) {
				return formatError(unauthorized('github'));
			}

			const route = githubRoute(world, incoming);
			return route === undefined ? notFound() : withRights(world, route, token);
		},
		formatError,
		finish: (incoming, reply) => finish(world, incoming, reply, ++count),
	});
}

function tokenOf(incoming: Incoming): string | undefined {
	const {scheme, credentials} = /^(?<scheme>token|bearer|basic) (?<credentials>\S+)$/iv.exec(incoming.headers.authorization ?? '')?.groups ?? {};
	return scheme?.toLowerCase() === 'basic' ? Buffer.from(credentials ?? '', 'base64').toString().split(':', 2)[1] : credentials;
}

function formatError(answer: OtherAnswer): Reply {
	const body = answer.isHtml
		? `<html><head><title>${answer.status}</title></head><body><h1>Unicorn!</h1><p>${answer.message}</p></body></html>`
		: {message: answer.message, documentation_url: 'https://docs.github.com/rest', status: String(answer.status)};
	return {status: answer.status, body, headers: answer.headers};
}

// ETags are bound to the token; a 304 costs nothing of the budget, which the pipeline gives back once it has logged the answer.
function finish(world: World, incoming: Incoming, reply: Reply, number: number): Reply {
	const {limit, remaining, resetAt} = reply.status === 401 ? withoutToken(world) : world.pipeline.limitOf('github');
	const etag = reply.status === 200 && ['GET', 'HEAD'].includes(incoming.method)
		? `W/"${createHash('sha256').update(`${tokenOf(incoming)}\n${JSON.stringify(reply.body)}`).digest('hex')}"`
		: undefined;
	const isUnchanged = etag !== undefined && isNamed((incoming.headers['if-none-match'] ?? ''), etag);
	const left = isUnchanged ? Math.min(limit, remaining + 1) : remaining;
	const headers = {
		'x-github-media-type': 'github.v3; format=json',
		'x-github-api-version-selected': String(incoming.headers['x-github-api-version'] ?? '2022-11-28'),
		'x-github-request-id': createHash('sha256').update(`${world.seed} ${number}`).digest('hex').slice(0, 24).toUpperCase(),
		...(world.parameters.githubHasLimits && {
			'x-ratelimit-limit': String(limit),
			'x-ratelimit-remaining': String(left),
			'x-ratelimit-used': String(limit - left),
			'x-ratelimit-reset': String(Math.ceil(apiTime(world, 'github', resetAt) / 1000)),
			'x-ratelimit-resource': 'core',
		}),
		...(reply.status !== 401 && tokenOf(incoming) === world.githubToken && world.parameters.githubTokenHeaders),
		date: new Date(apiTime(world, 'github', world.now())).toUTCString(),
		vary: 'Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With',
		...(etag !== undefined && {etag, 'cache-control': 'private, max-age=60, s-maxage=60'}),
		...reply.headers,
	};
	return isUnchanged ? {status: 304, headers} : {...reply, headers};
}

// By the weak comparison that If-None-Match asks for: a list, weak or strong, or anything.
function isNamed(header: string, etag: string): boolean {
	const opaque = (tag: string) => tag.trim().replace(/^W\//v, '');
	return header.trim() === '*' || header.split(',').some(tag => opaque(tag) === opaque(etag));
}

// Who has no good token has the budget of their address.
function withoutToken(world: World): LimitState {
	return {limit: 60, remaining: 59, resetAt: later(world.now(), 3600)};
}
