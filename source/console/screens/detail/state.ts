import {cleanText} from '../../../model/clean-text.ts';
import type {Job} from '../../../model/job.ts';
import {ageSeconds, secondsBetween, type Instant} from '../../../model/time.ts';
import {sayEvent} from '../../../model/event.ts';
import type {Timeline} from '../../../scaler/controller.ts';
import type {Facts} from '../../facts.ts';
import type {
	ActivityRow,
	JobRow,
	RunnerRow,
	ServerRow,
} from '../../panes/rows.ts';
import {serverIn, threadOf} from '../../thread.ts';
import type {Screen} from '../../view.ts';

export type DetailScreen = Extract<Screen, {readonly at: 'detail'}>;

/**
The thread of what was chosen. Undefined parts are gone or not there yet.
*/
export type DetailThread = {
	readonly job: JobRow | undefined;
	readonly server: ServerRow | undefined;
	readonly runner: RunnerRow | undefined;
	readonly event: ActivityRow | undefined;
	readonly serverName: string | undefined;
};

/**
One moment of the timeline; `seconds` from the moment before, or until now in the last row, which is what goes on.
*/
export type TimelineStep = {readonly says: string; readonly at: Instant; readonly seconds: number | undefined; readonly isNow: boolean; readonly usualSeconds: number | undefined};

/**
What the chosen row belongs to, as the engine knows it now.
*/
export function detailThread(screen: DetailScreen, {lists}: Pick<Facts, 'lists'>): DetailThread {
	const event = screen.pane === 'activity' ? lists.activity.find(row => row.id === screen.id) : undefined;
	const thread = threadOf(lists, screen.pane, screen.id);
	const job = lists.jobs.find(row => row.id === thread.job);
	const runner = lists.runners.find(row => row.id === thread.runner);
	const serverName = thread.server ?? runner?.runner.name ?? job?.server ?? (event === undefined ? undefined : serverIn(event.entry.event)) ?? (screen.pane === 'servers' ? screen.id : undefined);
	return {
		job, runner, event, serverName, server: lists.byName.get(serverName ?? ''),
	};
}

/**
The moments of a thread, oldest first, each with how long it took from the one before.
*/
export function timelineOf(thread: DetailThread, {engine, now}: Pick<Facts, 'engine' | 'now'>): readonly TimelineStep[] {
	const known: Timeline = engine.timelines.entries().find(([name]) => name === thread.serverName)?.[1] ?? {};
	const job: Job | undefined = thread.job?.job ?? thread.server?.job ?? thread.server?.madeFor;
	const server = thread.server?.is.kind === 'server' ? thread.server.is.server : undefined;
	const moments: ReadonlyArray<readonly [string, Instant | undefined]> = [
		['queued', known.jobQueuedAt ?? job?.createdAt],
		['seen', known.jobSeenAt],
		['created', known.createdAt ?? server?.created],
		['ssh', known.sshAt],
		['setup', known.setupEndedAt],
		['startup', known.startupEndedAt ?? server?.startupEndedAt],
		['registered', known.registeredAt],
		['running', known.runningAt ?? job?.startedAt],
		['off', known.offAt],
	];
	const passed = moments.flatMap(([says, at]) => at === undefined ? [] : [{says, at}]).toSorted((a, b) => a.at - b.at);
	const usual = (says: string): number | undefined => usualSeconds(engine, says);
	const steps = passed.map(({says, at}, place): TimelineStep => {
		const before = passed[place - 1];
		return {
			says, at, isNow: false, usualSeconds: usual(says), seconds: before === undefined ? undefined : Math.max(0, secondsBetween(before.at, at)),
		};
	});
	const last = passed.at(-1);
	return last === undefined
		? steps
		: [...steps, {
			says: goesOn[last.says] ?? 'since', at: last.at, isNow: true, usualSeconds: undefined, seconds: ageSeconds(last.at, now),
		}];
}

const stepsOf: ReadonlyArray<readonly [string, keyof Timeline]> = [
	['queued', 'jobQueuedAt'],
	['seen', 'jobSeenAt'],
	['created', 'createdAt'],
	['ssh', 'sshAt'],
	['setup', 'setupEndedAt'],
	['startup', 'startupEndedAt'],
	['registered', 'registeredAt'],
	['running', 'runningAt'],
];
const fewestForUsual = 3;

// What a step took on most servers that the engine knows of: the median.
function usualSeconds({timelines}: Pick<Facts['engine'], 'timelines'>, says: string): number | undefined {
	const place = stepsOf.findIndex(([name]) => name === says);
	const [from, to] = [stepsOf[place - 1]?.[1], stepsOf[place]?.[1]];
	if (from === undefined || to === undefined) {
		return undefined;
	}

	const taken = timelines.values().flatMap(timeline => {
		const [began, ended] = [timeline[from], timeline[to]];
		return began === undefined || ended === undefined ? [] : [secondsBetween(began, ended)];
	}).toArray().toSorted((a, b) => a - b);
	return taken.length < fewestForUsual ? undefined : taken[Math.floor(taken.length / 2)];
}

// What goes on after each moment, until the next.
const goesOn: Readonly<Record<string, string>> = {
	queued: 'waits', seen: 'waits', created: 'boots', ssh: 'sets up', setup: 'starts up', startup: 'registers', registered: 'is idle', running: 'runs', off: 'is off',
};

/**
The tail of the server's set-up output and the events that name it: what scrolls on the details screen.
*/
export function detailLines(screen: DetailScreen, facts: Facts): readonly string[] {
	const {serverName} = detailThread(screen, facts);
	if (serverName === undefined) {
		return [];
	}

	const output = facts.engine.output.entries().find(([name]) => name === serverName)?.[1] ?? [];
	const events = facts.engine.activity.filter(({event}) => serverIn(event) === serverName).map(({event}) => cleanText(sayEvent(event)));
	return output.length > 0 ? output : events;
}
