import type {Job} from '../model/job.ts';
import {serverOfRunner} from '../model/server-name.ts';
import type {EngineState} from '../scaler/controller.ts';

// A long state goes over the socket in pieces, so that neither end stands
// still for it: first its head, which is enough for a first screen, then
// all rows, some hundred at a time.

/**
The parts that grow with the number of jobs and servers.
*/
const longParts = ['jobs', 'servers', 'runners', 'jobVerdicts', 'serverVerdicts', 'runnerVerdicts', 'setUps', 'timelines', 'serverScripts', 'output', 'deletions'] as const satisfies ReadonlyArray<keyof EngineState>;

type LongPart = typeof longParts[number];

/**
Rows of one long part; a map's are its pairs.
*/
export type Chunk = {readonly part: LongPart; readonly rows: readonly unknown[]};

/**
A state with more rows than this goes in pieces.
*/
const shortRows = 1000;
const rowsAPiece = 250;
const headRows = 100;
const mostLabels = 20;

/**
How many rows a state has, all long parts together; undefined for one that is short enough to go at once.
*/
export function rowsOfLong(state: EngineState): number | undefined {
	const rows = longParts.reduce((sum, part) => sum + sizeOf(state[part]), 0);
	return rows > shortRows ? rows : undefined;
}

/**
The same state with the first rows only, those that a console shows first:
what waits longest, the oldest servers, the first runners by name, and
what belongs to these.
*/
export function headOf(state: EngineState): EngineState {
	const servers = firstOf(state.servers.items, (a, b) => a.created - b.created);
	const names = new Set<string>(servers.map(({name}) => name));
	const byName = firstOf(state.runners.items, (a, b) => a.name < b.name ? -1 : 1);
	const runners = new Set([...byName, ...state.runners.items.filter(({name}) => names.has(serverOfRunner(name)))]);
	const busy = new Set([...names, ...byName.map(({name}) => serverOfRunner(name))]);
	const made = new Set(servers.map(({jobId}) => jobId));
	const isRunning = ({status}: Job): boolean => status === 'inProgress';
	const waiting = firstOf(state.jobs.items, (a, b) => isRunning(a) === isRunning(b) ? a.createdAt - b.createdAt : Number(isRunning(a)) - Number(isRunning(b)));
	const jobs = new Set([...waiting, ...state.jobs.items.filter(({id, runnerName}) => made.has(id) || (runnerName !== undefined && busy.has(serverOfRunner(runnerName))))]);
	return {
		...state,
		jobs: {...state.jobs, items: [...jobs]},
		servers: {...state.servers, items: servers},
		runners: {...state.runners, items: [...runners]},
		jobVerdicts: picked(state.jobVerdicts, [...jobs].map(({id}) => id)),
		serverVerdicts: picked(state.serverVerdicts, servers.map(({id}) => id)),
		runnerVerdicts: picked(state.runnerVerdicts, [...runners].map(({id}) => id)),
		setUps: picked(state.setUps, servers.map(({name}) => name)),
		serverScripts: picked(state.serverScripts, servers.map(({id}) => id)),
		timelines: picked(state.timelines, servers.map(({name}) => name)),
		output: picked(state.output, servers.map(({name}) => name)),
		deletions: picked(state.deletions, servers.map(({name}) => name)),
	};
}

/**
All rows of the long parts, piece by piece.

@yields Pieces with some hundred rows of one part each.
*/
export function * chunksOf(state: EngineState): Generator<Chunk> {
	for (const part of longParts) {
		const value = state[part];
		const rows: Iterator<unknown> = value instanceof Map ? value.entries() : ('items' in value ? value.items.values() : [].values());
		for (let piece = take(rows); piece.length > 0; piece = take(rows)) {
			yield {part, rows: piece};
		}
	}
}

/**
Puts pieces together again. `whole` answers the raw state of a raw head
with all rows in it; throws TypeError for a piece that belongs to no part.
*/
export function collectChunks(): {readonly add: (piece: Chunk) => void; readonly whole: (head: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>} {
	const found = new Map<LongPart, unknown[]>(longParts.map(part => [part, []]));
	const shared: Shared = {texts: new Map(), lists: new Map()};
	return {
		add({part, rows}) {
			const all = found.get(part);
			if (all === undefined) {
				throw new TypeError('rows came for something that has none');
			}

			for (const row of rows) {
				all.push(withShared(row, shared));
			}
		},
		whole(head) {
			const parts = longParts.map(part => {
				const value = head[part];
				const rows = found.get(part) ?? [];
				// Of whichever form its head has.
				return [part, value instanceof Map ? new Map(rows as Array<[unknown, unknown]>) : {...(value as Record<string, unknown>), items: rows}];
			});
			return {...head, ...Object.fromEntries(parts) as Record<string, unknown>};
		},
	};
}

function sizeOf(value: EngineState[LongPart]): number {
	return 'items' in value ? value.items.length : value.size;
}

function firstOf<Row>(rows: readonly Row[], order: (a: Row, b: Row) => number): readonly Row[] {
	return rows.toSorted(order).slice(0, headRows);
}

function picked<Key, Value>(all: ReadonlyMap<Key, Value>, keys: readonly Key[]): ReadonlyMap<Key, Value> {
	return new Map(keys.flatMap(key => {
		const value = all.get(key);
		return value === undefined ? [] : [[key, value] as const];
	}));
}

function take(rows: Iterator<unknown>): readonly unknown[] {
	const piece: unknown[] = [];
	while (piece.length < rowsAPiece) {
		const next = rows.next();
		if (next.done === true) {
			break;
		}

		piece.push(next.value);
	}

	return piece;
}

type Shared = {readonly texts: Map<string, string>; readonly lists: Map<string, readonly string[]>};

// One string for each text, one list for each set of labels: a server's name comes
// four times, labels thousands of times, and each time JSON makes a new one.
function withShared(value: unknown, shared: Shared): unknown {
	if (typeof value === 'string') {
		return oneOf(shared.texts, value, value);
	}

	if (typeof value !== 'object' || value === null) {
		return value;
	}

	const parts = value as Record<string, unknown>; // A list is one, too.
	for (const key of Object.keys(parts)) {
		const part = parts[key];
		if (typeof part === 'string' || typeof part === 'object') {
			parts[key] = withShared(part, shared);
		}
	}

	return isLabels(value) ? oneOf(shared.lists, value.join('\n'), value) : value;
}

function oneOf<Value>(known: Map<string, Value>, key: string, value: Value): Value {
	const one = known.get(key) ?? value;
	known.set(key, one);
	return one;
}

// Labels, not the lines that a script printed.
function isLabels(value: unknown): value is readonly string[] {
	return Array.isArray(value) && value.length <= mostLabels && value.every(item => typeof item === 'string');
}
