import type {Action} from '../actions/action.ts';
import {paneNames, paneOf, type PaneName} from '../panes/registry.ts';
import {screenOf} from '../screens/registry.ts';
import type {Change} from '../screens/screen.ts';
import type {Context} from './context.ts';
import {
	endOfList, isSameCursor, moveBy, moveTo, reconcileCursor, type Cursor,
} from './cursor.ts';
import {rowsIn} from './geometry.ts';
import {cursorOf, initialUi, type UiState} from './ui-state.ts';

/**
What an action makes of the console's state, and what is to be asked of the world because of it. Pure.
*/
export function reduce(ui: UiState, action: Action, context: Context): Change {
	// eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- The rest is in reduceOwn.
	switch (action.type) {
		case 'do': {
			return {ui, effects: [action.effect]};
		}

		case 'open': {
			return {ui: reconcile({...ui, screen: action.screen}, context), effects: action.effect === undefined ? [] : [action.effect]};
		}

		case 'back': {
			const under = screenOf(ui.screen).back(ui.screen);
			return under === undefined ? onScreen(ui, action, context) : {ui: reconcile({...ui, screen: under}, context), effects: []};
		}

		case 'move':
		case 'page':
		case 'jump':
		case 'turn':
		case 'type':
		case 'erase':
		case 'answer':
		case 'scriptsLoaded': {
			return onScreen(ui, action, context);
		}

		case 'press': {
			return {ui, effects: []}; // The store presses it.
		}

		default: {
			return {ui: reduceOwn(ui, action, context), effects: []};
		}
	}
}

type OwnAction = Extract<Action, {readonly type: 'goToPane' | 'select' | 'returnToTop' | 'mark' | 'sort' | 'showForeign' | 'hide' | 'message' | 'work' | 'reconcile'}>;

function reduceOwn(ui: UiState, action: OwnAction, context: Context): UiState {
	switch (action.type) {
		case 'goToPane': {
			return {...ui, pane: action.pane};
		}

		case 'select': {
			const {pane, id} = action;
			const cursor = moveTo(cursorOf(ui, pane), id, context.lists.ids[pane], paneHeight(pane, context));
			return {
				...ui, pane, cursors: {...ui.cursors, [pane]: cursor}, isFollowing: ui.isFollowing && pane !== 'activity',
			};
		}

		case 'returnToTop': {
			return reconcile({...ui, cursors: {}, isFollowing: true}, context);
		}

		case 'mark': {
			return movePane({...ui, marked: new Set(ui.marked.has(action.name) ? [...ui.marked].filter(name => name !== action.name) : [...ui.marked, action.name])}, 1, context);
		}

		case 'sort': {
			return {...ui, orders: {...ui.orders, [ui.pane]: ((ui.orders[ui.pane] ?? 0) + 1) % paneOf(ui.pane).orders.length}};
		}

		case 'showForeign': {
			return {...ui, isForeignShown: !ui.isForeignShown};
		}

		case 'hide': {
			return {...ui, hidden: new Set([...ui.hidden, ...action.about])};
		}

		case 'message': {
			return {...ui, message: action.message};
		}

		case 'work': {
			if (action.text === undefined && ui.work === undefined) {
				return ui;
			}

			const turn = ui.work?.text === action.text ? (ui.work?.turn ?? 0) + 1 : 0;
			return {...ui, work: action.text === undefined ? undefined : {text: action.text, turn}};
		}

		case 'reconcile': {
			return reconcile(ui, context);
		}
	}
}

function onScreen(ui: UiState, action: Action, context: Context): Change {
	const change = screenOf(ui.screen).reduce(ui.screen, action, {ui, context});
	return 'effects' in change ? change : {ui: change, effects: []};
}

/**
Rows of a pane that are on the screen.
*/
export function paneHeight(pane: PaneName, {geometry}: Pick<Context, 'geometry'>): number {
	return rowsIn(geometry, `rows:${pane}`);
}

/**
Rows that a move is by, in a window of that height.
*/
export function rowsOf(action: Extract<Action, {readonly type: 'move' | 'page' | 'jump'}>, height: number): number {
	switch (action.type) {
		case 'move': {
			return action.by;
		}

		case 'page': {
			return action.by * Math.max(1, height - 1);
		}

		case 'jump': {
			return action.to === 'first' ? -1e9 : 1e9;
		}
	}
}

/**
The selection of the pane in front moved by that many rows.
*/
export function movePane(ui: UiState, by: number, context: Context): UiState {
	const {pane} = ui;
	const ids = context.lists.ids[pane];
	const cursor = moveBy(cursorOf(ui, pane), by, ids, paneHeight(pane, context));
	return {...ui, isFollowing: pane === 'activity' ? cursor.index >= ids.length - 1 : ui.isFollowing, cursors: {...ui.cursors, [pane]: by === -1e9 ? {...cursor, isHome: true} : cursor}};
}

/**
The state on the rows as they are now: selections and marks stay with what they were on, and leave with it.
*/
export function reconcile(ui: UiState, context: Context): UiState {
	const {lists} = context;
	const cursors: Partial<Record<PaneName, Cursor>> = {...ui.cursors};
	let isSame = true;
	for (const pane of paneNames) {
		const before = cursorOf(ui, pane);
		// The activity follows its newest line until somebody moves up.
		const after = pane === 'activity' && ui.isFollowing ? endOfList(lists.ids.activity, paneHeight('activity', context)) : reconcileCursor(before, lists.ids[pane]);
		isSame &&= isSameCursor(before, after);
		cursors[pane] = after;
	}

	const there = [...ui.marked].filter(name => lists.byName.has(name));
	const next: UiState = {...ui, cursors: isSame ? ui.cursors : cursors, marked: there.length === ui.marked.size ? ui.marked : new Set(there)};
	const screen = screenOf(ui.screen).reconcile?.(ui.screen, {ui: next, context}) ?? ui.screen;
	return screen === ui.screen && isSame && next.marked === ui.marked ? ui : {...next, screen};
}

/**
The state with the first screen in front.
*/
export function atDashboard(ui: UiState): UiState {
	return {...ui, screen: initialUi.screen};
}

/**
The text with more typed, or its last character taken back.
*/
export function edited(text: string, action: Extract<Action, {readonly type: 'type' | 'erase'}>): string {
	return action.type === 'type' ? (text + action.text).slice(0, 200) : [...text].slice(0, -1).join('');
}

