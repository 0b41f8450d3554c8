import process from 'node:process';
import {render} from 'ink';
import {App, Silent, type Scene} from './app.tsx';
import type {KeyboardProps} from './keyboard.tsx';
import {createMarks} from './screen/marks.ts';
import {cellScreen} from './screen/stdout.ts';
import type {Scenes} from './scenes.ts';
import {sentencesOf} from './spoken/sentences.ts';
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

const common = {exitOnCtrlC: false, interactive: true, patchConsole: false} as const;

/**
Draws on the alternate screen.
*/
export function drawnStage({theme, scenes, stdin, stdout, keyboard}: StageProps): Stage {
	const marks = createMarks();
	const draw = (scene: Scene): React.JSX.Element => (
		<App theme={theme} marks={marks} scenes={scenes.store} columns={scene.facts.columns} rows={scene.facts.rows} {...keyboard}/>
	);
	// A frame that was on its way when the terminal changed its size has wrapped and scrolled there: so wipe the screen and draw all of it.
	let isAside = false;
	let hasRepainted = false;
	const onResize = (): void => {
		if (!isAside) {
			screen.forget();
		}

		hasRepainted = true;
		scenes.setSize({columns: stdout.columns, rows: stdout.rows});
		app.rerender(draw(scenes.store.get()));
		if (!isAside) {
			screen.refresh();
		}
	};

	// Node tells of no resize when the size is the old one again by the time it looks; the screen may be cut all the same.
	const onWindowChange = (): void => {
		if (!hasRepainted) {
			onResize();
		}

		hasRepainted = false;
	};

	// `debug` has Ink write each frame whole and without cursor movements; the screen tells the terminal only of the cells that changed.
	const screen = cellScreen(stdout, marks);
	const app = render(draw(scenes.store.get()), {
		...common, stdin, stdout: screen.stdout, debug: true, alternateScreen: true,
	});
	// Before Ink hears of it: Ink would draw the old tree at the new width first.
	stdout.prependListener('resize', onResize);
	process.on('SIGWINCH', onWindowChange);
	return {
		unmount: app.unmount,
		untilExit: app.waitUntilExit,
		flushed: app.waitUntilRenderFlush,
		setAside(is) {
			isAside = is;
		},
		stop() {
			stdout.removeListener('resize', onResize);
			process.removeListener('SIGWINCH', onWindowChange);
		},
	};
}

/**
Says on the ordinary screen what changes, for a screen reader: nothing is drawn twice, moved or taken back.
*/
export function spokenStage({scenes, stdin, stdout, keyboard}: StageProps): Stage {
	const app = render(<Silent {...keyboard}/>, {...common, stdin, stdout});
	let said: Scene | undefined;
	let isAside = false;
	const say = (): void => {
		const scene = scenes.store.get();
		const sentences = sentencesOf(said, scene);
		said = scene;
		if (sentences.length > 0 && !isAside) {
			stdout.write(`${sentences.join('\r\n')}\r\n`);
		}
	};

	const onResize = (): void => {
		scenes.setSize({columns: stdout.columns, rows: stdout.rows});
	};

	stdout.on('resize', onResize);
	const hush = scenes.store.subscribe(say);
	say();
	return {
		unmount: app.unmount,
		untilExit: app.waitUntilExit,
		flushed: app.waitUntilRenderFlush,
		setAside(is) {
			isAside = is;
		},
		stop() {
			stdout.removeListener('resize', onResize);
			hush();
		},
	};
}
