import {Buffer} from 'node:buffer';
import type {Painter} from './painter.ts';

const enterAlternateScreen = '\u{1B}[?1049h';
const leaveAlternateScreen = '\u{1B}[?1049l';
/**
Codes that change what the terminal does, not what it shows: modes, keyboard protocol, titles.
*/
const modesOnly = /^(?:\u{1B}\[[<=>?][\d;]*[hlu]|\u{1B}\][^\u{7}\u{1B}]*(?:\u{7}|\u{1B}\\))*$/v; // eslint-disable-line no-control-regex, regexp/no-control-character

/**
The terminal as Ink sees it: modes go through, frames do not, as the painter writes
those. With `debug: true` Ink writes a frame whole and nothing else with it.
*/
export function withoutFrames(terminal: NodeJS.WriteStream, painter: Painter): NodeJS.WriteStream {
	const write = (data: string | Uint8Array, ...rest: never[]): boolean => {
		const text = typeof data === 'string' ? data : Buffer.from(data).toString();
		if (!modesOnly.test(text)) {
			painter.repaint();
			return terminal.write('', ...rest);
		}

		if (text.includes(leaveAlternateScreen)) {
			painter.setOurs(false);
			return terminal.write(`\u{1B}[0m${text}`, ...rest);
		}

		if (text.includes(enterAlternateScreen)) {
			painter.forget();
			painter.setOurs(true);
		}

		return terminal.write(text, ...rest);
	};

	return new Proxy(terminal, {
		get(target, name) {
			if (name === 'write') {
				return write;
			}

			const value: unknown = Reflect.get(target, name, target);
			return typeof value === 'function' ? value.bind(target) as unknown : value;
		},
	});
}
