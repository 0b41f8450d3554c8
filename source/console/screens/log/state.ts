import {cleanText} from '../../../model/clean-text.ts';
import {eventLevel, describeEvent} from '../../../model/event.ts';
import type {ActivityEntry} from '../../../scaler/controller.ts';
import {formatClock} from '../../components/clock.ts';
import type {Context} from '../../state/context.ts';
import {
	moveBy, reconcileCursor, startOfList, type Cursor,
} from '../../state/cursor.ts';
import {rowsIn} from '../../state/geometry.ts';
import {serverIn} from '../../state/related.ts';
import type {ScreenState} from '../registry.ts';
import {
	matchesIn, nextMatch, noSearch, type Search,
} from '../shared/search.ts';

export const logLevels = ['all', 'warnings', 'errors'] as const;

/**
All of the activity. `about`: only lines that name this server; `isWhole`: the selected line is shown in full.
*/
export type LogState = {
	readonly at: 'log'; readonly cursor: Cursor; readonly isFollowing: boolean; readonly level: (typeof logLevels)[number]; readonly about: string | undefined;
	readonly isWhole: boolean; readonly search: Search; readonly under: ScreenState;
};

export function openLog(about: string | undefined, under: ScreenState): LogState {
	return {
		at: 'log', cursor: startOfList, isFollowing: true, level: 'all', about, isWhole: false, search: noSearch, under,
	};
}

/**
The lines of Activity that are at least that loud, and about that server when one is named.
*/
export function logRows(activity: readonly ActivityEntry[], {level, about}: Pick<LogState, 'level' | 'about'>): readonly ActivityEntry[] {
	return level === 'all' && about === undefined ? activity : activity.filter(({event}) => levels[level].includes(eventLevel(event)) && (about === undefined || serverIn(event) === about));
}

const levels: Readonly<Record<LogState['level'], readonly string[]>> = {
	all: ['info', 'good', 'warning', 'error'], warnings: ['warning', 'error'], errors: ['error'],
};

export function logIds(state: LogState, {engine}: Pick<Context, 'engine'>): readonly string[] {
	return logRows(engine.activity, state).map(entry => String(entry.id));
}

/**
A line of the log, whole.
*/
export function logText({at, event}: ActivityEntry): string {
	return `${formatClock(at, 'seconds')}  ${eventLevel(event).padEnd(7)}  ${cleanText(describeEvent(event))}`;
}

/**
The log at the next line that has the text, from the selected one or (`isFirst`) from just before it; the same when no line has it.
*/
export function logAtMatch(state: LogState, by: 1 | -1, context: Context, isFirst = false): LogState {
	const rows = logRows(context.engine.activity, state);
	const ids = rows.map(entry => String(entry.id));
	const {index} = reconcileCursor(state.cursor, ids);
	const match = nextMatch(matchesIn(rows.map(row => logText(row)), state.search.query), index - (isFirst ? by : 0), by);
	return match === undefined ? state : {...state, isFollowing: false, cursor: moveBy(state.cursor, match - index, ids, rowsIn(context.geometry, 'body'))};
}
