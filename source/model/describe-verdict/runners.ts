import {formatJob} from '../job.ts';
import type {RunnerVerdict} from '../verdict.ts';
import {formatElapsed} from './elapsed.ts';

/**
What a runner's verdict says to a person.
*/
export function describeRunnerVerdict(verdict: RunnerVerdict): string {
	switch (verdict.code) {
		case 'busy': {
			return verdict.job === undefined ? 'busy, GitHub does not name its job yet' : `busy with ${formatJob(verdict.job)}`;
		}

		case 'idle': {
			return `idle ${formatElapsed(verdict)}`;
		}

		case 'offline': {
			return `offline ${formatElapsed(verdict)}`;
		}

		case 'leftover': {
			return `no server of its name, ${formatElapsed(verdict)}`;
		}

		case 'awaited': {
			return 'registered for its server, not connected yet';
		}

		case 'noServer': {
			return 'online, but no server of ours has its name';
		}

		case 'notOurs': {
			return 'not ours';
		}

		case 'kept': {
			return `kept: ${verdict.reason}`;
		}
	}
}
