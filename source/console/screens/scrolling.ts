import type {Facts} from '../facts.ts';
import type {Screen} from '../view.ts';
import {helpLines} from './help/state.ts';
import {scriptLines} from './scripts/state.ts';
import {rowsPerZombie} from './zombies/state.ts';

/**
Rows of content that a screen shows in a terminal of that many rows: how far PgDn goes.
*/
export function pageOf(screen: Screen, rows: number): number {
	return Math.max(1, screen.at === 'zombies' ? Math.floor((rows - 4) / rowsPerZombie) : rows - (screen.at === 'scripts' ? 4 : 2));
}

/**
Rows of content that a scrolling screen has in all.
*/
export function contentOf(screen: Screen, facts: Facts): number {
	if (screen.at === 'scripts') {
		return scriptLines(screen).length;
	}

	return screen.at === 'help' ? helpLines(facts.isReadOnly, facts.columns).length : 0;
}
