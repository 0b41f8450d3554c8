import type {Instant} from '../../model/time.ts';
import type {ServerName} from '../../model/server-name.ts';
import type {Attachment, EngineState} from '../../scaler/controller.ts';
import type {Lists} from '../panes/lists.ts';
import type {ServerRow} from '../panes/rows.ts';
import type {Geometry} from './geometry.ts';
import type {Health} from './health.ts';
import type {Notice} from './notices.ts';
import type {UiState} from './ui-state.ts';

/**
An option of the program as the palette shows it: its value in words (secrets masked) and where that came from.
*/
export type OptionFact = {readonly flag: string; readonly value: string; readonly source: string; readonly says: string; readonly variables: readonly string[]};

/**
What is true outside the console's own state at one moment: all that a frame, or a key's meaning, may depend on.
*/
export type Context = {
	readonly engine: EngineState;
	/**
	The engine's clock.
	*/
	readonly now: Instant;
	/**
	Up to when ages are counted: the clock stops for what nobody reads any more.
	*/
	readonly rowsNow: Instant;
	readonly health: Health;
	readonly lists: Lists;
	/**
	Where everything was on the screen last.
	*/
	readonly geometry: Geometry;
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
One moment of the console: its own state and what is true around it.
*/
export type Frame = {readonly ui: UiState; readonly context: Context};

/**
Seconds since the engine published its state, as far as ages are counted.
*/
export function passedSince({engine, rowsNow}: Pick<Context, 'engine' | 'rowsNow'>): number {
	return Math.max(0, (rowsNow - engine.publishedAt) / 1000);
}

/**
Whether a server may have a job: by its runner's record, by the job list, or by what the engine made of both.
*/
function isPerhapsBusy(row: ServerRow): boolean {
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
