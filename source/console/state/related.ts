import type {EngineEvent} from '../../model/event.ts';
import {serverOfRunner} from '../../model/server-name.ts';
import type {Lists} from '../panes/lists.ts';
import {serverOfRow, type PaneName} from '../panes/registry.ts';

/**
What belongs together: one job, its server, its runner. Undefined parts are not there (yet).
*/
export type Related = {readonly job: string | undefined; readonly server: string | undefined; readonly runner: string | undefined; readonly serverName: string | undefined};

const nothingRelated: Related = {
	job: undefined, server: undefined, runner: undefined, serverName: undefined,
};

// While a clock ticks the same row is asked for again and again.
const known = new WeakMap<Lists, {readonly pane: PaneName; readonly id: string | undefined; readonly related: Related}>();

/**
What belongs to a row: its ids in the lists.
*/
export function relatedTo(lists: Lists, pane: PaneName, id: string | undefined): Related {
	const last = known.get(lists);
	if (last?.pane === pane && last.id === id) {
		return last.related;
	}

	const related = findRelated(lists, pane, id);
	known.set(lists, {pane, id, related});
	return related;
}

function findRelated(lists: Lists, pane: PaneName, id: string | undefined): Related {
	const index = id === undefined ? -1 : lists.ids[pane].indexOf(id);
	if (index === -1) {
		return nothingRelated;
	}

	const serverName = serverOfRow(pane, index, lists);
	const related = serverName === undefined ? nothingRelated : ofServer(lists, serverName);
	return pane === 'jobs' ? {...related, job: id} : related;
}

/**
The server that an event is about, if any.
*/
export function serverIn(event: EngineEvent): string | undefined {
	return 'server' in event ? event.server : ('runner' in event ? serverOfRunner(event.runner) : undefined);
}

function ofServer(lists: Lists, serverName: string): Related {
	const server = lists.byName.get(serverName);
	return {
		serverName,
		job: server?.job === undefined ? lists.rows.jobs.find(row => row.server === serverName)?.id : String(server.job.id),
		server: server?.id,
		runner: lists.rows.runners.find(row => serverOfRunner(row.runner.name) === serverName)?.id,
	};
}

