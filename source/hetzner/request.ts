import {
	earlier,
	instant,
	later,
	parseInstant,
	formatDuration,
	secondsBetween,
	type Instant,
} from '../model/time.ts';
import {bounded} from '../http/bounded.ts';
import type {Budget, Clock} from '../scaler/ports.ts';
import {errorOfAnswer, HetznerError, parseJson} from './errors.ts';

export type HetznerRequest = {
	readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/**
	Below the API's address: "/servers/42".
	*/
	readonly path: string;
	readonly query?: Readonly<Record<string, string | number | boolean | readonly number[]>>;
	readonly body?: unknown;
};

/**
Sends one request once. Resolves with the parsed body of a good answer; throws HetznerError, or the signal's reason.
*/
export type Send = (request: HetznerRequest, signal?: AbortSignal) => Promise<unknown>;

export type Line = {
	readonly send: Send;
	readonly budget: () => Budget | undefined;
	/**
	A moment by Hetzner's clock as our clock shows it, by the Date header of the last answer.
	*/
	readonly onOurClock: (moment: Instant) => Instant;
};

// The bucket of a project refills by one request a second; a refusal says no more than that it is empty.
const refillPauseSeconds = 10;

// A Date header is of whole seconds, and its answer was on its way for some: so little says nothing of a clock.
const clocksAgreeSeconds = 5;

// Whatever an answer says: after an hour a bucket is full.
const longestPauseSeconds = 3600;

export type LineOptions = {
	readonly apiUrl: string;
	readonly token: string;
	readonly clock: Clock;
	readonly attemptMilliseconds?: number | undefined;
	readonly fetch?: typeof fetch | undefined;
};

/**
A line to the API: token, time limit, request budget, errors.
*/
export function openLine(options: LineOptions): Line {
	const {token, clock, attemptMilliseconds = 30_000} = options;
	const fetchOnce: typeof fetch = options.fetch ?? (async (input, init) => fetch(input, init));
	const base = options.apiUrl.endsWith('/') ? options.apiUrl.slice(0, -1) : options.apiUrl;
	let counts: {limit: number; remaining: number; resetAt: Instant} | undefined;
	let blockedUntil: Instant | undefined;
	let aheadSeconds = 0;

	const blocked = (): Instant | undefined => blockedUntil !== undefined && blockedUntil > clock.now() ? blockedUntil : undefined;

	function note(headers: Headers): void {
		const now = clock.now();
		const theirNow = parseInstant(headers.get('date') ?? '') ?? now;
		const ahead = secondsBetween(now, theirNow);
		aheadSeconds = Math.abs(ahead) > clocksAgreeSeconds ? ahead : 0;
		const [limit, remaining, reset] = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'].map(name => Number(headers.get(name) ?? NaN));
		const isCount = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value) && value >= 0;
		if (!isCount(limit) || !isCount(remaining) || !isCount(reset)) {
			return;
		}

		counts = {limit, remaining, resetAt: earlier(instant((reset * 1000) + (now - theirNow)), later(now, longestPauseSeconds))};
	}

	// Seconds that a refusal asks for, as a number or as a date by its own clock.
	function pauseSeconds(headers: Headers): number {
		const text = headers.get('retry-after') ?? '';
		const date = /[A-Za-z]/v.test(text) ? parseInstant(text) : undefined;
		const seconds = date === undefined ? Number(text === '' ? NaN : text) : secondsBetween(parseInstant(headers.get('date') ?? '') ?? clock.now(), date);
		return Number.isFinite(seconds) && seconds >= 0 ? Math.min(longestPauseSeconds, Math.max(1, seconds)) : refillPauseSeconds;
	}

	async function send(request: HetznerRequest, signal?: AbortSignal): Promise<unknown> {
		const until = blocked();
		if (until !== undefined) {
			throw new HetznerError(`not asked again for ${formatDuration(Math.ceil((until - clock.now()) / 1000))}`, {status: 0, code: 'blocked', retryAt: until});
		}

		const url = new URL(base + request.path);
		for (const [name, value] of Object.entries(request.query ?? {})) {
			for (const one of Array.isArray(value) ? value : [value]) {
				url.searchParams.append(name, String(one));
			}
		}

		const {response, text} = await transfer(url, request, signal);
		note(response.headers);
		const correlation = response.headers.get('x-correlation-id') ?? undefined;
		if (response.status === 429) {
			blockedUntil = later(clock.now(), pauseSeconds(response.headers));
			const error = errorOfAnswer(response.status, text, correlation);
			throw new HetznerError(error.message, {
				status: 429, code: 'rate_limit_exceeded', correlation, retryAt: blockedUntil,
			});
		}

		if (!response.ok) {
			throw errorOfAnswer(response.status, text, correlation);
		}

		const parsed = parseJson(text);
		if (parsed === undefined && response.status !== 204) {
			throw new HetznerError('an answer that is no JSON', {status: response.status, code: 'broken_answer', correlation});
		}

		return parsed;
	}

	async function transfer(url: URL, request: HetznerRequest, signal?: AbortSignal): Promise<{response: Response; text: string}> {
		const limit = AbortSignal.timeout(attemptMilliseconds);
		try {
			const response = await bounded(await fetchOnce(url, {
				method: request.method,
				headers: {
					accept: 'application/json',
					authorization: `Bearer ${token}`,
					'user-agent': 'hetzner-runners-tui',
					...request.body !== undefined && {'content-type': 'application/json'},
				},
				...request.body !== undefined && {body: JSON.stringify(request.body)},
				redirect: 'manual', // The API has none; the token goes nowhere else.
				signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
			}));
			const text = await response.text();
			return {response, text: token === '' ? text : text.replaceAll(token, '********')}; // An error may repeat it.
		} catch (error) {
			signal?.throwIfAborted();
			throw new HetznerError(limit.aborted ? `no answer within ${formatDuration(attemptMilliseconds / 1000)}` : reasonOf(error), {status: 0, code: 'no_answer', cause: error});
		}
	}

	return {
		send,
		onOurClock: moment => later(moment, -aheadSeconds),
		budget: () => counts && {
			...counts, remaining: counts.resetAt <= clock.now() ? counts.limit : counts.remaining, blockedUntil: blocked(),
		},
	};
}

// Fetch says "fetch failed"; what happened is in its cause ("connect ECONNREFUSED 127.0.0.1:1").
function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) {
		return 'no answer';
	}

	const {cause} = error;
	if (cause instanceof AggregateError && cause.errors[0] instanceof Error) {
		return cause.errors[0].message;
	}

	return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
