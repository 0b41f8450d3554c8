import {
	useLayoutEffect, useRef, type ReactElement,
} from 'react';
import {Box, render, type DOMElement} from 'ink';
import {Line, SurfaceContext, type Surface} from './components/line.tsx';
import {geometryOf} from './components/region.tsx';
import {span} from './components/spans.ts';
import {Keyboard, type KeyboardProps} from './input/keyboard.tsx';
import {smallest} from './screens/dashboard/state.ts';
import {screenOf, type ScreenState} from './screens/registry.ts';
import type {Frame} from './state/context.ts';
import type {Geometry} from './state/geometry.ts';

export type AppProps = {
	readonly frame: Frame;
	readonly surface: Surface;
	readonly keyboard: KeyboardProps;
	/**
	Gets where Yoga has put everything; answers whether that is news, so that another frame follows.
	*/
	readonly onLayout: (geometry: Geometry) => boolean;
};

const noElement = null;

/**
The whole console: its keys, the screen in front, and what lies over it as a
dialog. The terminal's size is in the frame and never read from a hook: Ink's own
draws one torn frame on a resize.
*/
function App({frame, surface, keyboard, onLayout}: AppProps): ReactElement {
	const {columns, rows} = frame.context;
	const root = useRef<DOMElement>(noElement);
	useLayoutEffect(() => {
		if (!onLayout(geometryOf(surface.regions)) && root.current !== noElement) {
			surface.painter?.paint(root.current);
		}
	});
	const isTooSmall = columns < smallest.columns || rows < smallest.rows;
	return (
		<SurfaceContext value={surface}>
			<Keyboard {...keyboard}/>
			<Box ref={root} flexDirection="column" width={columns} height={rows} overflow="hidden">
				{isTooSmall ? <Line spans={[span(`${columns}x${rows} is too small: ${smallest.columns}x${smallest.rows} at least.`)]}/> : <Screen state={frame.ui.screen} frame={frame}/>}
			</Box>
		</SurfaceContext>
	);
}

// What lies under a dialog has the dialog's keys in its footer: its own do not work there.
function Screen({state, frame}: {readonly state: ScreenState; readonly frame: Frame}): ReactElement {
	const {View, over} = screenOf(state);
	const under = over?.(state);
	return (
		<>
			{under !== undefined && <Screen state={under} frame={frame}/>}
			<View key={state.at} state={state} frame={frame}/>
		</>
	);
}

export type Terminal = {readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream};

export type Opened = {
	/**
	Draws that frame, at once.
	*/
	readonly draw: (frame: Frame) => void;
	readonly unmount: () => void;
	readonly untilExit: () => Promise<unknown>;
	readonly flushed: () => Promise<unknown>;
};

const common = {exitOnCtrlC: false, interactive: true, patchConsole: false} as const;

/**
Opens the console on the alternate screen of that terminal. With a painter
Ink's own frames go nowhere: `debug` has it write each of them whole.
*/
export function openApp({frame, ...props}: AppProps, {stdin, stdout}: Terminal): Opened {
	const app = render(<App frame={frame} {...props}/>, {
		...common, stdin, stdout, alternateScreen: true, ...(props.surface.painter === undefined ? {incrementalRendering: true, maxFps: 15} : {debug: true}),
	});
	return {
		draw(next) {
			app.rerender(<App frame={next} {...props}/>);
		},
		unmount: app.unmount,
		untilExit: app.waitUntilExit,
		flushed: app.waitUntilRenderFlush,
	};
}

/**
Only the keys, for a console that speaks.
*/
export function openSilent(keyboard: KeyboardProps, {stdin, stdout}: Terminal): Omit<Opened, 'draw'> {
	const app = render(<Keyboard {...keyboard}/>, {...common, stdin, stdout});
	return {unmount: app.unmount, untilExit: app.waitUntilExit, flushed: app.waitUntilRenderFlush};
}
