import * as z from 'zod';
import type {Repository} from '../model/job.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server, ServerId} from '../model/server.ts';
import type {Gap} from '../model/snapshot.ts';
import {secondsBetween, type Instant} from '../model/time.ts';
import {
	PortError,
	type CreateAnswer,
	type CreateRequest,
	type Clock,
	type CreationEnd,
	type Cloud,
	type ListRead,
} from '../scaler/ports.ts';
import type {ActionWaiter} from './actions.ts';
import {createAnswerOf, isAboutSshKey} from './create-answer.ts';
import {HetznerError, toPortError} from './errors.ts';
import {isAboutFirewall} from './firewall.ts';
import {
	labelsFor,
	ownSelector,
	withStartupEnded,
	type Labels,
} from './ownership.ts';
import {broken, readPages} from './pages.ts';
import type {Send} from './request.ts';
import {readServerRow} from './rows.ts';

/**
A server that was confirmed to be ours within so many seconds is deleted without another check.
*/
const justSeenSeconds = 1;

const one = z.object({server: z.unknown()});
const making = z.object({action: z.object({id: z.int()})});

/**
Servers of one repository in one project: read, found, created, deleted, marked. What does not carry our labels is never changed.
*/
export function serverPort(options: {
	readonly send: Send;
	readonly repository: Repository;
	/**
	What POST /servers gets as its SSH key: the id once it is known, else the name.
	*/
	readonly sshKey: () => number | string;
	/**
	What POST /servers gets as its firewall; undefined: none. Throws PortError: then no server is made.
	*/
	readonly firewall: () => Promise<{readonly id: number} | undefined>;
	/**
	Asks for the SSH key again by its name, and for the firewall. Throws PortError.
	*/
	readonly renew: () => Promise<unknown>;
	readonly awaitAction: ActionWaiter;
	readonly clock: Clock;
	/**
	A moment by Hetzner's clock as ours shows it.
	*/
	readonly onOurClock: (moment: Instant) => Instant;
}): Pick<Cloud, 'readServers' | 'readServer' | 'findServer' | 'createServer' | 'awaitCreation' | 'deleteServer' | 'markStartupEnded'> {
	const {
		send, repository, sshKey, firewall, renew, awaitAction, clock, onOurClock,
	} = options;
	const creations = new Map<ServerId, number>();
	const created = new Map<ServerId, Instant>();
	let lastIds: ReadonlySet<ServerId> = new Set();
	let lastOurs: {readonly id: ServerId; readonly at: Instant} | undefined;

	// Asked once for each server: what it costs and how old it is must not move with the jitter of answers. A row that does not say it was made when it was first seen.
	function createdAt(id: ServerId, told: Instant | undefined): Instant {
		const at = created.get(id) ?? (told === undefined ? clock.now() : onOurClock(told));
		created.set(id, at);
		return at;
	}

	// Two passes that agree are the whole list, whatever its total says; else what both saw together is there, and who was known before and is in
	// neither is missing by id.
	async function readServers(signal: AbortSignal): Promise<ListRead<Server>> {
		const list = {path: '/servers', key: 'servers', query: {label_selector: ownSelector(repository), sort: 'id:asc'}};
		const first = await readPages(send, list, signal);
		const isWhole = first.total === undefined || first.total === first.rows.length;
		const second = isWhole ? undefined : await readPages(send, list, signal);
		const counted = first.requests + (second?.requests ?? 0);
		const isAgreed = second === undefined || second.total === second.rows.length || first.ids.symmetricDifference(second.ids).size === 0;
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

	/*
	A server by id with its labels; undefined when there is none or it is not ours.
	*/
	async function fetchOurs(id: ServerId): Promise<{server: Server; labels: Labels} | undefined> {
		try {
			const body = await send({method: 'GET', path: `/servers/${id}`});
			const read = readServerRow(one.safeParse(body).data?.server, repository, createdAt);
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

	async function createServer(request: CreateRequest): Promise<CreateAnswer> {
		try {
			return await postServer(request);
		} catch (error) {
			if (!(error instanceof HetznerError) || !(isAboutSshKey(error) || isAboutFirewall(error))) {
				return foreseen(error);
			}
		}

		// A key or a firewall that was made anew under its name has another id (nothing was made of that request).
		try {
			await renew();
			return await postServer(request);
		} catch (error) {
			return error instanceof PortError && error.kind === 'notFound' ? {outcome: 'refused', refusal: {code: 'invalid', answer: error.message}} : foreseen(error);
		}
	}

	async function postServer(request: CreateRequest): Promise<CreateAnswer> {
		const {placement} = request;
		const wall = await firewall();
		const body = await send({
			method: 'POST', path: '/servers', body: {
				name: request.name,
				server_type: placement.serverType,
				image: /^\d+$/v.test(placement.image) ? Number(placement.image) : placement.image,
				...placement.location !== undefined && {location: placement.location},
				ssh_keys: [sshKey()],
				labels: labelsFor(repository, request),
				...wall !== undefined && {firewalls: [{firewall: wall.id}]},
				...request.userData !== undefined && {user_data: request.userData},
				start_after_create: true,
				public_net: {enable_ipv4: placement.network !== 'ipv6', enable_ipv6: placement.network !== 'ipv4'},
			},
		});
		const read = readServerRow(one.safeParse(body).data?.server, repository, createdAt);
		if (typeof read === 'string') {
			return {outcome: 'unknown', answer: 'Hetzner answered with a server that cannot be read'};
		}

		const action = making.safeParse(body).data?.action.id;
		if (action !== undefined) {
			creations.set(read.server.id, action);
		}

		return {outcome: 'created', server: read.server};
	}

	async function awaitCreation(id: ServerId, signal: AbortSignal): Promise<CreationEnd> {
		const action = creations.get(id);
		creations.delete(id);
		return action === undefined ? {outcome: 'unknown'} : awaitAction(action, signal);
	}

	async function deleteServer(id: ServerId): Promise<'deleted' | 'gone' | {readonly protected: string}> {
		const isJustSeen = lastOurs?.id === id && secondsBetween(lastOurs.at, clock.now()) <= justSeenSeconds;
		if (!isJustSeen && await fetchOurs(id) === undefined) {
			return 'gone'; // Nobody else's server is deleted, even when its id was once ours.
		}

		try {
			await send({method: 'DELETE', path: `/servers/${id}`});
			created.delete(id);
			return 'deleted';
		} catch (error) {
			if (error instanceof HetznerError && error.code === 'protected') {
				return {protected: error.answer};
			}

			if (error instanceof HetznerError && error.status === 404) {
				return 'gone';
			}

			throw error;
		}
	}

	async function markStartupEnded(server: Server, at: Parameters<Cloud['markStartupEnded']>[1]): Promise<void> {
		const fresh = await fetchOurs(server.id); // Labels are replaced whole: only fresh ones may be written back.
		if (fresh === undefined) {
			throw new PortError(`${server.name} is gone from Hetzner, nothing to write on it`, {kind: 'notFound'});
		}

		await send({method: 'PUT', path: `/servers/${server.id}`, body: {labels: withStartupEnded(fresh.labels, at)}});
	}

	return {
		readServers: async signal => named('reading servers', readServers(signal)),
		readServer: async id => named(`reading server ${id}`, readOne(id)),
		findServer: async name => named(`looking up ${name}`, findServer(name)),
		createServer: async request => named(`creating ${request.name}`, createServer(request)),
		awaitCreation,
		deleteServer: async id => named(`deleting server ${id}`, deleteServer(id)),
		markStartupEnded: async (server, at) => named(`writing labels of ${server.name}`, markStartupEnded(server, at)),
	};

	async function readOne(id: ServerId): Promise<Server | undefined> {
		const read = await fetchOurs(id);
		return read?.server;
	}
}

function idOfRow(row: unknown): ServerId | undefined {
	return z.object({id: z.int().positive()}).safeParse(row).data?.id as ServerId | undefined;
}

function foreseen(error: unknown): CreateAnswer {
	if (error instanceof HetznerError) {
		return createAnswerOf(error);
	}

	throw error;
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
