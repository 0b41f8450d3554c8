import {settle, type Cursor} from './components/cursor.ts';
import type {Facts} from './facts.ts';
import {heightOf} from './layout.ts';
import {logRows} from './screens/log/state.ts';
import {paletteCursor, paletteEntries} from './screens/palette/state.ts';
import {pageOf} from './screens/scrolling.ts';
import {zombieIds} from './screens/zombies/state.ts';
import {panes, type Screen, type View} from './view.ts';

/**
The view on the rows as they are now: selections and marks stay with what they were on, and leave with it.
*/
export function settled(view: View, facts: Facts): View {
	const {ids} = facts.lists;
	const cursors = {
		jobs: settle(view.cursors.jobs, ids.jobs),
		servers: settle(view.cursors.servers, ids.servers),
		runners: settle(view.cursors.runners, ids.runners),
		activity: followed(view, facts),
	};
	const isSame = panes.every(pane => isSameCursor(cursors[pane], view.cursors[pane]));
	const there = view.marked.values().filter(name => facts.lists.byName.has(name)).toArray();
	return {
		...view,
		cursors: isSame ? view.cursors : cursors,
		marked: there.length === view.marked.size ? view.marked : new Set(there),
		screen: settledScreen(view.screen, facts),
	};
}

// The activity follows its newest line until somebody moves up.
function followed(view: View, facts: Facts): View['cursors']['activity'] {
	const ids = facts.lists.ids.activity;
	const height = heightOf(facts.layout, 'activity');
	return view.isFollowing ? lastOf(ids, height) : settle(view.cursors.activity, ids);
}

function lastOf(ids: readonly string[], height: number): Cursor {
	return {
		id: ids.at(-1), index: Math.max(0, ids.length - 1), line: Math.max(0, height - 1), isHome: false,
	};
}

function isSameCursor(a: Cursor, b: Cursor): boolean {
	return a.id === b.id && a.index === b.index && a.line === b.line && a.isHome === b.isHome;
}

function settledScreen(screen: Screen, facts: Facts): Screen {
	if (screen.at === 'zombies') {
		const cursor = settle(screen.state.cursor, zombieIds(screen.state, facts));
		return cursor === screen.state.cursor ? screen : {...screen, state: {...screen.state, cursor}};
	}

	if (screen.at === 'palette') {
		const cursor = paletteCursor(screen, paletteEntries(screen, facts));
		return cursor === screen.cursor ? screen : {...screen, cursor};
	}

	if (screen.at === 'log') {
		const ids = logRows(facts.engine.activity, screen).map(entry => String(entry.id));
		const height = pageOf(screen, facts.rows);
		const cursor = screen.isFollowing ? lastOf(ids, height) : settle(screen.cursor, ids);
		return isSameCursor(cursor, screen.cursor) ? screen : {...screen, cursor};
	}

	return screen;
}
