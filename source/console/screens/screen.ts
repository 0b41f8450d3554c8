import type {ReactElement} from 'react';
import type {Action, Effect} from '../actions/action.ts';
import type {KeyRow} from '../actions/key-row.ts';
import type {Context, Frame} from '../state/context.ts';
import type {UiState} from '../state/ui-state.ts';
import type {ScreenState} from './registry.ts';

/**
What an action made of the console's state, and what is to be asked of the world because of it.
*/
export type Change = {readonly ui: UiState; readonly effects: readonly Effect[]};

/**
A place on the screen: the part's name, and the column and row in it.
*/
export type Place = {readonly name: string; readonly column: number; readonly row: number};

/**
A screen: what it shows, what keys it has, and what they do to its state. Everything but `View` is pure and knows no terminal.
*/
export type ScreenModule<State extends {readonly at: string}> = {
	readonly name: string;
	View(props: {readonly state: State; readonly frame: Frame}): ReactElement;
	/**
	Its title, as a sentence.
	*/
	title(state: State, context: Context): string;
	/**
	What it says to somebody who cannot see it: all of it when it comes in front (`before` undefined), else what is selected now.
	*/
	describe(state: State, frame: Frame, before: Frame | undefined): readonly string[];
	/**
	Rows of its content that are on the screen: how far PgDn goes.
	*/
	pageRows(context: Context): number;
	/**
	What it makes of an action that is for the screen in front.
	*/
	reduce(state: State, action: Action, frame: Frame): Change | UiState;
	/**
	What a click there means.
	*/
	rowAt(state: State, place: Place, frame: Frame): Action | undefined;
	/**
	The screen that esc leads to; undefined: it is the first one.
	*/
	back(state: State): ScreenState | undefined;
	/**
	Its state on the rows as they are now.
	@default unchanged
	*/
	reconcile?(state: State, frame: Frame): State;
	/**
	The server that it is about.
	@default none
	*/
	server?(state: State, frame: Frame): string | undefined;
	/**
	By what name keys are for it while text is typed; undefined while none is.
	@default never
	*/
	typing?(state: State): string | undefined;
	/**
	The query that is typed, for the footer.
	*/
	prompt?(state: State, ui: UiState): string | undefined;
	/**
	The screen that it lies over, as a dialog; undefined: it takes all of the screen.
	*/
	over?(state: State): ScreenState;
	readonly keys: readonly KeyRow[];
};

