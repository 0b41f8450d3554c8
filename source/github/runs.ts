import type {RunId} from '../model/job.ts';
import type {Gap} from '../model/snapshot.ts';
import {secondsBetween, type Instant} from '../model/time.ts';
import {PortError} from '../scaler/ports.ts';
import type {Client, Tally} from './client.ts';
import type {Asked} from './errors.ts';
import {
	hasNewFirstPage, listMemory, readList, readPass, type List, type ListMemory,
} from './pages.ts';
import {parseRun, type Run} from './rows.ts';

/**
GitHub lists no more runs than that of one status, though it counts them.
*/
const mostRuns = 1000;

/**
Statuses of runs that are not completed, in rounds. A run is called by the least advanced of its jobs (cli/cli#13972): any of these may have queued
and running jobs. `in_progress` comes after what passes into it: a run that moves on between two reads side by side would be in neither list.
*/
const rounds = [['requested', 'waiting', 'pending', 'queued'], ['in_progress']] as const;

/**
Pages of a list that are read with each poll; what lies deeper moves little, and is read that many seconds apart.
*/
const freshPages = 3;
const deepSeconds = 30;

/**
Runs older than the thousand that a list shows are asked for that many seconds apart, at most that many thousands of them.
*/
const olderSeconds = 120;
const mostWindows = 5;

const route = 'GET /repos/{owner}/{repo}/actions/runs';
const shared = {route, key: 'workflow_runs', parse: parseRun} as const;

/**
Runs that are not completed, by id, the newest first; `completed`: runs that are known to be. `gaps` are parts of the lists.
*/
export type Runs = {readonly active: ReadonlyMap<RunId, Run>; readonly completed: ReadonlySet<RunId>; readonly gaps: readonly Gap[]};

export type RunLister = {
	readonly listRuns: (options: {readonly signal: AbortSignal; readonly tally: Tally; readonly isDeep: boolean}) => Promise<Runs>;
	/**
	Whether the newest or the queued runs are others than when they were last read; false when that cannot be told for nothing. Throws PortError.
	*/
	readonly haveChanged: (signal: AbortSignal) => Promise<boolean>;
};

type StatusMemory = {readonly list: ListMemory<Run>; deepAt: Instant | undefined; older: readonly Run[]; olderAt: Instant | undefined; isRefused: boolean};

