import type {Role, Theme} from '../theme/theme.ts';
import {span, type Span} from './spans.ts';

/**
A bar of `value` out of `scale`, drawn against what is usual: what goes
beyond that stands out, and a mark shows it where the bar is shorter.
`isGoing`: it still grows. Values beyond the scale fill the bar.
*/
export function barAgainst(theme: Theme, {value, usual, scale, isGoing}: {readonly value: number; readonly usual: number | undefined; readonly scale: number; readonly isGoing: boolean}, columns: number): readonly Span[] {
	const cells = [...theme.bar(value / scale, columns)];
	const filled = Math.min(columns, Math.max(value > 0 ? 1 : 0, Math.ceil(value / scale * columns)));
	if (value > 0 && cells[0]?.trim() === '') {
		cells[0] = theme.isUnicode ? '▏' : '#';
	}

	const role: Role = isGoing ? 'working' : 'calm';
	const usualAt = usual === undefined ? undefined : Math.min(columns - 1, Math.round(usual / scale * columns));
	if (isGoing) {
		cells[Math.min(filled, columns - 1)] = theme.signs.cursor;
	}

	if (usualAt !== undefined && usualAt >= filled && cells[usualAt] !== theme.signs.cursor) {
		const text = cells.join('');
		return [span(text.slice(0, usualAt), role), span(theme.isUnicode ? '╎' : '|', 'dim'), span(text.slice(usualAt + 1), role)];
	}

	const text = cells.join('');
	const beyond = usualAt === undefined || usual === undefined || value <= usual * 1.25 ? columns : Math.max(1, usualAt);
	return [span(text.slice(0, beyond), role), span(text.slice(beyond), 'waiting')];
}

/**
Numbers of the last hour, one a minute from the oldest to now, in that many columns: each column shows the most of its minutes.
Minutes that nobody saw stay undefined.
*/
export function columnsOf<Point extends {readonly at: number}>(history: readonly Point[], value: (point: Point) => number, now: number, columns: number): ReadonlyArray<number | undefined> {
	const minutes = 60;
	const found: Array<number | undefined> = Array.from({length: columns});
	const thisMinute = Math.floor(now / 60_000);
	for (const point of history) {
		const ago = thisMinute - Math.floor(point.at / 60_000);
		const column = columns - 1 - Math.floor(ago * columns / minutes);
		if (ago >= 0 && column >= 0 && column < columns) {
			found[column] = Math.max(found[column] ?? 0, value(point));
		}
	}

	return found;
}
