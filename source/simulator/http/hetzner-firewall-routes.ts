import * as z from 'zod';
import {apiTime} from '../api-clock.ts';
import type {SimulatedFirewall} from '../hetzner-firewalls.ts';
import type {World} from '../world.ts';
import type {Incoming, Reply} from './message.ts';
import {actionBody} from './hetzner-bodies.ts';
import {
	errorReply,
	list,
	missing,
	ok,
	one,
} from './hetzner-lists.ts';
import {bodyOf, labelsShape} from './hetzner-shapes.ts';
import {rfc3339} from './paging.ts';

const ruleShape = z.object({
	direction: z.enum(['in', 'out']),
	protocol: z.enum(['tcp', 'udp', 'icmp', 'esp', 'gre']),
	port: z.string().nullish().transform(port => port ?? undefined),
	source_ips: z.array(z.string()).nullish().transform(ips => ips ?? undefined),
	destination_ips: z.array(z.string()).nullish().transform(ips => ips ?? undefined),
	description: z.string().nullish().transform(text => text ?? undefined),
});
const resourceShape = z.object({type: z.literal('server'), server: z.object({id: z.number()})});
const resourcesOf = (key: 'apply_to' | 'remove_from') => z.object({[key]: z.array(resourceShape)});

/**
A firewall as Hetzner writes it.
*/
function firewallBody(world: World, firewall: SimulatedFirewall) {
	return {
		id: firewall.id,
		name: firewall.name,
		labels: firewall.labels,
		created: rfc3339(apiTime(world, 'hetzner', firewall.createdAt)),
		rules: firewall.rules.map(({direction, protocol, port, source_ips: sources = [], destination_ips: destinations = [], description}) => ({
			direction, protocol, port: port ?? null, source_ips: sources, destination_ips: destinations, description: description ?? null,
		})),
		applied_to: [...firewall.serverIds].filter(id => world.hetzner.servers.has(id)).map(id => ({type: 'server', server: {id}})),
	};
}

function firewallOf(world: World, id: string): SimulatedFirewall | undefined {
	return world.hetzner.firewalls.find(found => found.id === Number(id));
}

export function listFirewalls(world: World, incoming: Incoming): Reply {
	return list(world, incoming, 'firewalls', world.hetzner.firewalls, found => firewallBody(world, found), {
		name: ({name}) => name, labels: ({labels}) => labels, sort: {id: ({id}) => id, name: ({name}) => name, created: ({createdAt}) => createdAt},
	});
}

export function readFirewall(world: World, _incoming: Incoming, id: string): Reply {
	return one('firewall', firewallOf(world, id), found => firewallBody(world, found));
}

export function createFirewall(world: World, incoming: Incoming): Reply {
	const request = bodyOf(incoming, z.object({
		name: z.string().min(1).max(128), labels: labelsShape.nullish(), rules: z.array(ruleShape).nullish(), apply_to: z.array(resourceShape).nullish(),
	}));
	if ('reply' in request) {
		return request.reply;
	}

	const {name, labels, rules, apply_to: applyTo} = request.body;
	const made = world.hetzner.addFirewall(name, rules ?? [], labels ?? {});
	if ('code' in made) {
		return errorReply(made);
	}

	for (const {server} of applyTo ?? []) {
		const error = world.hetzner.applyFirewall(made, server.id);
		if (error !== undefined) {
			world.hetzner.removeFirewall(made);
			return errorReply(error);
		}
	}

	const actions = (applyTo ?? []).map(({server}) => act(world, made, 'apply_firewall', server.id));
	return {status: 201, body: {firewall: firewallBody(world, made), actions}};
}

export function updateFirewall(world: World, incoming: Incoming, id: string): Reply {
	const request = bodyOf(incoming, z.object({name: z.string().min(1).max(128).optional(), labels: labelsShape.optional()}));
	const found = firewallOf(world, id);
	if ('reply' in request || found === undefined) {
		return 'reply' in request ? request.reply : missing('firewall');
	}

	const error = world.hetzner.updateFirewall(found, request.body);
	return error === undefined ? ok({firewall: firewallBody(world, found)}) : errorReply(error);
}

export function deleteFirewall(world: World, _incoming: Incoming, id: string): Reply {
	const found = firewallOf(world, id);
	const error = found === undefined ? undefined : world.hetzner.removeFirewall(found);
	return found === undefined ? missing('firewall') : (error === undefined ? {status: 204} : errorReply(error));
}

/**
POST /firewalls/{id}/actions/{command}: set_rules, apply_to_resources, remove_from_resources.
*/
export function actOnFirewall(world: World, incoming: Incoming, id: string, command: string): Reply {
	const found = firewallOf(world, id);
	if (found === undefined) {
		return missing('firewall');
	}

	if (command === 'set_rules') {
		const request = bodyOf(incoming, z.object({rules: z.array(ruleShape)}));
		const error = 'reply' in request ? undefined : world.hetzner.setRules(found, request.body.rules);
		return 'reply' in request ? request.reply : (error === undefined ? {status: 201, body: {actions: [act(world, found, 'set_firewall_rules')]}} : errorReply(error));
	}

	const isApplying = command === 'apply_to_resources';
	const request = bodyOf(incoming, resourcesOf(isApplying ? 'apply_to' : 'remove_from'));
	if ('reply' in request) {
		return request.reply;
	}

	const ids = Object.values(request.body).flat().map(({server}) => server.id);
	for (const serverId of ids) {
		const error = isApplying ? world.hetzner.applyFirewall(found, serverId) : world.hetzner.liftFirewall(found, serverId);
		if (error !== undefined) {
			return errorReply(error);
		}
	}

	return {status: 201, body: {actions: ids.map(serverId => act(world, found, isApplying ? 'apply_firewall' : 'remove_firewall', serverId))}};
}

function act(world: World, {id}: SimulatedFirewall, command: string, serverId?: number) {
	return actionBody(world, world.hetzner.firewallAction(command, id, serverId));
}
