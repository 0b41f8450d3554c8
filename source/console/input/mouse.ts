import {readThrough} from './read-through.ts';

/**
Something that the mouse did; column and row count from 0.
*/
export type MouseEvent = {readonly did: 'click' | 'wheelUp' | 'wheelDown'; readonly column: number; readonly row: number};

const escape = '\u{1B}';

/**
What turns reports of clicks and the wheel on, in the form that knows wide terminals (SGR), and off.
*/
export const mouseOn = '\u{1B}[?1000h\u{1B}[?1006h';
export const mouseOff = '\u{1B}[?1006l\u{1B}[?1000l';

const report = /\[<(?<button>\d+);(?<column>\d+);(?<row>\d+)(?<end>m)/giv;
const unfinished = /\[(?:<[\d;]{0,16})?$/v;
const buttons: Readonly<Record<string, MouseEvent['did']>> = {0: 'click', 64: 'wheelUp', 65: 'wheelDown'};

/**
The mouse's doings in a chunk of input, and its last part when that may be half a report: it belongs before the next chunk.
*/
export function readMouse(chunk: string): {readonly events: readonly MouseEvent[]; readonly pending: string} {
	const events = chunk.matchAll(report).flatMap(({groups, index}): readonly MouseEvent[] => {
		if (chunk[index - 1] !== escape) {
			return [];
		}

		const did = buttons[groups?.button ?? ''];
		return did === undefined || groups?.end !== 'M' ? [] : [{did, column: Number(groups.column) - 1, row: Number(groups.row) - 1}];
	}).toArray();
	const begun = chunk.endsWith(escape) ? chunk.length - 1 : chunk.search(unfinished) - 1;
	return {events, pending: chunk[begun] === escape ? chunk.slice(begun) : ''};
}

/**
The input as it was, with an ear for the mouse: Ink reads keys from it and drops what the mouse says.
*/
export function hearMouse(stdin: NodeJS.ReadStream, onMouse: (event: MouseEvent) => void): NodeJS.ReadStream {
	let pending = '';
	const read = (size?: number): unknown => {
		const chunk: unknown = stdin.read(size);
		if (typeof chunk === 'string') { // Ink asks for text.
			const heard = readMouse(pending + chunk);
			pending = heard.pending;
			for (const event of heard.events) {
				onMouse(event);
			}
		}

		return chunk;
	};

	return readThrough(stdin, read);
}
