import type {EngineEvent} from '../model/event.ts';
import type {Lists} from './panes/rows.ts';
import type {Pane} from './view.ts';

/**
What belongs together: one job, its server, its runner. Undefined parts are not there (yet).
*/
export type Thread = {readonly job: string | undefined; readonly server: string | undefined; readonly runner: string | undefined};

export const noThread: Thread = {job: undefined, server: undefined, runner: undefined};

// While a clock ticks the same row is asked for again and again.
const found = new WeakMap<Lists, {readonly pane: Pane; readonly id: string | undefined; readonly thread: Thread}>();

/**
The thread of a row: its ids in the three lists.
*/
export function threadOf(lists: Lists, pane: Pane, id: string | undefined): Thread {
	const last = found.get(lists);
	if (last?.pane === pane && last.id === id) {
		return last.thread;
	}

	const thread = findThread(lists, pane, id);
	found.set(lists, {pane, id, thread});
	return thread;
}

function findThread(lists: Lists, pane: Pane, id: string | undefined): Thread {
	switch (id === undefined ? undefined : pane) {
		case 'jobs': {
			const row = lists.jobs.find(one => one.id === id);
			return row === undefined ? noThread : {...ofServer(lists, row.server), job: row.id, server: row.server};
		}

		case 'servers': {
			return ofServer(lists, id);
		}

		case 'runners': {
			return ofServer(lists, lists.runners.find(one => one.id === id)?.runner.name);
		}

		case 'activity': {
			const event = lists.activity.find(one => one.id === id)?.entry.event;
			return event === undefined ? noThread : ofServer(lists, serverIn(event));
		}

		case undefined: {
			return noThread;
		}
	}
}

/**
The server that an event is about, if any.
*/
export function serverIn(event: EngineEvent): string | undefined {
	return 'server' in event ? event.server : ('runner' in event ? event.runner : undefined);
}

function ofServer(lists: Lists, name: string | undefined): Thread {
	if (name === undefined) {
		return noThread;
	}

	const server = lists.byName.get(name);
	return {
		job: server?.job === undefined ? lists.jobs.find(row => row.server === name)?.id : String(server.job.id),
		server: server?.id,
		runner: lists.runners.find(row => row.runner.name === name)?.id,
	};
}
