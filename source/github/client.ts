import {randomUUID} from 'node:crypto';
import {Octokit} from '@octokit/rest';
import type {Octokit as OctokitCore} from '@octokit/core';
import {retry} from '@octokit/plugin-retry';
import {throttling} from '@octokit/plugin-throttling';
import Bottleneck from 'bottleneck/light.js';
import type {Repository} from '../model/job.ts';
import type {Instant} from '../model/time.ts';
import {PortError, type Clock} from '../scaler/ports.ts';
import {
	brokenAnswer,
	failureOf,
	isLimit,
	isTimeout,
	isTooLong,
	describeFailure,
	type Asked,
} from './errors.ts';
import {governor, type Governor, type Urgency} from './governor.ts';
import {requestLimits, type AnswerHeaders, type RequestLimits} from './request-limits.ts';
import {patientFetch} from './transport.ts';

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
	/**
	What sends requests: one that goes through a proxy, say.
	@default fetch
	*/
	readonly fetch?: typeof fetch | undefined;
};

/**
An answer, its body unread.
*/
export type Answer = {readonly status: number; readonly headers: AnswerHeaders; readonly data: unknown};

/**
Counts the requests that GitHub counts against the hour and that come again with polls like this one: not those that it answers with 304, nor those
that are made once and whose answer is kept.
*/
export type Tally = {counted: number};

export type AskOptions = {
	readonly signal?: AbortSignal | undefined;
	/**
	What was kept of an earlier answer: a 304 says that it still holds.
	*/
	readonly etag?: string | undefined;
	/**
	Statuses that are answers here, not failures.
	*/
	readonly expect?: readonly number[];
	/**
	@default 'act'
	*/
	readonly urgency?: Urgency;
	readonly tally?: Tally | undefined;
	/**
	How often a server error is tried again.
	@default 2
	*/
	readonly retries?: number;
};

/**
GitHub's REST API for one repository: every request passes here, with limits, retries and errors in one place.
*/
export type Client = {
	readonly limits: RequestLimits;
	readonly governor: Governor;
	readonly clock: Clock;
	/**
	Asks `GET /repos/{owner}/{repo}/…` and the like; parameters fill the route or become its query. Throws PortError.
	*/
	ask: (route: string, parameters: Readonly<Record<string, string | number | boolean | readonly string[]>>, asked: Asked, options?: AskOptions) => Promise<Answer>;
	broken: typeof brokenAnswer;
};

/**
A client of its own: limits and queue are shared with no other client in this process.
*/
export function createClient(options: ClientOptions): Client {
	const {clock, repository, speed = 1} = options;
	const limits = requestLimits(clock);
	const ownGovernor = governor(clock);
	// The rule of limits: after an answer that says one was hit, nothing goes out before its end.
	const patient = patientFetch(options.attemptMilliseconds, options.fetch, method => {
		limits.gate();
		ownGovernor.note(method);
	});
	const refused = new WeakMap<Error, Instant>();
	const octokit = build(options, speed, limits, refused);

	return {
		limits,
		governor: ownGovernor,
		clock,
		broken: brokenAnswer,
		async ask(route, parameters, asked, {signal, etag, expect = [], urgency = 'act', tally, retries} = {}) {
			signal?.throwIfAborted();
			await ownGovernor.room(urgency, signal);
			const errorOf = (failure: Parameters<typeof describeFailure>[0]) => describeFailure(failure, {
				asked, repository, limits, now: clock.now(), retryAt: failure.cause instanceof Error ? refused.get(failure.cause) : undefined,
			});
			try {
				const answer = await octokit.request(route, {
					owner: repository.owner,
					repo: repository.name,
					...parameters,
					...etag !== undefined && {headers: {'if-none-match': etag}},
					request: {fetch: tallied(patient, tally), ...signal && {signal}, ...retries !== undefined && {retries}},
				});
				// A redirect that was not followed arrives here as if it were good.
				if (answer.status >= 300) {
					throw errorOf({
						status: answer.status, message: '', headers: answer.headers, cause: undefined,
					});
				}

				limits.note(answer.headers);
				return {status: answer.status, headers: answer.headers, data: answer.data};
			} catch (error) {
				signal?.throwIfAborted();
				if (error instanceof PortError) {
					throw error;
				}

				const failure = failureOf(error, options.token);
				if (expect.includes(failure.status) || (etag !== undefined && failure.status === 304)) {
					limits.note(failure.headers);
					return {status: failure.status, headers: failure.headers, data: {message: failure.message}};
				}

				throw errorOf(failure);
			}
		},
	};
}

function tallied(send: typeof fetch, tally: Tally | undefined): typeof fetch {
	return tally === undefined
		? send
		: async (input, init) => {
			const response = await send(input, init);
			tally.counted += response.status === 304 ? 0 : 1;
			return response;
		};
}

// `refused`: errors that were refusals by a limit, and when asking makes sense again.
function build(options: ClientOptions, speed: number, limits: RequestLimits, refused: WeakMap<Error, Instant>): Octokit {
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
	// First of the plugins, so innermost.
	function gated(octokit: OctokitCore): Record<never, never> {
		octokit.hook.before('request', request => {
			request.headers['x-github-api-version'] = '2022-11-28';
		});
		// Who did not answer in the time of one attempt is not asked again before the next poll.
		octokit.hook.error('request', (error, {request}) => {
			if (error instanceof Error && error.cause instanceof PortError) {
				throw error.cause; // Nothing was sent: a limit was hit while it waited.
			}

			// Here, before the queue behind it lets the next request go.
			const failure = failureOf(error, options.token);
			if (isLimit(failure)) {
				refused.set(error, limits.noteRefusal(failure.headers));
			}

			if (isTimeout(error) || isTooLong(error)) {
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
		retry: {doNotRetry: [304, 400, 401, 403, 404, 409, 410, 422, 429, 451], retries: 2, retryAfterBaseValue: 1000 / speed},
	});
}
