import {missingLabels} from '../model/labels.ts';
import {serverOfRunner} from '../model/server-name.ts';
import {instant, secondsBetween, type Instant} from '../model/time.ts';
import type {PastMinute} from './controller.ts';
import type {EngineInternals} from './engine-state.ts';

const minuteMilliseconds = 60_000;
const minutesKept = 60;

/**
The history with one more poll in it. A minute keeps the most that any of its polls saw; minutes without a good poll are left out.
*/
export function withPoll(history: readonly PastMinute[], poll: Omit<PastMinute, 'at'>, now: Instant): readonly PastMinute[] {
	const at = instant(now - (now % minuteMilliseconds));
	const last = history.at(-1);
	const oldest = at - ((minutesKept - 1) * minuteMilliseconds);
	if (last?.at !== at) {
		return [...history.filter(minute => minute.at >= oldest && minute.at < at), {...poll, at}];
	}

	const longestWaitSeconds = Math.max(last.longestWaitSeconds, poll.longestWaitSeconds);
	const busyServers = Math.max(last.busyServers, poll.busyServers);
	const servers = Math.max(last.servers, poll.servers);
	return longestWaitSeconds === last.longestWaitSeconds && busyServers === last.busyServers && servers === last.servers
		? history
		: [...history.slice(0, -1), {
			at, longestWaitSeconds, busyServers, servers,
		}];
}

/**
What the newest reads show of waiting and work; undefined when one of them failed.
*/
export function pollOf({reads, policy}: Pick<EngineInternals, 'reads' | 'policy'>, now: Instant): Omit<PastMinute, 'at'> | undefined {
	const {jobs, runners, servers} = reads;
	if (jobs.state === 'failed' || runners.state === 'failed' || servers.state === 'failed') {
		return undefined;
	}

	const busy = new Set(runners.items.filter(runner => runner.isBusy).map(runner => serverOfRunner(runner.name)));
	const waiting = jobs.items.filter(job => job.status === 'queued' && missingLabels(policy.withLabels, job.labels).length === 0);
	return {
		longestWaitSeconds: Math.max(0, ...waiting.map(job => Math.floor(secondsBetween(job.createdAt, now)))),
		busyServers: servers.items.filter(server => busy.has(server.name)).length,
		servers: servers.items.length,
	};
}
