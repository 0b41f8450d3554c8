import * as z from 'zod';
import {images, locations, serverTypes} from '../catalogue.ts';
import {type ApiError, invalid} from '../hetzner-create.ts';
import type {SimulatedAction, SimulatedServer} from '../hetzner-things.ts';
import type {World} from '../world.ts';
import type {Incoming, Reply, Route} from './api.ts';
import {
	actionBody,
	imageBody,
	keyBody,
	locationBody,
	pricingBody,
	serverBody,
	serverTypeBody,
} from './hetzner-bodies.ts';
import {labelsFault, parseSelector} from './label-selector.ts';
import {pageOf} from './paging.ts';

/**
Hetzner's form of an error.
*/
export function errorReply({status, code, message, details}: ApiError): Reply {
	return {status, body: {error: {code, message, details: details ?? null}}};
}

type Handler = (world: World, incoming: Incoming, part: string, command: string) => Reply;
type Row = readonly [method: string, path: RegExp, operation: string, handler: Handler];

const server = /^\/servers\/(?<part>\d+)$/v;
const rows: readonly Row[] = [
	['GET', /^\/servers$/v, 'listServers', listServers],
	['POST', /^\/servers$/v, 'createServer', createServer],
	['GET', server, 'readServer', (world, _incoming, id) => withServer(world, id, found => ok({server: serverBody(world, found)}))],
	['PUT', server, 'updateServer', updateServer],
	['DELETE', server, 'deleteServer', (world, _incoming, id) => withServer(world, id, found => actionReply(world, world.hetzner.deleteServer(found), 200))],
	['POST', /^\/servers\/(?<part>\d+)\/actions\/(?<command>poweroff|poweron|shutdown|reboot|reset)$/v, 'serverAction', (world, _incoming, id, command) =>
		withServer(world, id, found => actionReply(world, world.hetzner.power(found, powerCommand.parse(command)), 201))],
	['GET', /^\/(?:servers\/)?actions\/(?<part>\d+)$/v, 'readAction', (world, _incoming, id) => {
		const action = world.hetzner.actions.get(Number(id));
		return action === undefined ? missing('action') : ok({action: actionBody(world, action)});
	}],
	['GET', /^\/actions$/v, 'listActions', (world, incoming) => {
		const ids = new Set(incoming.query.getAll('id').map(Number));
		return ids.size === 0
			? errorReply(invalid('id', 'Missing data for required field.'))
			: list(world, incoming, 'actions', newestFirst(world, action => ids.has(action.id)), action => actionBody(world, action));
	}],
	['GET', /^\/servers\/actions$/v, 'listActions', (world, incoming) => {
		const statuses = incoming.query.getAll('status');
		return list(world, incoming, 'actions', newestFirst(world, action => statuses.length === 0 || statuses.includes(action.status)), action => actionBody(world, action));
	}],
	['GET', /^\/servers\/(?<part>\d+)\/actions$/v, 'listActions', (world, incoming, id) =>
		list(world, incoming, 'actions', newestFirst(world, action => action.serverId === Number(id)), action => actionBody(world, action))],
	['GET', /^\/servers\/\d+\/actions\/(?<part>\d+)$/v, 'readAction', (world, _incoming, id) => {
		const action = world.hetzner.actions.get(Number(id));
		return action === undefined ? missing('action') : ok({action: actionBody(world, action)});
	}],
	['GET', /^\/server_types$/v, 'listServerTypes', (world, incoming) => list(world, incoming, 'server_types', named(incoming, serverTypes), type => serverTypeBody(type, world.knobs.typeEnds[type.name]))],
	['GET', /^\/server_types\/(?<part>\d+)$/v, 'listServerTypes', (world, _incoming, id) => one('server_type', serverTypes.find(type => type.id === Number(id)), type => serverTypeBody(type, world.knobs.typeEnds[type.name]))],
	['GET', /^\/locations$/v, 'listLocations', (world, incoming) => list(world, incoming, 'locations', named(incoming, locations), location => locationBody(location))],
	['GET', /^\/locations\/(?<part>\d+)$/v, 'listLocations', (_world, _incoming, id) => one('location', locations.find(location => location.id === Number(id)), location => locationBody(location))],
	['GET', /^\/images$/v, 'listImages', (world, incoming) => {
		const architectures = incoming.query.getAll('architecture');
		const types = incoming.query.getAll('type');
		const found = named(incoming, images).filter(image => (architectures.length === 0 || architectures.includes(image.architecture)) && (types.length === 0 || types.includes('system')));
		return list(world, incoming, 'images', found, image => imageBody(image, world.knobs.imageDeprecated[image.name]));
	}],
	['GET', /^\/images\/(?<part>\d+)$/v, 'listImages', (world, _incoming, id) => one('image', images.find(image => image.id === Number(id)), image => imageBody(image, world.knobs.imageDeprecated[image.name]))],
	['GET', /^\/ssh_keys$/v, 'listKeys', (world, incoming) => {
		const fingerprint = incoming.query.get('fingerprint');
		const found = named(incoming, world.hetzner.keys).map(key => keyBody(world, key)).filter(key => fingerprint === null || key.fingerprint === fingerprint);
		return list(world, incoming, 'ssh_keys', found, key => key);
	}],
	['GET', /^\/ssh_keys\/(?<part>\d+)$/v, 'listKeys', (world, _incoming, id) => one('ssh_key', world.hetzner.keys.find(key => key.id === Number(id)), key => keyBody(world, key))],
	['POST', /^\/ssh_keys$/v, 'createKey', createKey],
	['GET', /^\/pricing$/v, 'pricing', () => ok(pricingBody())],
	['GET', /^\/datacenters(?:\/\d+)?$/v, 'listDatacenters', () =>
		errorReply({
			status: 410, code: 'deprecated_api_endpoint', message: 'this endpoint was removed', details: {announcement: 'https://docs.hetzner.cloud/changelog'},
		})],
	['GET', /^\/(?<part>networks|volumes|primary_ips|placement_groups|floating_ips|load_balancers|firewalls|isos|certificates)$/v, 'listOthers', (world, incoming, what) => list(world, incoming, what, [], item => item)],
];

