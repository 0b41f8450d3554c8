import {cleanText} from '../../../model/clean-text.ts';
import type {Job} from '../../../model/job.ts';
import {
	ageSeconds, earlier, secondsBetween, type Instant,
} from '../../../model/time.ts';
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
import {sourceLines} from '../evidence.ts';

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
export type TimelineStep = {
	readonly says: string; readonly at: Instant; readonly seconds: number | undefined; readonly isNow: boolean; readonly usualSeconds: number | undefined;
	/**
	Whether this is the job's own run, which is as long as it likes.
	*/
	readonly isRun: boolean;
};

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
	// Each is known as of a look: what follows from it may be seen first.
	const runningAt = known.runningAt ?? job?.startedAt;
	const registeredAt = atLatest(known.registeredAt, runningAt);
	const moments: ReadonlyArray<readonly [string, Instant | undefined]> = [
		['queued', known.jobQueuedAt ?? job?.createdAt],
		['seen', known.jobSeenAt],
		['created', known.createdAt ?? server?.created],
		['ssh', known.sshAt],
		['setup', known.setupEndedAt],
		['startup', atLatest(known.startupEndedAt ?? server?.startupEndedAt, registeredAt)],
		['registered', registeredAt],
		['running', runningAt],
		['off', known.offAt],
	];
	const passed = moments.flatMap(([says, at]) => at === undefined ? [] : [{says, at}]).toSorted((a, b) => a.at - b.at);
	const steps = passed.map(({says, at}, place): TimelineStep => {
		const before = passed[place - 1];
		return {
			says, at, isNow: false, isRun: before?.says === 'running',
			usualSeconds: before === undefined ? undefined : usualSeconds(engine.timelines, before.says, says),
			seconds: before === undefined ? undefined : Math.max(0, secondsBetween(before.at, at)),
		};
	});
	const last = passed.at(-1);
	return last === undefined
		? steps
		: [...steps, {
			says: goesOn[last.says] ?? 'since', at: last.at, isNow: true, isRun: last.says === 'running', usualSeconds: usualNext(engine.timelines, last.says), seconds: ageSeconds(last.at, now),
		}];
}

function atLatest(moment: Instant | undefined, next: Instant | undefined): Instant | undefined {
	return moment === undefined || next === undefined ? moment : earlier(moment, next);
}

const momentOf: Readonly<Record<string, keyof Timeline>> = {
	queued: 'jobQueuedAt', seen: 'jobSeenAt', created: 'createdAt', ssh: 'sshAt', setup: 'setupEndedAt', startup: 'startupEndedAt', registered: 'registeredAt', running: 'runningAt',
};
const nextOf: Readonly<Record<string, string>> = {
	queued: 'created', seen: 'created', created: 'ssh', ssh: 'setup', setup: 'startup', startup: 'running',
};
const fewestForUsual = 3;

// What the way from one moment to another took on most servers that the engine knows of: the median.
function usualSeconds(timelines: Facts['engine']['timelines'], fromWord: string, toWord: string): number | undefined {
	const [from, to] = [momentOf[fromWord], momentOf[toWord]];
	if (from === undefined || to === undefined) {
		return undefined;
	}

	const taken = timelines.values().flatMap(timeline => {
		const [began, ended] = [timeline[from], timeline[to]];
		return began === undefined || ended === undefined ? [] : [Math.max(0, secondsBetween(began, ended))];
	}).toArray().toSorted((a, b) => a - b);
	return taken.length < fewestForUsual ? undefined : taken[Math.floor(taken.length / 2)];
}

function usualNext(timelines: Facts['engine']['timelines'], word: string): number | undefined {
	const next = nextOf[word];
	return next === undefined ? undefined : usualSeconds(timelines, word, next);
}

/**
What the bars are drawn in proportion to: the longest step or what is usual for it, seconds. The run itself is not measured by it.
*/
export function scaleOf(steps: readonly TimelineStep[]): number {
	return Math.max(30, ...steps.flatMap(one => one.isRun ? [] : [one.isNow ? 0 : (one.seconds ?? 0), one.usualSeconds ?? 0]));
}

// What goes on after each moment, until the next.
const goesOn: Readonly<Record<string, string>> = {
	queued: 'waits', seen: 'waits', created: 'boots', ssh: 'sets up', setup: 'starts up', startup: 'registers', registered: 'is idle', running: 'runs', off: 'is off',
};

/**
Rows of output that the details have room for, below what is told above.
*/
export function outputHeight(screen: DetailScreen, facts: Facts): number {
	const thread = detailThread(screen, facts);
	const facing = (thread.job === undefined ? 0 : 3)
		+ (thread.server === undefined ? (thread.serverName === undefined && thread.job === undefined ? 0 : 1) : (thread.server.is.kind === 'creation' ? 2 : 2 + sourceLines(thread.server, facts).length))
		+ (thread.server === undefined && thread.runner?.verdict !== undefined ? 1 : 0)
		+ (thread.event === undefined ? 0 : 1);
	const paid = thread.server?.is.kind === 'server' ? 1 : 0;
	return Math.max(1, facts.rows - Math.max(1, facing) - timelineOf(thread, facts).length - paid - (facts.rows < 30 ? 3 : 5));
}

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
