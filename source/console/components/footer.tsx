import type {ReactElement} from 'react';
import type {KeyRow} from '../actions/key-row.ts';
import {disabledReason} from '../actions/disabled.ts';
import {keysFor} from '../actions/keymap.ts';
import {arrangementOf} from '../screens/dashboard/state.ts';
import {screenOf} from '../screens/registry.ts';
import type {Frame} from '../state/context.ts';
import type {Theme} from '../theme/theme.ts';
import {edgeLine} from './edges.ts';
import {formatKeys} from './key-text.ts';
import {Line, useTheme} from './line.tsx';
import {Region} from './region.tsx';
import {span, widthOfSpans, type Span} from './spans.ts';

const gap = 2;

/**
The last line: the keys of the place where the person is, as many as fit; or the
message to them, while there is one. `hasSides`: as the lower edge of a frame.
*/
export function Footer({frame, width, hasSides = true}: {readonly frame: Frame; readonly width: number; readonly hasSides?: boolean}): ReactElement {
	const theme = useTheme();
	const spans = footerSpans(theme, frame, width - 4);
	return (
		<Region name="footer" height={1} flexShrink={0} flexDirection="column">
			{hasSides ? <Line {...edgeLine(theme, 'bottom', width, spans)}/> : <Line spans={[span(' '), ...spans]}/>}
		</Region>
	);
}

/**
What the footer says.
*/
export function footerSpans(theme: Theme, frame: Frame, width: number): readonly Span[] {
	const {message, work, screen} = frame.ui;
	if (message !== undefined) {
		return [{...span(message.text, message.role), href: message.href}];
	}

	if (work !== undefined) {
		return [span(`${theme.spinner[work.turn % theme.spinner.length] ?? ''} `, 'working'), span(`${work.text} …`)];
	}

	const query = screenOf(screen).prompt?.(screen, frame.ui);
	const prompt = query === undefined ? [] : [span('/'), span(query, 'strong'), span('_', 'dim'), span(' '.repeat(3))];
	return [...prompt, ...wordsShown(theme, frame, width - widthOfSpans(prompt)).flatMap(({row, at}) => at === 0 ? wordOf(theme, row, frame) : [span(' '.repeat(gap)), ...wordOf(theme, row, frame)])];
}

/**
The key whose word stands in that column of the footer.
*/
export function keyAt(theme: Theme, frame: Frame, column: number): string | undefined {
	if (frame.ui.message !== undefined || frame.ui.work !== undefined) {
		return undefined;
	}

	const query = screenOf(frame.ui.screen).prompt?.(frame.ui.screen, frame.ui);
	const {columns, rows} = frame.context;
	const isOnePane = frame.ui.screen.at === 'dashboard' && arrangementOf(columns, rows).kind === 'one';
	let end = (isOnePane ? 1 : 2) + (query === undefined ? 0 : query.length + 5);
	for (const {row} of wordsShown(theme, frame, columns - 4)) {
		const start = end;
		end += widthOfSpans(wordOf(theme, row, frame));
		if (column >= start && column < end) {
			return row.press.split(' ', 1)[0];
		}

		end += gap;
	}

	return undefined;
}

function wordOf(theme: Theme, row: KeyRow, {context}: Frame): readonly Span[] {
	const {zombies} = context.lists.counts;
	const count = row.footer === 'zombies' && zombies > 0 ? ` ${zombies}` : '';
	const isDisabled = disabledReason(row, context) !== undefined;
	return [span(formatKeys(row.press.split(' ', 1)[0] ?? '', theme.isUnicode), isDisabled ? 'dim' : 'strong'), span(` ${row.footer ?? ''}${count}`, count === '' ? 'dim' : 'waiting')];
}

// Those that have a word, in the table's order; the ones that matter most stay when there is little room.
function wordsShown(theme: Theme, frame: Frame, width: number): ReadonlyArray<{readonly row: KeyRow; readonly at: number}> {
	const rows = keysFor(frame.ui, frame.context.isReadOnly).filter(row => row.footer !== undefined);
	let left = width;
	const shown = new Set<KeyRow>();
	for (const row of rows.toSorted((a, b) => (a.rank ?? 1) - (b.rank ?? 1))) {
		const needs = widthOfSpans(wordOf(theme, row, frame)) + gap;
		if (needs <= left + gap) {
			shown.add(row);
			left -= needs;
		}
	}

	return rows.filter(row => shown.has(row)).map((row, at) => ({row, at}));
}
