import {readlinkSync} from 'node:fs';
import process from 'node:process';
import type * as Console from '../console/start.ts';
import type {Server} from '../model/server.ts';
import type {Controller, Operator} from '../scaler/controller.ts';
import type {ConsoleAppearance} from './console-options.ts';
import {userHere} from './user-here.ts';

export type ShownConsole = {
	/** Leaves the screen; call it before anything is written. */
	readonly close: () => void;
	/** Resolves when the person has left; rejects when the console crashed. */
	readonly ended: Promise<unknown>;
};

/** Whether there is a terminal that can show a console. TERM=dumb gets the log. */
export function hasTerminal(): boolean {
	return process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== 'dumb';
}

/** Loads Ink and React, only here. Called early it passes the time in which an engine answers. */
export async function loadConsole(): Promise<typeof Console> {
	const {prepareColors} = await import('../console/terminal/colours.ts');
	prepareColors(process.env);
	return import('../console/start.ts');
}

/** Shows the console on this terminal. */
export async function showConsole(controller: Controller, options: {readonly isReadOnly: boolean; readonly appearance: ConsoleAppearance; readonly onShell: (server: Server) => readonly string[] | undefined}): Promise<ShownConsole> {
	const {openConsole} = await loadConsole();
	return openConsole({
		controller,
		stdin: process.stdin,
		stdout: process.stdout,
		operator: operatorHere(),
		isReadOnly: options.isReadOnly,
		env: process.env,
		clockNow: () => Date.now(),
		onShell: options.onShell,
		...options.appearance,
	});
}

/** Who acts, for Activity: the person behind sudo when there is one, and the terminal, as several may sit at several. */
export function operatorHere(): Operator {
	const name = process.env.SUDO_USER ?? process.env.LOGNAME ?? process.env.USER ?? userHere();
	const terminal = terminalName();
	return {name: terminal === undefined ? name : `${name} on ${terminal}`};
}

// "pts/3"; undefined without a terminal, or where the system does not say.
function terminalName(): string | undefined {
	try {
		const file = readlinkSync('/proc/self/fd/0');
		return /^\/dev\/(?<name>tty\d+|pts\/\d+)$/v.exec(file)?.groups?.name;
	} catch {
		return undefined;
	}
}
