import type {Read} from '../../model/snapshot.ts';
import {instant, secondsBetween, type Instant} from '../../model/time.ts';
import type {EngineMoment} from './engine-feed.ts';

/**
Whether what the screen shows is true now. `gone`: no engine answers. `slow`: a
poll is overdue, `isFailing`: as polls fail; `blind`: `what` has not been read
for so long that what is shown counts no more; `nothing read`: not even once yet. `at`: the moment up to which what is shown was true.
*/
export type Health =
	| {readonly is: 'well'}
	| {readonly is: 'nothing read'}
	| {readonly is: 'slow'; readonly what: Unread; readonly seconds: number; readonly isFailing: boolean}
	| {readonly is: 'blind'; readonly what: Unread; readonly at: Instant}
	| {readonly is: 'gone'; readonly at: Instant; readonly reason: string; readonly where: string};

type Unread = 'GitHub' | 'Hetzner' | 'both';

/**
A poll is overdue one more interval after it was due, yet within these bounds, seconds.
*/
const overdueSeconds = {least: 10, most: 20};
/**
So long a list may be due before what is shown counts no more, seconds; and never less than that many intervals.
*/
const blindSeconds = 60;
const blindIntervals = 3;
/**
In a demo, whose clock runs faster, so many real seconds.
*/
const overdueReal = 7;
const blindReal = 15;

/**
How an engine fares, judged from here.
*/
export function healthOf({engine, attachment, now}: EngineMoment): Health {
	if (attachment.at === 'socket' && attachment.lost !== undefined) {
		return {
			is: 'gone', at: now, reason: attachment.lost.reason, where: attachment.where,
		};
	}

	const {clockSpeed, policy, startedAt} = engine;
	const interval = Math.max(policy.scaleUpIntervalSeconds, policy.scaleDownIntervalSeconds);
	const slowAfter = interval + Math.max(Math.min(Math.max(interval, overdueSeconds.least), overdueSeconds.most), overdueReal * clockSpeed);
	const blindAfter = Math.max(blindSeconds, blindReal * clockSpeed, blindIntervals * interval);
	// An engine that polls more rarely for now, as its budget is short, has said when it will.
	const secondsOf = (read: Read<unknown>, dueAt: Instant): number => secondsBetween(instant(Math.max(read.at ?? startedAt, dueAt - (interval * 1000))), now);
	const lists = [
		{what: 'GitHub', read: engine.jobs, seconds: secondsOf(engine.jobs, engine.githubDueAt)},
		{what: 'GitHub', read: engine.runners, seconds: secondsOf(engine.runners, engine.githubDueAt)},
		{what: 'Hetzner', read: engine.servers, seconds: secondsOf(engine.servers, engine.hetznerDueAt)},
	] as const;
	const blind = lists.filter(({seconds}) => seconds > blindAfter);
	if (blind.length > 0) {
		return {is: 'blind', what: apisOf(blind), at: instant(Math.min(...blind.map(({read}) => read.at ?? startedAt)))};
	}

	if (lists.every(({read}) => read.at === undefined)) {
		return {is: 'nothing read'};
	}

	const slow = lists.filter(({seconds}) => seconds > slowAfter);
	if (slow.length === 0) {
		return {is: 'well'};
	}

	const isFailing = slow.some(({read}) => read.state === 'failed');
	const pollingSeconds = engine.nextReadAt === undefined || isFailing ? -1 : secondsBetween(engine.nextReadAt, now);
	return {
		is: 'slow', what: apisOf(slow), isFailing, seconds: Math.floor(pollingSeconds >= 0 ? pollingSeconds : Math.max(...slow.map(({seconds}) => seconds))),
	};
}

function apisOf(lists: ReadonlyArray<{readonly what: 'GitHub' | 'Hetzner'}>): Unread {
	const [first, ...others] = new Set(lists.map(({what}) => what));
	return others.length > 0 || first === undefined ? 'both' : first;
}

/**
Whether the list of servers is too old to say how many there are.
*/
export function isServerListOld(health: Health): boolean {
	return health.is === 'gone' || (health.is === 'blind' && health.what !== 'GitHub');
}

/**
What starts the engine that is gone, as a person types it.
*/
export function startCommand(where: string): string {
	return where.startsWith('the service') ? 'hetzner-runners-tui service start' : 'hetzner-runners-tui';
}
