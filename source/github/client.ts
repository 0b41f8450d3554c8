import {randomUUID} from 'node:crypto';
import {Octokit} from '@octokit/rest';
import type {Octokit as OctokitCore} from '@octokit/core';
import {retry} from '@octokit/plugin-retry';
import {throttling} from '@octokit/plugin-throttling';
import Bottleneck from 'bottleneck/light.js';
import type {Repository} from '../model/job.ts';
import {PortError, type Clock} from '../scaler/ports.ts';
import {etagCache} from './etag-cache.ts';
import {
	brokenAnswer,
	failureOf,
	isTimeout,
	sayFailure,
	type Asked,
	type Failure,
} from './errors.ts';
import {requestLimits, type AnswerHeaders, type RequestLimits} from './request-limits.ts';
import {conditionalFetch, patientFetch} from './transport.ts';

export type ClientOptions = {
	/**
	"https://api.github.com", "https://host/api/v3" for a GitHub Enterprise Server, or a simulator.
	*/
	readonly apiUrl: string;
	readonly token: string;
	readonly repository: Repository;
	readonly clock: Clock;
	/**
	How many times faster than the world's the clock runs; pauses between writes and retries are that much shorter.
	@default 1
	*/
	readonly speed?: number;
	/**
	@default 'hetzner-runners-tui'
	*/
	readonly userAgent?: string;
	/**
	Real milliseconds that one attempt may take.
	@default 30000
	*/
	readonly attemptMilliseconds?: number;
};

/**
An answer, its body unread.
*/
export type Answer = {readonly status: number; readonly headers: AnswerHeaders; readonly data: unknown};

export type AskOptions = {
	readonly signal?: AbortSignal | undefined;
	/**
	Lists that rarely change: an unchanged one costs nothing of the limit.
	*/
	readonly conditional?: boolean;
	/**
	Statuses that are answers here, not failures.
	*/
	readonly expect?: readonly number[];
};

/**
GitHub's REST API for one repository: every request passes here, with limits, retries and errors in one place.
*/
export type Client = {
	readonly limits: RequestLimits;
	readonly clock: Clock;
	/**
	Asks `GET /repos/{owner}/{repo}/…` and the like; parameters fill the route or become its query. Throws PortError.
	*/
	ask: (route: string, parameters: Readonly<Record<string, string | number | boolean>>, asked: Asked, options?: AskOptions) => Promise<Answer>;
	broken: typeof brokenAnswer;
};

/**
A client of its own: limits, queue and cache are shared with no other client in this process.
*/
export function createClient(options: ClientOptions): Client {
	const {clock, repository, speed = 1} = options;
	const limits = requestLimits(clock);
	const patient = patientFetch(options.attemptMilliseconds);
	const conditional = conditionalFetch(patient, etagCache());
	const octokit = build(options, speed, limits);

	return {
		limits,
		clock,
		broken: brokenAnswer,
		async ask(route, parameters, asked, {signal, conditional: isConditional = false, expect = []} = {}) {
			signal?.throwIfAborted();
			try {
				const answer = await octokit.request(route, {
					owner: repository.owner,
					repo: repository.name,
					...parameters,
					request: {fetch: isConditional ? conditional : patient, ...signal && {signal}},
				});
				limits.note(answer.headers);
				// A redirect that was not followed arrives here as if it were good.
				if (answer.status >= 300) {
					throw sayFailure({
						status: answer.status, message: '', headers: answer.headers, cause: undefined,
					}, {
						asked, repository, limits, now: clock.now(),
					});
				}

				return {status: answer.status, headers: answer.headers, data: answer.data};
			} catch (error) {
				signal?.throwIfAborted();
				if (error instanceof PortError) {
					throw error;
				}

				const failure = failureOf(error);
				if (expect.includes(failure.status)) {
					limits.note(failure.headers);
					return {status: failure.status, headers: failure.headers, data: {message: failure.message}};
				}

				throw sayFailure(withoutToken(failure, options.token), {
					asked, repository, limits, now: clock.now(),
				});
			}
		},
	};
}

function withoutToken(failure: Failure, token: string): Failure {
	return {...failure, message: failure.message.replaceAll(token, '********'), cause: undefined};
}

function build(options: ClientOptions, speed: number, limits: RequestLimits): Octokit {
	// The plugin's own groups are globals of the process: two clients would share them. The octokit logger would write on the screen.
	const silent = (): void => {}; // eslint-disable-line @typescript-eslint/no-empty-function
	const throttle = {
		id: randomUUID(),
		Bottleneck,
		global: new Bottleneck.Group({maxConcurrent: 10}),
		auth: new Bottleneck.Group({maxConcurrent: 1}),
		search: new Bottleneck.Group({maxConcurrent: 1}),
		write: new Bottleneck.Group({maxConcurrent: 1, minTime: 1000 / speed}),
		notifications: new Bottleneck.Group({maxConcurrent: 1, minTime: 3000 / speed}),
		retryAfterBaseValue: 1000 / speed,
		// Nobody sleeps inside a request until a limit is over: the engine learns of it and plans with it.
		onRateLimit: () => false,
		onSecondaryRateLimit: () => false,
	};
	// First of the plugins, so innermost: a request that waited in the queue while a limit was hit is not sent either.
	function gated(octokit: OctokitCore): Record<never, never> {
		octokit.hook.before('request', request => {
			request.headers['x-github-api-version'] = '2022-11-28';
			limits.gate();
		});
		// Who did not answer in the time of one attempt is not asked again before the next look.
		octokit.hook.error('request', (error, {request}) => {
			if (isTimeout(error)) {
				request.retries = 0;
			}

			throw error;
		});
		return {};
	}

	return new (Octokit.plugin(gated, throttling, retry))({
		auth: options.token,
		baseUrl: options.apiUrl.endsWith('/') ? options.apiUrl.slice(0, -1) : options.apiUrl,
		userAgent: options.userAgent ?? 'hetzner-runners-tui',
		log: {
			debug: silent, info: silent, warn: silent, error: silent,
		},
		throttle,
		// 409 is missing in the plugin's default. 429 is a limit, which the engine waits for.
		retry: {doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451], retries: 2, retryAfterBaseValue: 1000 / speed},
	});
}
