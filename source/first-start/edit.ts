/**
A line that is being edited: its text as graphemes' code points, and where the cursor stands.
*/
export type Line = {readonly text: string; readonly cursor: number};

export type Press = {readonly input: string; readonly ctrl?: boolean; readonly meta?: boolean; readonly leftArrow?: boolean; readonly rightArrow?: boolean; readonly home?: boolean; readonly end?: boolean; readonly backspace?: boolean; readonly delete?: boolean};

/**
The line after that key, as a shell edits: Ctrl-A and E go to its ends, Ctrl-U and K cut
to them, Ctrl-W and Alt-Backspace cut a word. Undefined for a key that edits nothing.
*/
export function edit(line: Line, press: Press): Line | undefined {
	const characters = [...line.text];
	const cut = (from: number, to: number): Line => ({text: [...characters.slice(0, from), ...characters.slice(to)].join(''), cursor: from});
	const {cursor} = line;
	if (press.ctrl === true) {
		switch (press.input) {
			case 'a': {
				return {...line, cursor: 0};
			}

			case 'e': {
				return {...line, cursor: characters.length};
			}

			case 'u': {
				return cut(0, cursor);
			}

			case 'k': {
				return cut(cursor, characters.length);
			}

			case 'w': {
				return cut(wordBefore(characters, cursor), cursor);
			}

			case 'h': {
				return cut(Math.max(0, cursor - 1), cursor);
			}

			default: {
				return undefined;
			}
		}
	}

	if (press.leftArrow === true || press.rightArrow === true) {
		return {...line, cursor: Math.min(characters.length, Math.max(0, cursor + (press.leftArrow === true ? -1 : 1)))};
	}

	if (press.home === true || press.end === true) {
		return {...line, cursor: press.home === true ? 0 : characters.length};
	}

	// Ink calls the usual backspace "delete".
	if (press.backspace === true || press.delete === true) {
		return press.meta === true ? cut(wordBefore(characters, cursor), cursor) : cut(Math.max(0, cursor - 1), cursor);
	}

	const typed = press.input.replaceAll(/\p{Control}/gv, '');
	return typed === '' || press.meta === true ? undefined : {text: [...characters.slice(0, cursor), typed, ...characters.slice(cursor)].join(''), cursor: cursor + [...typed].length};
}

/**
The presses of one piece of input, which a slow line brings together: letters, and among them the codes of Ctrl keys and of backspace.
*/
export function pressesOf(input: string, key: Omit<Press, 'input'>): readonly Press[] {
	if (input.length < 2 && !/\p{Control}/v.test(input)) {
		return [{...key, input}];
	}

	return (input.match(/\p{Control}|\P{Control}+/gv) ?? []).map(part => {
		const code = part.codePointAt(0) ?? 0;
		return code === 0x7F ? {input: '', backspace: true} : (code < 27 ? {input: String.fromCodePoint(code + 96), ctrl: true} : {input: part});
	});
}

function wordBefore(characters: readonly string[], cursor: number): number {
	let at = cursor;
	while (at > 0 && characters[at - 1]?.trim() === '') {
		at--;
	}

	while (at > 0 && characters[at - 1]?.trim() !== '') {
		at--;
	}

	return at;
}
