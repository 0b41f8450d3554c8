import {useSyncExternalStore, type ReactElement} from 'react';
import {Box} from 'ink';
import {IsUnicode, Line, LineMarks} from './components/line.tsx';
import type {Facts} from './facts.ts';
import {footerSpans} from './footer.ts';
import {Keyboard, type KeyboardProps} from './keyboard.tsx';
import {smallestColumns, smallestRows} from './layout.ts';
import {Confirm} from './screens/confirm/confirm.tsx';
import {Detail} from './screens/detail/detail.tsx';
import {Help} from './screens/help/help.tsx';
import {Log} from './screens/log/log.tsx';
import {Palette} from './screens/palette/palette.tsx';
import {Scripts} from './screens/scripts/scripts.tsx';
import {Zombies} from './screens/zombies/zombies.tsx';
import {FirstScreen} from './first-screen.tsx';
import type {Marks} from './screen/marks.ts';
import type {Store} from './store.ts';
import type {Theme} from './theme.ts';
import type {Screen, View} from './view.ts';

/**
All that one frame shows.
*/
export type Scene = {readonly view: View; readonly facts: Facts};

type AppProps = KeyboardProps & {
	readonly theme: Theme;
	readonly marks: Marks;
	readonly scenes: Store<Scene>;
	/**
	The terminal's size. Given from outside and never read from a hook: Ink's own draws one torn frame on a resize.
	*/
	readonly columns: number;
	readonly rows: number;
};

/**
Only the keys: for a console that speaks.
*/
export function Silent(keyboard: KeyboardProps): ReactElement {
	return <Keyboard {...keyboard}/>;
}

/**
The whole console at a size.
*/
export function App({theme, marks, scenes, columns, rows, ...keyboard}: AppProps): ReactElement {
	const scene = useSyncExternalStore(scenes.subscribe, scenes.get);
	return (
		<Box flexDirection="column" width={columns} height={rows} overflow="hidden">
			<Keyboard {...keyboard}/>
			<IsUnicode value={theme.isUnicode}>
				<LineMarks value={marks}>
					<Front theme={theme} screen={scene.view.screen} scene={scene}/>
				</LineMarks>
			</IsUnicode>
		</Box>
	);
}

function Front({theme, screen, scene}: {readonly theme: Theme; readonly screen: Screen; readonly scene: Scene}): ReactElement {
	const {view, facts} = scene;
	const {columns, rows, isReadOnly, lists} = facts;
	if (facts.layout.kind === 'tooSmall') {
		return <Line text={`${columns}x${rows} is too small: ${smallestColumns}x${smallestRows} at least.`.slice(0, columns)}/>;
	}

	const footer = footerSpans(theme, {...view, screen}, isReadOnly, lists.counts, columns - 4);
	switch (screen.at) {
		case 'panes':
		case 'filter': {
			return <FirstScreen theme={theme} view={view} facts={facts}/>;
		}

		case 'detail': {
			return <Detail theme={theme} screen={screen} facts={facts} footer={footer}/>;
		}

		case 'zombies': {
			return <Zombies theme={theme} state={screen.state} facts={facts} footer={footer}/>;
		}

		case 'scripts': {
			return <Scripts theme={theme} screen={screen} find={view.find} facts={facts} footer={footer}/>;
		}

		case 'log': {
			return <Log theme={theme} screen={screen} find={view.find} facts={facts} footer={footer}/>;
		}

		case 'help': {
			return <Help theme={theme} top={screen.top} columns={columns} rows={rows} isReadOnly={isReadOnly} footer={footer}/>;
		}

		case 'search': {
			return screen.under.at === 'scripts'
				? <Scripts theme={theme} screen={screen.under} find={view.find} facts={facts} footer={footer}/>
				: <Log theme={theme} screen={screen.under} find={view.find} facts={facts} footer={footer}/>;
		}

		case 'palette': {
			return (
				<>
					<Front theme={theme} screen={screen.under} scene={scene}/>
					<Palette theme={theme} screen={screen} facts={facts}/>
				</>
			);
		}

		case 'confirm': {
			return (
				<>
					<Front theme={theme} screen={screen.under} scene={scene}/>
					<Confirm theme={theme} screen={screen} facts={facts}/>
				</>
			);
		}
	}
}
