import type {Role, Theme} from '../theme.ts';
import {cutTo, widthOf} from './text.ts';

/**
A stretch of text with one meaning.
*/
export type Span = {
	readonly text: string; readonly role: Role;
	/**
	Where a link leads.
	@default no link
	*/
	readonly href?: string | undefined;
};

/**
A plain span: `span('7 servers')`, `span('€2.14', 'money')`.
*/
export function span(text: string, role: Role = 'plain'): Span {
	return {text, role};
}

/**
Columns that spans take together.
*/
export function widthOfSpans(spans: readonly Span[]): number {
	return spans.reduce((sum, part) => sum + widthOf(part.text), 0);
}

/**
Spans painted one after the other, exactly `width` columns wide. Their text must be clean.
*/
export function paintSpans(theme: Theme, spans: readonly Span[], width: number, filler = ' '): string {
	let left = width;
	let line = '';
	for (const {text, role, href} of spans) {
		const shown = cutTo(text, left);
		left -= widthOf(shown);
		const painted = theme.paint(role, shown);
		line += href === undefined ? painted : theme.link(href, painted);
	}

	return line + filler.repeat(Math.max(0, left));
}

/**
Spans at the left and at the right of one line, exactly `width` columns wide; the left gives way when both do not fit.
*/
export function paintSides(theme: Theme, left: readonly Span[], right: readonly Span[], width: number): string {
	const rightWidth = Math.min(width, widthOfSpans(right));
	return paintSpans(theme, left, width - rightWidth) + paintSpans(theme, right, rightWidth);
}

/**
As many of the groups as fit into `width`, parted by `gap` columns; the first ones matter most.
*/
export function joinFitting(groups: ReadonlyArray<readonly Span[]>, width: number, gap = 3): readonly Span[] {
	const joined: Span[] = [];
	let left = width;
	for (const group of groups) {
		const needs = widthOfSpans(group) + (joined.length === 0 ? 0 : gap);
		if (widthOfSpans(group) === 0 || needs > left) {
			continue;
		}

		joined.push(...(joined.length === 0 ? [] : [span(' '.repeat(gap))]), ...group);
		left -= needs;
	}

	return joined;
}