/**
The route of a request; `noRoute` before the token is looked at, `wrongMethod` after it.
*/
export function hetznerRoute(world: World, incoming: Incoming): Route | 'noRoute' | 'wrongMethod' {
	const path = incoming.path.replace(/^\/v1(?=\/)/v, '');
	const fitting = rows.filter(([, pattern]) => pattern.test(path));
	const row = fitting.find(([method]) => method === incoming.method);
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
		isRead: incoming.method === 'GET',
		answer: () => row[3](world, incoming, part, groups?.command ?? ''),
	};
}

const powerCommand = z.enum(['poweroff', 'poweron', 'shutdown', 'reboot', 'reset']);
const labelsShape = z.record(z.string(), z.string());
const createShape = z.object({
	name: z.string(),
	server_type: z.union([z.string(), z.number()]),
	image: z.union([z.string(), z.number()]),
	location: z.union([z.string(), z.number()]).transform(String).optional(),
	ssh_keys: z.array(z.union([z.string(), z.number()])).optional(),
	labels: labelsShape.optional(),
	user_data: z.string().optional(),
	start_after_create: z.boolean().optional(),
	datacenter: z.undefined({error: 'was removed, use location'}).optional(),
});

function ok(body: unknown): Reply {
	return {status: 200, body};
}

function missing(what: string): Reply {
	return errorReply({status: 404, code: 'not_found', message: `${what} not found`});
}

function one<Item>(name: string, item: Item | undefined, bodyOf: (item: Item) => unknown): Reply {
	return item === undefined ? missing(name) : ok({[name]: bodyOf(item)});
}

function named<Item extends {readonly name: string}>(incoming: Incoming, items: readonly Item[]): readonly Item[] {
	const name = incoming.query.get('name');
	return name === null ? items : items.filter(item => item.name === name);
}

