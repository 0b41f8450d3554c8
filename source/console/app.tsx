import type {ReactElement} from 'react';
import {Box, render, Text} from 'ink';
import {Keyboard, type KeyboardProps} from './keyboard.tsx';
import type {Shape} from './picture.ts';
import {markOf, rowsALayer} from './screen/marks.ts';

type AppProps = {
	/**
	The terminal's size in it is given from outside and never read from a hook: Ink's own draws one torn frame on a resize.
	*/
	readonly shape: Shape;
	readonly keyboard: KeyboardProps;
};

/**
The whole console: its keys, and where its lines are.
*/
export function App({shape, keyboard}: AppProps): ReactElement {
	const {columns, rows, lines, dialogs} = shape;
	return (
		<Box flexDirection="column" width={columns} height={rows} overflow="hidden">
			<Keyboard {...keyboard}/>
			<Lines layer={0} count={lines}/>
			{dialogs.map(({top, left, width, height}, at) => (
				<Box key={String(at)} position="absolute" flexDirection="column" top={top} left={left} width={width} height={height}>
					<Lines layer={at + 1} count={height}/>
				</Box>
			))}
		</Box>
	);
}

function Lines({layer, count}: {readonly layer: number; readonly count: number}): ReactElement {
	return <>{Array.from({length: Math.min(count, rowsALayer)}, (_, row) => <Text key={row}>{markOf(layer, row)}</Text>)}</>;
}

export type Opened = {
	/**
	Lays lines out anew, at once.
	*/
	readonly lay: (shape: Shape) => void;
	readonly unmount: () => void;
	readonly untilExit: () => Promise<unknown>;
	readonly flushed: () => Promise<unknown>;
};

type Terminal = {readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream; readonly keyboard: KeyboardProps};

const common = {exitOnCtrlC: false, interactive: true, patchConsole: false} as const;

/**
Opens it on that terminal. `debug` has Ink write each frame whole and without cursor movements.
*/
export function openApp(shape: Shape, {stdin, stdout, keyboard}: Terminal): Opened {
	const app = render(<App shape={shape} keyboard={keyboard}/>, {
		...common, stdin, stdout, debug: true, alternateScreen: true,
	});
	return {
		lay(next) {
			app.rerender(<App shape={next} keyboard={keyboard}/>);
		},
		unmount: app.unmount,
		untilExit: app.waitUntilExit,
		flushed: app.waitUntilRenderFlush,
	};
}

/**
Only the keys, for a console that speaks.
*/
export function openSilent({stdin, stdout, keyboard}: Terminal): Omit<Opened, 'lay'> {
	const app = render(<Keyboard {...keyboard}/>, {...common, stdin, stdout});
	return {unmount: app.unmount, untilExit: app.waitUntilExit, flushed: app.waitUntilRenderFlush};
}
