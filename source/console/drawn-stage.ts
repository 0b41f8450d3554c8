import process from 'node:process';
import {isDeepStrictEqual} from 'node:util';
import type {Opened} from './app.tsx';
import {pictureOf, shapeOf, type Shape} from './picture.ts';
import {cellScreen} from './screen/stdout.ts';
import type {Stage, StageProps} from './stage.ts';

/**
Draws on the alternate screen. The first picture is there before Ink is loaded; from then on Ink reads keys and lays lines out. What is in a line
changes without Ink, which would take a whole frame for a clock that ticks. Rejects, with the terminal as it was, when that picture cannot be drawn.
*/
export async function drawnStage({theme, scenes, stdin, stdout, keyboard}: StageProps): Promise<Stage> {
	const screen = cellScreen(stdout);
	let app: Opened | undefined;
	let crash: {readonly error: unknown} | undefined;
	const draw = (): Shape => {
		const scene = scenes.store.get();
		const picture = pictureOf(theme, scene);
		screen.put([picture.lines, ...picture.dialogs.map(({lines}) => lines)]);
		return shapeOf(picture, scene.facts);
	};

	let shape: Shape | undefined;
	const update = (): void => {
		try {
			const next = draw();
			if (app === undefined || isDeepStrictEqual(next, shape)) {
				screen.show();
			} else {
				app.lay(next);
			}

			shape = next;
		} catch (error) {
			crash ??= {error};
			app?.unmount();
		}
	};

	// A frame that was on its way when the terminal changed its size has wrapped and scrolled there: so wipe the screen and draw all of it.
	let isAside = false;
	let hasRepainted = false;
	const onResize = (): void => {
		if (!isAside) {
			screen.forget();
		}

		hasRepainted = true;
		scenes.setSize({columns: stdout.columns, rows: stdout.rows});
		screen.show(); // Of a size that is the old one again nobody else hears.
	};

	// Node tells of no resize when the size is the old one again by the time it looks; the screen may be cut all the same.
	const onWindowChange = (): void => {
		if (!hasRepainted) {
			onResize();
		}

		hasRepainted = false;
	};

	const stopDrawing = scenes.store.subscribe(update);
	stdout.prependListener('resize', onResize); // Before Ink hears of it: it would draw the old lines at the new width first.
	process.on('SIGWINCH', onWindowChange);
	const stop = (): void => {
		stopDrawing();
		stdout.removeListener('resize', onResize);
		process.removeListener('SIGWINCH', onWindowChange);
	};

	const giveBack = (): void => {
		screen.leave();
		stdin.setRawMode(false);
	};

	process.once('exit', giveBack);
	stdin.setRawMode(true); // What is typed until Ink reads it is not shown, and Ctrl-C is a key.
	screen.enter();
	try {
		shape = draw();
		screen.show();
		const {openApp} = await import('./app.tsx');
		app = openApp(shape, {stdin, stdout: screen.stdout, keyboard});
	} catch (error) {
		stop();
		giveBack();
		throw error;
	} finally {
		process.removeListener('exit', giveBack);
	}

	const {unmount, untilExit, flushed} = app;
	return {
		unmount,
		flushed,
		stop,
		async untilExit() {
			await untilExit();
			if (crash !== undefined) {
				throw crash.error;
			}
		},
		setAside(is) {
			isAside = is;
		},
	};
}
