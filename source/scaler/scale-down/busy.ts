import {namedJob} from '../../model/job.ts';
import {ageSeconds} from '../../model/time.ts';
import {doesUnreadJobProtect} from '../trust.ts';
import type {Evidence, Judgement} from './evidence.ts';

/**
A server whose runner has a job, by GitHub's flag or by a job that names it, is never touched. A job that can no longer be read speaks for its runner
until the runner's own record has said otherwise for minutes.
*/
export function judgeBusy({runner, job, unreadJob, memory, now}: Evidence): Judgement {
	if (job !== undefined || runner?.isBusy === true) {
		return busy(job, now);
	}

	const free = runner === undefined ? undefined : memory.idle.get(runner.name) ?? memory.offline.get(runner.name);
	return unreadJob !== undefined && doesUnreadJobProtect(free, now) ? busy(unreadJob, now) : undefined;
}

function busy(job: Evidence['job'], now: Evidence['now']): Judgement {
	return {verdict: {code: 'busy', job: job && namedJob(job), forSeconds: job?.startedAt === undefined ? undefined : ageSeconds(job.startedAt, now)}};
}
