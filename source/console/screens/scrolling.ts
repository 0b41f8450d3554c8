import type {Facts} from '../facts.ts';
import type {Screen} from '../view.ts';
import {detailLines} from './detail/state.ts';
import {helpRows} from './help/state.ts';
import {scriptLines} from './scripts/state.ts';
import {rowsPerZombie} from './zombies/state.ts';

/**
Rows of content that a screen shows in a terminal of that many rows: how far PgDn goes.
*/
export function pageOf(screen: Screen, rows: number): number {
	switch (screen.at) {
		case 'zombies': {
			return Math.max(1, Math.floor((rows - 4) / rowsPerZombie));
		}

		case 'scripts': {
			return Math.max(1, rows - 4);
		}

		case 'detail':
		case 'log':
		case 'help': {
			return Math.max(1, rows - 2);
		}

		default: {
			return 1;
		}
	}
}

/**
Rows of content that a scrolling screen has in all.
*/
export function contentOf(screen: Screen, facts: Facts): number {
	switch (screen.at) {
		case 'scripts': {
			return scriptLines(screen).length;
		}

		case 'help': {
			return helpRows(facts.isReadOnly).length;
		}

		case 'detail': {
			return detailLines(screen, facts).length;
		}

		default: {
			return 0;
		}
	}
}
