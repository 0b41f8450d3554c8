import {moveBy} from './components/cursor.ts';
import type {Facts} from './facts.ts';
import type {Intent} from './intent.ts';
import {heightOf} from './layout.ts';
import {detailLines, outputHeight} from './screens/detail/state.ts';
import {logRows} from './screens/log/state.ts';
import {paletteCursor, paletteEntries, paletteHeight} from './screens/palette/state.ts';
import {contentOf, pageOf} from './screens/scrolling.ts';
import {nextZombies} from './screens/zombies/state.ts';
import {panes, type ScriptTab, type View} from './view.ts';

type Move = Extract<Intent, {readonly type: 'move' | 'page' | 'jump'}>;

const scriptTabs: readonly ScriptTab[] = ['setup', 'startup-x64', 'startup-arm64'];

/**
The view after a move: of the selection, of what scrolls, or of the page.
*/
export function moved(view: View, intent: Move, facts: Facts): View {
	const {screen} = view;
	const by = (height: number): number => rowsOf(intent, height);
	switch (screen.at) {
		case 'panes': {
			const height = heightOf(facts.layout, view.pane);
			const gone = moveBy(view.cursors[view.pane], by(height), facts.lists.ids[view.pane], height);
			const cursor = intent.type === 'jump' && intent.to === 'first' ? {...gone, isHome: true} : gone;
			const isFollowing = view.pane === 'activity' ? cursor.index >= facts.lists.activity.length - 1 : view.isFollowing;
			return {...view, isFollowing, cursors: {...view.cursors, [view.pane]: cursor}};
		}

		case 'zombies': {
			return {...view, screen: {...screen, state: nextZombies(screen.state, {type: 'move', by: by(pageOf(screen, facts.rows))}, facts)}};
		}

		case 'log': {
			const height = pageOf(screen, facts.rows);
			const ids = logRows(facts.engine.activity, screen).map(entry => String(entry.id));
			const cursor = moveBy(screen.cursor, by(height), ids, height);
			return {...view, screen: {...screen, cursor, isFollowing: cursor.index >= ids.length - 1}};
		}

		case 'detail': {
			// From the end, which it follows.
			const height = outputHeight(screen, facts);
			const most = Math.max(0, detailLines(screen, facts).length - height);
			return {...view, screen: {...screen, top: Math.max(0, Math.min(most, Math.min(screen.top, most) - by(height)))}};
		}

		case 'scripts':
		case 'help': {
			const height = pageOf(screen, facts.rows);
			const last = Math.max(0, contentOf(screen, facts) - height);
			return {...view, screen: {...screen, top: Math.max(0, Math.min(last, Math.min(screen.top, last) + by(height)))}};
		}

		case 'palette': {
			const entries = paletteEntries(screen, facts);
			const cursor = moveBy(paletteCursor(screen, entries), by(paletteHeight(facts.rows)), entries.map(entry => entry.id), paletteHeight(facts.rows));
			return {...view, screen: {...screen, cursor, option: undefined}};
		}

		case 'filter':
		case 'search':
		case 'confirm': {
			return view;
		}
	}
}

function rowsOf(intent: Move, height: number): number {
	switch (intent.type) {
		case 'move': {
			return intent.by;
		}

		case 'page': {
			return intent.by * Math.max(1, height - 1);
		}

		case 'jump': {
			return intent.to === 'first' ? -1e9 : 1e9;
		}
	}
}

/**
The view with the next pane, tab or answer in front.
*/
export function turned(view: View, by: 1 | -1): View {
	const {screen} = view;
	if (screen.at === 'scripts') {
		return {
			...view, screen: {
				...screen, top: 0, hit: undefined, isCompared: false, tab: turn(scriptTabs, screen.tab, by),
			},
		};
	}

	return screen.at === 'confirm' ? {...view, screen: {...screen, focus: screen.focus === 'cancel' ? 'go' : 'cancel'}} : {...view, pane: turn(panes, view.pane, by)};
}

function turn<Item>(all: readonly Item[], from: Item, by: number): Item {
	return all[(all.indexOf(from) + by + all.length) % all.length] ?? from;
}
