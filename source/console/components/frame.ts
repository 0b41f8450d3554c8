import type {Theme} from '../theme.ts';
import {
	paintSpans,
	span,
	widthOfSpans,
	type Span,
} from './line.ts';

export type Edge = 'top' | 'middle' | 'bottom';

/**
A border line with a title in it and, at its right, a word more: "┌ Servers 7 ──── oldest first ┐".
*/
export function edgeLine(theme: Theme, edge: Edge, width: number, title: readonly Span[] = [], right: readonly Span[] = []): string {
	const {frame} = theme;
	const first = {top: frame.topLeft, middle: frame.teeLeft, bottom: frame.bottomLeft}[edge];
	const last = {top: frame.topRight, middle: frame.teeRight, bottom: frame.bottomRight}[edge];
	const border = (text: string): Span => span(text, 'dim');
	const shownRight = widthOfSpans(right) > 0 && widthOfSpans(title) + widthOfSpans(right) + 8 <= width ? [span(' '), ...right, span(' ')] : [];
	const shownTitle = title.length > 0 ? [span(' '), ...title, span(' ')] : [];
	const across = Math.max(0, width - 2 - widthOfSpans(shownTitle) - widthOfSpans(shownRight));
	return paintSpans(theme, [border(first), ...shownTitle, border(frame.across.repeat(across)), ...shownRight], width - 1) + theme.paint('dim', last);
}

/**
A line between the two sides of a frame; `text` is painted and `width - 2` columns wide.
*/
export function betweenSides(theme: Theme, text: string): string {
	const side = theme.paint('dim', theme.frame.down);
	return side + text + side;
}
