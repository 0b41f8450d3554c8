import {span, widthOfSpans, type Span} from './components/line.ts';
import {keysFor, type KeyRow} from './keymap.ts';
import {sayKeys} from './screens/help/state.ts';
import type {Theme} from './theme.ts';
import type {View} from './view.ts';

const gap = 2;

/**
The keys of the place where the person is, as many as fit; or the message to them, while there is one. `found`: where a search is.
*/
export function footerSpans(theme: Theme, view: View, isReadOnly: boolean, counts: {readonly zombies: number}, width: number): readonly Span[] {
	if (view.message !== undefined) {
		return [{...span(view.message.text, view.message.role), href: view.message.href}];
	}

	if (view.work !== undefined) {
		return [span(`${theme.spinner[view.work.turn % theme.spinner.length] ?? ''} `, 'working'), span(`${view.work.words} …`)];
	}

	const {screen} = view;
	const typed = screen.at === 'filter' ? view.filter : (screen.at === 'search' ? view.find : undefined);
	const prompt = typed === undefined ? [] : [span('/'), span(typed, 'strong'), span('_', 'dim'), span(' '.repeat(3))];
	return [...prompt, ...keySpans(theme, keysFor(view, isReadOnly), counts, width - widthOfSpans(prompt))];
}

/**
The words of those keys that have a place in the footer, as many as fit.
*/
export function keySpans(theme: Theme, all: readonly KeyRow[], counts: {readonly zombies: number}, width: number): readonly Span[] {
	const rows = all.filter(row => row.footer !== undefined);
	const word = (row: KeyRow): readonly Span[] => {
		const count = row.footer === 'zombies' && counts.zombies > 0 ? ` ${counts.zombies}` : '';
		return [span(sayKeys(row.press.split(' ', 1)[0] ?? '', theme.isUnicode), 'strong'), span(` ${row.footer ?? ''}${count}`, count === '' ? 'dim' : 'waiting')];
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
