import type {Instant} from '../model/time.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Attachment, EngineState} from '../scaler/controller.ts';
import type {Layout} from './layout.ts';
import type {Notice} from './notices.ts';
import type {Lists, ServerRow} from './panes/rows.ts';
import {threadOf} from './thread.ts';
import type {View} from './view.ts';

/**
An option of the program as the palette shows it: its value in words (secrets masked) and where that came from.
*/
export type OptionFact = {readonly flag: string; readonly value: string; readonly source: string; readonly says: string; readonly variables: readonly string[]};

/**
What is true outside the view at one moment: what a key's meaning may depend on.
*/
export type Facts = {
	readonly engine: EngineState;
	readonly now: Instant;
	readonly lists: Lists;
	readonly layout: Layout;
	readonly columns: number;
	readonly rows: number;
	readonly isReadOnly: boolean;
	/**
	Where the engine is: quitting stops one that is here.
	*/
	readonly attachment: Attachment;
	/**
	Whether a shell on a server can be opened from here.
	*/
	readonly canShell: boolean;
	/**
	What needs a person, the most urgent first, without what was hidden.
	*/
	readonly notices: readonly Notice[];
	readonly options: readonly OptionFact[];
	/**
	A job that waits longer needs a person.
	*/
	readonly attentionSeconds: number;
};

/**
Seconds since the engine said what it says.
*/
export function passedSince(facts: Pick<Facts, 'engine' | 'now'>): number {
	return Math.max(0, (facts.now - facts.engine.publishedAt) / 1000);
}

/**
The server that the selected row is about, wherever the selection is.
*/
export function serverInFront(view: View, facts: Facts): ServerRow | undefined {
	const {screen} = view;
	if (screen.at === 'zombies') {
		return facts.lists.byName.get(screen.state.cursor.id ?? '');
	}

	const [pane, id] = screen.at === 'detail' ? [screen.pane, screen.id] : [view.pane, view.cursors[view.pane].id];
	const name = pane === 'servers' ? id : threadOf(facts.lists, pane, id).server;
	return facts.lists.byName.get(name ?? '');
}

/**
Whether a server may have a job: by its runner's record, by the job list, or by what the engine made of both.
*/
export function isPerhapsBusy(row: ServerRow): boolean {
	return row.job !== undefined || row.runner?.isBusy === true || row.verdict?.code === 'busy' || row.verdict?.code === 'keptBusy';
}

/**
Names that are still to be typed before a deletion takes them too.
*/
export function namesToType(names: readonly ServerName[], typed: ReadonlySet<ServerName>, lists: Lists): readonly ServerName[] {
	return names.filter(name => {
		const row = lists.byName.get(name);
		return row !== undefined && isPerhapsBusy(row) && !typed.has(name);
	});
}
