import {activity} from './activity/index.ts';
import {jobs} from './jobs/index.ts';
import type {Lists} from './lists.ts';
import type {PaneModule, RowOf} from './pane.ts';
import {runners} from './runners/index.ts';
import {servers} from './servers/index.ts';

/**
The panes of the first screen, from top to bottom. One more is its folder and a line here.
*/
export const panes = {
	jobs,
	servers,
	runners,
	activity,
};

export type PaneName = keyof typeof panes;

/**
The rows of each pane.
*/
export type PaneRows = {readonly [Name in PaneName]: ReadonlyArray<RowOf<(typeof panes)[Name]>>};

export type AnyRow = {readonly id: string};

export const paneNames = Object.keys(panes) as readonly PaneName[]; // Its keys are all there are.

/**
A pane, for whatever is done with each of them alike.
*/
export function paneOf(name: PaneName): PaneModule<AnyRow> {
	return panes[name];
}

/**
The server that a row of a pane is about.
*/
export function serverOfRow(name: PaneName, index: number, lists: Lists): string | undefined {
	const row: AnyRow | undefined = lists.rows[name][index];
	return row === undefined ? undefined : paneOf(name).server(row);
}
