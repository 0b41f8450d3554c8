import {Text, useInput} from 'ink';
import {useRef, useState, type ReactElement} from 'react';
import {edit, pressesOf, type Line} from './edit.ts';

type FieldProps = {
	/**
	What it begins with: an answer that was refused, to be mended.
	*/
	readonly initial: string;
	readonly placeholder: string;
	/**
	What an enter in an empty field means.
	*/
	readonly suggestion?: string | undefined;
	/**
	Stars in place of what is typed.
	*/
	readonly isSecret?: boolean;
	/**
	What that letter does in an empty field, where no answer begins with it.
	*/
	readonly shortcut?: {readonly letter: string; readonly run: () => void} | undefined;
	readonly onSubmit: (text: string) => void;
};

/**
One line to type in, with the keys of a shell. That of Ink's UI package
knows none of them, and what it holds cannot be changed from outside.
*/
export function Field({initial, placeholder, suggestion, isSecret = false, shortcut, onSubmit}: FieldProps): ReactElement {
	// Several keys may come before the next drawing: each works on what the last one made.
	const first = {text: initial, cursor: [...initial].length};
	const line = useRef<Line>(first);
	const [drawn, draw] = useState<Line>(first);
	useInput((input, key) => {
		if (key.return) {
			onSubmit(line.current.text === '' ? suggestion ?? '' : line.current.text);
			return;
		}

		if (key.upArrow || key.downArrow || key.tab || key.escape) {
			return;
		}

		if (input === shortcut?.letter && !key.ctrl && line.current.text === '') {
			shortcut.run();
			return;
		}

		// A paste, and fast typing over SSH, bring their enter inside the text: it ends the answer there, and nothing behind it is kept.
		const [typed = '', ...more] = input.split(/[\n\r]/v);
		for (const press of pressesOf(typed, key)) {
			line.current = edit(line.current, press) ?? line.current;
		}

		draw(line.current);
		if (more.length > 0) {
			onSubmit(line.current.text === '' ? suggestion ?? '' : line.current.text);
		}
	});
	const {text, cursor} = drawn;
	if (text === '') {
		return <Text><Text inverse>{placeholder.slice(0, 1)}</Text><Text dimColor>{placeholder.slice(1)}</Text></Text>;
	}

	const shown = isSecret ? [...text].map(() => '*') : [...text];
	return <Text>{shown.slice(0, cursor).join('')}<Text inverse>{shown[cursor] ?? ' '}</Text>{shown.slice(cursor + 1).join('')}</Text>;
}
