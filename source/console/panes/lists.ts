import {isZombie} from '../../model/verdict.ts';
import type {EngineState} from '../../scaler/controller.ts';
import type {UiState} from '../state/ui-state.ts';
import {groupOf, type JobGroup} from './jobs/rows.ts';
import {
	paneNames, paneOf, panes, type AnyRow, type PaneName, type PaneRows,
} from './registry.ts';
import type {JobRow, ServerRow} from './rows.ts';

// Foreign jobs up to this many are shown at the end; more are only counted, until asked for.
const foreignShown = 3;

/**
The rows of all panes, as the query and the orders ask for them, and what was counted on the way.
*/
export type Lists = {
	readonly rows: PaneRows;
	readonly ids: Readonly<Record<PaneName, readonly string[]>>;
	/**
	Rows of each pane without the query.
	*/
	readonly totals: Readonly<Record<PaneName, number>>;
	/**
	Servers that have outlived their reason, whatever the query.
	*/
	readonly zombies: readonly ServerRow[];
	/**
	All jobs that wait for us, whatever the query; the one that waits longest first.
	*/
	readonly waiting: readonly JobRow[];
	/**
	All servers, whatever the query.
	*/
	readonly byName: ReadonlyMap<string, ServerRow>;
	readonly counts: {
		readonly waiting: number; readonly running: number; readonly foreign: number; readonly foreignHidden: number;
		readonly servers: number; readonly creations: number; readonly busyServers: number; readonly zombies: number;
		readonly runners: number; readonly foreignRunners: number;
	};
};

/**
The rows of all panes for what the engine says and the person asks. Depends on no clock: worth keeping until either changes.
*/
export function listsOf(engine: EngineState, {query, orders, isForeignShown}: Pick<UiState, 'query' | 'orders' | 'isForeignShown'>): Lists {
	const orderOf = (name: PaneName): number => orders[name] ?? 0;
	const everyJob = panes.jobs.rows(engine, orderOf('jobs'));
	const everyServer = panes.servers.rows(engine, orderOf('servers'));
	const everyRunner = panes.runners.rows(engine, orderOf('runners'));
	const counted = countGroups(everyJob);
	const inGroup = (group: JobGroup): number => counted.get(group) ?? 0;
	const foreign = inGroup('foreign');
	const isForeignHidden = !isForeignShown && foreign > foreignShown;
	const all: PaneRows = {
		...rowsOfEach(name => ['jobs', 'servers', 'runners'].includes(name) ? [] : paneOf(name).rows(engine, orderOf(name))),
		jobs: isForeignHidden ? everyJob.filter(row => groupOf(row) !== 'foreign') : everyJob,
		servers: everyServer,
		runners: everyRunner,
	};
	const rows = withQuery(all, query, engine);
	const zombies = everyServer.filter(row => row.verdict !== undefined && isZombie(row.verdict));
	return {
		rows,
		ids: forEachPane(name => rows[name].map(row => row.id)),
		totals: forEachPane(name => all[name].length),
		zombies,
		waiting: everyJob.filter(row => groupOf(row) === 'waiting').toSorted((a, b) => a.job.createdAt - b.job.createdAt),
		byName: new Map(everyServer.map(row => [row.name, row])),
		counts: {
			waiting: inGroup('waiting') + inGroup('held'),
			running: inGroup('running'),
			foreign,
			foreignHidden: isForeignHidden ? foreign : 0,
			servers: engine.servers.items.length,
			creations: everyServer.filter(row => row.is.kind === 'creation').length,
			busyServers: everyServer.filter(row => row.verdict?.code === 'busy').length,
			zombies: zombies.length,
			runners: everyRunner.length,
			foreignRunners: everyRunner.filter(row => row.verdict?.code === 'notOurs').length,
		},
	};
}

function forEachPane<Value>(valueOf: (name: PaneName) => Value): Readonly<Record<PaneName, Value>> {
	return Object.fromEntries(paneNames.map(name => [name, valueOf(name)])) as Record<PaneName, Value>; // Every name has its value.
}

// What a pane's own module gave are rows of its kind.
function rowsOfEach(rowsOf: (name: PaneName) => readonly AnyRow[]): PaneRows {
	return forEachPane(rowsOf) as PaneRows;
}

function withQuery(all: PaneRows, query: string, engine: EngineState): PaneRows {
	const wanted = query.toLowerCase();
	return wanted === ''
		? all
		: rowsOfEach(name => {
			const pane = paneOf(name);
			const rows: readonly AnyRow[] = all[name];
			return rows.filter(row => pane.texts(row, engine).some(text => text.toLowerCase().includes(wanted)));
		});
}

function countGroups(rows: readonly JobRow[]): ReadonlyMap<JobGroup, number> {
	const counts = new Map<JobGroup, number>();
	for (const row of rows) {
		const group = groupOf(row);
		counts.set(group, (counts.get(group) ?? 0) + 1);
	}

	return counts;
}
