// What Ink lays out in the place of lines that are painted already. Ink takes all text apart into styled characters with every frame, a hundred
// lines of them for one key; so it gets one character for a whole line, and the screen behind it puts the line there. The characters are of the
// private use area: no text of ours reaches Ink, so that none of a job's name can be taken for one.

const first = 0xE0_00;
const last = 0xF8_FF;

/**
As many lines as one layer can have: the screen is the lowest layer, dialogs lie over it.
*/
export const rowsALayer = 1600;

/**
The character that stands for that line of that layer, both counted from 0.
*/
export function markOf(layer: number, row: number): string {
	return String.fromCodePoint(first + (layer * rowsALayer) + row);
}

/**
The line that a character stands for; undefined when it stands for none.
*/
export function markedBy(character: string): {readonly layer: number; readonly row: number} | undefined {
	const code = character.codePointAt(0) ?? 0;
	return code < first || code > last ? undefined : {layer: Math.floor((code - first) / rowsALayer), row: (code - first) % rowsALayer};
}
