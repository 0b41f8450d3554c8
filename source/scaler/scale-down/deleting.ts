import {ageSeconds} from '../../model/time.ts';
import {readsToBelieve} from '../trust.ts';
import type {Evidence, Judgement} from './evidence.ts';

/** A deletion takes Hetzner seconds; one that is not over after that long has failed and is asked for again, or the server bills on unseen. */
const leavingSeconds = 180;

/** A server that Hetzner says it is deleting is on its way out, unless that never ends. */
export function judgeDeleting({server, memory, now}: Evidence): Judgement {
	if (server.status !== 'deleting') {
		return undefined;
	}

	const streak = memory.leaving.get(server.id);
	const isStuck = streak !== undefined && streak.reads >= readsToBelieve && ageSeconds(streak.since, now) >= leavingSeconds;
	return isStuck
		? {verdict: {code: 'leaving'}, toDelete: {kind: 'zombie', words: 'its deletion did not come to an end'}}
		: {verdict: {code: 'leaving'}};
}
