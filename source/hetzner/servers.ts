import * as z from 'zod';
import type {Server, ServerId} from '../model/server.ts';
import {
	PortError,
	type CreateAnswer,
	type CreateRequest,
	type CreationEnd,
	type Cloud,
} from '../scaler/ports.ts';
import type {ActionWaiter} from './actions.ts';
import {createAnswerOf, isAboutSshKey} from './create-answer.ts';
import {HetznerError} from './errors.ts';
import {isAboutFirewall} from './firewall.ts';
import {labelsFor, withStartupEnded} from './ownership.ts';
import {named, serverReads, type ReadOptions} from './server-reads.ts';

const making = z.object({action: z.object({id: z.int()})});

/**
Servers of one repository in one project: read, found, created, deleted, marked. What does not carry our labels is never changed.
*/
export function serverPort(options: ReadOptions & {
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
}): Pick<Cloud, 'readServers' | 'readServer' | 'findServer' | 'createServer' | 'awaitCreation' | 'deleteServer' | 'markStartupEnded'> {
	const {
		send, repository, sshKey, firewall, renew, awaitAction,
	} = options;
	const reads = serverReads(options);
	const creations = new Map<ServerId, number>();
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
		const read = reads.rowOf(body);
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
		if (!reads.isJustSeen(id) && await reads.fetchOurs(id) === undefined) {
			return 'gone'; // Nobody else's server is deleted, even when its id was once ours.
		}

		try {
			await send({method: 'DELETE', path: `/servers/${id}`});
			reads.forget(id);
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
		const fresh = await reads.fetchOurs(server.id); // Labels are replaced whole: only fresh ones may be written back.
		if (fresh === undefined) {
			throw new PortError(`${server.name} is gone from Hetzner, nothing to write on it`, {kind: 'notFound'});
		}

		await send({method: 'PUT', path: `/servers/${server.id}`, body: {labels: withStartupEnded(fresh.labels, at)}});
	}

	return {
		readServers: async signal => named('reading servers', reads.readServers(signal)),
		readServer: async id => named(`reading server ${id}`, readOne(id)),
		findServer: async name => named(`looking up ${name}`, reads.findServer(name)),
		createServer: async request => named(`creating ${request.name}`, createServer(request)),
		awaitCreation,
		deleteServer: async id => named(`deleting server ${id}`, deleteServer(id)),
		markStartupEnded: async (server, at) => named(`writing labels of ${server.name}`, markStartupEnded(server, at)),
	};

	async function readOne(id: ServerId): Promise<Server | undefined> {
		const read = await reads.fetchOurs(id);
		return read?.server;
	}
}

function foreseen(error: unknown): CreateAnswer {
	if (error instanceof HetznerError) {
		return createAnswerOf(error);
	}

	throw error;
}
