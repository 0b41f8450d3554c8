import fuzzysort from 'fuzzysort';
import {settle, type Cursor} from '../../components/cursor.ts';
import type {Facts, OptionFact} from '../../facts.ts';
import {keymap, type KeyRow} from '../../keymap.ts';
import type {Screen} from '../../view.ts';

export type PaletteScreen = Extract<Screen, {readonly at: 'palette'}>;

/**
Something that the palette offers: a key's action, on the screen in front or (not `isHere`) on the first screen; or an option.
*/
export type PaletteEntry =
	| {readonly kind: 'action'; readonly id: string; readonly words: string; readonly row: KeyRow; readonly isHere: boolean}
	| {readonly kind: 'option'; readonly id: string; readonly words: string; readonly option: OptionFact};

/**
All that fits the typed text, best first; actions of the screen in front, then those of the first screen, then options when nothing is typed.
*/
export function paletteEntries({text, under}: Pick<PaletteScreen, 'text' | 'under'>, {isReadOnly, options}: Pick<Facts, 'isReadOnly' | 'options'>): readonly PaletteEntry[] {
	const allowed = keymap.filter(row => !isReadOnly || row.does === 'look');
	const here = distinct(allowed.filter(row => row.where.includes(under.at)));
	const words = new Set(here.map(row => row.says));
	const elsewhere = under.at === 'panes' ? [] : distinct(allowed.filter(row => row.where.includes('panes') && !words.has(row.says)));
	const toEntry = (isHere: boolean) => (row: KeyRow): PaletteEntry => ({
		kind: 'action', id: row.says, words: row.says, row, isHere,
	});
	const actions = [...here.filter(row => row.isMove !== true), ...elsewhere.filter(row => row.isMove !== true), ...here.filter(row => row.isMove)];
	const all: readonly PaletteEntry[] = [
		...actions.map(row => toEntry(here.includes(row))(row)),
		...options.map((option): PaletteEntry => ({
			kind: 'option', id: `--${option.flag}`, words: `--${option.flag} ${option.says}`, option,
		})),
	];
	return text.trim() === '' ? all : fuzzysort.go(text.trim(), all, {key: 'words', limit: 0, threshold: 0.2}).map(result => result.obj);
}

// Two keys for one thing are one entry.
function distinct(rows: readonly KeyRow[]): readonly KeyRow[] {
	return rows.filter((row, at) => rows.findIndex(other => other.says === row.says) === at);
}

/**
The palette's selection on what it offers now.
*/
export function paletteCursor(screen: PaletteScreen, entries: readonly PaletteEntry[]): Cursor {
	return settle(screen.cursor, entries.map(entry => entry.id));
}

/**
Rows of its list in a terminal of that many rows.
*/
export function paletteHeight(rows: number): number {
	return Math.max(3, Math.min(16, rows - 8));
}
