import {cellsOf, type Line} from './cells.ts';

/**
What Ink lays out in the place of lines that are painted already. Ink takes all text apart into styled characters with every
frame, a hundred lines of them for one key; so it gets one character for a whole line, and the screen behind it puts the line there.
The characters are of the private use area: no text of ours reaches Ink, so that none of a job's name can be taken for one.
*/
export type Marks = {
	/**
	A character that stands for that line until it is freed.
	*/
	readonly take: (text: string) => string;
	readonly free: (mark: string) => void;
	/**
	The line that begins where Ink drew that character; undefined when it stands for none.
	*/
	readonly lineOf: (mark: string) => Line | undefined;
};

const first = 0xE0_00;
const last = 0xF8_FF;

/**
Marks of one screen, 6,400 at a time.
*/
export function createMarks(): Marks {
	const texts = new Map<string, string>();
	const lines = new Map<string, Line>();
	// What was freed long ago comes first: a frame may still show what was freed just now.
	const free = Array.from({length: last - first + 1}, (_, at) => String.fromCodePoint(first + at));
	let next = 0;
	return {
		take(text) {
			const mark = free[next];
			if (mark === undefined) {
				throw new Error('more lines than a screen has');
			}

			next++;
			if (next > free.length / 2) {
				free.splice(0, next);
				next = 0;
			}

			texts.set(mark, text);
			return mark;
		},
		free(mark) {
			texts.delete(mark);
			lines.delete(mark);
			free.push(mark);
		},
		lineOf(mark) {
			const text = texts.get(mark);
			const line = lines.get(mark) ?? (text === undefined ? undefined : cellsOf(text));
			if (line !== undefined) {
				lines.set(mark, line);
			}

			return line;
		},
	};
}
