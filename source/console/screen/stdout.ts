import {Buffer} from 'node:buffer';
import {
	cellsOf,
	laidOver,
	paintLine,
	type Line,
	type Pen,
} from './cells.ts';
import type {Marks} from './marks.ts';

const enterAlternateScreen = '\u{1B}[?1049h';
const leaveAlternateScreen = '\u{1B}[?1049l';
/**
Codes that change what the terminal does, not what it shows: modes, keyboard protocol, titles. `debug` makes Ink write frames without any cursor movement.
*/
const modesOnly = /^(?:\u{1B}\[[<=>?][\d;]*[hlu]|\u{1B}\][^\u{7}\u{1B}]*(?:\u{7}|\u{1B}\\))*$/v; // eslint-disable-line no-control-regex, regexp/no-control-character
/**
Longer changes are shown at once, by the synchronized output that most terminals know and the others ignore.
*/
const syncFromBytes = 256;

export type Screen = {
	/**
	What Ink writes its frames to, with `debug: true`: each write is a whole frame.
	*/
	readonly stdout: NodeJS.WriteStream;
	/**
	Forgets what the terminal shows, as after a resize: the next frame is written whole, on a wiped screen.
	*/
	readonly forget: () => void;
	/**
	Writes the last frame anew when nothing has been written since `forget`.
	*/
	readonly refresh: () => void;
};

/**
A terminal that is told only of the cells that changed. A clock that ticks costs a dozen bytes, a moved cursor a few more, whatever Ink drew anew.
*/
export function cellScreen(terminal: NodeJS.WriteStream, marks: Marks): Screen {
	let shown: string[] = [];
	let lines: Line[] = [];
	let pen: Pen = {row: undefined, column: 0, styles: []};
	let isWiped = false;
	let lastFrame = '';

	const forget = (): void => {
		shown = [];
		lines = [];
		pen = {row: undefined, column: 0, styles: []};
		isWiped = true;
	};

	const paint = (frame: string): string => {
		lastFrame = frame;
		const wanted = frame.split('\n').slice(0, terminal.rows);
		let text = isWiped ? '\u{1B}[0m\u{1B}[H\u{1B}[2J' : '';
		isWiped = false;
		for (let row = 0; row < Math.max(wanted.length, shown.length); row++) {
			const line = wanted[row] ?? '';
			if (line === shown[row]) {
				continue;
			}

			const {cells, plainTo} = lineOf(line, marks);
			const after = {cells: cells.slice(0, terminal.columns), plainTo}; // One of the size before would wrap and scroll.
			const painted = paintLine(row, lines[row] ?? nothing, after, pen);
			text += painted.text;
			({pen} = painted);
			lines[row] = after;
			shown[row] = line;
		}

		return Buffer.byteLength(text) < syncFromBytes ? text : `\u{1B}[?2026h${text}\u{1B}[?2026l`;
	};

	const write = (data: string | Uint8Array, ...rest: never[]): boolean => {
		const text = typeof data === 'string' ? data : Buffer.from(data).toString();
		if (!modesOnly.test(text)) {
			return terminal.write(paint(text), ...rest);
		}

		if (text.includes(enterAlternateScreen)) {
			forget();
		}

		return terminal.write(text.includes(leaveAlternateScreen) ? `\u{1B}[0m${text}` : text, ...rest);
	};

	return {
		forget,
		refresh() {
			if (isWiped) {
				terminal.write(paint(lastFrame));
			}
		},
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

const nothing: Line = {cells: [], plainTo: Infinity};

// Of marks and the blanks around them; what a dialog covers is under it. Anything else is Ink's own: a crash that it tells.
function lineOf(drawn: string, marks: Marks): Line {
	let line = nothing;
	for (const [column, mark] of [...drawn].entries()) {
		const part = mark === ' ' ? nothing : marks.lineOf(mark);
		if (part === undefined) {
			return cellsOf(drawn);
		}

		line = part === nothing ? line : laidOver(line, part, column);
	}

	return line;
}
