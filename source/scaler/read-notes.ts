import type {EngineEvent} from '../model/event.ts';
import type {Gap} from '../model/snapshot.ts';
import {ageSeconds, secondsBetween, type Instant} from '../model/time.ts';

/**
How a read of a list went, for the log. `extent`: how many parts of it could not be read.
*/
export type ReadOutcome = {readonly state: 'whole'} | {readonly state: 'partial'; readonly reason: string; readonly extent: number} | {readonly state: 'failed'; readonly reason: string};

/**
The trouble with a list that the log tells of. `mendedAt`: since when it has been whole.
*/
export type LoggedTrouble = {readonly state: 'partial' | 'failed'; readonly reason: string; readonly extent: number; readonly since: Instant; readonly mendedAt: Instant | undefined};

/**
A list that comes short in every other poll is in one trouble, not in many: it is logged as over once it has been whole for so long, seconds.
*/
const quietSeconds = 60;

/**
So many times more, or less, is worth a line.
*/
const materialChange = 2;

/**
What the log says of a list after one more read, and what it has logged since: one line when a trouble begins, one when it changes materially, one when it is over.
*/
export function noteRead(what: string, logged: LoggedTrouble | undefined, outcome: ReadOutcome, now: Instant): {readonly logged: LoggedTrouble | undefined; readonly event: EngineEvent | undefined} {
	if (outcome.state === 'whole') {
		if (logged === undefined) {
			return {logged, event: undefined};
		}

		const mendedAt = logged.mendedAt ?? now;
		return logged.state === 'partial' && secondsBetween(mendedAt, now) < quietSeconds
			? {logged: {...logged, mendedAt}, event: undefined}
			: {logged: undefined, event: {code: 'readGood', what, afterSeconds: ageSeconds(logged.since, mendedAt)}};
	}

	const extent = outcome.state === 'partial' ? outcome.extent : Infinity;
	const trouble: LoggedTrouble = {
		state: outcome.state, reason: outcome.reason, extent, since: logged?.since ?? now, mendedAt: undefined,
	};
	return logged === undefined || isWorthALine(logged, trouble)
		? {
			logged: trouble, event: outcome.state === 'partial'
				? {
					code: 'readFailed', what: `some ${what}`, reason: outcome.reason, isPartial: true,
				}
				: {code: 'readFailed', what, reason: outcome.reason},
		}
		: {logged: {...logged, mendedAt: undefined}, event: undefined};
}

/**
How many parts of a list those gaps are: "150 of the queued runs" are so many.
*/
export function extentOf(gaps: readonly Gap[]): number {
	return gaps.reduce((sum, {what}) => sum + Number(/^\d+/v.exec(what)?.[0] ?? 1), 0);
}

function isWorthALine(logged: LoggedTrouble, trouble: LoggedTrouble): boolean {
	if (logged.state !== trouble.state) {
		return trouble.state === 'failed';
	}

	return trouble.state === 'failed'
		? withoutNumbers(logged.reason) !== withoutNumbers(trouble.reason)
		: trouble.extent >= logged.extent * materialChange || trouble.extent * materialChange <= logged.extent;
}

/**
A reason without its numbers: "answers again in 54s" and "in 44s" are one sentence.
*/
export function withoutNumbers(reason: string): string {
	return reason.replaceAll(/\d+/gv, '');
}
