import type {Gap} from '../../model/snapshot.ts';
import type {Instant} from '../../model/time.ts';

/**
An API's request budget as its last answers told it.
*/
export type Budget = {
	readonly remaining: number;
	readonly limit: number;
	/**
	When the whole budget is there again.
	*/
	readonly resetAt: Instant;
	/**
	No request before then: the API said so (a limit was hit).
	*/
	readonly blockedUntil: Instant | undefined;
};

/**
A port that could not do what was asked, in a sentence for a person; `retryAt` when the other side said when.
*/
export class PortError extends Error {
	override readonly name = 'PortError';
	readonly retryAt: Instant | undefined;
	/**
	What kind of trouble: `refused` credentials or rights, `limited` by a request limit, `unreachable` or a broken answer.
	*/
	readonly kind: 'refused' | 'limited' | 'unreachable' | 'notFound';

	/**
	`newToken`: another token, or one with more rights, would mend it.
	*/
	readonly remedy: 'newToken' | undefined;

	constructor(message: string, options: PortErrorOptions) {
		super(message, {cause: options.cause});
		this.kind = options.kind;
		this.retryAt = options.retryAt;
		this.remedy = options.remedy;
	}
}

export type PortErrorOptions = {
	readonly kind: PortError['kind'];
	readonly retryAt?: Instant | undefined;
	readonly remedy?: PortError['remedy'];
	readonly cause?: unknown;
};

/**
What one list said: `items` are true, `gaps` tell what could not be read; without gaps it is whole. `counted`: the requests of this read that the
API counts against the budget of the hour and that come again with each such read: not an answer 304, nor what is read once and then kept.
*/
export type ListRead<Item> = {readonly items: readonly Item[]; readonly gaps: readonly Gap[]; readonly counted: number};
