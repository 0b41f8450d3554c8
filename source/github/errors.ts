import {cleanText} from '../model/clean-text.ts';
import type {Repository} from '../model/job.ts';
import {PortError} from '../scaler/ports.ts';
import type {AnswerHeaders, RequestLimits} from './request-limits.ts';

/**
What was asked, for the sentence when it fails: "reading queued runs", and the token permission it needs.
*/
export type Asked = {readonly doing: string; readonly permission: 'Actions: read' | 'Administration: read' | 'Administration: read and write'};

/**
A failure's facts: status 0 when there was no answer.
*/
export type Failure = {readonly status: number; readonly message: string; readonly headers: AnswerHeaders; readonly cause: unknown};

/**
The facts of whatever octokit threw.
*/
export function failureOf(error: unknown): Failure {
	const response = field(error, 'response');
	const status = field(response, 'status');
	if (typeof status !== 'number') {
		return {
			status: 0, message: reasonOf(error), headers: {}, cause: error,
		};
	}

	const said = field(field(response, 'data'), 'message');
	return {
		status, message: typeof said === 'string' ? shorten(said) : '', headers: headersOf(field(response, 'headers')), cause: error,
	};
}

/**
Whether a refusal is one by a limit: 429 always, 403 only when headers or words say so.
*/
export function isLimit(failure: Failure): boolean {
	return failure.status === 429 || (failure.status === 403 && (
		failure.headers['retry-after'] !== undefined
		|| String(failure.headers['x-ratelimit-remaining']) === '0'
		|| /rate limit|abuse detection/iv.test(failure.message)
	));
}

/**
One sentence for a person about a request that failed, with what to do.
*/
export function sayFailure(failure: Failure, {asked, repository, limits, now}: {asked: Asked; repository: Repository; limits: RequestLimits; now: number}): PortError {
	const {status, message, cause} = failure;
	const name = `${repository.owner}/${repository.name}`;
	if (isLimit(failure)) {
		const retryAt = limits.noteRefusal(failure.headers);
		const kind = /secondary|abuse/iv.test(message) ? 'secondary rate limit' : 'rate limit';
		return new PortError(`GitHub's ${kind} was hit while ${asked.doing}; asking again in ${Math.ceil((retryAt - now) / 1000)} s`, {kind: 'limited', retryAt, cause});
	}

	limits.note(failure.headers);
	if (status === 401) {
		return new PortError(`GitHub refused the token (401 ${message}): check --github-token / GITHUB_TOKEN`, {kind: 'refused', cause});
	}

	if (status === 403) {
		return new PortError(`GitHub refuses ${asked.doing} (403 ${message}): the token needs the permission "${asked.permission}" for ${name}`, {kind: 'refused', cause});
	}

	if (status === 404) {
		return new PortError(`GitHub knows no repository ${name}, or this token may not see it (404 while ${asked.doing}): it needs the permission "${asked.permission}"`, {kind: 'notFound', cause});
	}

	if (status >= 300 && status < 400) {
		return new PortError(`GitHub has moved ${name}: give its new name in --github-repository / GITHUB_REPOSITORY (${status} while ${asked.doing})`, {kind: 'notFound', cause});
	}

	const said = [status, message].join(' ').trim();
	return new PortError(status === 0
		? `GitHub could not be reached while ${asked.doing}: ${message}`
		: `GitHub failed while ${asked.doing} (${said})`, {kind: status === 410 ? 'refused' : 'unreachable', cause});
}

/**
The error for an answer that is not of the agreed form.
*/
export function brokenAnswer(asked: Asked, detail: string): PortError {
	return new PortError(`GitHub's answer while ${asked.doing} could not be understood: ${shorten(detail)}`, {kind: 'unreachable'});
}

/**
Whether the time for one attempt was over before an answer came.
*/
export function isTimeout(error: unknown): boolean {
	return field(error, 'name') === 'TimeoutError' || field(field(error, 'cause'), 'name') === 'TimeoutError';
}

function reasonOf(error: unknown): string {
	if (isTimeout(error)) {
		return 'no answer within 30 s';
	}

	return error instanceof Error ? shorten(error.message) : 'no answer';
}

// Servers' words, harmless and short: an HTML page has no business in a sentence.
function shorten(text: string): string {
	const clean = cleanText(text.trim());
	return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
}

function field(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function headersOf(value: unknown): AnswerHeaders {
	return typeof value === 'object' && value !== null
		? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string | number] => ['string', 'number'].includes(typeof entry[1])))
		: {};
}
