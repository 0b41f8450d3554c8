import type {KeyboardProps} from './keyboard.tsx';
import type {Scenes} from './scenes.ts';
import type {Theme} from './theme.ts';

export type StageProps = {
	readonly theme: Theme;
	readonly scenes: Scenes;
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly keyboard: KeyboardProps;
};

/**
Where scenes reach a person: a screen that is drawn, or sentences one under the other.
*/
export type Stage = {
	/**
	Gives the terminal back; `untilExit` resolves then. It rejects when the console crashed.
	*/
	readonly unmount: () => void;
	readonly untilExit: () => Promise<unknown>;
	/**
	Resolves when all that was to be shown has been written.
	*/
	readonly flushed: () => Promise<unknown>;
	/**
	Another program has the terminal, or has it no more.
	*/
	readonly setAside: (isAside: boolean) => void;
	/**
	Listens to nothing any more. Call it at the end.
	*/
	readonly stop: () => void;
};
