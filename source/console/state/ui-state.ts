import type {ServerName} from '../../model/server-name.ts';
import type {PaneName} from '../panes/registry.ts';
import type {ScreenState} from '../screens/registry.ts';
import {startOfList, type Cursor} from './cursor.ts';

/**
A word to the person at the console, shown in the footer for a while; `href` makes a link of it.
*/
export type Message = {readonly text: string; readonly role: 'calm' | 'good' | 'waiting' | 'wrong'; readonly href?: string};

/**
All that the console itself knows: where the person is and what was chosen. No data of the engine.
*/
export type UiState = {
	readonly screen: ScreenState;
	readonly pane: PaneName;
	/**
	The selected row of each pane that was looked at.
	*/
	readonly cursors: Readonly<Partial<Record<PaneName, Cursor>>>;
	readonly marked: ReadonlySet<ServerName>;
	/**
	What the rows of the panes must contain.
	*/
	readonly query: string;
	/**
	For each pane, which of its orders it is in.
	*/
	readonly orders: Readonly<Partial<Record<PaneName, number>>>;
	readonly isForeignShown: boolean;
	/**
	Whether the activity pane stays at its newest line.
	*/
	readonly isFollowing: boolean;
	/**
	Trouble of which the person wants no more notice.
	*/
	readonly hidden: ReadonlySet<string>;
	readonly message: Message | undefined;
	/**
	What takes long enough to be worth a spinner, and how far that has turned.
	*/
	readonly work: {readonly text: string; readonly turn: number} | undefined;
};

export const initialUi: UiState = {
	screen: {at: 'dashboard', typing: undefined},
	pane: 'jobs',
	cursors: {},
	marked: new Set(),
	query: '',
	orders: {},
	isForeignShown: false,
	isFollowing: true,
	hidden: new Set(),
	message: undefined,
	work: undefined,
};

/**
The selection in a pane.
*/
export function cursorOf(ui: Pick<UiState, 'cursors'>, pane: PaneName): Cursor {
	return ui.cursors[pane] ?? startOfList;
}
