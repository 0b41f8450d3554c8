import {confirm} from './confirm/index.ts';
import {dashboard} from './dashboard/index.ts';
import {detail} from './detail/index.ts';
import {help} from './help/index.ts';
import {log} from './log/index.ts';
import {palette} from './palette/index.ts';
import type {ScreenModule} from './screen.ts';
import {scripts} from './scripts/index.ts';
import {zombies} from './zombies/index.ts';

/**
All screens, as the help lists them. One more is its folder and a line here.
*/
const makeScreens = () => ({
	dashboard,
	detail,
	zombies,
	scripts,
	log,
	palette,
	confirm,
	help,
});

type Screens = ReturnType<typeof makeScreens>;

let made: Screens | undefined;

// Made when it is first asked for, as screens and the table of keys know each other.
function screens(): Screens {
	made ??= makeScreens();
	return made;
}

type StateOf<Module> = Module extends ScreenModule<infer State> ? State : never;

/**
What lies in front.
*/
export type ScreenState = StateOf<Screens[keyof Screens]>;

/**
Every screen's module.
*/
export function allScreens(): ReadonlyArray<ScreenModule<ScreenState>> {
	return Object.values(screens());
}

/**
The module of the screen that is in that state.
*/
export function screenOf(state: ScreenState): ScreenModule<ScreenState> {
	return screens()[state.at];
}

/**
The place where keys are looked up: the screen, or what is typed on it.
*/
export function placeOf(state: ScreenState): {readonly name: string; readonly isTyping: boolean} {
	const typing = screenOf(state).typing?.(state);
	return {name: typing ?? state.at, isTyping: typing !== undefined};
}
