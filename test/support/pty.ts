// Runs the built program in a real pseudo terminal, with a terminal emulator at its other end.
import {Buffer} from 'node:buffer';
import {setTimeout as after} from 'node:timers/promises';
import path from 'node:path';
import process from 'node:process';
import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {emptyHome, plainEnvironment, root} from './program.ts';

export type Screen = {
	/**
	Its rows, without blanks at their ends.
	*/
	readonly rows: readonly string[];
	/**
	The rows as one text.
	*/
	readonly text: string;
};

export type PtyOptions = {
	readonly columns: number;
	readonly rows: number;
	/**
	More variables for the program.
	@default none
	*/
	readonly env?: Readonly<Record<string, string>>;
	/**
	What TERM says.
	@default xterm-256color
	*/
	readonly term?: string;
	/**
	Another program in its place, which gets the command line as its last arguments: a shell, a multiplexer.
	@default none
	*/
	readonly within?: readonly [program: string, ...rest: readonly string[]];
};

export type PtyProgram = {
	readonly pid: number;
	readonly view: xterm.Terminal;
	readonly screen: () => Screen;
	/**
	Everything that was written so far, escape codes too.
	*/
	readonly raw: () => string;
	/**
	Resolves with the screen as soon as it is so, never with half a frame; rejects with the screen when the program ends before.
	*/
	readonly until: (what: string, isSo: (screen: Screen) => boolean) => Promise<Screen>;
	readonly type: (keys: string) => void;
	readonly resize: (columns: number, rows: number) => void;
	readonly signal: (name: NodeJS.Signals) => void;
	/**
	The exit code and, when one killed it, the signal; all that it wrote is on the screen by then.
	*/
	readonly ended: Promise<{readonly code: number; readonly signal: number}>;
	/**
	Kills it, if it still runs, and resolves when it is gone.
	*/
	readonly kill: () => Promise<void>;
};

// Only so that a screen that never comes is shown in the failure; ava's own limit would not print it.
const giveUpMilliseconds = 100_000;

/**
Starts `bin.js` with these arguments. Under CI=true, as most tests run: Ink by itself would draw nothing then.
*/
export function openProgram(argv: readonly string[], {columns, rows, env = {}, term = 'xterm-256color', within}: PtyOptions): PtyProgram {
	const view = new xterm.Terminal({
		cols: columns, rows, allowProposedApi: true, scrollback: 2000,
	});
	const home = emptyHome();
	const [program, ...rest] = [...within ?? [], process.execPath, path.join(root, 'bin.js'), ...argv];
	const child = pty.spawn(program ?? process.execPath, rest, {
		cols: columns, rows, name: term, cwd: root, encoding: null, env: {
			...plainEnvironment(home), TMPDIR: home, CI: 'true', LANG: 'C.UTF-8', ...env,
		},
	});
	const chunks: Uint8Array[] = [];
	const watchers = new Set<() => void>();
	const screen = (): Screen => screenOf(view);
	const drawn = (): void => {
		for (const watcher of watchers) {
			watcher();
		}
	};

	child.onData(data => {
		const bytes = Buffer.from(data); // Its type says text, whatever the encoding.
		chunks.push(bytes);
		view.write(bytes, drawn);
	});
	view.onData(answer => {
		child.write(answer);
	});
	let isEnded = false;
	const ended = new Promise<{code: number; signal: number}>(resolve => {
		child.onExit(({exitCode, signal}) => {
			isEnded = true;
			view.write('', () => {
				resolve({code: exitCode, signal: signal ?? 0});
				drawn();
			});
		});
	});

	return {
		pid: child.pid,
		view,
		screen,
		raw: () => Buffer.concat(chunks).toString('utf8'),
		async until(what, isSo) {
			const {promise, resolve, reject} = Promise.withResolvers<Screen>();
			const giveUp = new AbortController();
			const look = (): void => {
				if (view.modes.synchronizedOutputMode && !isEnded) {
					return; // In the middle of a frame.
				}

				const now = screen();
				if (isSo(now)) {
					resolve(now);
				} else if (isEnded) {
					reject(new Error(`It ended before ${what}:\n${now.text}`));
				}
			};

			watchers.add(look);
			look();
			void after(giveUpMilliseconds, undefined, {signal: giveUp.signal, ref: false}).then(() => {
				reject(new Error(`Never came: ${what}. The screen:\n${screen().text}`));
			}, () => undefined);
			try {
				return await promise;
			} finally {
				watchers.delete(look);
				giveUp.abort();
			}
		},
		type(keys) {
			child.write(keys);
		},
		resize(newColumns, newRows) {
			view.resize(newColumns, newRows);
			child.resize(newColumns, newRows);
		},
		signal(name) {
			process.kill(child.pid, name);
		},
		ended,
		async kill() {
			if (isEnded) {
				return;
			}

			process.kill(child.pid, 'SIGKILL');
			await ended;
		},
	};
}

/**
What a person sees on that terminal.
*/
export function screenOf(view: xterm.Terminal): Screen {
	const {active} = view.buffer;
	// The width cuts off cells that a shrunk terminal still holds.
	const rows = Array.from({length: view.rows}, (_, row) => (active.getLine(active.baseY + row)?.translateToString(false, 0, view.cols) ?? '').trimEnd());
	return {rows, text: rows.join('\n')};
}

/**
Whether that screen is a whole frame of the console: it ends in its last row.
*/
export function isWhole({rows}: Screen): boolean {
	const last = rows.at(-1) ?? '';
	return /^[+└].+[+┘]$/v.test(last) || (last.startsWith(' ') && /^[\-─]+$/v.test(rows.at(-2) ?? ''));
}
