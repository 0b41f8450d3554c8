import type {Read} from '../../model/snapshot.ts';
import type {EngineState} from '../../scaler/controller.ts';
import type {Cell, Column} from '../components/table.ts';
import type {Span} from '../components/spans.ts';
import type {Context} from '../state/context.ts';
import type {Theme} from '../theme/theme.ts';

/**
A pane of the first screen: one list of the engine's state as a table.
*/
export type PaneModule<Row extends {readonly id: string}> = {
	readonly title: string;
	/**
	How many of what, after the title.
	*/
	counts(context: Context): readonly Span[];
	/**
	The one number of its tab; empty for none.
	*/
	tab(context: Context): string;
	/**
	The ways it can be sorted, the usual one first.
	*/
	readonly orders: readonly string[];
	/**
	All its rows, in that order.
	*/
	rows(engine: EngineState, order: number): readonly Row[];
	/**
	What a query is looked for in.
	*/
	texts(row: Row, engine: EngineState): readonly string[];
	/**
	The server that a row is about.
	*/
	server(row: Row): string | undefined;
	columns(width: number): readonly Column[];
	readonly hasHeading: boolean;
	/**
	What a row looks like: a cell for each column.
	*/
	appearance(row: Row, context: Context, theme: Theme, width: number): readonly Cell[];
	isFaded?(row: Row): boolean;
	/**
	Which list its rows come from, for how fresh they are.
	@default none
	*/
	read?(engine: EngineState): Read<unknown>;
	emptyText(context: Context): string;
	/**
	A row as a sentence.
	*/
	describe(row: Row, context: Context): string;
};

export type RowOf<Module> = Module extends PaneModule<infer Row> ? Row : never;

/**
Whether the list behind a pane was ever read. What was not is unknown, never 0.
*/
export function isUnread(read: Read<unknown>): boolean {
	return read.at === undefined;
}

/**
A count, or "?" where the list behind it was never read.
*/
export function countOf(count: number, read: Read<unknown>): string {
	return isUnread(read) && count === 0 ? '?' : String(count);
}

