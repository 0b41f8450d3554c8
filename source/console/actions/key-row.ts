import type {Context} from '../state/context.ts';
import type {UiState} from '../state/ui-state.ts';
import type {ActionOrDisabled} from './disabled.ts';

/**
Where a key works: on these screens (or while a query is typed), on every screen that
is read or on all of those but the first, wherever text is typed, or everywhere.
*/
export type Where = readonly string[] | 'screens' | 'behind' | 'typing' | 'everywhere';

/**
One row says all of a key; the footer, the help, --read-only and the clash test are drawn from it.
*/
export type KeyRow = {
	/**
	The keys that do it, parted by spaces. The first is the one that the footer shows.
	*/
	readonly press: string;
	readonly where: Where;
	/**
	What it does, for help and palette.
	*/
	readonly title: string;
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
	Read-only drops all but `view`. No `destroy` key may lie beside a key that moves.
	*/
	readonly does: 'view' | 'change' | 'destroy';
	/**
	Whether it asks something of the engine: disabled while there is none.
	@default what changes or destroys does
	*/
	readonly needsEngine?: boolean;
	readonly isMove?: boolean;
	/**
	More words by which the palette finds it.
	*/
	readonly alias?: string;
	readonly action: (ui: UiState, context: Context) => ActionOrDisabled;
};
