import type {Call} from '../cli.ts';
import {didYouMean, UsageError} from '../settings/usage-error.ts';

const actions = ['install', 'uninstall', 'status', 'logs', 'start', 'stop'];

/**
Says that running as a service is not there yet. Throws UsageError always.
*/
export function service({words: [action]}: Call): never {
	if (action === undefined || !actions.includes(action)) {
		throw new UsageError(`service takes one of ${actions.join(', ')}.${action === undefined ? '' : didYouMean(action, actions)}`);
	}

	throw new UsageError(`service ${action} is not part of this version yet: run "hetzner-runners-tui --no-console" under a process supervisor instead.`);
}
