import {eventLevel} from '../../../model/event.ts';
import type {ActivityEntry} from '../../../scaler/controller.ts';
import {serverIn} from '../../thread.ts';
import type {LogLevel, LogScreen} from '../../view.ts';

/**
The lines of Activity that are at least that loud, and about that server when one is named.
*/
export function logRows(activity: readonly ActivityEntry[], {level, about}: Pick<LogScreen, 'level' | 'about'>): readonly ActivityEntry[] {
	return level === 'all' && about === undefined ? activity : activity.filter(({event}) => levels[level].includes(eventLevel(event)) && (about === undefined || serverIn(event) === about));
}

const levels: Readonly<Record<LogLevel, readonly string[]>> = {
	all: ['info', 'good', 'warning', 'error'], warnings: ['warning', 'error'], errors: ['error'],
};
