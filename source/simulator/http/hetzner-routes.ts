import * as z from 'zod';
import {images, locations, serverTypes} from '../catalogue.ts';
import {invalid} from '../hetzner-errors.ts';
import type {SimulatedKey} from '../hetzner-resources.ts';
import type {World} from '../world.ts';
import type {Incoming, Reply, Route} from './message.ts';
import {
	imageBody,
	keyBody,
	locationBody,
	pricingBody,
	primaryIpBody,
	serverBody,
	serverTypeBody,
	snapshotBody,
} from './hetzner-bodies.ts';
import {
	actOnFirewall,
	createFirewall,
	deleteFirewall,
	listFirewalls,
	readFirewall,
	updateFirewall,
} from './hetzner-firewall-routes.ts';
import {
	errorReply,
	list,
	missing,
	ok,
	one,
} from './hetzner-lists.ts';
import {
	actOnServer,
	actionReply,
	createServer,
	listActions,
	listServers,
	metrics,
	primaryIps,
	readAction,
	updateServer,
	withServer,
} from './hetzner-server-routes.ts';
import {bodyOf, labelsShape} from './hetzner-shapes.ts';

type Handler = (world: World, incoming: Incoming, part: string, more: string) => Reply;
type Row = readonly [method: string, path: RegExp, operation: string, handler: Handler];

const server = /^\/servers\/(?<part>\d+)$/v;
const firewall = /^\/firewalls\/(?<part>\d+)$/v;
const key = /^\/ssh_keys\/(?<part>\d+)$/v;
const rows: readonly Row[] = [
	['GET', /^\/servers$/v, 'listServers', listServers],
	['POST', /^\/servers$/v, 'createServer', createServer],
	['GET', server, 'readServer', (world, _incoming, id) => withServer(world, id, found => ok({server: serverBody(world, found)}))],
	['PUT', server, 'updateServer', updateServer],
	['DELETE', server, 'deleteServer', (world, _incoming, id) => withServer(world, id, found => actionReply(world, world.hetzner.deleteServer(found), 200))],
	['GET', /^\/servers\/(?<part>\d+)\/metrics$/v, 'metrics', metrics],
	['POST', /^\/servers\/(?<part>\d+)\/actions\/(?<more>poweroff|poweron|shutdown|reboot|reset|rebuild|change_protection|create_image)$/v, 'serverAction', actOnServer],
	['GET', /^\/(?:servers\/)?actions\/(?<part>\d+)$/v, 'readAction', (world, _incoming, id) => readAction(world, id)],
	['GET', /^\/actions$/v, 'listActions', (world, incoming) => incoming.query.has('id') ? listActions(world, incoming, () => true) : errorReply(invalid('id', 'Missing data for required field.'))],
	['GET', /^\/servers\/actions$/v, 'listActions', (world, incoming) => listActions(world, incoming, () => true)],
	['GET', /^\/servers\/(?<part>\d+)\/actions$/v, 'listActions', (world, incoming, id) => listActions(world, incoming, action => action.serverId === Number(id))],
	['GET', /^\/servers\/(?<more>\d+)\/actions\/(?<part>\d+)$/v, 'readAction', (world, _incoming, id, of) => readAction(world, id, Number(of))],
	['GET', /^\/server_types$/v, 'listServerTypes', (world, incoming) => list(world, incoming, 'server_types', serverTypes, type => serverTypeBody(type, world.parameters.typeEnds[type.name]), {name: ({name}) => name, sort: {id: ({id}) => id, name: ({name}) => name}})],
	['GET', /^\/server_types\/(?<part>\d+)$/v, 'listServerTypes', (world, _incoming, id) => one('server_type', serverTypes.find(type => type.id === Number(id)), type => serverTypeBody(type, world.parameters.typeEnds[type.name]))],
	['GET', /^\/locations$/v, 'listLocations', (world, incoming) => list(world, incoming, 'locations', locations, location => locationBody(location), {name: ({name}) => name, sort: {id: ({id}) => id, name: ({name}) => name}})],
	['GET', /^\/locations\/(?<part>\d+)$/v, 'listLocations', (_world, _incoming, id) => one('location', locations.find(location => location.id === Number(id)), location => locationBody(location))],
	['GET', /^\/images$/v, 'listImages', listImages],
	['GET', /^\/images\/(?<part>\d+)$/v, 'listImages', (world, _incoming, id) => {
		const image = bodiesOfImages(world).find(body => body.id === Number(id));
		return image === undefined ? missing('image') : ok({image});
	}],
	['DELETE', /^\/images\/(?<part>\d+)$/v, 'deleteImage', (world, _incoming, id) => {
		const image = world.hetzner.snapshots.find(candidate => candidate.id === Number(id));
		if (image === undefined) {
			return images.some(candidate => candidate.id === Number(id)) ? errorReply({status: 403, code: 'forbidden', message: 'only snapshots and backups can be deleted'}) : missing('image');
		}

		world.hetzner.removeImage(image);
		return {status: 204};
	}],
	['GET', /^\/ssh_keys$/v, 'listKeys', (world, incoming) => list(world, incoming, 'ssh_keys', world.hetzner.keys, found => keyBody(world, found), {
		name: ({name}) => name, labels: ({labels}) => labels, oneOf: {fingerprint: found => keyBody(world, found).fingerprint}, sort: {id: ({id}) => id, name: ({name}) => name},
	})],
	['GET', key, 'listKeys', (world, _incoming, id) => one('ssh_key', keyOf(world, id), found => keyBody(world, found))],
	['POST', /^\/ssh_keys$/v, 'createKey', createKey],
	['PUT', key, 'updateKey', updateKey],
	['DELETE', key, 'deleteKey', (world, _incoming, id) => {
		const found = keyOf(world, id);
		if (found === undefined) {
			return missing('ssh_key');
		}

		world.hetzner.removeKey(found);
		return {status: 204};
	}],
	['GET', /^\/primary_ips$/v, 'listPrimaryIps', (world, incoming) => list(world, incoming, 'primary_ips', primaryIps(world), found => primaryIpBody(world, found), {
		name: ({name}) => name, labels: () => ({}), oneOf: {ip: ({ip}) => ip}, sort: {id: ({id}) => id, created: ({server: {createdAt}}) => createdAt},
	})],
	['GET', /^\/primary_ips\/(?<part>\d+)$/v, 'listPrimaryIps', (world, _incoming, id) => one('primary_ip', primaryIps(world).find(found => found.id === Number(id)), found => primaryIpBody(world, found))],
	['GET', /^\/firewalls$/v, 'listFirewalls', listFirewalls],
	['POST', /^\/firewalls$/v, 'createFirewall', createFirewall],
	['GET', firewall, 'listFirewalls', readFirewall],
	['PUT', firewall, 'updateFirewall', updateFirewall],
	['DELETE', firewall, 'deleteFirewall', deleteFirewall],
	['POST', /^\/firewalls\/(?<part>\d+)\/actions\/(?<more>set_rules|apply_to_resources|remove_from_resources)$/v, 'firewallAction', actOnFirewall],
	['GET', /^\/pricing$/v, 'pricing', () => ok(pricingBody())],
	['GET', /^\/datacenters(?:\/\d+)?$/v, 'listDatacenters', () =>
		errorReply({
			status: 410, code: 'deprecated_api_endpoint', message: 'this endpoint was removed', details: {announcement: 'https://docs.hetzner.cloud/changelog'},
		})],
	['GET', /^\/(?<part>networks|volumes|placement_groups|floating_ips|load_balancers|isos|certificates)$/v, 'listOthers', (world, incoming, what) => list(world, incoming, what, [], item => item)],
];

