import type {Theme} from '../theme/theme.ts';
import {
	span, widthOfSpans, type LineContent, type Span,
} from './spans.ts';

export type Edge = 'top' | 'middle' | 'bottom';

/**
A border line with a title in it and, at its right, a word more: "┌ Servers 7
──── oldest first ┐". The word at the right goes first when both do not fit.
*/
export function edgeLine({edges}: Theme, edge: Edge, width: number, title: readonly Span[] = [], right: readonly Span[] = []): LineContent {
	const first = {top: edges.topLeft, middle: edges.teeLeft, bottom: edges.bottomLeft}[edge];
	const last = {top: edges.topRight, middle: edges.teeRight, bottom: edges.bottomRight}[edge];
	const hasRight = widthOfSpans(right) > 0 && widthOfSpans(title) + widthOfSpans(right) + 8 <= width;
	return {
		spans: [span(first, 'dim'), ...(title.length > 0 ? [span(' '), ...title, span(' ')] : [])],
		right: [...(hasRight ? [span(' '), ...right, span(' ')] : []), span(last, 'dim')],
		filler: span(edges.across, 'dim'),
	};
}

/**
Spans between the two sides of a frame. `isThumb`: the window's place in a long list is at this row.
*/
export function betweenSides({edges}: Theme, {spans, right = [], ...rest}: LineContent, isThumb = false): LineContent {
	return {...rest, spans: [span(edges.down, 'dim'), ...spans], right: [...right, span(isThumb ? edges.thumb : edges.down, 'dim')]};
}
