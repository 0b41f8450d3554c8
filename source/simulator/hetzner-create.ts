import {later, type Instant} from '../model/time.ts';
import {
	images,
	locations,
	serverTypes,
	type CatalogueType,
} from './catalogue.ts';
import type {FaultOf, Faults} from './faults.ts';
import {invalid, type ApiError} from './hetzner-errors.ts';
import type {SimulatedFirewall} from './hetzner-firewalls.ts';
import type {SimulatedKey, SimulatedServer, SimulatedSnapshot} from './hetzner-resources.ts';
import type {WorldParameters} from './parameters.ts';

/**
The body of POST /servers, as far as the world looks at it.
*/
export type CreateServer = {
	readonly name: string;
	readonly server_type: string | number;
	readonly image: string | number;
	readonly location?: string | undefined;
	readonly ssh_keys?: ReadonlyArray<string | number> | undefined;
	readonly labels?: Readonly<Record<string, string>> | undefined;
	readonly user_data?: string | undefined;
	readonly start_after_create?: boolean | undefined;
	// eslint-disable-next-line @typescript-eslint/no-restricted-types
	readonly public_net?: {readonly enable_ipv4?: boolean | undefined; readonly enable_ipv6?: boolean | undefined; readonly ipv4?: number | null | undefined; readonly ipv6?: number | null | undefined} | undefined;
	readonly networks?: readonly number[] | undefined;
	readonly volumes?: readonly number[] | undefined;
	readonly firewalls?: ReadonlyArray<{readonly firewall: number}> | undefined;
	readonly placement_group?: number | undefined;
};

type Project = {
	readonly servers: ReadonlyMap<number, SimulatedServer>;
	readonly gone: readonly SimulatedServer[];
	readonly parameters: WorldParameters;
	readonly faults: Faults;
	readonly now: Instant;
};

/**
What is wrong with a server's name, which is to be a host name by RFC 1123; undefined when Hetzner takes it.
*/
export function nameFault(name: string): ApiError | undefined {
	const isHostName = name.length <= 253 && name.split('.').every(part => /^[0-9A-Za-z](?:[\-0-9A-Za-z]{0,61}[0-9A-Za-z])?$/v.test(part));
	return isHostName ? undefined : invalid('name', 'must be a valid hostname');
}

/**
The catalogue's type and image, the public keys and the firewalls that a request names; an error when it names something else.
*/
export function checkCreate(request: CreateServer, keys: readonly SimulatedKey[], snapshots: readonly SimulatedSnapshot[], walls: readonly SimulatedFirewall[] = []): ApiError | {readonly type: CatalogueType; readonly image: SimulatedServer['image']; readonly publicKeys: readonly string[]; readonly firewalls: readonly SimulatedFirewall[]} {
	const fault = nameFault(request.name) ?? unknownThing(request, walls);
	if (fault !== undefined) {
		return fault;
	}

	const type = serverTypes.find(candidate => isCalled(candidate, request.server_type));
	if (type === undefined) {
		return invalid('server_type', 'invalid server type');
	}

	const known = [...images, ...snapshots];
	const image = known.find(candidate => isCalled(candidate, request.image) && candidate.architecture === type.architecture);
	if (image === undefined) {
		return known.some(candidate => isCalled(candidate, request.image))
			? {status: 422, code: 'invalid_input', message: 'image architecture is not compatible with server type'}
			: invalid('image', 'image not found');
	}

	if (request.location !== undefined && locations.every(location => !isCalled(location, request.location ?? ''))) {
		return invalid('location', 'location not found');
	}

	const wanted = request.ssh_keys ?? [];
	const found = wanted.map(asked => keys.find(key => isCalled(key, asked)));
	const missing = found.indexOf(undefined);
	if (missing !== -1) {
		return invalid('ssh_keys', `SSH key ${String(wanted[missing])} not found`);
	}

	if ((request.user_data?.length ?? 0) > 32_768) {
		return invalid('user_data', 'is too long');
	}

	return {
		type,
		image,
		publicKeys: found.flatMap(key => key === undefined ? [] : [key.publicKey]),
		firewalls: walls.filter(({id}) => request.firewalls?.some(({firewall}) => firewall === id)),
	};
}

