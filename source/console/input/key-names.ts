import {graphemesOf} from '../components/graphemes.ts';

/**
One key, by the name that keymap.ts knows it by: "j", "G", "enter", "shift-tab", "ctrl-c". `text` is what it types, if anything.
*/
export type Press = {readonly name: string; readonly text: string | undefined};

/**
What Ink says about a chunk of input, as far as we look at it.
*/
export type KeyFlags = {
	readonly upArrow?: boolean; readonly downArrow?: boolean; readonly leftArrow?: boolean; readonly rightArrow?: boolean;
	readonly pageDown?: boolean; readonly pageUp?: boolean; readonly home?: boolean; readonly end?: boolean;
	readonly return?: boolean; readonly escape?: boolean; readonly tab?: boolean; readonly shift?: boolean;
	readonly backspace?: boolean; readonly delete?: boolean; readonly ctrl?: boolean; readonly meta?: boolean;
};

const flagNames: ReadonlyArray<readonly [keyof KeyFlags, string]> = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageDown', 'pgdn'],
	['pageUp', 'pgup'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['backspace', 'backspace'],
	['delete', 'delete'],
];
const controls: Readonly<Record<string, string>> = {
	'\r': 'enter', '\n': 'enter', '\t': 'tab', '\u{7F}': 'backspace', '\b': 'backspace', '\u{1B}': 'esc',
};

/**
The keys in one chunk of input. A slow line hands several over at once ("jjj", "jk\r"): Ink passes them on as one, here they come apart.
*/
export function pressesOf(input: string, flags: KeyFlags): readonly Press[] {
	if (flags.tab) {
		return [{name: flags.shift ? 'shift-tab' : 'tab', text: undefined}];
	}

	const named = flagNames.find(([flag]) => flags[flag]);
	if (named !== undefined) {
		return [{name: named[1], text: undefined}];
	}

	if (flags.escape) {
		return [{name: 'esc', text: undefined}];
	}

	if (flags.ctrl === true || flags.meta === true) {
		return input === '' ? [] : [{name: `${flags.ctrl ? 'ctrl' : 'meta'}-${input.toLowerCase()}`, text: undefined}];
	}

	return isAnswer(input) ? [] : graphemesOf(input).flatMap(part => pressesIn(part));
}

function pressesIn(grapheme: string): readonly Press[] {
	const name = controls[grapheme];
	if (name !== undefined) {
		return [{name, text: undefined}];
	}

	if (grapheme === '\r\n') {
		return [{name: 'enter', text: undefined}];
	}

	if (grapheme === ' ') {
		return [{name: 'space', text: ' '}];
	}

	const code = grapheme.codePointAt(0) ?? 0;
	return code < 32 ? [{name: `ctrl-${String.fromCodePoint(code + 96)}`, text: undefined}] : [{name: grapheme, text: grapheme}];
}

// What a terminal answers to a question (its colours, its version) is no typing of a person.
function isAnswer(input: string): boolean {
	return /^(?:\]|\d+;)\S*(?:rgb:|;\?|c$)/v.test(input) || (input.startsWith(']') && input.length > 2);
}
