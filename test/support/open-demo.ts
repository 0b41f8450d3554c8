import type {ExecutionContext} from 'ava';
import {
	isWhole, openProgram, type PtyOptions, type PtyProgram, type Screen,
} from './pty.ts';

/**
A small busy morning that is the same in every test.
*/
export const demoArguments: readonly string[] = ['demo', '--jobs', '12', '--speed', '20', '--seed', '7'];

export const large = {columns: 120, rows: 36};
export const small = {columns: 80, rows: 24};

/**
Whether that many servers are on the screen, in any state.
*/
export function hasServers(screen: Screen): boolean {
	return /Servers\]? [1-9]/v.test(screen.text);
}

/**
The demo in its console, once it takes keys and shows living servers; it is killed when the test ends.
*/
export async function openDemo(t: ExecutionContext, options: PtyOptions & {readonly argv?: readonly string[]}): Promise<PtyProgram> {
	const demo = openProgram([...demoArguments, ...options.argv ?? []], options);
	t.teardown(demo.kill);
	// It asks for pastes to be marked when it listens to keys; before that the terminal would echo them.
	await demo.until('the first screen with servers', screen => demo.view.modes.bracketedPasteMode && isWhole(screen) && hasServers(screen));
	return demo;
}

/**
Asserts that the terminal is as it was: normal screen, cursor shown, nothing switched on that stays.
*/
export function assertRestored(t: ExecutionContext, demo: PtyProgram): void {
	t.is(demo.view.buffer.active.type, 'normal');
	t.false(demo.view.modes.bracketedPasteMode);
	t.is(demo.view.modes.mouseTrackingMode, 'none');
	t.false(demo.view.modes.applicationCursorKeysMode);
	const raw = demo.raw();
	t.true(raw.includes('\u{1B}[?1049h'), 'it was on the alternate screen');
	t.true(raw.lastIndexOf('\u{1B}[?1049l') > raw.lastIndexOf('\u{1B}[?1049h'), 'the alternate screen was left');
	t.true(raw.lastIndexOf('\u{1B}[?25h') > raw.lastIndexOf('\u{1B}[?25l'), 'the cursor is shown');
}
