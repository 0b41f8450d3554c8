import {topOf} from '../../components/cursor.ts';
import type {Dialog} from '../../components/dialog.ts';
import {betweenSides, edgeLine} from '../../components/frame.ts';
import {
	paintSides,
	paintSpans,
	span,
	type Span,
} from '../../components/line.ts';
import {cutTo, wrapText} from '../../components/text.ts';
import type {Facts, OptionFact} from '../../facts.ts';
import {keySpans} from '../../footer.ts';
import {keymap} from '../../keymap.ts';
import type {Theme} from '../../theme.ts';
import {sayKeys} from '../help/state.ts';
import {
	paletteCursor, paletteEntries, paletteHeight, type PaletteEntry, type PaletteScreen,
} from './state.ts';

type PaletteProps = {readonly theme: Theme; readonly screen: PaletteScreen; readonly facts: Facts};

/**
Every action and every option by name, over the screen in front.
*/
export function drawPalette({theme, screen, facts}: PaletteProps): Dialog {
	const width = Math.min(facts.columns - 4, 100);
	const height = paletteHeight(facts.rows);
	const entries = paletteEntries(screen, facts);
	const cursor = paletteCursor(screen, entries);
	const top = topOf(cursor, entries.length, height);
	const inside = (text: string): string => betweenSides(theme, text);
	const option = facts.options.find(({flag}) => flag === screen.option);
	const list = entries.slice(top, top + height).map(entry => entryLine(theme, entry, entry.id === cursor.id, width - 2));
	const body = option === undefined ? list : optionLines(option, facts.attachment.at === 'here', width - 4).map(spans => paintSpans(theme, [span(' '), ...spans], width - 2));
	const empty = entries.length === 0 ? [paintSpans(theme, [span('  nothing is called so; Backspace takes letters away', 'dim')], width - 2)] : [];
	const shown = [...body, ...empty].slice(0, height);
	const filler = Array.from({length: height - shown.length}, () => ' '.repeat(width - 2));
	const keys = keySpans(theme, keymap.filter(row => row.where.includes('palette')), {zombies: 0}, width - 4);
	const all = [
		edgeLine(theme, 'top', width, [span('Palette', 'strong')], [span(`${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`, 'dim')]),
		inside(paintSpans(theme, [span(' : ', 'dim'), span(cutTo(screen.text, width - 8), 'strong'), span('_', 'dim')], width - 2)),
		edgeLine(theme, 'middle', width, option === undefined ? [] : [span(`--${option.flag}`, 'strong')]),
		...[...shown, ...filler].map(line => inside(line)),
		edgeLine(theme, 'bottom', width, keys),
	];
	return {
		top: Math.max(0, Math.floor((facts.rows - all.length) / 3)), left: Math.floor((facts.columns - width) / 2), width, lines: all,
	};
}

function entryLine(theme: Theme, entry: PaletteEntry, isSelected: boolean, width: number): string {
	const sign = isSelected ? theme.signs.cursor : ' ';
	const [left, right]: ReadonlyArray<readonly Span[]> = entry.kind === 'action'
		? [[span(`${sign} ${entry.words}`), span(entry.isHere ? '' : ' (first screen)', 'dim')], [span(`  ${sayKeys(entry.row.press, theme.isUnicode)} `, 'strong')]]
		: [[span(`${sign} `), span(`--${entry.option.flag} `, 'calm'), span(entry.option.says, 'dim')], [span(` ${cutTo(entry.option.value, 28, 'middle')} `, 'strong')]];
	return isSelected ? theme.paint('selected', paintSides({...theme, paint: (_role, text) => text}, left ?? [], right ?? [], width)) : paintSides(theme, left ?? [], right ?? [], width);
}

function optionLines({value, source, says, variables, flag}: OptionFact, isEngineHere: boolean, width: number): ReadonlyArray<readonly Span[]> {
	const row = (name: string, text: string): ReadonlyArray<readonly Span[]> => wrapText(text, width - 10).map((line, at) => [span((at === 0 ? name : '').padEnd(10), 'dim'), span(line)]);
	return [
		...row('', says),
		[],
		...row('value', value),
		...row('from', isEngineHere ? source : `${source}; this is the console's own, the engine that it shows was started with others`),
		...row('flag', `--${flag}`),
		...row('variable', variables.length === 0 ? 'none' : variables.join(', ')),
		...row('to change', 'give the flag at the next start, or "settings set" it; a running engine keeps what it was started with'),
	];
}
