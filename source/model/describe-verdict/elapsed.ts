import {formatDuration} from '../time.ts';

/**
How much of its limit something has used up: "12s of 20s".
*/
export function formatElapsed(verdict: {readonly forSeconds: number; readonly limitSeconds: number}): string {
	return `${formatDuration(verdict.forSeconds)} of ${formatDuration(verdict.limitSeconds)}`;
}
