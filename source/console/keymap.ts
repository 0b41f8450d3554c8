import {serverInFront, type Facts} from './facts.ts';
import type {Intent} from './intent.ts';
import {
	askToDelete,
	compare,
	copyInFront,
	found,
	linkInFront,
	markInFront,
	openDetail,
	quit,
	type Meant,
} from './key-intents.ts';
import {
	panes,
	type Pane,
	type Screen,
	type View,
} from './view.ts';

export type Place = Screen['at'];

/**
One row says all of a key; the footer, the help, --read-only and the clash test are drawn from it.
*/
export type KeyRow = {
	/**
	The keys that do it, parted by spaces. The first is the one that the footer shows.
	*/
	readonly press: string;
	readonly where: readonly Place[];
	readonly says: string;
	/**
	Its word in the footer; undefined: it is only in the help.
	*/
	readonly footer?: string | undefined;
	/**
	Which words a narrow footer keeps: 0 always, 1 as long as they fit, 2 only with room to spare.
	@default 1
	*/
	readonly rank?: 0 | 1 | 2;
	/**
	Only while this pane has the focus.
	@default any
	*/
	readonly pane?: Pane;
	/**
	Read-only drops all but `look`. No `destroy` key may lie beside a key that moves.
	*/
	readonly does: 'look' | 'change' | 'destroy';
	readonly isMove?: boolean;
	readonly intent: (view: View, facts: Facts) => Meant;
};

const lists: readonly Place[] = ['panes', 'zombies', 'scripts', 'help', 'detail', 'log'];
const typing: readonly Place[] = ['filter', 'search', 'palette', 'confirm'];
const aboutServers: readonly Place[] = ['panes', 'detail', 'zombies'];

