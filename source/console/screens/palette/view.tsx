import type {ReactElement} from 'react';
import {Dialog} from '../../components/dialog.tsx';
import {footerSpans} from '../../components/footer.tsx';
import {formatKeys} from '../../components/key-text.ts';
import {useTheme} from '../../components/line.tsx';
import {span, type LineContent, type Span} from '../../components/spans.ts';
import {cutTo, wrapText} from '../../components/text.ts';
import type {Frame, OptionFact} from '../../state/context.ts';
import {topOf} from '../../state/cursor.ts';
import type {Theme} from '../../theme/theme.ts';
import {
	paletteCursor, paletteEntries, paletteHeight, type PaletteEntry, type PaletteState,
} from './state.ts';

/**
Every action and every option by name.
*/
export function Palette({state, frame}: {readonly state: PaletteState; readonly frame: Frame}): ReactElement {
	const theme = useTheme();
	const {columns, rows, options} = frame.context;
	const width = Math.min(columns - 4, 100);
	const height = paletteHeight(rows);
	const entries = paletteEntries(state, frame.context);
	const cursor = paletteCursor(state, entries);
	const top = topOf(cursor, entries.length, height);
	const option = options.find(({flag}) => flag === state.option);
	const body = option === undefined
		? entries.slice(top, top + height).map(entry => entryLine(theme, entry, entry.id === cursor.id))
		: optionLines(option, width - 4).map((spans): LineContent => ({spans: [span(' '), ...spans]}));
	const empty: readonly LineContent[] = entries.length === 0 ? [{spans: [span('  nothing has that name; Backspace deletes letters', 'dim')]}] : [];
	const shown = [...body, ...empty];
	const place = entries.length > height ? `${cursor.index + 1} of ${entries.length}` : `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`;
	return (
		<Dialog
			columns={columns} rows={rows} width={width} title={[span('Palette', 'strong')]} right={[span(place, 'dim')]} footer={footerSpans(theme, frame, width - 4)}
			parts={[
				{lines: [{spans: [span(' : ', 'dim'), span(cutTo(state.text, width - 8), 'strong'), span('_', 'dim')]}]},
				{name: 'entries', title: option === undefined ? [] : [span(`--${option.flag}`, 'strong')], lines: Array.from({length: height}, (_, at) => shown[at] ?? {spans: []})},
			]}
		/>
	);
}

function entryLine(theme: Theme, entry: PaletteEntry, isSelected: boolean): LineContent {
	const sign = isSelected ? theme.signs.cursor : ' ';
	const [left, right]: readonly [readonly Span[], readonly Span[]] = entry.kind === 'action'
		? [[span(`${sign} ${entry.title}`), span(entry.isHere ? '' : ' (first screen)', 'dim')], [span(`  ${formatKeys(entry.row.press, theme.isUnicode)} `, 'strong')]]
		: [[span(`${sign} `), span(`--${entry.option.flag} `, 'calm'), span(entry.option.says, 'dim')], [span(` ${cutTo(entry.option.value, 28, 'middle')} `, 'strong')]];
	const marked = (spans: readonly Span[]): readonly Span[] => isSelected ? spans.map(part => ({...part, role: 'selected'})) : spans;
	return {spans: marked(left), right: marked(right), filler: span(' ', isSelected ? 'selected' : 'plain')};
}

function optionLines({value, source, says, variables, flag}: OptionFact, width: number): ReadonlyArray<readonly Span[]> {
	const row = (name: string, text: string): ReadonlyArray<readonly Span[]> => wrapText(text, width - 10).map((line, at) => [span((at === 0 ? name : '').padEnd(10), 'dim'), span(line)]);
	return [
		...row('', says),
		[],
		...row('value', value),
		...row('from', source),
		...row('flag', `--${flag}`),
		...row('variable', variables.length === 0 ? 'none' : variables.join(', ')),
		...row('to change', 'give the flag at the next start, or "settings set" it; a running engine keeps what it was started with'),
	];
}
