import {rngFor, type Rng} from '../chance.ts';
import type {FaultOf} from '../faults.ts';
import type {World} from '../world.ts';
import type {Reply, Route} from './message.ts';

type Row = Readonly<Record<string, unknown>>;

/**
A good answer with rows that are no good: of the rows that the fault means, some or all have a field that is missing, null or unknown, the same one every time.
*/
export function oddRows(world: World, {api, operation}: Route, reply: Reply, fault: FaultOf<'oddRows'>): Reply {
	if (reply.status >= 300 || !isRow(reply.body)) {
		return reply;
	}

	const change = (row: Row): Row => {
		const rng = rngFor(world.seed, 'odd row', JSON.stringify(fault), String(row.id ?? row.name));
		const isMeant = fault.rows === undefined || ownerOf(world, operation, row) === fault.rows;
		return isMeant && rng.next() < (fault.share ?? 1) ? oddRow(row, fault, rng) : row;
	};

	const list = Object.entries(reply.body).find(([, value]) => Array.isArray(value));
	if (list !== undefined) {
		const [key, value] = list;
		const rows: readonly unknown[] = Array.isArray(value) ? value : [];
		return {...reply, body: {...reply.body, [key]: rows.map(row => isRow(row) ? change(row) : row)}};
	}

	const [key, inner] = Object.entries(reply.body)[0] ?? ['', undefined];
	return {...reply, body: api === 'hetzner' && isRow(inner) ? {...reply.body, [key]: change(inner)} : change(reply.body)};
}

/**
A good list whose announced number of rows is wrong.
*/
export function oddTotal(reply: Reply, how: FaultOf<'oddTotal'>['how'], rng: Rng): Reply {
	if (reply.status >= 300 || !isRow(reply.body)) {
		return reply;
	}

	const wrong = (total: unknown): number => Math.max(0, Number(total) + ({tooHigh: 3, tooLow: -2, changing: rng.below(7) - 3} as const)[how]);
	const {body} = reply;
	if (Object.hasOwn(body, 'total_count')) {
		return {...reply, body: {...body, total_count: wrong(body.total_count)}};
	}

	const pagination = isRow(body.meta) && isRow(body.meta.pagination) ? body.meta.pagination : undefined;
	return pagination === undefined ? reply : {...reply, body: {...body, meta: {...(isRow(body.meta) && body.meta), pagination: {...pagination, total_entries: wrong(pagination.total_entries)}}}};
}

// A server of ours, our runner, a job or run that asks for self-hosted runners; what Hetzner sells is nobody's.
function ownerOf(world: World, operation: string, row: Row): 'own' | 'foreign' | undefined {
	const id = Number(row.id);
	switch (operation) {
		case 'listServers':
		case 'readServer': {
			return world.project.servers.get(id)?.isForeign === true ? 'foreign' : 'own';
		}

		case 'listRunners':
		case 'readRunner': {
			return world.github.runners.get(id)?.isForeign === true ? 'foreign' : 'own';
		}

		case 'listRuns':
		case 'readRun': {
			return world.github.runs.some(run => run.id === id && run.jobs.some(job => job.isSelfHosted)) ? 'own' : 'foreign';
		}

		case 'listJobs':
		case 'readJob': {
			return world.github.jobs().some(job => job.id === id && job.isSelfHosted) ? 'own' : 'foreign';
		}

		default: {
			return undefined;
		}
	}
}

function oddRow(row: Row, fault: FaultOf<'oddRows'>, rng: Rng): Row {
	const keys = Object.keys(row);
	return keys.length === 0 ? row : changed(row, fault.field?.split('.') ?? [], fault.how, rng);
}

// At the end of the path, or, where none is told, at a field that is found by going down for a while.
function changed(row: Row, path: readonly string[], how: FaultOf<'oddRows'>['how'], rng: Rng): Row {
	const key = path[0] ?? rng.pick(Object.keys(row));
	const value = row[key];
	const isDeeper = path.length > 1 || (path.length === 0 && rng.below(3) > 0);
	if (isDeeper && isRow(value) && Object.keys(value).length > 0) {
		return {...row, [key]: changed(value, path.slice(1), how, rng)};
	}

	if (isDeeper && Array.isArray(value) && value.length > 0) {
		const index = rng.below(value.length);
		const items: readonly unknown[] = value;
		const item = items[index];
		return isRow(item) ? {...row, [key]: items.with(index, changed(item, path.slice(1), how, rng))} : {...row, [key]: items.with(index, how === 'null' ? null : {mystery: true})};
	}

	return how === 'missing' ? Object.fromEntries(Object.entries(row).filter(([other]) => other !== key)) : {...row, [key]: how === 'null' ? null : unknown(value)};
}

function unknown(value: unknown): unknown {
	return typeof value === 'string' ? 'mystery' : (typeof value === 'number' ? -1 : {mystery: true});
}

function isRow(value: unknown): value is Row {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
