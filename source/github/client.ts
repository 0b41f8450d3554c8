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
	endTries,
	failureOf,
	isLimit,
	isTimeout,
	isTooLong,
	describeFailure,
	type Asked,
	type Failure,
} from './errors.ts';
import {governor, type Governor, type Urgency} from './governor.ts';
import {requestLimits, type AnswerHeaders, type RequestLimits} from './request-limits.ts';
import {fixedToken, type TokenSource} from './token-source.ts';
import {patientFetch} from './transport.ts';

export type ClientOptions = {
	/**
	"https://api.github.com", "https://host/api/v3" for a GitHub Enterprise Server, or a simulator.
	*/
	readonly apiUrl: string;
	/**
	A token that somebody made, or where tokens come from.
	*/
	readonly token: string | TokenSource;
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
	/**
	A refusal's own meaning here, before what it means everywhere; never asked about one by a limit.
	*/
	readonly explain?: (failure: Failure) => PortError | undefined;
};

/**
What fills a route or becomes its query or body.
*/
export type RouteParameters = Readonly<Record<string, string | number | boolean | readonly string[] | readonly number[]>>;

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
	ask: (route: string, parameters: RouteParameters, asked: Asked, options?: AskOptions) => Promise<Answer>;
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
	const source = typeof options.token === 'string' ? fixedToken(options.token) : options.token;
	const octokit = build({...options, source}, speed, limits, refused);

	return {
		limits,
		governor: ownGovernor,
		clock,
		broken: brokenAnswer,
		async ask(route, parameters, asked, {signal, etag, expect = [], urgency = 'act', tally, retries, explain} = {}) {
			signal?.throwIfAborted();
			await ownGovernor.room(urgency, signal);
			const errorOf = (failure: Parameters<typeof describeFailure>[0]) => describeFailure(failure, {
				asked, repository, limits, now: clock.now(), holder: source.holder(), retryAt: failure.cause instanceof Error ? refused.get(failure.cause) : undefined,
			});
			try {
				const answer = await octokit.request(route, {
					...route.includes('{owner}') && {owner: repository.owner, repo: repository.name},
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

				const failure = failureOf(error, source.mask);
				if (expect.includes(failure.status) || (etag !== undefined && failure.status === 304)) {
					limits.note(failure.headers);
					return {status: failure.status, headers: failure.headers, data: {message: failure.message}};
				}

				const isByLimit = error instanceof Error && refused.has(error);
				throw (isByLimit ? undefined : explain?.(failure)) ?? errorOf(failure);
			}
		},
	};
}

// 409 is missing in the plugin's default. 429 is a limit, which the engine waits for.
const doNotRetry = [304, 400, 401, 403, 404, 409, 410, 422, 429, 451];

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
function build(options: ClientOptions & {readonly source: TokenSource}, speed: number, limits: RequestLimits, refused: WeakMap<Error, Instant>): Octokit {
	// The plugin's own groups are globals of the process: two clients would share them. The octokit logger would write on the screen.
	const silent = (): void => {}; // eslint-disable-line @typescript-eslint/no-empty-function
	const throttle = {
		id: randomUUID(),
		Bottleneck,
		global: new Bottleneck.Group({maxConcurrent: 10}),
		auth: new Bottleneck.Group({maxConcurrent: 1}),
		search: new Bottleneck.Group({maxConcurrent: 1}),
		write: new Bottleneck.Group({maxConcurrent: 1, minTime: 1000 / speed}), // "Wait at least one second between each": GitHub's best practices.
		notifications: new Bottleneck.Group({maxConcurrent: 1, minTime: 3000 / speed}),
		retryAfterBaseValue: 1000 / speed,
		// Nobody sleeps inside a request until a limit is over: the engine learns of it and plans with it.
		onRateLimit: () => false,
		onSecondaryRateLimit: () => false,
	};
	// First of the plugins, so innermost.
	function gated(octokit: OctokitCore): Record<never, never> {
		const {source} = options;
		octokit.hook.wrap('request', async (request, ofRequest) => {
			const {headers, request: _ours, mediaType: _form, ...read} = ofRequest;
			const token = await source.take(headers['if-none-match'] === undefined ? undefined : JSON.stringify(read));
			headers.authorization = `${source.scheme} ${token}`;
			try {
				return await request(ofRequest);
			} catch (error) {
				const failure = failureOf(error, source.mask);
				const other = failure.status === 401 ? await source.replace(token, failure.headers) : undefined;
				if (other === undefined) {
					throw error;
				}

				headers.authorization = `${source.scheme} ${other}`;
				return request(ofRequest);
			}
		});
		octokit.hook.before('request', request => {
			request.headers['x-github-api-version'] = '2022-11-28';
		});
		// Who did not answer in the time of one attempt is not asked again before the next poll.
		octokit.hook.error('request', (error, {request}) => {
			if (error instanceof Error && error.cause instanceof PortError) {
				throw error.cause; // Nothing was sent: a limit was hit while it waited.
			}

			// Here, before the queue behind it lets the next request go.
			const failure = failureOf(error, source.mask);
			if (isLimit(failure)) {
				refused.set(error, limits.noteRefusal(failure.headers));
			}

			// What a caller allows to be tried again is a failing server, not a refusal: the plugin counts its own list only where no number is given.
			if (isTimeout(error) || isTooLong(error) || doNotRetry.includes(failure.status)) {
				request.retries = 0;
				endTries(error);
			}

			throw error;
		});
		return {};
	}

	return new (Octokit.plugin(gated, throttling, retry))({
		baseUrl: options.apiUrl.endsWith('/') ? options.apiUrl.slice(0, -1) : options.apiUrl,
		userAgent: options.userAgent ?? 'hetzner-runners-tui',
		log: {
			debug: silent, info: silent, warn: silent, error: silent,
		},
		throttle,
		retry: {doNotRetry, retries: 2, retryAfterBaseValue: 1000 / speed},
	});
}