/**
The route of a request; `noRoute` before the token is looked at, `wrongMethod` after it.
*/
export function hetznerRoute(world: World, incoming: Incoming): Route | 'noRoute' | 'wrongMethod' {
	const path = incoming.path.replace(/^\/v1(?=\/)/v, '');
	const method = incoming.method === 'HEAD' ? 'GET' : incoming.method;
	const fitting = rows.filter(([, pattern]) => pattern.test(path));
	const row = fitting.find(([known]) => known === method);
	if (row === undefined || !incoming.path.startsWith('/v1/')) {
		return fitting.length === 0 || !incoming.path.startsWith('/v1/') ? 'noRoute' : 'wrongMethod';
	}

	const groups = row[1].exec(path)?.groups;
	const part = groups?.part ?? '';
	const name = z.object({name: z.string()}).safeParse(incoming.body).data?.name;
	return {
		api: 'hetzner',
		operation: row[2],
		subject: part === '' ? name : part,
		isRead: method === 'GET',
		answer: () => row[3](world, incoming, part, groups?.more ?? ''),
	};
}

type ImageBody = ReturnType<typeof imageBody> | ReturnType<typeof snapshotBody>;

function bodiesOfImages(world: World): readonly ImageBody[] {
	return [...images.map(image => imageBody(image, world.parameters.imageDeprecated[image.name])), ...world.hetzner.snapshots.map(image => snapshotBody(world, image))];
}

function listImages(world: World, incoming: Incoming): Reply {
	const bodies = bodiesOfImages(world);
	return list(world, incoming, 'images', bodies, body => body, {
		name: ({name}) => name ?? '',
		labels: ({labels}) => labels,
		oneOf: {
			architecture: ({architecture}) => architecture, type: ({type}) => type, status: ({status}) => status, bound_to: () => '',
		},
		sort: {id: ({id}) => id, name: ({name}) => name ?? '', created: ({created}) => created},
	});
}

function keyOf(world: World, id: string): SimulatedKey | undefined {
	return world.hetzner.keys.find(found => found.id === Number(id));
}

function createKey(world: World, incoming: Incoming): Reply {
	const request = bodyOf(incoming, z.object({name: z.string().min(1), public_key: z.string().regex(/^ssh-\S+ \S+|^ecdsa-\S+ \S+/v), labels: labelsShape.optional()}));
	if ('reply' in request) {
		return request.reply;
	}

	const made = world.hetzner.addKey(request.body.name, request.body.public_key, request.body.labels);
	return 'code' in made ? errorReply(made) : {status: 201, body: {ssh_key: keyBody(world, made)}};
}

function updateKey(world: World, incoming: Incoming, id: string): Reply {
	const request = bodyOf(incoming, z.object({name: z.string().min(1).optional(), labels: labelsShape.optional()}));
	const found = keyOf(world, id);
	if ('reply' in request || found === undefined) {
		return 'reply' in request ? request.reply : missing('ssh_key');
	}

	const error = world.hetzner.updateKey(found, request.body);
	return error === undefined ? ok({ssh_key: keyBody(world, found)}) : errorReply(error);
}
