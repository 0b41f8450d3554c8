import {span, widthOfSpans, type Span} from './components/line.tsx';
import {keysFor} from './keymap.ts';
import {sayKeys} from './screens/help/state.ts';
import type {View} from './view.ts';

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

	const spans: Span[] = [];
	for (const row of keysFor(view, isReadOnly)) {
		if (row.footer === undefined) {
			continue;
		}

		const key = sayKeys(row.press.split(' ')[0] ?? '');
		const count = row.footer === 'zombies' && counts.zombies > 0 ? ` ${counts.zombies}` : '';
		const next = [...(spans.length === 0 ? [] : [span('  ')]), span(key, 'strong'), span(` ${row.footer}${count}`, count === '' ? 'dim' : 'waiting')];
		if (widthOfSpans(spans) + widthOfSpans(next) > width) {
			continue;
		}

		spans.push(...next);
	}

	return spans;
}
