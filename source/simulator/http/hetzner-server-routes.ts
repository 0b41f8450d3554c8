import * as z from 'zod';
import {type ApiError, invalid} from '../hetzner-errors.ts';
import type {SimulatedAction, SimulatedServer} from '../hetzner-resources.ts';
import type {World} from '../world.ts';
import type {Incoming, Reply} from './message.ts';
import {
	actionBody,
	primaryIpsOf,
	serverBody,
	snapshotBody,
	type PrimaryIp,
} from './hetzner-bodies.ts';
import {
	errorReply,
	list,
	missing,
	ok,
} from './hetzner-lists.ts';
import {bodyOf, labelsShape, reference} from './hetzner-shapes.ts';
import {rfc3339} from './paging.ts';

const createShape = z.object({
	name: z.string(),
	server_type: reference,
	image: reference,
	location: reference.transform(String).optional(),
	ssh_keys: z.array(reference).optional(),
	labels: labelsShape.optional(),
	user_data: z.string().optional(),
	start_after_create: z.boolean().optional(),
	public_net: z.object({
		enable_ipv4: z.boolean().optional(), enable_ipv6: z.boolean().optional(), ipv4: z.number().nullish(), ipv6: z.number().nullish(),
	}).optional(),
	networks: z.array(z.number()).optional(),
	volumes: z.array(z.number()).optional(),
	firewalls: z.array(z.object({firewall: z.number()})).optional(),
	placement_group: z.number().optional(),
});

export function withServer(world: World, id: string, answer: (server: SimulatedServer) => Reply): Reply {
	const found = world.hetzner.servers.get(Number(id));
	return found === undefined ? missing('server') : answer(found);
}

export function listServers(world: World, incoming: Incoming): Reply {
	return list(world, incoming, 'servers', world.hetzner.servers.values().toArray(), found => serverBody(world, found), {
		name: ({name}) => name, labels: ({labels}) => labels, oneOf: {status: ({status}) => status}, sort: {id: ({id}) => id, name: ({name}) => name, created: ({createdAt}) => createdAt},
	});
}

export function createServer(world: World, incoming: Incoming): Reply {
	if (z.object({datacenter: z.unknown()}).loose().safeParse(incoming.body).data?.datacenter !== undefined) {
		return errorReply(invalid('datacenter', 'was removed, use location'));
	}

	const request = bodyOf(incoming, createShape);
	if ('reply' in request) {
		return request.reply;
	}

	const made = world.hetzner.createServer(request.body);
	return 'code' in made
		? errorReply(made)
		: {
			status: 201,
			body: {
				server: serverBody(world, made.server),
				action: actionBody(world, made.action),
				next_actions: made.next.map(action => actionBody(world, action)),
				root_password: made.server.publicKeys.length === 0 ? 'YItygq1v3GYjjMomLaKc' : null,
			},
		};
}

export function updateServer(world: World, incoming: Incoming, id: string): Reply {
	const change = bodyOf(incoming, z.object({name: z.string().optional(), labels: labelsShape.optional()}));
	return 'reply' in change
		? change.reply
		: withServer(world, id, found => {
			const error = world.hetzner.updateServer(found, change.body);
			return error === undefined ? ok({server: serverBody(world, found)}) : errorReply(error);
		});
}

const powerCommand = z.enum(['poweroff', 'poweron', 'shutdown', 'reboot', 'reset']);

