import type {Job} from '../../../model/job.ts';
import {serverOfRunner} from '../../../model/server-name.ts';
import {
	ageSeconds, earlier, secondsBetween, type Instant,
} from '../../../model/time.ts';
import type {Timeline} from '../../../scaler/controller.ts';
import type {
	ActivityRow, JobRow, RunnerRow, ServerRow,
} from '../../panes/rows.ts';
import type {PaneName} from '../../panes/registry.ts';
import type {Context} from '../../state/context.ts';
import {relatedTo, serverIn} from '../../state/related.ts';

/**
Job, server and runner that belong to what was chosen. Undefined parts are gone or not there yet.
*/
export type Chosen = {
	readonly job: JobRow | undefined;
	readonly server: ServerRow | undefined;
	readonly runner: RunnerRow | undefined;
	readonly event: ActivityRow | undefined;
	readonly serverName: string | undefined;
};

/**
One moment of the timeline; `seconds` from the moment before, or until now in
the last row, which is what goes on. Nothing goes on once the server is gone.
*/
export type TimelineStep = {
	readonly name: string; readonly at: Instant; readonly seconds: number | undefined; readonly isNow: boolean; readonly usualSeconds: number | undefined;
	/**
	Whether this is the job's own run.
	*/
	readonly isRun: boolean;
	/**
	What a job waits for, or waited for, before its server was requested.
	*/
	readonly waitsFor: string | undefined;
};

/**
What the chosen row belongs to, as the engine knows it now.
*/
export function chosenOf({pane, id}: {readonly pane: PaneName; readonly id: string}, {lists}: Pick<Context, 'lists'>): Chosen {
	const event = pane === 'activity' ? lists.rows.activity.find(row => row.id === id) : undefined;
	const related = relatedTo(lists, pane, id);
	const job = lists.rows.jobs.find(row => row.id === related.job);
	const runner = lists.rows.runners.find(row => row.id === related.runner);
	const serverName = related.server ?? (runner === undefined ? undefined : serverOfRunner(runner.runner.name)) ?? job?.server ?? (event === undefined ? undefined : serverIn(event.entry.event)) ?? (pane === 'servers' ? id : undefined);
	return {
		job, runner, event, serverName, server: lists.byName.get(serverName ?? ''),
	};
}

/**
What the engine knows of the life of the server of that name. A job that waits again has nothing to do with a server that is gone.
*/
function ownTimeline({job, server, serverName}: Chosen, {timelines}: Pick<Context['engine'], 'timelines'>): Timeline {
	const known: Timeline = [...timelines].find(([name]) => name === serverName)?.[1] ?? {};
	const isOfAnother = server?.is.kind === 'server' && known.serverId !== undefined && known.serverId !== server.is.server.id;
	return isOfAnother || (known.goneAt !== undefined && job?.job.status === 'queued') ? {} : known;
}

