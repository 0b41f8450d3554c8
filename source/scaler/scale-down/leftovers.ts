import {namedJob, type Job} from '../../model/job.ts';
import type {Policy} from '../../model/policy.ts';
import {hasConnected, type Runner} from '../../model/runner.ts';
import {serverOfRunner} from '../../model/server-name.ts';
import {ageSeconds, formatDuration, type Instant} from '../../model/time.ts';
import type {RunnerVerdict} from '../../model/verdict.ts';
import type {Memory} from '../memory.ts';
import {readsToBelieve} from '../trust.ts';

/**
What happens with a runner's record. One whose server this engine has known, that has no server any more, and is offline without a job,
is a leftover: removed after --max-runner-registration-time. `remove` says why. A refusal is believed for an hour.
*/
export function judgeRunner(runner: Runner, job: Job | undefined, hasServer: boolean, memory: Memory, policy: Policy, now: Instant): {readonly verdict: RunnerVerdict; readonly remove?: string} {
	const name = serverOfRunner(runner.name);
	if (!hasServer && !memory.ownNames.has(name)) {
		return {verdict: {code: 'notOurs'}};
	}

	const refusal = memory.keptRecords.get(runner.id);
	if (refusal !== undefined) {
		return {verdict: {code: 'kept', reason: refusal.answer}};
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
			? {verdict, remove: `no server of its name for ${formatDuration(forSeconds)}`}
			: {verdict};
	}

	if (runner.isOnline) {
		const idle = memory.idle.get(name);
		return hasServer
			? {verdict: {code: 'idle', forSeconds: idle === undefined ? 0 : ageSeconds(idle.since, now), limitSeconds: policy.maxIdleRunnerSeconds}}
			: {verdict: {code: 'noServer'}};
	}

	if (!hasConnected(runner)) {
		return {verdict: {code: 'awaited'}};
	}

	const offline = memory.offline.get(name);
	return {verdict: {code: 'offline', forSeconds: offline === undefined ? 0 : ageSeconds(offline.since, now), limitSeconds}};
}
