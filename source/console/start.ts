import process from 'node:process';
import {perform} from './actions/effects.ts';
import {keyAt} from './components/footer.tsx';
import {openApp, openSilent, type Opened} from './app.tsx';
import type {KeyboardProps, Suspend} from './input/keyboard.tsx';
import {hearMouse} from './input/mouse.ts';
import type {ConsoleOptions} from './options.ts';
import {makePainter} from './render/painter.ts';
import {withoutFrames} from './render/stdout.ts';
import {readAloud} from './screen-reader/reader.ts';
import {followController, type EngineFeed} from './state/engine-feed.ts';
import {createStore} from './state/store.ts';
import {openSession} from './terminal/session.ts';
import {themeOf} from './theme/theme.ts';

export type Ended = {readonly why: 'quit' | 'closed'};

export type Console = {
	/**
	Resolves when the terminal is as it was before; rejects when the console crashed.
	*/
	readonly ended: Promise<Ended>;
	/**
	Leaves the screen: for signals, which the caller owns. Call it before anything is written.
	*/
	readonly close: () => void;
	/**
	Resolves when all that was to be drawn has been written.
	*/
	readonly flushed: () => Promise<void>;
};

/**
With this variable set to 1 Ink draws by itself, without the painter:
the same frames, at ten times the cost. For the test that compares both.
*/
const plainInkVariable = 'HETZNER_RUNNERS_TUI_PLAIN_INK';

/**
Shows the console until the person quits. Needs a terminal on both sides; NO_COLOR wants `prepareColors` before this is imported.
*/
export async function openConsole(options: ConsoleOptions): Promise<Console> {
	const feed = followController(options.controller, options.clockNow);
	try {
		return openOn(feed, options);
	} catch (error) {
		feed.stop(); // It would keep the process alive.
		throw error;
	}
}

function openOn(feed: EngineFeed, options: ConsoleOptions): Console {
	const {controller, stdin, stdout, env, hasMouse = false} = options;
	const theme = themeOf(env, options.theme);
	let why: Ended['why'] = 'closed';
	let suspend: Suspend | undefined;
	let app: Omit<Opened, 'draw'> | undefined;
	let crash: {readonly error: unknown} | undefined;
	const session = openSession({
		stdin, stdout, hasMouse, hasTitle: theme.hasCommands, hasBell: options.hasBell ?? false, suspend: () => suspend,
		onResumed() {
			store.resumed();
		},
	});
	const store = createStore({
		moment: feed.moment,
		size: {columns: stdout.columns, rows: stdout.rows},
		clockNow: options.clockNow,
		isReadOnly: options.isReadOnly,
		canShell: options.onShell !== undefined,
		options: options.options ?? [],
		attentionSeconds: options.attentionSeconds ?? 600,
		keyAt: (frame, column) => keyAt(theme, frame, column),
		onCrash(error) {
			crash ??= {error};
			app?.unmount();
		},
		perform(effect) {
			void perform(effect, {
				controller,
				operator: options.operator,
				dispatch: store.dispatch,
				builtInScripts: options.builtInScripts,
				write(text) {
					stdout.write(text);
				},
				shell: options.onShell === undefined ? undefined : async server => session.shell(server, options.onShell?.(server)),
				suspend: session.background,
				quit() {
					why = 'quit';
					app?.unmount();
				},
			});
		},
	});
	const keyboard: KeyboardProps = {
		onPress: store.press,
		onPaste(text) {
			store.dispatch({type: 'type', text: text.split('\n', 1)[0] ?? ''});
		},
		onReady(ready) {
			suspend = ready;
		},
	};
	const terminal = {stdin: hasMouse ? hearMouse(stdin, store.mouse) : stdin, stdout};
	const isReader = options.isScreenReader === true || env.INK_SCREEN_READER === 'true';
	const stopShowing = isReader ? speak() : draw();
	session.take(store.frame.get().context);
	const stopTitle = store.frame.subscribe(() => {
		session.show(store.frame.get().context);
	});
	return {
		ended: untilEnded(),
		close() {
			app?.unmount();
		},
		async flushed() {
			await app?.flushed();
		},
	};

	function speak(): () => void {
		app = openSilent(keyboard, terminal);
		const stopReading = readAloud(store.frame, text => {
			stdout.write(text);
		}, session.isSuspended);
		const stopResizing = onResize(() => undefined);
		return () => {
			stopReading();
			stopResizing();
		};
	}

	function draw(): () => void {
		const painter = env[plainInkVariable] === '1' ? undefined : makePainter(stdout, theme);
		const surface = {theme, regions: new Map(), painter};
		const opened = openApp({
			frame: store.frame.get(), surface, keyboard, onLayout: store.layOut,
		}, {...terminal, stdout: painter === undefined ? stdout : withoutFrames(stdout, painter)});
		app = opened;
		const show = (): void => {
			opened.draw(store.frame.get());
		};

		const stopDrawing = store.frame.subscribe(show);
		show(); // What the first layout brought.
		const stopResizing = onResize(() => {
			painter?.forget();
		});
		return () => {
			stopDrawing();
			stopResizing();
		};
	}

	// A frame that was on its way when the terminal changed its size has wrapped and
	// scrolled there: so wipe the screen and draw all of it, before Ink hears of it.
	// Node tells of no resize when the size is the old one again by the time it looks; the screen may be cut all the same.
	function onResize(forget: () => void): () => void {
		let hasRepainted = false;
		const resize = (): void => {
			if (!session.isSuspended()) {
				forget();
			}

			hasRepainted = true;
			store.resize({columns: stdout.columns, rows: stdout.rows});
		};

		const onWindowChange = (): void => {
			if (!hasRepainted) {
				resize();
			}

			hasRepainted = false;
		};

		stdout.prependListener('resize', resize);
		process.on('SIGWINCH', onWindowChange);
		return () => {
			stdout.removeListener('resize', resize);
			process.removeListener('SIGWINCH', onWindowChange);
		};
	}

	async function untilEnded(): Promise<Ended> {
		try {
			await app?.untilExit();
			if (crash !== undefined) {
				throw crash.error;
			}

			return {why};
		} finally {
			stopShowing();
			stopTitle();
			session.giveBack();
			feed.stop();
			store.stop();
		}
	}
}

/**
Shows the console and resolves when the person has left it.
*/
export async function startConsole(options: ConsoleOptions): Promise<Ended> {
	const {ended} = await openConsole(options);
	return ended;
}
