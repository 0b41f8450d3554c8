import stringWidth from 'string-width';
import {cleanText} from '../../model/clean-text.ts';

const plain = /^[\u{20}-\u{7E}]*$/v;
const graphemes = new Intl.Segmenter();
// One visible character made of more code units than any real one (piled-up combining marks).
const longestGrapheme = 20;

export type Align = 'left' | 'right';
/**
Where text that is too long loses its middle part: at its end, or in the middle, so that the telling end stays.
*/
export type Cut = 'end' | 'middle';

/**
Columns that a text takes on a terminal.
*/
export function widthOf(text: string): number {
	return plain.test(text) ? text.length : stringWidth(text);
}

/**
Text from anywhere made harmless and exactly `width` columns wide: cut or padded by what the eye sees, not by code units.
*/
export function fit(text: string, width: number, align: Align = 'left', cut: Cut = 'end'): string {
	const clean = cutTo(cleanText(text), width, cut);
	const padding = ' '.repeat(Math.max(0, width - widthOf(clean)));
	return align === 'left' ? clean + padding : padding + clean;
}

/**
Clean text of at most `width` columns; "…" stands for what was cut.
*/
export function cutTo(text: string, width: number, cut: Cut = 'end'): string {
	if (width <= 0) {
		return '';
	}

	const parts = plain.test(text) ? undefined : visibleParts(text);
	const whole = parts?.join('') ?? text;
	if (widthOf(whole) <= width) {
		return whole;
	}

	if (cut === 'end') {
		return `${takeStart(parts ?? [...text], width - 1)}…`;
	}

	const tail = Math.ceil((width - 1) * 0.6);
	const end = takeEnd(parts ?? [...text], tail);
	return `${takeStart(parts ?? [...text], width - 1 - widthOf(end))}…${end}`;
}

/**
A text as lines of at most `width` columns, broken at spaces where there are any.
*/
export function wrapText(text: string, width: number): readonly string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of cleanText(text).split(' ')) {
		const longer = line === '' ? word : `${line} ${word}`;
		if (widthOf(longer) <= width) {
			line = longer;
			continue;
		}

		if (line !== '') {
			lines.push(line);
		}

		line = cutTo(word, width, 'middle');
	}

	return [...lines, line];
}

/**
The same columns in ASCII: what has no like there becomes "?".
*/
export function toAscii(text: string): string {
	return visibleParts(text).map(part => isAscii(part) ? part : (likes[part] ?? '?'.repeat(widthOf(part)))).join('');
}

const likes: Readonly<Record<string, string>> = {
	'…': '~', '·': '-', '⏎': '<', '↓': 'v', '↑': '^', '←': '<', '→': '>', '€': 'E', '√': 'v', '█': '#',
};

function isAscii(part: string): boolean {
	return (part.codePointAt(0) ?? 0) < 128 && part.length === 1;
}

function visibleParts(text: string): readonly string[] {
	return graphemes.segment(text)[Symbol.iterator]().map(part => part.segment.length > longestGrapheme ? '\u{FFFD}' : part.segment).toArray();
}

function takeStart(parts: readonly string[], width: number): string {
	let taken = '';
	let left = width;
	for (const part of parts) {
		left -= widthOf(part);
		if (left < 0) {
			break;
		}

		taken += part;
	}

	return taken;
}

function takeEnd(parts: readonly string[], width: number): string {
	let taken = '';
	let left = width;
	for (const part of parts.toReversed()) {
		left -= widthOf(part);
		if (left < 0) {
			break;
		}

		taken = part + taken;
	}

	return taken;
}
