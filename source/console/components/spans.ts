import type {Role} from '../theme/theme.ts';
import {cutTo, toAscii, widthOf} from './text.ts';

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
What one line shows: spans from its left, spans at its right end, and what is
between them. `fill` gives the whole line one role, as the selected row has.
*/
export type LineContent = {
	readonly spans: readonly Span[]; readonly right?: readonly Span[] | undefined; readonly fill?: Role | undefined;
	/**
	@default a blank
	*/
	readonly filler?: Span | undefined;
};

/**
That line as spans of exactly `width` columns; the left gives way when both
do not fit. Text must be clean. In ASCII where the terminal has no more.
*/
export function fitLine(line: LineContent, width: number, isUnicode = true): readonly Span[] {
	const {spans, right = [], fill, filler = span(' ')} = isUnicode ? line : asciiLine(line);
	const rightWidth = Math.min(width, widthOfSpans(right));
	const parts: Span[] = [];
	let left = width - rightWidth;
	for (const part of spans) {
		const text = cutTo(part.text, left);
		left -= widthOf(text);
		parts.push({...part, text});
	}

	parts.push({...filler, text: filler.text.repeat(Math.max(0, left))});
	let leftOfRight = rightWidth;
	for (const part of right) {
		const text = cutTo(part.text, leftOfRight);
		leftOfRight -= widthOf(text);
		parts.push({...part, text});
	}

	const shown = parts.filter(({text}) => text !== '');
	return fill === undefined ? shown : shown.map(part => ({...part, role: fill}));
}

function asciiLine({spans, right, ...rest}: LineContent): LineContent {
	const ascii = (parts: readonly Span[]): readonly Span[] => parts.map(part => ({...part, text: toAscii(part.text)}));
	return {...rest, spans: ascii(spans), right: right && ascii(right)};
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
