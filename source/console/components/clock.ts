import type {Instant} from '../../model/time.ts';

/**
A moment as a clock on the wall shows it, local time: "14:02:11", "14:02".
*/
export function sayClock(moment: Instant, to: 'seconds' | 'minutes'): string {
	const date = new Date(moment);
	const parts = [date.getHours(), date.getMinutes(), ...(to === 'seconds' ? [date.getSeconds()] : [])];
	return parts.map(part => String(part).padStart(2, '0')).join(':');
}