/**
POST /servers/{id}/actions/{command}.
*/
export function actOnServer(world: World, incoming: Incoming, id: string, command: string): Reply {
	return withServer(world, id, found => {
		switch (command) {
			case 'rebuild': {
				const request = bodyOf(incoming, z.object({image: reference}));
				return 'reply' in request ? request.reply : actionReply(world, world.hetzner.rebuild(found, request.body.image), 201, {root_password: null});
			}

			case 'change_protection': {
				const request = bodyOf(incoming, z.object({delete: z.boolean().optional(), rebuild: z.boolean().optional()}));
				if ('reply' in request) {
					return request.reply;
				}

				const {delete: forDelete = found.protection.delete, rebuild = found.protection.rebuild} = request.body;
				return actionReply(world, world.hetzner.changeProtection(found, {delete: forDelete, rebuild}), 201);
			}

			case 'create_image': {
				const request = bodyOf({...incoming, body: incoming.body ?? {}}, z.object({description: z.string().optional(), labels: labelsShape.optional(), type: z.string().optional()}));
				if ('reply' in request) {
					return request.reply;
				}

				const {description, labels} = request.body;
				const made = world.hetzner.createImage(found, description ?? found.name, labels ?? {});
				return 'code' in made ? errorReply(made) : {status: 201, body: {image: snapshotBody(world, made.image), action: actionBody(world, made.action)}};
			}

			default: {
				return actionReply(world, world.hetzner.power(found, powerCommand.parse(command)), 201);
			}
		}
	});
}

export function actionReply(world: World, answer: ApiError | SimulatedAction, status: number, more = {}): Reply {
	return 'code' in answer ? errorReply(answer) : {status, body: {action: actionBody(world, answer), ...more}};
}

/**
Actions, newest first, of which these are asked for; filtered and sorted as the request says.
*/
export function listActions(world: World, incoming: Incoming, fits: (action: SimulatedAction) => boolean): Reply {
	const actions = world.hetzner.actions.values().filter(action => fits(action)).toArray().toReversed();
	return list(world, incoming, 'actions', actions, action => actionBody(world, action), {
		oneOf: {id: ({id}) => String(id), status: ({status}) => status}, sort: {
			id: ({id}) => id, command: ({command}) => command, status: ({status}) => status, started: ({startedAt}) => startedAt, finished: ({finishedAt}) => finishedAt ?? Infinity,
		},
	});
}

/**
GET /actions/{id}, or below a server: then only that server's.
*/
export function readAction(world: World, id: string, serverId?: number): Reply {
	const action = world.hetzner.actions.get(Number(id));
	return action === undefined || (serverId !== undefined && action.serverId !== serverId) ? missing('action') : ok({action: actionBody(world, action)});
}

const series: Readonly<Record<string, readonly string[]>> = {
	cpu: ['cpu'], disk: ['disk.0.iops.read', 'disk.0.iops.write', 'disk.0.bandwidth.read', 'disk.0.bandwidth.write'], network: ['network.0.pps.in', 'network.0.pps.out', 'network.0.bandwidth.in', 'network.0.bandwidth.out'],
};

/**
GET /servers/{id}/metrics: a server that runs a job is busy, all others are not.
*/
export function metrics(world: World, {query}: Incoming, id: string): Reply {
	const types = query.getAll('type').flatMap(type => type.split(','));
	const [start, end] = [Date.parse(query.get('start') ?? ''), Date.parse(query.get('end') ?? '')];
	const faults = [['type', types.length === 0 || types.some(type => series[type] === undefined)], ['start', Number.isNaN(start)], ['end', !(end >= start)]] as const;
	const wrong = faults.find(([, isWrong]) => isWrong)?.[0];
	if (wrong !== undefined) {
		return errorReply(invalid(wrong, query.has(wrong) ? 'Invalid value.' : 'Missing data for required field.'));
	}

	return withServer(world, id, found => {
		const step = Number(query.get('step') ?? Math.max(1, Math.round((end - start) / 200_000)));
		const times = Array.from({length: Math.min(500, Math.floor((end - start) / 1000 / step) + 1)}, (_, index) => (start / 1000) + (index * step));
		const value = found.host.runner?.job === undefined ? '0.5' : '97.25';
		const names = types.flatMap(type => series[type] ?? []);
		return ok({
			metrics: {
				start: rfc3339(start), end: rfc3339(end), step, time_series: Object.fromEntries(names.map(name => [name, {values: times.map(time => [time, value])}])),
			},
		});
	});
}

/**
The addresses that servers have.
*/
export function primaryIps(world: World): readonly PrimaryIp[] {
	return world.hetzner.servers.values().flatMap(server => primaryIpsOf(server)).toArray();
}
