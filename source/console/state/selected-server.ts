import type {ServerRow} from '../panes/rows.ts';
import {screenOf} from '../screens/registry.ts';
import type {Context} from './context.ts';
import type {UiState} from './ui-state.ts';

/**
The server that the screen in front is about.
*/
export function selectedServer(ui: UiState, context: Context): ServerRow | undefined {
	const name = screenOf(ui.screen).server?.(ui.screen, {ui, context});
	return context.lists.byName.get(name ?? '');
}
