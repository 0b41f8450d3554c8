import {Buffer} from 'node:buffer';
import {
	cellsOf,
	laidOver,
	paintLine,
	type Line,
	type Pen,
} from './cells.ts';
import {markedBy, markOf} from './marks.ts';

const enterAlternateScreen = '\u{1B}[?1049h';
const leaveAlternateScreen = '\u{1B}[?1049l';
const hideCursor = '\u{1B}[?25l';
const showCursor = '\u{1B}[?25h';
/**
Codes that change what the terminal does, not what it shows: modes, keyboard protocol, titles. `debug` makes Ink write frames without any cursor movement.
*/
const modesOnly = /^(?:\u{1B}\[[<=>?][\d;]*[hlu]|\u{1B}\][^\u{7}\u{1B}]*(?:\u{7}|\u{1B}\\))*$/v; // eslint-disable-line no-control-regex, regexp/no-control-character
/**
Longer changes are shown at once, by the synchronized output that most terminals know and the others ignore.
*/
const syncFromBytes = 256;

/**
Painted lines: those of the screen first, then those of each dialog over it.
*/
export type Layers = ReadonlyArray<readonly string[]>;

export type Screen = {
	/**
	What Ink writes its frames to, with `debug: true`: each write is a whole frame of marks.
	*/
	readonly stdout: NodeJS.WriteStream;
	/**
	Takes the terminal before Ink does, and gives it back when Ink never came.
	*/
	readonly enter: () => void;
	readonly leave: () => void;
	/**
	What stands where the marks are, from the next frame on.
	*/
	readonly put: (layers: Layers) => void;
	/**
	Writes what changed, where Ink laid it out; before its first frame there are no dialogs. Nothing while another program has the terminal.
	*/
	readonly show: () => void;
	/**
	Forgets what the terminal shows, as after a resize: the next frame is written whole, on a wiped screen.
	*/
	readonly forget: () => void;
};

/**
A terminal that is told only of the cells that changed. A clock that ticks costs a dozen bytes, a moved cursor a few more, whatever is drawn anew.
*/
export function cellScreen(terminal: NodeJS.WriteStream): Screen {
	let layers: Layers = [];
	let laidOut: readonly string[] | undefined;
	let shown: string[] = [];
	let lines: Line[] = [];
	let pen: Pen = nowhere;
	let isWiped = false;
	let isOurs = false;

	const forget = (): void => {
		shown = [];
		lines = [];
		pen = nowhere;
		isWiped = true;
	};

	const paint = (): string => {
		const wanted = laidOut ?? (layers[0] ?? []).map((_, row) => markOf(0, row));
		let text = isWiped ? '\u{1B}[0m\u{1B}[H\u{1B}[2J' : '';
		isWiped = false;
		for (let row = 0; row < Math.max(Math.min(wanted.length, terminal.rows), shown.length); row++) {
			const parts = partsOf(row < terminal.rows ? wanted[row] ?? '' : '', layers);
			const key = parts.map(part => `${part.column}:${part.text}`).join('\n');
			if (key === shown[row]) {
				continue;
			}

			const {cells, plainTo} = lineOf(parts);
			const after = {cells: cells.slice(0, terminal.columns), plainTo}; // One of the size before would wrap and scroll.
			const painted = paintLine(row, lines[row] ?? nothing, after, pen);
			text += painted.text;
			({pen} = painted);
			lines[row] = after;
			shown[row] = key;
		}

		return Buffer.byteLength(text) < syncFromBytes ? text : `\u{1B}[?2026h${text}\u{1B}[?2026l`;
	};

	const modesChanged = (text: string): string => {
		if (text.includes(leaveAlternateScreen)) {
			isOurs = false;
			return `\u{1B}[0m${text}`;
		}

		if (!text.includes(enterAlternateScreen)) {
			return text;
		}

		const isEntered = isOurs;
		isOurs = true;
		if (isEntered) {
			return text.replace(enterAlternateScreen, ''); // Some terminals wipe what is on it.
		}

		forget();
		return text;
	};

	const write = (data: string | Uint8Array, ...rest: never[]): boolean => {
		const text = typeof data === 'string' ? data : Buffer.from(data).toString();
		if (modesOnly.test(text)) {
			return terminal.write(modesChanged(text), ...rest);
		}

		laidOut = text.split('\n');
		return terminal.write(paint(), ...rest);
	};

	return {
		enter() {
			terminal.write(modesChanged(enterAlternateScreen) + hideCursor);
		},
		leave() {
			if (isOurs) {
				terminal.write(modesChanged(leaveAlternateScreen) + showCursor);
			}
		},
		put(next) {
			layers = next;
		},
		show() {
			const text = isOurs ? paint() : '';
			if (text !== '') {
				terminal.write(text);
			}
		},
		forget,
		stdout: new Proxy(terminal, {
			get(target, name) {
				if (name === 'write') {
					return write;
				}

				const value: unknown = Reflect.get(target, name, target);
				return typeof value === 'function' ? value.bind(target) as unknown : value;
			},
		}),
	};
}

type Part = {readonly column: number; readonly text: string};

// What stands in a row: lines and where they begin. A character that is no mark is Ink's own, as when it tells of a crash: the row is that then.
function partsOf(row: string, layers: Layers): readonly Part[] {
	const parts: Part[] = [];
	for (let column = 0; column < row.length; column++) {
		const character = row[column] ?? '';
		if (character === ' ') {
			continue;
		}

		const mark = markedBy(character);
		if (mark === undefined) {
			return [{column: 0, text: row}];
		}

		parts.push({column, text: layers[mark.layer]?.[mark.row] ?? ''});
	}

	return parts;
}

const nowhere: Pen = {
	row: undefined, column: 0, isAtEnd: false, styles: [],
};

const nothing: Line = {cells: [], plainTo: Infinity};

// A dialog covers what is under it.
function lineOf(parts: readonly Part[]): Line {
	let line = nothing;
	for (const {column, text} of parts) {
		line = laidOver(line, cellsOf(text), column);
	}

	return line;
}
