import {Buffer} from 'node:buffer';
import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import {setImmediate as turn} from 'node:timers/promises';
import xterm from '@xterm/headless';
import stringWidth from 'string-width';

/**
A terminal in memory: what the console writes is drawn on it, as a real one would.
*/
export type FakeTerminal = {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	/**
	The screen's rows, without blanks at their ends.
	*/
	readonly screen: () => readonly string[];
	/**
	The first and the last column of a row in which a character stands; undefined when it is not there.
	*/
	readonly lastColumnOf: (row: number, text: string) => number | undefined;
	readonly columnOf: (row: number, text: string) => number | undefined;
	readonly type: (text: string) => void;
	readonly resize: (columns: number, rows: number) => void;
	readonly written: () => number;
	readonly raw: () => string;
	readonly isAlternate: () => boolean;
	/**
	Resolves when all that was written is on the screen.
	*/
	readonly drawn: () => Promise<void>;
};

const widthOf = (code: number): 0 | 1 | 2 => {
	const width = stringWidth(String.fromCodePoint(code));
	return width >= 2 ? 2 : (width === 1 ? 1 : 0);
};

// By itself xterm knows only the widths of Unicode 6, in which most emoji are narrow. A value is width times two, plus one when it joins
// the character before.
const todaysWidths = {
	version: 'today',
	wcwidth: widthOf,
	charProperties(code: number, preceding: number): number {
		const width = widthOf(code);
		const before = Math.floor(preceding / 2) % 4;
		return width === 0 && before > 0 ? (before * 2) + 1 : width * 2;
	},
};

// eslint-disable-next-line unicorn/prefer-event-target -- It stands in for a stream, which is one.
class Output extends EventEmitter {
	isTTY = true;
	writable = true;
	columns: number;
	rows: number;
	written = 0;
	raw = '';
	readonly view: xterm.Terminal;

	constructor(columns: number, rows: number) {
		super();
		this.columns = columns;
		this.rows = rows;
		this.view = new xterm.Terminal({
			cols: columns, rows, convertEol: true, allowProposedApi: true,
		});
		this.view.unicode.register(todaysWidths);
		this.view.unicode.activeVersion = todaysWidths.version;
	}

	write(text: string, ...rest: readonly unknown[]): boolean {
		this.written += Buffer.byteLength(text);
		this.raw += text;
		const done = rest.find((one): one is () => void => typeof one === 'function');
		this.view.write(text, done);
		return true;
	}
}

class Input extends PassThrough {
	isTTY = true;
	isRaw = false;

	setRawMode(isRaw: boolean): this {
		this.isRaw = isRaw;
		return this;
	}

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}
}

/**
A fake terminal of that size.
*/
export function fakeTerminal(columns: number, rows: number): FakeTerminal {
	const output = new Output(columns, rows);
	const input = new Input();
	const line = (row: number): string => output.view.buffer.active.getLine(output.view.buffer.active.baseY + row)?.translateToString(false, 0, output.view.cols) ?? '';
	const columnsOf = (row: number, text: string): readonly number[] => {
		const cells = output.view.buffer.active.getLine(output.view.buffer.active.baseY + row);
		return Array.from({length: output.view.cols}, (_, column) => column).filter(column => cells?.getCell(column)?.getChars() === text);
	};

	return {
		// Stand-ins with all that Ink asks of a terminal; the real classes want a real descriptor.
		stdin: input as unknown as NodeJS.ReadStream,
		stdout: output as unknown as NodeJS.WriteStream,
		screen: () => Array.from({length: output.view.rows}, (_, row) => line(row).trimEnd()),
		columnOf: (row, text) => columnsOf(row, text)[0],
		lastColumnOf: (row, text) => columnsOf(row, text).at(-1),
		type(text) {
			input.write(text);
		},
		resize(newColumns, newRows) {
			output.view.resize(newColumns, newRows);
			output.columns = newColumns;
			output.rows = newRows;
			output.emit('resize');
		},
		written: () => output.written,
		raw: () => output.raw,
		isAlternate: () => output.view.buffer.active.type === 'alternate',
		async drawn() {
			await turn();
			await new Promise<void>(resolve => {
				output.view.write('', resolve);
			});
		},
	};
}
