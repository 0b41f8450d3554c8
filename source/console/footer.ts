import {span, widthOfSpans, type Span} from './components/line.tsx';
import {keysFor, type KeyRow} from './keymap.ts';
import {sayKeys} from './screens/help/state.ts';
import type {View} from './view.ts';

const gap = 2;

/**
The keys of the place where the person is, as many as fit; or the message to them, while there is one.
*/
export function footerSpans(view: View, isReadOnly: boolean, counts: {readonly zombies: number}, width: number): readonly Span[] {
	if (view.message !== undefined) {
		return [span(view.message.text, view.message.role)];
	}

	if (view.screen.at === 'filter') {
		return [span('/'), span(view.filter, 'strong'), span('_', 'dim'), span('   ⏎ take it   Esc leave it', 'dim')];
	}

	const rows = keysFor(view, isReadOnly).filter(row => row.footer !== undefined);
	const word = (row: KeyRow): readonly Span[] => {
		const count = row.footer === 'zombies' && counts.zombies > 0 ? ` ${counts.zombies}` : '';
		return [span(sayKeys(row.press.split(' ', 1)[0] ?? ''), 'strong'), span(` ${row.footer ?? ''}${count}`, count === '' ? 'dim' : 'waiting')];
	};

	let left = width;
	const shown = new Set<KeyRow>();
	for (const row of rows.toSorted((a, b) => (a.rank ?? 1) - (b.rank ?? 1))) {
		const needs = widthOfSpans(word(row)) + gap;
		if (needs <= left + gap) {
			shown.add(row);
			left -= needs;
		}
	}

	return rows.filter(row => shown.has(row)).flatMap((row, at) => at === 0 ? word(row) : [span(' '.repeat(gap)), ...word(row)]);
}