/**
The one table of keys. Nothing else compares keys.
*/
export const keymap: readonly KeyRow[] = [
	move('j down', 'next row', {type: 'move', by: 1}),
	move('k up', 'row before', {type: 'move', by: -1}),
	move('pgdn ctrl-f', 'a page down', {type: 'page', by: 1}),
	move('pgup ctrl-b', 'a page up', {type: 'page', by: -1}),
	move('g home', 'first row', {type: 'jump', to: 'first'}),
	move('G end', 'last row', {type: 'jump', to: 'last'}),
	{
		press: 'down ctrl-n', where: ['palette'], says: 'next one', footer: 'next', does: 'look', isMove: true, intent: () => ({type: 'move', by: 1}),
	},
	{
		press: 'up ctrl-p', where: ['palette'], says: 'one before', does: 'look', isMove: true, intent: () => ({type: 'move', by: -1}),
	},
	{
		press: 'tab right', where: ['panes', 'scripts'], says: 'next pane or tab', footer: 'next', rank: 2, does: 'look', isMove: true, intent: () => ({type: 'turn', by: 1}),
	},
	{
		press: 'shift-tab left', where: ['panes', 'scripts'], says: 'pane or tab before', does: 'look', isMove: true, intent: () => ({type: 'turn', by: -1}),
	},
	...panes.map((pane, at): KeyRow => ({
		press: String(at + 1), where: ['panes'], says: `go to ${pane}`, does: 'look', intent: () => ({type: 'goToPane', pane}),
	})),
	{
		press: 'p', where: ['panes'], says: 'pause scaling up, or go on', footer: 'pause', does: 'change',
		intent: (_view, {engine}) => ({type: 'act', effect: {do: 'setMode', mode: engine.mode === 'scaling' ? 'paused' : 'scaling'}}),
	},
	{
		press: 'P', where: ['panes'], says: 'freeze both ways: nothing is made, nothing deleted; or go on', does: 'change',
		intent: (_view, {engine}) => ({type: 'act', effect: {do: 'setMode', mode: engine.mode === 'frozen' ? 'scaling' : 'frozen'}}),
	},
	{
		press: 'D', where: ['panes'], says: 'drain: no new servers, what runs may finish; or go on', does: 'change',
		intent: (_view, {engine}) => engine.mode === 'draining' ? {type: 'act', effect: {do: 'setMode', mode: 'scaling'}} : {type: 'ask', question: {about: 'drain'}},
	},
	{
		press: 'z', where: ['panes'], says: 'zombies: servers past their limits, with the evidence', footer: 'zombies', does: 'look', intent: () => ({type: 'openZombies'}),
	},
	{
		press: 'd', where: ['panes', 'detail'], says: 'delete the marked servers, or the selected one', footer: 'delete', does: 'destroy', intent: askToDelete,
	},
	{
		press: 'd', where: ['zombies'], says: 'delete the marked servers, or the selected one', does: 'destroy', intent: askToDelete,
	},
	{
		press: 'enter', where: ['panes'], says: 'details of the selected row', footer: 'details', does: 'look', intent: openDetail,
	},
	{
		press: 'enter', where: ['zombies'], says: 'delete the marked servers', footer: 'delete marked', does: 'destroy', intent: askToDelete,
	},
	{
		press: 'enter', where: typing, says: 'take what is chosen', footer: 'take it', rank: 0, does: 'look', intent: () => ({type: 'answer'}),
	},
	{
		press: 'space', where: ['panes', 'zombies'], says: 'mark a server', footer: 'mark', rank: 2, does: 'change',
		intent: markInFront,
	},
	{
		press: 'a', where: ['zombies'], says: 'mark all, or none', footer: 'all', does: 'change', intent: () => ({type: 'markAll'}),
	},
	{
		press: 'K', where: ['zombies', 'detail'], says: 'keep this server for ten minutes more', footer: 'keep 10m', does: 'change',
		intent(view, facts) {
			const row = serverInFront(view, facts);
			return row === undefined ? {unable: 'no server here'} : {type: 'act', effect: {do: 'keep', name: row.name, seconds: 600}};
		},
	},
	{
		press: ': ctrl-p', where: lists, says: 'palette: every action and every option by name', footer: 'palette', rank: 2, does: 'look', intent: () => ({type: 'openPalette'}),
	},
	{
		press: 'w', where: ['panes'], says: 'why: go to what the notice on top is about', does: 'look',
		intent: (_view, {notices}) => notices[0]?.leadsTo ?? {unable: 'nothing needs a person now'},
	},
	{
		press: 'i', where: ['panes'], says: 'hide the notice on top until there is more trouble', does: 'look',
		intent: (_view, {notices}) => notices[0] === undefined ? {unable: 'there is no notice'} : {type: 'hide', about: notices[0].about},
	},
	{
		press: 's', where: ['panes'], says: 'scripts that new servers get', footer: 'scripts', does: 'look', intent: () => ({type: 'openScripts'}),
	},
	{
		press: 'l', where: ['panes'], says: 'log: all of the activity', footer: 'log', rank: 2, does: 'look', intent: () => ({type: 'openLog', about: undefined}),
	},
	{
		press: 'l', where: ['detail', 'zombies'], says: 'log of this server', footer: 'log', rank: 2, does: 'look',
		intent: (view, facts) => ({type: 'openLog', about: serverInFront(view, facts)?.name}),
	},
	{
		press: 'v', where: ['log'], says: 'show all, only warnings, only errors', footer: 'level', does: 'look', intent: () => ({type: 'level'}),
	},
	{
		press: '/', where: ['panes'], says: 'show only rows that contain a text', footer: 'filter', does: 'look', intent: () => ({type: 'filter'}),
	},
	{
		press: '/', where: ['scripts', 'log'], says: 'look for a text', footer: 'search', does: 'look', intent: () => ({type: 'search'}),
	},
	{
		press: 'n', where: ['scripts', 'log'], says: 'next line that has the text', footer: 'next', rank: 2, does: 'look', isMove: true, intent: view => found(view, 1),
	},
	{
		press: 'N', where: ['scripts', 'log'], says: 'line before that has it', does: 'look', isMove: true, intent: view => found(view, -1),
	},
	{
		press: 'c', where: ['scripts'], says: 'compare with the built-in script', footer: 'compare', does: 'look', intent: compare,
	},
	{
		press: 'n', where: ['panes'], says: 'next row that was found', does: 'look', isMove: true, intent: view => view.filter === '' ? {unable: 'no filter: / sets one'} : {type: 'move', by: 1},
	},
	{
		press: 'N', where: ['panes'], says: 'found row before', does: 'look', isMove: true, intent: view => view.filter === '' ? {unable: 'no filter: / sets one'} : {type: 'move', by: -1},
	},
	{
		press: 'S', where: ['panes'], says: 'sort this pane another way', does: 'look', intent: () => ({type: 'sort'}),
	},
	{
		press: 'F', where: ['panes'], says: 'show or hide jobs that are not ours', does: 'look', intent: () => ({type: 'showForeign'}),
	},
	{
		press: 'x', where: ['panes', 'detail', 'zombies'], says: 'open a shell on the server', footer: 'shell', rank: 2, does: 'change',
		intent(view, facts) {
			const row = serverInFront(view, facts);
			if (!facts.canShell) {
				return {unable: 'no shell from here'};
			}

			return row?.is.kind === 'server' ? {type: 'act', effect: {do: 'shell', name: row.name}} : {unable: 'this row has no server to log in to'};
		},
	},
	{
		press: 'y', where: aboutServers, says: 'copy the name', footer: 'copy', rank: 2, does: 'look', intent: copyInFront,
	},
	{
		press: 'o', where: aboutServers, says: 'show the link to GitHub', footer: 'link', rank: 2, does: 'look', intent: linkInFront,
	},
	{
		press: 'r', where: ['panes', 'zombies', 'detail'], says: 'read GitHub and Hetzner now', does: 'look', intent: () => ({type: 'act', effect: {do: 'readNow'}}),
	},
	{
		press: 'esc', where: ['zombies', 'scripts', 'detail', 'log', 'help'], says: 'back', footer: 'back', rank: 0, does: 'look', intent: () => ({type: 'back'}),
	},
	{
		press: 'esc', where: ['panes'], says: 'clear filter and marks', does: 'look', intent: () => ({type: 'back'}),
	},
	{
		press: 'esc', where: typing, says: 'leave it as it was', footer: 'leave it', rank: 0, does: 'look', intent: () => ({type: 'back'}),
	},
	{
		press: 'tab right left shift-tab', where: ['confirm'], says: 'the other answer', footer: 'other answer', rank: 0, does: 'look', intent: () => ({type: 'turn', by: 1}),
	},
	{
		press: 'backspace', where: typing, says: 'erase a letter', does: 'look', intent: () => ({type: 'erase'}),
	},
	{
		press: '?', where: ['panes', 'zombies', 'scripts', 'detail', 'log'], says: 'all keys', footer: 'help', rank: 0, does: 'look', intent: () => ({type: 'openHelp'}),
	},
	{
		press: 'q', where: ['panes'], says: 'quit', footer: 'quit', does: 'look', intent: quit,
	},
	{
		press: 'q', where: ['zombies', 'scripts', 'detail', 'log', 'help'], says: 'back', does: 'look', intent: () => ({type: 'back'}),
	},
	{
		press: 'ctrl-c', where: [...lists, ...typing], says: 'quit; twice: at once', does: 'look', intent: quit,
	},
	{
		press: 'ctrl-z', where: lists, says: 'put the console aside; `fg` brings it back', does: 'look', intent: () => ({type: 'act', effect: {do: 'background'}}),
	},
];

/**
The rows that count where the person is. Dispatch, footer and help all ask this.
*/
export function keysFor(view: Pick<View, 'screen' | 'pane'>, isReadOnly: boolean): readonly KeyRow[] {
	return keymap.filter(row => row.where.includes(view.screen.at) && (row.pane === undefined || row.pane === view.pane) && (!isReadOnly || row.does === 'look'));
}

/**
The row of a key there, if it has one.
*/
export function rowFor(name: string, view: Pick<View, 'screen' | 'pane'>, isReadOnly: boolean): KeyRow | undefined {
	return keysFor(view, isReadOnly).find(row => row.press.split(' ').includes(name));
}

function move(press: string, says: string, intent: Intent): KeyRow {
	return {
		press, where: lists, says, does: 'look', isMove: true, intent: () => intent,
	};
}
