import {namedJob} from '../../model/job.ts';
import {ageSeconds} from '../../model/time.ts';
import type {Evidence, Judgement} from './evidence.ts';

/**
A server whose runner has a job, by GitHub's flag or by a job that names it, is never touched.
*/
export function judgeBusy({runner, job, now}: Evidence): Judgement {
	return job === undefined && runner?.isBusy !== true ? undefined : {verdict: {code: 'busy', job: job && namedJob(job), forSeconds: job?.startedAt === undefined ? undefined : ageSeconds(job.startedAt, now)}};
}
