import {eventLevel} from '../../../model/event.ts';
import type {ActivityEntry} from '../../../scaler/controller.ts';
import type {LogLevel} from '../../view.ts';

/**
The lines of Activity that are at least that loud.
*/
export function logRows(activity: readonly ActivityEntry[], level: LogLevel): readonly ActivityEntry[] {
	switch (level) {
		case 'all': {
			return activity;
		}

		case 'warnings': {
			return activity.filter(({event}) => ['warning', 'error'].includes(eventLevel(event)));
		}

		case 'errors': {
			return activity.filter(({event}) => eventLevel(event) === 'error');
		}
	}
}
