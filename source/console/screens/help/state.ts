import {keymap, type KeyRow, type Place} from '../../keymap.ts';

export type HelpRow = {readonly kind: 'heading'; readonly text: string} | {readonly kind: 'key'; readonly row: KeyRow} | {readonly kind: 'note'; readonly text: string};

const headings: ReadonlyArray<readonly [Place, string]> = [
	['panes', 'First screen'], ['detail', 'Details'], ['zombies', 'Zombies'], ['scripts', 'Scripts'], ['log', 'Log'], ['palette', 'Palette'], ['confirm', 'Questions'],
];

/**
Every key with its words, under the first screen on which it works.
*/
export function helpRows(isReadOnly: boolean): readonly HelpRow[] {
	const allowed = keymap.filter(row => !isReadOnly || row.does === 'look');
	const told = new Set<KeyRow>();
	const keys = headings.flatMap(([place, text]): readonly HelpRow[] => {
		const rows = allowed.filter(row => row.where.includes(place) && !told.has(row));
		for (const row of rows) {
			told.add(row);
		}

		return rows.length === 0 ? [] : [{kind: 'heading', text}, ...rows.map((row): HelpRow => ({kind: 'key', row}))];
	});
	return [
		...keys,
		{kind: 'heading', text: 'Mouse (with --mouse)'},
		{kind: 'note', text: 'a click selects, the wheel scrolls; text is'},
		{kind: 'note', text: 'selected with Shift held down (Option on a Mac)'},
	];
}

// From here on two columns of keys fit side by side.
const twoColumnsFrom = 110;

/**
The rows as they stand on the screen: one beside the other where there is room.
*/
export function helpLines(isReadOnly: boolean, columns: number): ReadonlyArray<readonly HelpRow[]> {
	const rows = helpRows(isReadOnly);
	const height = columns < twoColumnsFrom ? rows.length : Math.ceil(rows.length / 2);
	return Array.from({length: height}, (_, at) => [rows[at], rows[at + height]].filter(row => row !== undefined));
}

/**
A row's keys as a person reads them.
*/
export function sayKeys(press: string, isUnicode: boolean): string {
	return press.split(' ').map(name => (isUnicode ? undefined : plainNames[name]) ?? names[name] ?? name).join(' ');
}

const plainNames: Readonly<Record<string, string>> = {
	down: 'Down', up: 'Up', left: 'Left', right: 'Right', enter: 'Enter',
};

const names: Readonly<Record<string, string>> = {
	down: '↓', up: '↑', left: '←', right: '→', pgdn: 'PgDn', pgup: 'PgUp', home: 'Home', end: 'End', enter: '⏎', tab: 'Tab', 'shift-tab': 'Shift-Tab',
	'ctrl-c': 'Ctrl-C', 'ctrl-z': 'Ctrl-Z', 'ctrl-f': 'Ctrl-F', 'ctrl-b': 'Ctrl-B', 'ctrl-n': 'Ctrl-N', 'ctrl-p': 'Ctrl-P', backspace: 'Backspace', esc: 'Esc', space: 'Space',
};
