import {cleanText} from '../model/clean-text.ts';
import type {Repository} from '../model/job.ts';
import type {Instant} from '../model/time.ts';
import {PortError, type PortErrorOptions} from '../scaler/ports.ts';
import {acceptedPermissions, type Permission} from './permissions.ts';
import type {AnswerHeaders, RequestLimits} from './request-limits.ts';
import {at, type Holder} from './token-source.ts';

/**
What was asked, for the sentence when it fails: "reading queued runs", and the permission it needs.
*/
export type Asked = {readonly doing: string; readonly permission: Permission};

/**
A failure's facts: status 0 when there was no answer.
*/
export type Failure = {readonly status: number; readonly message: string; readonly headers: AnswerHeaders; readonly cause: unknown};

/**
A request to GitHub that failed. `mayBeTooMuch`: a smaller page of the same list may succeed.
*/
export class GitHubError extends PortError {
	readonly mayBeTooMuch: boolean;

	constructor(message: string, options: PortErrorOptions & {readonly mayBeTooMuch?: boolean}) {
		super(message, options);
		this.mayBeTooMuch = options.mayBeTooMuch ?? false;
	}
}

/**
The facts of whatever octokit threw, with tokens masked (by `mask`) before anything is cut short.
*/
export function failureOf(error: unknown, mask: (text: string) => string): Failure {
	const response = field(error, 'response');
	const status = field(response, 'status');
	if (typeof status !== 'number') {
		return {
			status: 0, message: reasonOf(error, mask), headers: {}, cause: error,
		};
	}

	const said = field(field(response, 'data'), 'message');
	return {
		status, message: typeof said === 'string' ? shorten(mask(said)) : '', headers: headersOf(field(response, 'headers')), cause: error,
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
One sentence for a person about a request that failed, with what to do. `retryAt`: what the limits took of it, when it is a refusal by one.
*/
export function describeFailure(failure: Failure, {asked, repository, limits, now, holder, retryAt}: {
	readonly asked: Asked; readonly repository: Repository; readonly limits: RequestLimits; readonly now: Instant; readonly holder: Holder; readonly retryAt: Instant | undefined;
}): PortError {
	const {status, message, headers} = failure;
	const name = `${repository.owner}/${repository.name}`;
	if (retryAt !== undefined) {
		const kind = /secondary|abuse/iv.test(message) ? 'secondary rate limit' : 'rate limit';
		return new PortError(`GitHub's ${kind} was hit while ${asked.doing}; asking again in ${Math.ceil((retryAt - now) / 1000)} s`, {kind: 'limited', retryAt});
	}

	limits.note(headers);
	if (status === 401) {
		return holder.kind === 'token'
			? new PortError(`GitHub refused the token (401 ${message}): check --github-token / GITHUB_TOKEN`, {kind: 'refused', remedy: 'newToken'})
			: new PortError(`GitHub refused a new token of the GitHub App twice (401 ${message}): is the App still installed? See githubstatus.com, too`, {kind: 'refused'});
	}

	if (status === 403) {
		return describeRefusal(failure, asked, name, holder);
	}

	if (status === 404) {
		const needed = `(404 while ${asked.doing}): it needs the permission ${acceptedPermissions(headers, asked.permission)}`;
		return new PortError(holder.kind === 'token'
			? `GitHub knows no repository ${name}, or this token may not see it ${needed}`
			: `GitHub knows no repository ${name}, or the GitHub App may not see it ${needed} and the repository in its installation${at(holder.page)}`, {kind: 'notFound'});
	}

	if (status >= 300 && status < 400) {
		return describeRedirect(failure, asked, name);
	}

	const said = [status, message].join(' ').trim();
	const mayBeTooMuch = status >= 500 || isTimeout(failure.cause) || isTooLong(failure.cause);
	return new GitHubError(status === 0
		? `GitHub could not be reached while ${asked.doing}: ${message}`
		: `GitHub failed while ${asked.doing} (${said})`, {kind: status === 410 ? 'refused' : 'unreachable', mayBeTooMuch});
}

// A 403 has many reasons, and a new token helps against one of them. GitHub's own sentence is always told.
function describeRefusal({message, headers}: Failure, asked: Asked, name: string, holder: Holder): PortError {
	const refused = `GitHub refuses ${asked.doing} (403 ${message})`;
	const sso = /url=(?<url>https:\/\/[^\s,;]+)/v.exec(String(headers['x-github-sso'] ?? ''))?.groups?.url;
	if (sso !== undefined) {
		return new PortError(`${refused}: authorise the token for the organisation's single sign-on at ${cleanText(sso)}`, {kind: 'refused'});
	}

	if (/\bsaml\b|single sign-on/iv.test(message)) {
		return new PortError(`${refused}: authorise the token for the organisation's single sign-on (Settings, Developer settings, the token, Configure SSO)`, {kind: 'refused'});
	}

	if (/ip allow list|ip address/iv.test(message)) {
		return new PortError(`${refused}: an owner of the organisation has to add the address of this machine to its IP allow list`, {kind: 'refused'});
	}

	if (/^resource not accessible by/iv.test(message)) {
		const needed = acceptedPermissions(headers, asked.permission);
		return holder.kind === 'token'
			? new PortError(`${refused}: the token needs the permission ${needed} for ${name}`, {kind: 'refused', remedy: 'newToken'})
			: new PortError(`${refused}: the GitHub App needs the permission ${needed} for ${name}: give it on the App's page, then accept it${at(holder.page)}`, {kind: 'refused'});
	}

	if (holder.kind === 'app' && /suspended/iv.test(message)) {
		return new PortError(`${refused}: an owner of the account lifts that by "Unsuspend"${at(holder.page)}`, {kind: 'refused'});
	}

	// Policies of an organisation or enterprise, suspended accounts, blocked repositories: no token helps.
	const advice = /^must have admin rights/iv.test(message) ? `the token's owner must be an administrator of ${name}` : `ask an owner of ${name}`;
	return new PortError(`${refused}: ${advice}`, {kind: 'refused'});
}

function describeRedirect({status, headers}: Failure, asked: Asked, name: string): PortError {
	const location = String(headers.location ?? '');
	return URL.canParse(location)
		? new PortError(`GitHub's answer while ${asked.doing} leads to another host, ${new URL(location).host} (${status}), which is not believed: check --github-api-url / GITHUB_API_URL`, {kind: 'unreachable'})
		: new PortError(`GitHub has moved ${name}: give its new name in --github-repository / GITHUB_REPOSITORY (${status} while ${asked.doing})`, {kind: 'notFound'});
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
	return isNamed(error, 'TimeoutError');
}

/**
Whether the answer was longer than any that is read.
*/
export function isTooLong(error: unknown): boolean {
	return isNamed(error, 'TooLongError');
}

/**
Lets the retry plugin not try again what failed with that error: the request that it counts by is a copy of its own.
*/
export function endTries(error: unknown): void {
	const counted = field(field(error, 'request'), 'request');
	if (typeof counted === 'object' && counted !== null) {
		Reflect.set(counted, 'retries', 0);
	}
}

function isNamed(error: unknown, name: string): boolean {
	return field(error, 'name') === name || field(field(error, 'cause'), 'name') === name;
}

function reasonOf(error: unknown, mask: (text: string) => string): string {
	if (isTimeout(error)) {
		return 'no answer within 30 s';
	}

	return error instanceof Error ? shorten(mask(error.message)) : 'no answer';
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
