import {useEffect} from 'react';
import {useApp, useInput, usePaste} from 'ink';
import {pressesOf, type Press} from './key-names.ts';

export type Suspend = (during: () => Promise<void>) => Promise<void>;

export type KeyboardProps = {
	readonly onPress: (press: Press) => void;
	/**
	A paste types, it never presses keys.
	*/
	readonly onPaste: (text: string) => void;
	/**
	Hands over the way to lend the terminal to another program.
	*/
	readonly onReady: (suspend: Suspend) => void;
};

/**
The one place that listens to keys.
*/
export function Keyboard({onPress, onPaste, onReady}: KeyboardProps): undefined {
	const {suspendTerminal} = useApp();
	useInput((input, key) => {
		for (const press of pressesOf(input, key)) {
			onPress(press);
		}
	});
	usePaste(onPaste);
	useEffect(() => {
		onReady(async during => {
			await suspendTerminal(during);
		});
	}, [onReady, suspendTerminal]);
	return undefined;
}
