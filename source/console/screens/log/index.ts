import {
	endOfList, isSameCursor, moveBy, reconcileCursor, topOf,
} from '../../state/cursor.ts';
import {selectedServer} from '../../state/selected-server.ts';
import {rowsIn} from '../../state/geometry.ts';
import {edited, rowsOf} from '../../state/reduce.ts';
import type {ScreenState} from '../registry.ts';
import type {ScreenModule} from '../screen.ts';
import {searchKeys} from '../shared/search-keys.ts';
import {
	logAtMatch, logIds, logLevels, logRows, logText, openLog, type LogState,
} from './state.ts';
import {Log} from './view.tsx';

const isLog = (screen: ScreenState): screen is LogState => screen.at === 'log';

/**
All of the activity on the whole screen; it follows the newest line until somebody moves up.
*/
export const log: ScreenModule<LogState> = {
	name: 'Log',
	View: Log,
	title: (state, {engine}) => `Log${state.about === undefined ? '' : ` of ${state.about}`}, ${logRows(engine.activity, state).length} lines.`,
	pageRows: ({geometry}) => rowsIn(geometry, 'body'),
	typing: ({search}) => search.typing === undefined ? undefined : 'search',
	prompt: ({search}) => search.typing === undefined ? undefined : search.query,
	back: state => state.search.typing === undefined ? state.under : {...state, search: {query: state.search.typing.before, typing: undefined}},
	keys: [
		{
			press: 'l', where: ['dashboard'], title: 'log: all of the activity', footer: 'log', rank: 2, does: 'view', action: ui => ({type: 'open', screen: openLog(undefined, ui.screen)}),
		},
		{
			press: 'l', where: ['detail', 'zombies'], title: 'log of this server', footer: 'log', rank: 2, does: 'view', action: (ui, context) => ({type: 'open', screen: openLog(selectedServer(ui, context)?.name, ui.screen)}),
		},
		{
			press: 'enter', where: ['log'], title: 'the whole of a long line, or only its beginning', footer: 'whole line', does: 'view', action: ({screen}) => isLog(screen) ? {type: 'open', screen: {...screen, isWhole: !screen.isWhole}} : {disabled: ''},
		},
		{
			press: 'v', where: ['log'], title: 'show all, only warnings, only errors', footer: 'level', does: 'view',
			action: ({screen}) => isLog(screen) ? {type: 'open', screen: {...screen, level: logLevels[(logLevels.indexOf(screen.level) + 1) % logLevels.length] ?? 'all'}} : {disabled: ''},
		},
		...searchKeys('log', isLog, logAtMatch),
	],
	reduce(state, action, {ui, context}) {
		// eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- What is not for it changes nothing.
		switch (action.type) {
			case 'move':
			case 'page':
			case 'jump': {
				const height = rowsIn(context.geometry, 'body');
				const ids = logIds(state, context);
				const cursor = moveBy(state.cursor, rowsOf(action, height), ids, height);
				return {...ui, screen: {...state, cursor, isFollowing: cursor.index >= ids.length - 1}};
			}

			case 'type':
			case 'erase': {
				return state.search.typing === undefined ? ui : {...ui, screen: logAtMatch({...state, search: {...state.search, query: edited(state.search.query, action)}}, 1, context, true)};
			}

			case 'answer': {
				return {...ui, screen: {...state, search: {...state.search, typing: undefined}}};
			}

			default: {
				return ui;
			}
		}
	},
	reconcile(state, {context}) {
		const ids = logIds(state, context);
		const cursor = state.isFollowing ? endOfList(ids, rowsIn(context.geometry, 'body')) : reconcileCursor(state.cursor, ids);
		return isSameCursor(cursor, state.cursor) ? state : {...state, cursor};
	},
	rowAt(state, {name, row}, {context}) {
		const count = logRows(context.engine.activity, state).length;
		const index = topOf(state.cursor, count, rowsIn(context.geometry, 'body')) + row;
		return name !== 'body' || index >= count ? undefined : {type: 'move', by: index - state.cursor.index};
	},
	describe(state, {context}) {
		if (state.search.typing !== undefined) {
			return state.search.query === '' ? ['Type a text, then Enter; Escape cancels.'] : [`${state.search.query}.`];
		}

		const entry = logRows(context.engine.activity, state).find(({id}) => String(id) === state.cursor.id);
		return [entry === undefined ? 'No lines.' : `${logText(entry).replaceAll(/ {2,}/gv, ' ')}.`];
	},
};
