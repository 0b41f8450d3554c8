import {betweenSides, edgeLine} from '../../components/frame.ts';
import {
	paintSpans,
	span,
	type Span,
} from '../../components/line.ts';
import type {Role, Theme} from '../../theme.ts';
import type {KeyRow} from '../../keymap.ts';
import {helpLines, sayKeys, type HelpRow} from './state.ts';

type HelpProps = {readonly theme: Theme; readonly top: number; readonly columns: number; readonly rows: number; readonly isReadOnly: boolean; readonly footer: readonly Span[]};

const roles: Readonly<Record<KeyRow['does'], Role>> = {look: 'plain', change: 'waiting', destroy: 'wrong'};
const words: Readonly<Record<KeyRow['does'], string>> = {look: '', change: ' (acts)', destroy: ' (asks first)'};

/**
Every key there is, from the one table.
*/
export function drawHelp({theme, top, columns: width, rows, isReadOnly, footer}: HelpProps): readonly string[] {
	const height = rows - 2;
	const all = helpLines(isReadOnly, width);
	const from = Math.min(top, Math.max(0, all.length - height));
	const cellWidth = Math.floor((width - 2) / (all[0]?.length ?? 1));
	const lines = all.slice(from, from + height).map(([left, right]) => paintSpans(theme, rowSpans(theme, left), cellWidth) + paintSpans(theme, rowSpans(theme, right), width - 2 - cellWidth));
	const filler = Array.from({length: Math.max(0, height - lines.length)}, () => ' '.repeat(width - 2));
	const place = [span(isReadOnly ? 'read-only: keys that act are left out' : `${Math.min(all.length, from + height)} of ${all.length}`, 'dim')];
	return [
		edgeLine(theme, 'top', width, [span('Keys', 'strong')], place),
		...[...lines, ...filler].map(line => betweenSides(theme, line)),
		edgeLine(theme, 'bottom', width, footer),
	];
}

function rowSpans(theme: Theme, row: HelpRow | undefined): readonly Span[] {
	if (row === undefined) {
		return [];
	}

	return row.kind === 'key'
		? [span(`  ${sayKeys(row.row.press, theme.isUnicode).padEnd(18)}`, 'calm'), span(row.row.says, roles[row.row.does]), span(words[row.row.does], 'dim')]
		: [span(row.kind === 'note' ? `  ${row.text}` : ` ${row.text}`, row.kind === 'note' ? 'dim' : 'strong')];
}
