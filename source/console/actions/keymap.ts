import type {ServerName} from '../../model/server-name.ts';
import {allScreens, placeOf} from '../screens/registry.ts';
import {openHelp} from '../screens/help/state.ts';
import {openPalette} from '../screens/palette/state.ts';
import {openQuestion} from '../screens/confirm/state.ts';
import type {Context} from '../state/context.ts';
import {isServerListOld} from '../state/health.ts';
import type {UiState} from '../state/ui-state.ts';
import type {Action} from './action.ts';
import type {KeyRow} from './key-row.ts';

/**
The keys that work on every screen. Those of one screen are in its module.
*/
const shared: readonly KeyRow[] = [
	move('j down', 'next row', {type: 'move', by: 1}),
	move('k up', 'previous row', {type: 'move', by: -1}),
	move('pgdn ctrl-f', 'a page down', {type: 'page', by: 1}),
	move('pgup ctrl-b', 'a page up', {type: 'page', by: -1}),
	move('g home', 'first row, and stay at the top', {type: 'jump', to: 'first'}),
	move('G end', 'last row', {type: 'jump', to: 'last'}),
	{
		press: ': ctrl-p', where: 'screens', title: 'palette: every action and every option by name', footer: 'palette', rank: 2, does: 'view', action: ui => ({type: 'open', screen: openPalette(ui.screen)}),
	},
	{
		press: 'esc', where: 'behind', title: 'back', footer: 'back', rank: 0, does: 'view', action: () => ({type: 'back'}),
	},
	{
		press: 'q', where: 'behind', title: 'back', does: 'view', action: () => ({type: 'back'}),
	},
	{
		press: 'esc', where: 'typing', title: 'cancel', footer: 'cancel', rank: 0, does: 'view', action: () => ({type: 'back'}),
	},
	{
		press: 'enter', where: 'typing', title: 'confirm', footer: 'confirm', rank: 0, does: 'view', action: () => ({type: 'answer'}),
	},
	{
		press: 'backspace', where: 'typing', title: 'delete a letter', does: 'view', action: () => ({type: 'erase'}),
	},
	{
		press: '?', where: 'screens', title: 'all keys and signs', footer: 'help', rank: 0, does: 'view', action: ui => ({type: 'open', screen: openHelp(ui.screen)}),
	},
	{
		press: 'ctrl-c', where: 'everywhere', title: 'quit; twice: at once', does: 'view', action: quit,
	},
	{
		press: 'ctrl-z', where: 'screens', title: 'suspend the console; `fg` resumes it', does: 'view', action: () => ({type: 'do', effect: {do: 'suspend'}}),
	},
];

let all: readonly KeyRow[] | undefined;

/**
The one table of keys: each screen's own, then those of all. Nothing else compares keys.
*/
export function keymap(): readonly KeyRow[] {
	all ??= [...allScreens().flatMap(({keys}) => keys), ...shared];
	return all;
}

/**
Whether a row counts at a place.
*/
export function worksAt(row: KeyRow, {name, isTyping}: {readonly name: string; readonly isTyping: boolean}): boolean {
	switch (row.where) {
		case 'everywhere': {
			return true;
		}

		case 'typing': {
			return isTyping;
		}

		case 'screens': {
			return !isTyping;
		}

		case 'behind': {
			return !isTyping && name !== 'dashboard';
		}

		default: {
			return row.where.includes(name);
		}
	}
}

/**
The rows that count where the person is. Dispatch, footer and help all ask this.
*/
export function keysFor(ui: Pick<UiState, 'screen'>, isReadOnly: boolean): readonly KeyRow[] {
	const place = placeOf(ui.screen);
	return keymap().filter(row => worksAt(row, place) && (!isReadOnly || row.does === 'view'));
}

/**
The row of a key there, if it has one.
*/
export function rowFor(name: string, ui: Pick<UiState, 'screen'>, isReadOnly: boolean): KeyRow | undefined {
	return keysFor(ui, isReadOnly).find(row => row.press.split(' ').includes(name));
}

function move(press: string, title: string, action: Action): KeyRow {
	return {
		press, where: 'screens', title, does: 'view', isMove: true, action: () => action,
	};
}

/**
To leave, with a question where servers may stay behind: also when no list of servers was ever read.
*/
export function quit(ui: UiState, {engine, attachment, health}: Context): Action {
	const isAsked = ui.screen.at === 'confirm' && ui.screen.question.about === 'quit';
	const servers = engine.servers.state === 'whole' && !isServerListOld(health) ? engine.servers.items.length + engine.creations.length : undefined;
	return attachment.at === 'here' && servers !== 0 && !isAsked
		? {type: 'open', screen: openQuestion({about: 'quit', servers, known: engine.servers.items.length}, ui.screen)}
		: {type: 'do', effect: {do: 'quit'}};
}

/**
The question before servers are deleted.
*/
export function askToDelete(names: readonly ServerName[], ui: UiState): Action {
	return {type: 'open', screen: openQuestion({about: 'delete', names}, ui.screen)};
}
