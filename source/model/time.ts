/**
A moment: milliseconds since the Unix epoch, by the engine's own clock.
*/
export type Instant = number & {readonly unit: 'milliseconds since epoch'};

/**
The moment that many milliseconds after the epoch.
*/
export function instant(milliseconds: number): Instant {
	return milliseconds as Instant;
}

/**
The moment an RFC 3339 text names, or undefined when it names none.
*/
export function parseInstant(text: string): Instant | undefined {
	const milliseconds = Date.parse(text);
	return Number.isNaN(milliseconds) ? undefined : instant(milliseconds);
}

/**
The moment that many seconds later (earlier when negative).
*/
export function later(moment: Instant, seconds: number): Instant {
	return instant(moment + (seconds * 1000));
}

/**
The first of two moments.
*/
export function earlier(one: Instant, other: Instant): Instant {
	return one < other ? one : other;
}

/**
Seconds from one moment to another, with fractions; negative when `to` is the earlier.
*/
export function secondsBetween(from: Instant, to: Instant): number {
	return (to - from) / 1000;
}

/**
Whole seconds, never negative: what a person reads as an age.
*/
export function ageSeconds(since: Instant, now: Instant): number {
	return Math.max(0, Math.floor(secondsBetween(since, now)));
}

/**
A length of time in two units at most, six characters long at most below 10,000 days: "8s", "2m4s", "1h 5m", "10h12m", "3d 4h", "120d".
*/
export function formatDuration(seconds: number): string {
	const whole = Math.max(0, Math.floor(seconds));
	if (whole < 60) {
		return `${whole}s`;
	}

	if (whole < 3600) {
		const rest = whole % 60;
		return rest === 0 ? `${Math.floor(whole / 60)}m` : `${Math.floor(whole / 60)}m${rest}s`;
	}

	const [big, bigUnit, small, smallUnit] = whole < 86_400
		? [Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'm'] as const
		: [Math.floor(whole / 86_400), 'd', Math.floor((whole % 86_400) / 3600), 'h'] as const;
	return small === 0 || big >= 100 ? `${big}${bigUnit}` : `${big}${bigUnit}${big < 10 ? ' ' : ''}${small}${smallUnit}`;
}
