import type {Action} from '../../actions/action.ts';
import {
	panes, paneNames, paneOf, type AnyRow, type PaneName,
} from '../../panes/registry.ts';
import type {Context} from '../../state/context.ts';
import {topOf} from '../../state/cursor.ts';
import {
	edited, movePane, paneHeight, reconcile, rowsOf,
} from '../../state/reduce.ts';
import {relatedTo} from '../../state/related.ts';
import {cursorOf, type UiState} from '../../state/ui-state.ts';
import type {ScreenModule} from '../screen.ts';
import {dashboardKeys} from './keys.ts';
import type {DashboardState} from './state.ts';
import {Dashboard} from './view.tsx';

/**
The first screen: is scaling on, what waits and why, what runs, what it costs, what is wrong.
*/
export const dashboard: ScreenModule<DashboardState> = {
	name: 'First screen',
	View: Dashboard,
	title: () => 'First screen.',
	keys: dashboardKeys,
	pageRows: () => 1,
	typing: ({typing}) => typing === undefined ? undefined : 'filter',
	prompt: ({typing}, ui) => typing === undefined ? undefined : ui.query,
	back: () => undefined,
	server(_state, {ui, context}) {
		const {id} = cursorOf(ui, ui.pane);
		return ui.pane === 'servers' ? id : relatedTo(context.lists, ui.pane, id).server;
	},
	reduce(state, action, {ui, context}) {
		// eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- What is not for it changes nothing.
		switch (action.type) {
			case 'move':
			case 'page':
			case 'jump': {
				return movePane(ui, rowsOf(action, paneHeight(ui.pane, context)), context);
			}

			case 'turn': {
				return {...ui, pane: paneNames[(paneNames.indexOf(ui.pane) + action.by + paneNames.length) % paneNames.length] ?? ui.pane};
			}

			case 'type':
			case 'erase': {
				return state.typing === undefined ? ui : {...ui, query: edited(ui.query, action)};
			}

			case 'answer': {
				return reconcile({...ui, screen: {at: 'dashboard', typing: undefined}}, context);
			}

			case 'back': {
				return state.typing === undefined ? {...ui, query: '', marked: new Set()} : {...ui, query: state.typing.before, screen: {at: 'dashboard', typing: undefined}};
			}

			default: {
				return ui;
			}
		}
	},
	rowAt: (_state, {name, row, column}, {ui, context}) => clicked(name, row, column, ui, context),
	describe({typing}, {ui, context}, before) {
		const {pane} = ui;
		const count = context.lists.ids[pane].length;
		if (typing !== undefined) {
			return before === undefined ? ['Type a text, then Enter; Escape cancels.'] : (ui.query === '' ? [] : [`${ui.query}: ${count} rows.`]);
		}

		const marked = ui.marked.size === (before?.ui.marked.size ?? ui.marked.size) ? [] : [`${ui.marked.size} marked.`];
		const title = before?.ui.pane === pane ? [] : [`${panes[pane].title}, ${count} rows.`];
		return [...title, ...marked, describeRow(pane, cursorOf(ui, pane).index, context)];
	},
};

function describeRow(pane: PaneName, index: number, context: Context): string {
	const row: AnyRow | undefined = context.lists.rows[pane][index];
	return row === undefined ? 'No rows.' : `${paneOf(pane).describe(row, context)}. Row ${index + 1} of ${context.lists.ids[pane].length}.`;
}

function clicked(name: string, row: number, column: number, ui: UiState, context: Context): Action | undefined {
	if (name === 'notice') {
		return context.notices[0]?.leadsTo;
	}

	const [kind, pane] = splitName(name);
	if (pane === undefined || column < 0) {
		return undefined;
	}

	if (kind !== 'rows') {
		return {type: 'goToPane', pane};
	}

	const ids = context.lists.ids[pane];
	const id = ids[topOf(cursorOf(ui, pane), ids.length, paneHeight(pane, context)) + row];
	return id === undefined ? {type: 'goToPane', pane} : {type: 'select', pane, id};
}

function splitName(name: string): readonly [kind: string, pane: PaneName | undefined] {
	const [kind = '', pane = ''] = name.split(':', 2);
	return [kind, paneNames.find(one => one === pane)];
}