/**
Reads the lists of runs. Throws PortError when none of them could be read.
*/
export function runLister(client: Client): RunLister {
	const memories = new Map<string, StatusMemory>();
	const newest = listMemory<Run>();

	async function readStatus(status: string, signal: AbortSignal, tally: Tally, isDeep: boolean): Promise<{runs: readonly Run[]; gaps: readonly Gap[]}> {
		const now = client.clock.now();
		const memory = memories.get(status) ?? {
			list: listMemory<Run>(), deepAt: undefined, older: [], olderAt: undefined, isRefused: false,
		};
		memories.set(status, memory);
		if (memory.isRefused) {
			return {runs: [], gaps: []};
		}

		const asked: Asked = {doing: `reading ${status} runs`, permission: 'Actions: read'};
		const isDue = isDeep || memory.deepAt === undefined || secondsBetween(memory.deepAt, now) >= deepSeconds;
		const list: List<Run> = {
			...shared, parameters: {status, exclude_pull_requests: true}, most: mostRuns, freshPages: isDue ? undefined : freshPages,
		};
		const read = await readList(client, list, memory.list, asked, {signal, tally, isOnce: true});
		memory.deepAt = isDue ? now : memory.deepAt;
		const runs = [...read.items.values()];
		const missing = read.short + read.broken;
		const gaps = missing > 0 ? [{what: `${missing} of the ${status} runs`}] : [];
		if (read.total !== undefined && (read.total <= mostRuns || read.total <= read.items.size)) {
			memory.older = [];
			return {runs, gaps};
		}

		if (read.items.size < mostRuns - 1 && memory.older.length === 0) {
			return {runs, gaps};
		}

		if (memory.olderAt === undefined || secondsBetween(memory.olderAt, now) >= olderSeconds) {
			memory.older = await readOlder(list, runs, asked, signal, tally);
			memory.olderAt = now;
		}

		const all = new Map([...memory.older, ...runs].map(run => [run.id, run]));
		const unlisted = read.isPartlyKept ? 0 : (read.total ?? 0) - all.size;
		return {runs: [...all.values()], gaps: unlisted > 0 ? [...gaps, {what: `${unlisted} of the ${status} runs, which GitHub counts and does not list`}] : gaps};
	}

	// The list again, of runs no newer than its last, as often as that brings more.
	async function readOlder(list: List<Run>, runs: readonly Run[], asked: Asked, signal: AbortSignal, tally: Tally): Promise<readonly Run[]> {
		const older = new Map<RunId, Run>();
		let last = oldest(runs);
		for (let window = 0; window < mostWindows && last !== undefined; window++) {
			const read = await readPass(client, {...list, freshPages: undefined, parameters: {...list.parameters, created: `<=${last}`}}, listMemory<Run>(), asked, {signal});
			const before = older.size;
			for (const run of read.items.values()) {
				older.set(run.id, run);
			}

			const next = oldest([...read.items.values()]);
			last = older.size > before && read.items.size >= mostRuns && next !== last ? next : undefined;
		}

		return [...older.values()];
	}

	// Any status is in it, also one that GitHub has invented since: what is not completed is active.
	async function readNewest(signal: AbortSignal, tally: Tally): Promise<readonly Run[]> {
		const asked: Asked = {doing: 'reading the newest runs', permission: 'Actions: read'};
		const {items} = await readPass(client, {...shared, parameters: {exclude_pull_requests: true}, mostPages: 1}, newest, asked, {signal, tally, isOnce: true});
		return [...items.values()];
	}

	async function haveChanged(signal: AbortSignal): Promise<boolean> {
		const asked: Asked = {doing: 'asking for new runs', permission: 'Actions: read'};
		const queued = memories.get('queued')?.list;
		const found = await Promise.all([
			hasNewFirstPage(client, {...shared, parameters: {exclude_pull_requests: true}, mostPages: 1}, newest, asked, signal),
			queued !== undefined && hasNewFirstPage(client, {
				...shared, parameters: {status: 'queued', exclude_pull_requests: true}, most: mostRuns, freshPages: 1,
			}, queued, asked, signal),
		]);
		return found.includes(true);
	}

	async function listRuns({signal, tally, isDeep}: Parameters<RunLister['listRuns']>[0]): Promise<Runs> {
		const active = new Map<RunId, Run>();
		const gaps: Gap[] = [];
		const errors: unknown[] = [];
		for (const statuses of rounds) {
			await Promise.all(statuses.map(async status => {
				try {
					const read = await readStatus(status, signal, tally, isDeep);
					gaps.push(...read.gaps);
					for (const run of read.runs) {
						active.set(run.id, run);
					}
				} catch (error) {
					// Servers older than a status refuse it: the newest runs are read without one.
					const memory = memories.get(status);
					if (error instanceof PortError && /\(422\b/v.test(error.message) && memory !== undefined) {
						memory.isRefused = true;
						return;
					}

					errors.push(error);
					gaps.push({what: `${status} runs`});
				}
			}));
			signal.throwIfAborted();
		}

		const completed = new Set<RunId>();
		try {
			for (const run of await readNewest(signal, tally)) {
				if (run.isCompleted) {
					completed.add(run.id);
					active.delete(run.id);
				} else {
					active.set(run.id, run);
				}
			}
		} catch (error) {
			signal.throwIfAborted();
			errors.push(error);
			gaps.push({what: 'the newest runs'});
		}

		if (errors.length === rounds.flat().length + 1) {
			throw errors[0];
		}

		return {active: new Map([...active].toSorted(([a], [b]) => b - a)), completed, gaps};
	}

	return {listRuns, haveChanged};
}

function oldest(runs: readonly Run[]): string | undefined {
	return runs.map(({createdAt}) => createdAt).filter(moment => moment !== undefined).toSorted((a, b) => a.localeCompare(b))[0];
}
