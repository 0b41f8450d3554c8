/**
A row's keys as a person reads them.
*/
export function formatKeys(press: string, isUnicode: boolean): string {
	return press.split(' ').map(name => (isUnicode ? undefined : plainNames[name]) ?? names[name] ?? name).join(' ');
}

const plainNames: Readonly<Record<string, string>> = {
	down: 'Down', up: 'Up', left: 'Left', right: 'Right', enter: 'Enter',
};

const names: Readonly<Record<string, string>> = {
	down: '↓', up: '↑', left: '←', right: '→', pgdn: 'PgDn', pgup: 'PgUp', home: 'Home', end: 'End', enter: '⏎', tab: 'Tab', 'shift-tab': 'Shift-Tab',
	'ctrl-c': 'Ctrl-C', 'ctrl-z': 'Ctrl-Z', 'ctrl-f': 'Ctrl-F', 'ctrl-b': 'Ctrl-B', 'ctrl-n': 'Ctrl-N', 'ctrl-p': 'Ctrl-P', backspace: 'Backspace', esc: 'Esc', space: 'Space',
};
