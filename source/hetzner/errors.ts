import * as z from 'zod';
import {cleanText} from '../model/clean-text.ts';
import type {Instant} from '../model/time.ts';
import {PortError} from '../scaler/ports.ts';

type ErrorFacts = {
	readonly status: number;
	readonly code: string;
	readonly about?: readonly string[];
	readonly correlation?: string | undefined;
	readonly retryAt?: Instant | undefined;
	readonly cause?: unknown;
};

/**
An answer of Hetzner's that is no good one, or none at all (status 0).
*/
export class HetznerError extends Error {
	override readonly name = 'HetznerError';
	readonly status: number;
	/**
	Hetzner's code ("uniqueness_error"), or ours: "no_answer", "broken_answer", "blocked" (not sent, a limit was hit before).
	*/
	readonly code: string;
	/**
	What Hetzner's support asks for.
	*/
	readonly correlation: string | undefined;
	/**
	When asking makes sense again, for a limit.
	*/
	readonly retryAt: Instant | undefined;
	/**
	Which limits and fields the error is about, by Hetzner's names: "primary_ip_limit", "ssh_keys".
	*/
	readonly about: readonly string[];

	constructor(message: string, facts: ErrorFacts) {
		super(message, {cause: facts.cause});
		this.status = facts.status;
		this.code = facts.code;
		this.correlation = facts.correlation;
		this.retryAt = facts.retryAt;
		this.about = facts.about ?? [];
	}

	/**
	Hetzner's words for a person: "error during placement (412 resource_unavailable, correlation id 67ed842dc8bc8673)".
	*/
	get answer(): string {
		const facts = [
			...this.status === 0 ? [] : [`${this.status} ${this.code}`],
			...this.correlation === undefined ? [] : [`correlation id ${this.correlation}`],
		].join(', ');
		return facts === '' ? this.message : `${this.message} (${facts})`;
	}
}

const namedResources = z.array(z.object({name: z.string()})).optional().catch(undefined);
const details = z.object({limits: namedResources, fields: namedResources}).optional().catch(undefined);
const errorBody = z.object({error: z.object({code: z.string(), message: z.string(), details})});

/**
The error that an answer with a status of 300 or more is.
*/
export function errorOfAnswer(status: number, body: string, correlation: string | undefined): HetznerError {
	const parsed = errorBody.safeParse(parseJson(body));
	if (!parsed.success) {
		return new HetznerError('an answer that is no API error', {status, code: codeOfStatus(status), correlation});
	}

	const {code, message, details: named} = parsed.data.error;
	return new HetznerError(shorten(message), {
		status, code: shorten(code), correlation, about: [...named?.limits ?? [], ...named?.fields ?? []].map(({name}) => name),
	});
}

/**
What JSON text says, or undefined when it is none.
*/
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/**
The port's error for one of Hetzner's, with what to do. `doing` fits after "while": "reading servers".
*/
export function toPortError(error: HetznerError, doing: string): PortError {
	const {status, code, answer, retryAt} = error;
	if (code === 'rate_limit_exceeded' || code === 'blocked') {
		return new PortError(`Hetzner's request limit is used up while ${doing}: ${answer}`, {kind: 'limited', retryAt, cause: error});
	}

	if (status === 401) {
		return new PortError(`Hetzner refused the token: ${answer}; check --hetzner-token / HETZNER_TOKEN`, {kind: 'refused', cause: error});
	}

	if (status === 403) {
		return new PortError(`Hetzner refuses ${doing}: ${answer}; the token needs "Read & Write"`, {kind: 'refused', cause: error});
	}

	if (status === 404 || status === 410) {
		return new PortError(`Hetzner has nothing there while ${doing}: ${answer}`, {kind: 'notFound', cause: error});
	}

	return new PortError(status === 0
		? `Hetzner could not be reached while ${doing}: ${answer}`
		: `Hetzner failed while ${doing}: ${answer}`, {kind: status >= 400 && status < 500 && status !== 408 ? 'refused' : 'unreachable', cause: error});
}

function codeOfStatus(status: number): string {
	const codes: Readonly<Record<number, string>> = {
		401: 'unauthorized', 403: 'forbidden', 404: 'not_found', 423: 'locked', 429: 'rate_limit_exceeded', 502: 'bad_gateway', 503: 'unavailable', 504: 'timeout',
	};
	return codes[status] ?? 'unknown_error';
}

function shorten(text: string): string {
	const clean = cleanText(text.trim());
	return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
}