// The project has no networks, volumes, placement groups or addresses of its own.
function unknownThing({networks = [], volumes = [], firewalls = [], placement_group: group, public_net: net}: CreateServer, walls: readonly SimulatedFirewall[]): ApiError | undefined {
	const things = [['network', networks[0]], ['volume', volumes[0]], ['firewall', firewalls.find(({firewall}) => walls.every(({id}) => id !== firewall))?.firewall], ['placement group', group], ['primary IP', net?.ipv4 ?? net?.ipv6]] as const;
	const [what, id] = things.find(([, asked]) => asked !== undefined && asked !== null) ?? [];
	return what === undefined ? undefined : {status: 404, code: 'not_found', message: `${what} with ID '${String(id)}' not found`};
}

/**
The refusal of a server of that name and type, made for that job: its name is taken, its values are no good, or a limit is reached; undefined when it can be made.
*/
export function projectRefusal({name, type, job}: {readonly name: string; readonly type: CatalogueType; readonly job: string | undefined}, {servers, gone, parameters, faults, now}: Project): ApiError | undefined {
	const isMeant = (fault: {readonly job?: string}) => fault.job === undefined || fault.job === job;
	if (servers.values().some(server => server.name === name) || faults.trigger('nameTaken', isMeant) !== undefined) {
		return {
			status: 409, code: 'uniqueness_error', message: 'server name is already used', details: {fields: [{name: 'name'}]},
		};
	}

	const bad = faults.trigger('createInvalid', isMeant);
	if (bad !== undefined) {
		return invalid(bad.field, bad.message);
	}

	const exceeded = (what: string): ApiError => ({
		status: 403, code: 'resource_limit_exceeded', message: `${what} limit exceeded`, details: {limits: [{name: 'project_limit'}]},
	});
	if (type.cpuType === 'dedicated') {
		const cores = servers.values().reduce((sum, server) => sum + (server.type.cpuType === 'dedicated' ? server.type.cores : 0), type.cores);
		if (cores > parameters.dedicatedCoreLimit || faults.trigger('serverLimit', fault => fault.what === 'dedicated core' && cores > fault.limit) !== undefined) {
			return exceeded('dedicated core');
		}
	}

	const limit = faults.trigger('serverLimit', fault => fault.what !== 'dedicated core' && servers.size >= fault.limit);
	if (limit !== undefined || servers.size >= parameters.serverLimit) {
		return exceeded(limit?.what ?? 'server');
	}

	const releasing = gone.filter(server => server.deletedAt !== undefined && later(server.deletedAt, parameters.primaryIpReleaseSeconds) > now).length;
	return servers.size + releasing >= parameters.primaryIpLimit ? exceeded('Primary IP') : undefined;
}

/**
Where the server goes: as asked, or where the vendor likes; undefined when that pair is refused or not sold.
*/
export function placeServer(type: CatalogueType, asked: string | undefined, faults: Faults): string | undefined {
	const name = locations.find(location => isCalled(location, asked ?? ''))?.name;
	const candidates = asked === undefined ? type.locations : type.locations.filter(location => location === name);
	return candidates.find(location => faults.trigger('pairRefused', fault => isAbout(fault, type, location)) === undefined);
}

/**
How the refusal of a pair reads. Say so after placeServer found nothing.
*/
export function refusalFor(type: CatalogueType, asked: string | undefined, faults: Faults): ApiError {
	const fault = faults.trigger('pairRefused', candidate => type.locations.some(location => isAbout(candidate, type, location) && (asked === undefined || location === asked)));
	switch (fault?.form) {
		case 'disabled': {
			return {status: 412, code: 'resource_unavailable', message: 'server location disabled'};
		}

		case 'unavailable': {
			return {status: 412, code: 'resource_unavailable', message: 'we are unable to provision servers for this location, try with a different location or try later'};
		}

		case 'placement': {
			return {status: 412, code: 'resource_unavailable', message: 'error during placement'};
		}

		case 'unsupported':
		case undefined: {
			return {status: 422, code: 'invalid_input', message: 'unsupported location for server type'};
		}
	}
}

function isAbout(fault: FaultOf<'pairRefused'>, type: CatalogueType, location: string): boolean {
	return fault.serverType === type.name && (fault.location === undefined || fault.location === location);
}

// By id or name; the CLI sends ids, sometimes as text.
function isCalled(thing: {readonly id: number; readonly name: string}, asked: string | number): boolean {
	return thing.id === Number(asked) || thing.name === String(asked);
}