function list<Item>(world: World, incoming: Incoming, name: string, items: readonly Item[], bodyOf: (item: Item) => unknown): Reply {
	const page = pageOf(incoming, items, {usual: 25, most: Math.min(50, world.knobs.rowsPerPage)});
	return {
		status: 200,
		rows: page.items.length,
		body: {
			[name]: page.items.map(item => bodyOf(item)),
			meta: {
				pagination: {
					page: page.page, per_page: page.perPage, previous_page: page.page > 1 ? page.page - 1 : null, next_page: page.page < page.lastPage ? page.page + 1 : null, last_page: page.lastPage, total_entries: page.total,
				},
			},
		},
		headers: page.link === undefined ? {} : {link: page.link},
	};
}

function withServer(world: World, id: string, answer: (server: SimulatedServer) => Reply): Reply {
	const found = world.hetzner.servers.get(Number(id));
	return found === undefined ? missing('server') : answer(found);
}

function actionReply(world: World, answer: ApiError | SimulatedAction, status: number): Reply {
	return 'code' in answer ? errorReply(answer) : {status, body: {action: actionBody(world, answer)}};
}

function newestFirst(world: World, fits: (action: SimulatedAction) => boolean): readonly SimulatedAction[] {
	return world.hetzner.actions.values().filter(action => fits(action)).toArray().toReversed();
}

function listServers(world: World, incoming: Incoming): Reply {
	const selector = parseSelector(incoming.query.get('label_selector') ?? '');
	if (selector === undefined && incoming.query.has('label_selector') && incoming.query.get('label_selector') !== '') {
		return errorReply(invalid('label_selector', 'is not a valid label selector'));
	}

	const statuses = incoming.query.getAll('status');
	const found = named(incoming, world.hetzner.servers.values().toArray())
		.filter(candidate => (selector?.(candidate.labels) ?? true) && (statuses.length === 0 || statuses.includes(candidate.status)));
	return list(world, incoming, 'servers', sorted(found, incoming.query.getAll('sort')), candidate => serverBody(world, candidate));
}

function sorted(servers: readonly SimulatedServer[], orders: readonly string[]): readonly SimulatedServer[] {
	let result = servers;
	for (const order of orders.toReversed()) {
		const [field, direction] = order.split(':', 2);
		const sign = direction === 'desc' ? -1 : 1;
		result = result.toSorted((a, b) => sign * (field === 'name' ? a.name.localeCompare(b.name) : (field === 'created' ? a.createdAt - b.createdAt : a.id - b.id)));
	}

	return result;
}

function createServer(world: World, incoming: Incoming): Reply {
	const request = createShape.safeParse(incoming.body);
	if (!request.success) {
		return incoming.body === undefined ? errorReply({status: 400, code: 'json_error', message: 'Invalid JSON document'}) : shapeReply(request.error);
	}

	const fault = labelsFault(request.data.labels ?? {});
	if (fault !== undefined) {
		return errorReply(invalid('labels', fault));
	}

	const made = world.hetzner.createServer(request.data);
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

function updateServer(world: World, incoming: Incoming, id: string): Reply {
	const change = z.object({name: z.string().optional(), labels: labelsShape.optional()}).safeParse(incoming.body);
	if (!change.success) {
		return shapeReply(change.error);
	}

	const fault = labelsFault(change.data.labels ?? {});
	return withServer(world, id, found => {
		const error = fault === undefined ? world.hetzner.updateServer(found, change.data) : invalid('labels', fault);
		return error === undefined ? ok({server: serverBody(world, found)}) : errorReply(error);
	});
}

function createKey(world: World, incoming: Incoming): Reply {
	const request = z.object({name: z.string().min(1), public_key: z.string().regex(/^ssh-\S+ \S+/v), labels: labelsShape.optional()}).safeParse(incoming.body);
	if (!request.success) {
		return shapeReply(request.error);
	}

	const made = world.hetzner.addKey(request.data.name, request.data.public_key, request.data.labels);
	return 'code' in made ? errorReply(made) : {status: 201, body: {ssh_key: keyBody(world, made)}};
}

function shapeReply(error: z.ZodError): Reply {
	const issue = error.issues[0];
	return errorReply(invalid(issue?.path.join('.') ?? '', issue?.message ?? 'is invalid'));
}
