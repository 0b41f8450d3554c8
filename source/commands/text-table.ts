import stringWidth from 'string-width';
import {cleanText} from '../model/clean-text.ts';

/**
Rows under headings, in columns as wide as they need; two spaces between, the last one not padded. Ends with a line feed.
*/
export function tableText(headings: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const lines = [headings, ...rows].map(row => row.map(cell => cleanText(cell)));
	const widths = headings.map((_, column) => Math.max(...lines.map(row => stringWidth(row[column] ?? ''))));
	return lines.map(row => `${row.map((cell, column) => column === row.length - 1 ? cell : cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)))).join('  ').trimEnd()}\n`).join('');
}
