import {formatJob} from '../job.ts';
import {formatDuration, type Instant} from '../time.ts';
import type {ServerVerdict, ZombieReason} from '../verdict.ts';
import {formatElapsed} from './elapsed.ts';

/**
What a server's verdict says to a person.
*/
export function describeServerVerdict(verdict: ServerVerdict, now: Instant): string {
	switch (verdict.code) {
		case 'booting': {
			return `booting, ${formatElapsed(verdict)}`;
		}

		case 'settingUp': {
			return `${verdict.script} script, ${formatElapsed(verdict)}`;
		}

		case 'registering': {
			return `registering its runner, ${formatElapsed(verdict)}`;
		}

		case 'busy': {
			const words = verdict.job === undefined ? 'busy, GitHub does not name its job yet' : `busy with ${formatJob(verdict.job)}`;
			if (verdict.drainedBy !== undefined) {
				return `${words}; draining (asked by ${verdict.drainedBy}): deleted when it ends`;
			}

			return verdict.lifeSeconds === undefined ? words : `${words}; older than ${formatDuration(verdict.lifeSeconds)} (--max-server-life), deleted when the job ends`;
		}

		case 'idle': {
			return `idle ${formatElapsed(verdict)}`;
		}

		case 'draining': {
			return `draining (asked by ${verdict.by}): no further job, deleted when it is idle`;
		}

		case 'outlived': {
			return `${formatElapsed(verdict)} old (--max-server-life), deleted now that it runs no job`;
		}

		case 'idleUnproven': {
			return `idle ${formatDuration(verdict.forSeconds)}, deleted once a second poll confirms it`;
		}

		case 'off': {
			return `off ${formatElapsed(verdict)}`;
		}

		case 'zombie': {
			return `${describeZombieReason(verdict.reason)}, ${formatElapsed(verdict)}`;
		}

		case 'keptBusy': {
			return `kept: ${verdict.answer}`;
		}

		case 'keptUnread': {
			return `kept: ${verdict.missing} could not be read`;
		}

		case 'keptProtected': {
			return `kept: ${verdict.answer}; switch its delete protection off in Hetzner's console`;
		}

		case 'otherEngine': {
			return `another engine's server (other labels, key or scripts), left alone ${formatElapsed(verdict)}`;
		}

		case 'keptByOperator': {
			return `kept by an operator, ${formatDuration((verdict.until - now) / 1000)} left`;
		}

		case 'deleting': {
			return `deleting: ${verdict.reason}`;
		}

		case 'wouldDelete': {
			return `dry run: would delete: ${verdict.reason}`;
		}

		case 'leaving': {
			return 'being deleted at Hetzner';
		}
	}
}

/**
Why a server has outlived its reason, in words.
*/
export function describeZombieReason(reason: ZombieReason): string {
	switch (reason.why) {
		case 'notReady': {
			return reason.lastAnswer === undefined ? 'SSH never answered' : `SSH never answered (${reason.lastAnswer})`;
		}

		case 'setUpTooLong': {
			return 'set-up is taking too long';
		}

		case 'setUpFailed': {
			return `set-up failed: ${reason.reason}`;
		}

		case 'neverRegistered': {
			return 'its runner never registered';
		}

		case 'runnerGone': {
			return 'its runner is gone, but the server still runs';
		}

		case 'runnerOffline': {
			return 'its runner is offline without a job';
		}

		case 'abandoned': {
			return 'the engine that created it no longer manages it';
		}
	}
}