/**
Its moments, oldest first, each with how long it took from the one before.
*/
export function timelineOf(chosen: Chosen, {engine, rowsNow}: Pick<Context, 'engine' | 'rowsNow'>): readonly TimelineStep[] {
	const known = ownTimeline(chosen, engine);
	const job: Job | undefined = chosen.job?.job ?? chosen.server?.job ?? chosen.server?.madeFor;
	const server = chosen.server?.is.kind === 'server' ? chosen.server.is.server : undefined;
	// Each is known as of a poll: what follows from it may be seen first.
	const runningAt = known.runningAt ?? job?.startedAt;
	const registeredAt = atLatest(known.registeredAt, runningAt);
	const moments: ReadonlyArray<readonly [string, Instant | undefined]> = [
		['queued', known.jobQueuedAt ?? job?.createdAt],
		['requested', known.jobSeenAt],
		['created', known.createdAt ?? server?.created],
		['ssh', known.sshAt],
		['setup', known.setupEndedAt],
		['startup', atLatest(known.startupEndedAt ?? server?.startupEndedAt, registeredAt)],
		['registered', registeredAt],
		['running', runningAt],
		['off', known.offAt],
		['gone', known.goneAt],
	];
	const limit = known.waitedForLimit;
	const verdict = chosen.job?.verdict;
	const passed = moments.flatMap(([name, at]) => at === undefined ? [] : [{name, at}]).toSorted((a, b) => a.at - b.at);
	const steps = passed.map(({name, at}, place): TimelineStep => {
		const before = passed[place - 1];
		return {
			name, at, isNow: false, isRun: before?.name === 'running', waitsFor: name === 'requested' && limit !== undefined ? `waited for ${limit} of ${limit} servers` : undefined,
			usualSeconds: before === undefined ? undefined : usualSeconds(engine.timelines, before.name, name),
			seconds: before === undefined ? undefined : Math.max(0, secondsBetween(before.at, at)),
		};
	});
	const last = passed.at(-1);
	const isOver = known.goneAt !== undefined || (chosen.server === undefined && chosen.job === undefined);
	return last === undefined || isOver
		? steps
		: [...steps, {
			name: goesOn[last.name] ?? 'since', at: last.at, isNow: true, isRun: last.name === 'running', usualSeconds: usualNext(engine.timelines, last.name), seconds: ageSeconds(last.at, rowsNow),
			waitsFor: verdict?.code === 'waitsForLimit' && goesOn[last.name] === 'waits' ? `${verdict.count} of ${verdict.limit} servers` : undefined,
		}];
}

function atLatest(moment: Instant | undefined, next: Instant | undefined): Instant | undefined {
	return moment === undefined || next === undefined ? moment : earlier(moment, next);
}

const momentOf: Readonly<Record<string, Exclude<keyof Timeline, 'serverId' | 'waitedForLimit'>>> = {
	queued: 'jobQueuedAt', requested: 'jobSeenAt', created: 'createdAt', ssh: 'sshAt', setup: 'setupEndedAt', startup: 'startupEndedAt', registered: 'registeredAt', running: 'runningAt', off: 'offAt', gone: 'goneAt',
};
const nextOf: Readonly<Record<string, string>> = {
	queued: 'created', requested: 'created', created: 'ssh', ssh: 'setup', setup: 'startup', startup: 'running', running: 'off', off: 'gone',
};
const fewestForUsual = 3;

// What the way from one moment to another took on most servers that the
// engine knows of: the median. Next to nothing is nothing to compare with.
function usualSeconds(timelines: Context['engine']['timelines'], fromName: string, toName: string): number | undefined {
	const [from, to] = [momentOf[fromName], momentOf[toName]];
	if (from === undefined || to === undefined) {
		return undefined;
	}

	const taken = [...timelines.values()].flatMap(timeline => {
		const [began, ended] = [timeline[from], timeline[to]];
		return began === undefined || ended === undefined ? [] : [Math.max(0, secondsBetween(began, ended))];
	}).toSorted((a, b) => a - b);
	const median = taken[Math.floor(taken.length / 2)];
	return taken.length < fewestForUsual || median === undefined || median < 1 ? undefined : median;
}

function usualNext(timelines: Context['engine']['timelines'], name: string): number | undefined {
	const next = nextOf[name];
	return next === undefined ? undefined : usualSeconds(timelines, name, next);
}

/**
What the bars are drawn in proportion to: the longest step or what is usual for it, seconds. The run itself is measured by its own usual.
*/
export function scaleOf(steps: readonly TimelineStep[]): number {
	return Math.max(30, ...steps.flatMap(one => one.isRun ? [] : [one.isNow ? 0 : (one.seconds ?? 0), one.usualSeconds ?? 0]));
}

// What goes on after each moment, until the next.
const goesOn: Readonly<Record<string, string>> = {
	queued: 'waits', requested: 'waits', created: 'boots', ssh: 'sets up', setup: 'starts up', startup: 'registers', registered: 'is idle', running: 'runs', off: 'is off',
};
