import process from 'node:process';
import type {ConsoleOptions} from './console-options.ts';
import {perform, type Outside} from './effects.ts';
import {followController, type Feed} from './feed.ts';
import {letGoOf, runInFront, untilForeground} from './in-front.ts';
import type {Intent} from './intent.ts';
import type {Suspend} from './keyboard.tsx';
import {rowFor} from './keymap.ts';
import type {Press} from './keys.ts';
import {
	hearMouse, intentsAt, mouseOff, mouseOn, type MouseEvent,
} from './mouse.ts';
import {makeOutward} from './outward.ts';
import {makeScenes} from './scenes.ts';
import {drawnStage} from './drawn-stage.ts';
import {spokenStage} from './spoken-stage.ts';
import {step} from './step.ts';
import {themeOf} from './theme.ts';

// How long a word to the person stays in the footer, when no key is pressed before.
const messageMilliseconds = 6000;

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
Shows the console until the person quits. Needs a terminal on both sides; NO_COLOR wants `prepareColors` before this is imported.
*/
export async function openConsole(options: ConsoleOptions): Promise<Console> {
	const feed = followController(options.controller, options.clockNow);
	try {
		return await openOn(feed, options);
	} catch (error) {
		feed.stop(); // It would keep the process alive.
		throw error;
	}
}

async function openOn(feed: Feed, options: ConsoleOptions): Promise<Console> {
	const {controller, stdin, stdout, env} = options;
	const theme = themeOf(env, options.theme);
	const scenes = makeScenes(feed.world, {columns: stdout.columns, rows: stdout.rows}, {
		isReadOnly: options.isReadOnly,
		canShell: options.onShell !== undefined,
		options: options.options ?? [],
		attentionSeconds: options.attentionSeconds ?? 600,
	});
	let why: Ended['why'] = 'closed';
	let suspend: Suspend | undefined;

	const outside: Outside = {
		controller,
		operator: options.operator,
		write(text) {
			stdout.write(text);
		},
		shell: options.onShell === undefined
			? undefined
			: async server => {
				const argv = options.onShell?.(server);
				const [program, ...rest] = argv ?? [];
				if (program === undefined) {
					throw new Error(`${server.name} has no address to log in to yet`);
				}

				await putAside(async () => {
					await letGoOf(stdin);
					await runInFront(program, rest);
				});
			},
		async background() {
			await putAside(untilForeground);
		},
		quit() {
			why = 'quit';
			stage.unmount();
		},
		dispatch,
		builtInScripts: options.builtInScripts,
	};

	const outward = makeOutward({
		write: outside.write, hasTitle: theme.hasCommands, hasBell: options.hasBell ?? false,
	});
	let saidUntil = Infinity;
	const hushAfterAWhile = feed.world.subscribe(() => {
		if (options.clockNow() >= saidUntil) {
			dispatch({type: 'say', message: undefined});
		}
	});
	function dispatch(intent: Intent): void {
		if (intent.type === 'say') {
			// A link stays until a key.
			saidUntil = intent.message === undefined || intent.message.href !== undefined ? Infinity : options.clockNow() + messageMilliseconds;
		}

		const {view, facts} = scenes.store.get();
		const next = step(view, intent, facts);
		scenes.setView(next.view);
		for (const effect of next.effects) {
			void perform(effect, outside);
		}
	}

	const onPress = (press: Press): void => {
		const {view, facts} = scenes.store.get();
		const row = rowFor(press.name, view, facts.isReadOnly);
		if (view.message !== undefined) {
			dispatch({type: 'say', message: undefined});
		}

		if (row === undefined) {
			if (press.text !== undefined) {
				dispatch({type: 'type', text: press.text});
			}

			return;
		}

		const intent = row.intent(view, facts);
		dispatch('unable' in intent ? {type: 'say', message: {text: intent.unable, role: 'waiting'}} : intent);
	};

	const onMouse = (event: MouseEvent): void => {
		const {view, facts} = scenes.store.get();
		for (const intent of intentsAt(event, view, facts)) {
			dispatch(intent);
		}
	};

	const onPaste = (text: string): void => {
		dispatch({type: 'type', text: text.split('\n', 1)[0] ?? ''});
	};

	const onReady = (ready: Suspend): void => {
		suspend = ready;
	};

	let isAside = false;
	const putAside: Suspend = async inFront => {
		isAside = true;
		stage.setAside(true);
		leaveTerminal();
		try {
			await suspend?.(inFront);
		} finally {
			isAside = false;
			stage.setAside(false);
			takeTerminal();
		}
	};

	const isSpoken = options.isScreenReader === true || env.INK_SCREEN_READER === 'true';
	const stage = await (isSpoken ? spokenStage : drawnStage)({
		theme, scenes, stdin: options.hasMouse ? hearMouse(stdin, onMouse) : stdin, stdout, keyboard: {onPress, onPaste, onReady},
	});
	const showOutward = (): void => {
		if (!isAside) {
			outward.show(scenes.store.get().facts);
		}
	};

	const takeTerminal = (): void => {
		stdout.write(options.hasMouse ? mouseOn : '');
		showOutward();
	};

	const leaveTerminal = (): void => {
		stdout.write(options.hasMouse ? mouseOff : '');
		outward.leave();
	};

	takeTerminal();
	const endOutward = scenes.store.subscribe(showOutward);
	process.once('exit', leaveTerminal); // Whatever ends it.
	return {
		ended: settleEnd(),
		close: stage.unmount,
		async flushed() {
			await stage.flushed();
		},
	};

	async function settleEnd(): Promise<Ended> {
		try {
			await stage.untilExit();
			return {why};
		} finally {
			stage.stop();
			hushAfterAWhile();
			endOutward();
			leaveTerminal();
			process.removeListener('exit', leaveTerminal);
			feed.stop();
			scenes.stop();
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
