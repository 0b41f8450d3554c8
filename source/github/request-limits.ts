import {PortError, type Budget, type Clock} from '../scaler/ports.ts';
import {
	instant,
	later,
	parseInstant,
	formatDuration,
	type Instant,
} from '../model/time.ts';

export type AnswerHeaders = Readonly<Record<string, string | number | undefined>>;

/**
What GitHub lets us ask, as its last answers told it.
*/
export type RequestLimits = {
	budget: () => Budget | undefined;
	/**
	Takes in the headers of an answer that was no refusal by a limit.
	*/
	note: (headers: AnswerHeaders) => void;
	/**
	Takes in a refusal by a limit; comes back with the moment from which asking makes sense again.
	*/
	noteRefusal: (headers: AnswerHeaders) => Instant;
	/**
	Throws PortError `limited` while GitHub does not want to be asked.
	*/
	gate: () => void;
	/**
	A moment by GitHub's clock as our clock shows it, by the Date header of the answer that named it.
	*/
	onOurClock: (moment: Instant, headers: AnswerHeaders) => Instant;
};

const secondaryPauseSeconds = 60; // GitHub: without retry-after wait at least a minute, then exponentially longer.
const longestPauseSeconds = 15 * 60;

/**
A budget is whole again after an hour: whatever an answer says, nobody waits longer for one.
*/
const longestWaitSeconds = 3600;

/**
Limits of one client. Only the `core` resource counts: registration tokens have a limit of their own.
*/
export function requestLimits(clock: Clock): RequestLimits {
	let limit: number | undefined;
	let remaining = 0;
	let resetAt = clock.now();
	let blockedUntil: Instant | undefined;
	let pausesInRow = 0;

	function onOurClock(moment: Instant, headers: AnswerHeaders): Instant {
		const theirs = parseInstant(String(headers.date ?? ''));
		return theirs === undefined ? moment : instant(moment + (clock.now() - theirs));
	}

	// By the answer's own Date, so that neither their clock nor ours makes the wait longer; when that reading is past or beyond an hour, the Date is wrong.
	function reset(headers: AnswerHeaders): Instant | undefined {
		const seconds = numberOf(headers['x-ratelimit-reset']);
		if (seconds === undefined) {
			return undefined;
		}

		const now = clock.now();
		const latest = later(now, longestWaitSeconds);
		const told = instant(seconds * 1000);
		const readings = [onOurClock(told, headers), told];
		return readings.find(moment => moment > now && moment <= latest) ?? (readings.every(moment => moment > latest) ? latest : now);
	}

	const isCore = (headers: AnswerHeaders): boolean => (headers['x-ratelimit-resource'] ?? 'core') === 'core';

	function blocked(): Instant | undefined {
		return blockedUntil !== undefined && blockedUntil > clock.now() ? blockedUntil : undefined;
	}

	function take(headers: AnswerHeaders): void {
		const newLimit = numberOf(headers['x-ratelimit-limit']);
		const newRemaining = numberOf(headers['x-ratelimit-remaining']);
		const newReset = reset(headers);
		if (!isCore(headers) || newLimit === undefined || newRemaining === undefined || newReset === undefined) {
			return;
		}

		limit = newLimit;
		remaining = newRemaining;
		resetAt = newReset;
		if (remaining === 0) {
			blockedUntil = resetAt; // The next request would be refused, and refusals count against us.
		}
	}

	return {
		onOurClock,
		budget: () => limit === undefined
			? undefined
			: {
				remaining: resetAt <= clock.now() ? limit : remaining, limit, resetAt, blockedUntil: blocked(),
			},
		note(headers) {
			pausesInRow = 0;
			take(headers);
		},
		noteRefusal(headers) {
			take(headers);
			const seconds = retryAfterSeconds(headers, clock.now());
			const pause = Math.min(longestPauseSeconds, secondaryPauseSeconds * (2 ** pausesInRow));
			let until = later(clock.now(), pause);
			if (seconds !== undefined) {
				until = later(clock.now(), Math.max(1, seconds));
			} else if (numberOf(headers['x-ratelimit-remaining']) === 0) {
				until = instant(Math.max(reset(headers) ?? until, later(clock.now(), 1)));
			} else {
				pausesInRow++;
			}

			if (isCore(headers)) {
				blockedUntil = instant(Math.max(until, blocked() ?? until));
			}

			return until;
		},
		gate() {
			const until = blocked();
			if (until !== undefined) {
				throw limited(until, clock.now(), limit !== undefined && remaining > 0);
			}
		},
	};
}

/**
What `retry-after` asks for, seconds from 0 to an hour; undefined when it is neither a number of them nor a date. A date counts from the answer's own.
*/
function retryAfterSeconds(headers: AnswerHeaders, now: Instant): number | undefined {
	const text = String(headers['retry-after'] ?? '').trim();
	const date = /[A-Za-z]/v.test(text) ? parseInstant(text) : undefined;
	const seconds = date === undefined ? numberOf(text) : (date - (parseInstant(String(headers.date ?? '')) ?? now)) / 1000;
	return seconds === undefined || seconds < 0 ? undefined : Math.min(longestWaitSeconds, seconds);
}

function numberOf(value: string | number | undefined): number | undefined {
	const number = value === undefined || value === '' ? NaN : Number(value);
	return Number.isFinite(number) && number >= 0 ? number : undefined;
}

/**
The error that says when to ask again.
*/
function limited(retryAt: Instant, now: Instant, isSecondary: boolean): PortError {
	return new PortError(`GitHub's ${isSecondary ? 'secondary limit, on requests a minute, is reached' : 'request limit is used up'}, it answers again in ${formatDuration(Math.ceil((retryAt - now) / 1000))}`, {kind: 'limited', retryAt});
}
