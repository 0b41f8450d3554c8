import fuzzysort from 'fuzzysort';
import type {KeyRow} from '../../actions/key-row.ts';
import {keymap, worksAt} from '../../actions/keymap.ts';
import type {Context, OptionFact} from '../../state/context.ts';
import {reconcileCursor, startOfList, type Cursor} from '../../state/cursor.ts';
import type {ScreenState} from '../registry.ts';

/**
The palette over a screen; `option`: the one whose words are shown.
*/
export type PaletteState = {readonly at: 'palette'; readonly text: string; readonly cursor: Cursor; readonly option: string | undefined; readonly under: ScreenState};

export function openPalette(under: ScreenState): PaletteState {
	return {
		at: 'palette', text: '', cursor: startOfList, option: undefined, under,
	};
}

/**
Something that the palette offers: a key's action, on the screen in front or (not `isHere`) on the first screen; or an option.
*/
export type PaletteEntry =
	| {readonly kind: 'action'; readonly id: string; readonly title: string; readonly words: string; readonly row: KeyRow; readonly isHere: boolean}
	| {readonly kind: 'option'; readonly id: string; readonly title: string; readonly words: string; readonly option: OptionFact};

const firstScreen = {name: 'dashboard', isTyping: false};

/**
All that fits the typed text, best first; actions of the screen in front, then
those of the first screen, then options when nothing is typed. The options of
this program are not those of an engine that runs elsewhere: they are offered only where the engine is here.
*/
export function paletteEntries({text, under}: Pick<PaletteState, 'text' | 'under'>, {isReadOnly, options, attachment}: Pick<Context, 'isReadOnly' | 'options' | 'attachment'>): readonly PaletteEntry[] {
	const allowed = keymap().filter(row => !isReadOnly || row.does === 'view');
	const here = distinct(allowed.filter(row => worksAt(row, {name: under.at, isTyping: false})));
	const titles = new Set(here.map(row => row.title));
	const elsewhere = under.at === 'dashboard' ? [] : distinct(allowed.filter(row => worksAt(row, firstScreen) && !titles.has(row.title)));
	const actions = [...here.filter(row => row.isMove !== true), ...elsewhere.filter(row => row.isMove !== true), ...here.filter(row => row.isMove)];
	const all: readonly PaletteEntry[] = [
		...actions.map((row): PaletteEntry => ({
			kind: 'action', id: row.title, title: row.title, words: `${row.title} ${row.alias ?? ''}`, row, isHere: here.includes(row),
		})),
		...(attachment.at === 'here' ? options : []).map((option): PaletteEntry => ({
			kind: 'option', id: `--${option.flag}`, title: `--${option.flag}`, words: `--${option.flag} ${option.says}`, option,
		})),
	];
	return text.trim() === '' ? all : fuzzysort.go(text.trim(), all, {key: 'words', limit: 0, threshold: 0.2}).map(result => result.obj);
}

// Two keys for one thing are one entry.
function distinct(rows: readonly KeyRow[]): readonly KeyRow[] {
	return rows.filter((row, at) => rows.findIndex(other => other.title === row.title) === at);
}

/**
The palette's selection on what it offers now.
*/
export function paletteCursor(state: PaletteState, entries: readonly PaletteEntry[]): Cursor {
	return reconcileCursor(state.cursor, entries.map(entry => entry.id));
}

/**
Rows of its list in a terminal of that many rows.
*/
export function paletteHeight(rows: number): number {
	return Math.max(3, Math.min(16, rows - 8));
}
