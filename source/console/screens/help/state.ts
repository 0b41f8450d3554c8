import type {KeyRow} from '../../actions/key-row.ts';
import {keymap} from '../../actions/keymap.ts';
import type {Theme} from '../../theme/theme.ts';
import {allScreens, type ScreenState} from '../registry.ts';

export type HelpState = {readonly at: 'help'; readonly top: number; readonly under: ScreenState};

export function openHelp(under: ScreenState): HelpState {
	return {at: 'help', top: 0, under};
}

export type HelpRow = {readonly kind: 'heading' | 'note'; readonly text: string} | {readonly kind: 'key'; readonly row: KeyRow};

const note = (text: string): HelpRow => ({kind: 'note', text});
const heading = (text: string): HelpRow => ({kind: 'heading', text});

/**
Every key with its words, under the first screen on which it works; then what the signs mean, and the mouse.
*/
export function helpRows(isReadOnly: boolean, {signs, bar}: Pick<Theme, 'signs' | 'bar'>): readonly HelpRow[] {
	const allowed = keymap().filter(row => !isReadOnly || row.does === 'view');
	const told = new Set<KeyRow>();
	const section = (text: string, rows: readonly KeyRow[]): readonly HelpRow[] => {
		const fresh = rows.filter(row => !told.has(row));
		for (const row of fresh) {
			told.add(row);
		}

		return fresh.length === 0 ? [] : [heading(text), ...fresh.map((row): HelpRow => ({kind: 'key', row}))];
	};

	return [
		...section('Every screen', allowed.filter(row => typeof row.where === 'string' && row.where !== 'typing')),
		...section('Where text is typed', allowed.filter(row => row.where === 'typing')),
		...allScreens().flatMap(({name, keys}) => section(name, allowed.filter(row => keys.includes(row)))),
		heading('Signs of jobs'),
		note(`${signs.waits} waits   ${signs.coming} its server is coming   ${signs.runs} runs   ${signs.cannot} cannot be served`),
		heading('Signs of servers and runners'),
		note(`${signs.creating} being created   ${signs.booting} boots   ${signs.settingUp} is set up   ${signs.busy} busy`),
		note(`${signs.idle} idle   ${signs.off} off   ${signs.zombie} zombie   ${signs.none} not ours`),
		heading('Signs of rows'),
		note(`${signs.cursor} selected   ${signs.related} belongs to the selected row   ${signs.mark} marked`),
		note(`PAID TO: ${bar(0.5, 4).replaceAll(' ', '░')} half of the hour that is paid for has passed`),
		heading('Mouse (with --mouse)'),
		note('a click selects, a double click opens, the wheel scrolls'),
		note('a click on a key in the footer presses it; text is'),
		note('selected with Shift held down (Option on a Mac)'),
	];
}

// From here on two columns of keys fit side by side.
const twoColumnsFrom = 110;

/**
The rows as they stand on the screen: one beside the other where there is room.
*/
export function helpLines(isReadOnly: boolean, columns: number, theme: Pick<Theme, 'signs' | 'bar'>): ReadonlyArray<readonly HelpRow[]> {
	const rows = helpRows(isReadOnly, theme);
	const height = columns < twoColumnsFrom ? rows.length : Math.ceil(rows.length / 2);
	return Array.from({length: height}, (_, at) => [rows[at], rows[at + height]].filter(row => row !== undefined));
}

