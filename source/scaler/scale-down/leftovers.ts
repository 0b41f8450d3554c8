import {namedJob, type Job} from '../../model/job.ts';
import type {Policy} from '../../model/policy.ts';
import type {Runner} from '../../model/runner.ts';
import {isServerName} from '../../model/server-name.ts';
import {ageSeconds, sayDuration, type Instant} from '../../model/time.ts';
import type {RunnerVerdict} from '../../model/verdict.ts';
import type {Memory} from '../memory.ts';
import {readsToBelieve} from './evidence.ts';

/**
What happens with a runner's record. One that carries a name of our form, has no server of ours, and is offline without a job,
is a leftover: removed after --max-runner-registration-time. `remove` says why.
*/
export function judgeRunner(runner: Runner, job: Job | undefined, hasServer: boolean, memory: Memory, policy: Policy, now: Instant): {readonly verdict: RunnerVerdict; readonly remove?: string} {
	if (!hasServer && !isServerName(runner.name)) {
		return {verdict: {code: 'notOurs'}};
	}

	if (runner.isBusy || job !== undefined) {
		return {verdict: {code: 'busy', job: job && namedJob(job)}};
	}

	const limitSeconds = policy.maxRunnerRegistrationSeconds;
	const leftover = memory.leftover.get(runner.id);
	if (leftover !== undefined) {
		const forSeconds = ageSeconds(leftover.since, now);
		const verdict = {code: 'leftover', forSeconds, limitSeconds} as const;
		return forSeconds >= limitSeconds && leftover.reads >= readsToBelieve
			? {verdict, remove: `no server of its name for ${sayDuration(forSeconds)}`}
			: {verdict};
	}

	if (runner.isOnline) {
		const idle = memory.idle.get(runner.name);
		return hasServer
			? {verdict: {code: 'idle', forSeconds: idle === undefined ? 0 : ageSeconds(idle.since, now), limitSeconds: policy.maxIdleRunnerSeconds}}
			: {verdict: {code: 'noServer'}};
	}

	const offline = memory.offline.get(runner.name);
	return {verdict: {code: 'offline', forSeconds: offline === undefined ? 0 : ageSeconds(offline.since, now), limitSeconds}};
}
