import {formatDuration, type Instant} from '../../model/time.ts';

/**
A moment as a clock on the wall shows it, local time: "14:02:11", "14:02".
*/
export function formatClock(moment: Instant, to: 'seconds' | 'minutes'): string {
	const date = new Date(moment);
	const parts = [date.getHours(), date.getMinutes(), ...(to === 'seconds' ? [date.getSeconds()] : [])];
	return parts.map(part => String(part).padStart(2, '0')).join(':');
}

const calmFromSeconds = 600;

/**
Seconds as a list shows them: from ten minutes on whole minutes only, so that nothing moves that nobody needs to see move.
*/
export function calmSeconds(seconds: number): number {
	return seconds < calmFromSeconds ? seconds : seconds - (seconds % 60);
}

/**
An age in a list: "8s", "2m4s", "15m", "1h 5m".
*/
export function formatAge(seconds: number): string {
	return formatDuration(calmSeconds(seconds));
}
