import stringWidth from 'string-width';
import {cleanText} from '../../model/clean-text.ts';
import {graphemesOf} from './graphemes.ts';

// Letters of Latin, punctuation, box drawing, blocks, braille, arrows and signs, all of which take one column each on every terminal.
const plain = /^[\u{20}-\u{7E}\u{A0}-\u{AC}\u{AE}-\u{2FF}\u{2010}-\u{2027}\u{2030}-\u{205E}\u{20A0}-\u{20BF}\u{2190}-\u{2319}\u{231C}-\u{23E8}\u{2500}-\u{25FC}\u{25FF}-\u{2613}\u{2711}-\u{2727}\u{2800}-\u{28FF}]*$/v;
// One visible character made of more code units than any real one (piled-up combining marks).
const longestGrapheme = 20;

export type Align = 'left' | 'right';
/**
Where text that is too long loses its middle part: at its end, or in the middle, so that the telling end stays.
*/
export type Cut = 'end' | 'middle';

/**
Whether every character of a text takes one column, and every terminal agrees on that.
*/
export function isPlain(text: string): boolean {
	return plain.test(text);
}

// Measuring what is not plain is slow, and the same few texts come again with every frame.
const widths = new Map<string, number>();
const widthsKept = 5000;

/**
Columns that a text takes on a terminal.
*/
export function widthOf(text: string): number {
	if (plain.test(text)) {
		return text.length;
	}

	const known = widths.get(text);
	if (known !== undefined) {
		return known;
	}

	const width = stringWidth(text);
	if (widths.size >= widthsKept) {
		widths.clear();
	}

	widths.set(text, width);
	return width;
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

	if (plain.test(text)) {
		return cutPlain(text, width, cut);
	}

	const parts = visibleParts(text);
	const whole = parts.join('');
	if (widthOf(whole) <= width) {
		return whole;
	}

	if (cut === 'end') {
		return `${takeStart(parts, width - 1)}…`;
	}

	const tail = Math.ceil((width - 1) * 0.6);
	const end = takeEnd(parts, tail);
	return `${takeStart(parts, width - 1 - widthOf(end))}…${end}`;
}

function cutPlain(text: string, width: number, cut: Cut): string {
	if (text.length <= width) {
		return text;
	}

	const tail = cut === 'end' ? 0 : Math.ceil((width - 1) * 0.6);
	return `${text.slice(0, width - 1 - tail)}…${tail === 0 ? '' : text.slice(-tail)}`;
}

// A longer word is cut: who may name things may not fill the screen.
const longestWord = 500;

/**
A text as lines of at most `width` columns, broken at spaces where there are any, within a word where there are none.
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

		line = cutTo(word, longestWord, 'middle');
		while (widthOf(line) > width) {
			const start = takeStart(visibleParts(line), Math.max(2, width));
			lines.push(start);
			line = line.slice(start.length);
		}
	}

	return [...lines, line];
}

/**
The same in ASCII: what has no like there becomes "?" for each of its
columns; only the euro takes more of them, as "E0.011" reads as a number.
*/
export function toAscii(text: string): string {
	return visibleParts(text.replaceAll('€', 'EUR ')).map(part => isAscii(part) ? part : (likes[part] ?? '?'.repeat(widthOf(part)))).join('');
}

const likes: Readonly<Record<string, string>> = {
	'…': '~', '·': '-', '⏎': '<', '↓': 'v', '↑': '^', '←': '<', '→': '>', '√': 'v', '█': '#',
};

function isAscii(part: string): boolean {
	return (part.codePointAt(0) ?? 0) < 128 && part.length === 1;
}

function visibleParts(text: string): readonly string[] {
	return graphemesOf(text).map(part => part.length > longestGrapheme ? '\u{FFFD}' : part);
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
