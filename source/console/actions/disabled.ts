import {formatClock} from '../components/clock.ts';
import type {Context} from '../state/context.ts';
import {startCommand} from '../state/health.ts';
import type {UiState} from '../state/ui-state.ts';
import type {Action} from './action.ts';
import type {KeyRow} from './key-row.ts';

/**
What is to happen, or why it cannot.
*/
export type ActionOrDisabled = Action | {readonly disabled: string};

/**
What a key means here and now, or the reason it is disabled.
*/
export function actionOf(row: KeyRow, ui: UiState, context: Context): ActionOrDisabled {
	const reason = disabledReason(row, context);
	return reason === undefined ? row.action(ui, context) : {disabled: reason};
}

/**
Why no such key can do anything now, whatever is selected; undefined when it can.
*/
export function disabledReason({does, needsEngine = does !== 'view'}: KeyRow, {health}: Pick<Context, 'health'>): string | undefined {
	return needsEngine && health.is === 'gone' ? `no engine since ${formatClock(health.at, 'minutes')}: start it with "${startCommand(health.where)}"` : undefined;
}
