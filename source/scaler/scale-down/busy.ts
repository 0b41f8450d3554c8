import {namedJob} from '../../model/job.ts';
import {ageSeconds} from '../../model/time.ts';
import {doesUnreadJobProtect, outlivedBy} from '../trust.ts';
import type {Evidence, Judgement} from './evidence.ts';

/**
A server whose runner has a job, by GitHub's flag or by a job that names it, is never touched. A job that can no longer be read speaks for its runner
until the runner's own record has said otherwise for minutes.
*/
export function judgeBusy(evidence: Evidence): Judgement {
	const {server, runner, job, unreadJob, memory, now} = evidence;
	if (job !== undefined || runner?.isBusy === true) {
		return busy(job, evidence);
	}

	const free = runner === undefined ? undefined : memory.idle.get(server.name) ?? memory.offline.get(server.name);
	return unreadJob !== undefined && doesUnreadJobProtect(free, now) ? busy(unreadJob, evidence) : undefined;
}

function busy(job: Evidence['job'], {server, memory, policy, now}: Evidence): Judgement {
	const outlived = outlivedBy(server, memory, policy, now);
	return {
		verdict: {
			code: 'busy',
			job: job && namedJob(job),
			forSeconds: job?.startedAt === undefined ? undefined : ageSeconds(job.startedAt, now),
			...memory.drained.has(server.id) && {drainedBy: memory.drained.get(server.id)},
			...outlived !== undefined && {lifeSeconds: outlived.limitSeconds},
		},
	};
}
