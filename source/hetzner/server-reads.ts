import * as z from 'zod';
import type {Repository} from '../model/job.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import type {Gap} from '../model/snapshot.ts';
import {secondsBetween, type Instant} from '../model/time.ts';
import type {Clock, ListRead} from '../scaler/ports.ts';
import {HetznerError, toPortError} from './errors.ts';
import {ownSelector, type Labels} from './ownership.ts';
import {broken, readPages} from './pages.ts';
import type {Send} from './request.ts';
import {readServerRow, type ReadServer} from './rows.ts';

/**
A server that was confirmed to be ours within so many seconds is deleted without another check.
*/
const justSeenSeconds = 1;

const one = z.object({server: z.unknown()});

export type ReadOptions = {
	readonly send: Send;
	readonly repository: Repository;
	readonly clock: Clock;
	/**
	A moment by Hetzner's clock as ours shows it.
	*/
	readonly onOurClock: (moment: Instant) => Instant;
};

/**
Servers of one repository in one project as Hetzner's answers show them: the whole list, one by its id, one by its name.
*/
export function serverReads({send, repository, clock, onOurClock}: ReadOptions): {
	readonly readServers: (signal: AbortSignal) => Promise<ListRead<Server>>;
	/**
	A server by its id, with all its labels; undefined when there is none or it is not ours.
	*/
	readonly fetchOurs: (id: ServerId) => Promise<{readonly server: Server; readonly labels: Labels} | undefined>;
	readonly findServer: (name: ServerName) => Promise<Server | 'foreign' | undefined>;
	/**
	The server in an answer's body.
	*/
	readonly rowOf: (body: unknown) => ReadServer;
	/**
	Whether the last one asked for by its id was that one, a moment ago, and ours.
	*/
	readonly isJustSeen: (id: ServerId) => boolean;
	readonly forget: (id: ServerId) => void;
} {
	const created = new Map<ServerId, Instant>();
	let lastIds: ReadonlySet<ServerId> = new Set();
	let lastOurs: {readonly id: ServerId; readonly at: Instant} | undefined;

	// Worked out once for each server: its cost and age must not move with the jitter of answers. One whose row does not say was made when
	// first seen.
	function createdAt(id: ServerId, told: Instant | undefined): Instant {
		const at = created.get(id) ?? (told === undefined ? clock.now() : onOurClock(told));
		created.set(id, at);
		return at;
	}

	// Two passes that agree are the whole list, whatever its total says. Otherwise all that either saw is there, and a server that was
	// known before and is in neither is missing, by its id.
	async function readServers(signal: AbortSignal): Promise<ListRead<Server>> {
		const list = {path: '/servers', key: 'servers', query: {label_selector: ownSelector(repository), sort: 'id:asc'}};
		const first = await readPages(send, list, signal);
		const isWhole = first.total === undefined || first.total === first.rows.length;
		const second = isWhole ? undefined : await readPages(send, list, signal);
		const counted = first.requests + (second?.requests ?? 0);
		const isAgreed = second === undefined || second.total === second.rows.length
			|| first.ids.symmetricDifference(second.ids).size === 0;
		const {items, gaps} = takeIn(isAgreed ? (second ?? first).rows : [...first.rows, ...second.rows]);
		if (!isAgreed) {
			const seen = new Set<number>(items.map(({id}) => id));
			gaps.push({what: 'some servers: their list changed while it was read'}, ...[...lastIds].filter(id => !seen.has(id)).map(id => ({what: `server ${id}`, serverId: id})));
		}

		lastIds = new Set([...items.map(({id}) => id), ...gaps.flatMap(({serverId}) => serverId ?? [])]);
		return {items, gaps, counted};
	}

	// The filter is Hetzner's, the decision ours: each row's labels are looked at again.
	function takeIn(rows: readonly unknown[]): {readonly items: readonly Server[]; readonly gaps: Gap[]} {
		const items = new Map<ServerId, Server>();
		const gaps: Gap[] = [];
		for (const row of rows) {
			const read = readServerRow(row, repository, createdAt);
			if (read === 'broken') {
				const id = idOfRow(row);
				gaps.push(id === undefined ? {what: 'a server without an id'} : {what: `server ${id}`, serverId: id});
			} else if (read !== 'foreign') {
				items.set(read.server.id, read.server);
			}
		}

		return {items: [...items.values()], gaps};
	}

	const rowOf = (body: unknown): ReadServer => readServerRow(one.safeParse(body).data?.server, repository, createdAt);

	async function fetchOurs(id: ServerId): Promise<{readonly server: Server; readonly labels: Labels} | undefined> {
		try {
			const body = await send({method: 'GET', path: `/servers/${id}`});
			const read = rowOf(body);
			if (read === 'broken') {
				throw broken('a server that cannot be read');
			}

			lastOurs = read === 'foreign' ? undefined : {id, at: clock.now()};
			return read === 'foreign' ? undefined : read;
		} catch (error) {
			if (error instanceof HetznerError && error.status === 404) {
				return undefined;
			}

			throw error;
		}
	}

	async function findServer(name: ServerName): Promise<Server | 'foreign' | undefined> {
		const {rows} = await readPages(send, {path: '/servers', key: 'servers', query: {name}});
		const row = rows.find(row => z.object({name: z.literal(name)}).safeParse(row).success);
		if (row === undefined) {
			return undefined;
		}

		const read = readServerRow(row, repository, createdAt);
		if (read === 'broken') {
			throw broken('a server that cannot be read');
		}

		return read === 'foreign' ? 'foreign' : read.server;
	}

	return {
		readServers, fetchOurs, findServer, rowOf,
		isJustSeen: id => lastOurs?.id === id && secondsBetween(lastOurs.at, clock.now()) <= justSeenSeconds,
		forget(id) {
			created.delete(id);
		},
	};
}

function idOfRow(row: unknown): ServerId | undefined {
	return z.object({id: z.int().positive()}).safeParse(row).data?.id as ServerId | undefined;
}

/**
The promise's value; a HetznerError becomes the port's, saying what was being done.
*/
export async function named<Value>(doing: string, promise: Promise<Value>): Promise<Value> {
	try {
		return await promise;
	} catch (error) {
		throw error instanceof HetznerError ? toPortError(error, doing) : error;
	}
}
