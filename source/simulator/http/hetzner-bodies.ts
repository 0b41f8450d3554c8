import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import type {Instant} from '../../model/time.ts';
import {apiTime} from '../api-clock.ts';
import {
	locations,
	money,
	netPrice,
	netPriceOfIpv4,
	serverTypes,
	vatPercent,
	type CatalogueImage,
	type CatalogueLocation,
	type CatalogueType,
} from '../catalogue.ts';
import type {
	SimulatedAction,
	SimulatedKey,
	SimulatedServer,
	SimulatedSnapshot,
} from '../hetzner-resources.ts';
import type {World} from '../world.ts';
import {rfc3339} from './paging.ts';

function dated(world: World, at: Instant): string {
	return rfc3339(apiTime(world, 'hetzner', at));
}

const terabyte = 1_099_511_627_776;

function pricesBody(type: CatalogueType) {
	return type.locations.map(location => {
		const price = netPrice(type, location);
		const isEu = locations.some(candidate => candidate.name === location && candidate.zone === 'eu-central');
		return {
			location, price_hourly: money(price.hourly), price_monthly: money(price.monthly), included_traffic: (isEu ? 20 : 1) * terabyte, price_per_tb_traffic: money(isEu ? 10_000 : 75_000),
		};
	});
}

/**
A server type as Hetzner writes it; `ends`: sold until then.
*/
export function serverTypeBody(type: CatalogueType, ends?: string) {
	const deprecation = ends === undefined ? null : {announced: ends, unavailable_after: ends};
	return {
		id: type.id,
		name: type.name,
		description: type.name.toUpperCase(),
		cores: type.cores,
		memory: type.memory,
		disk: type.disk,
		deprecated: ends !== undefined,
		deprecation,
		prices: pricesBody(type),
		storage_type: 'local',
		cpu_type: type.cpuType,
		category: type.category,
		architecture: type.architecture,
		locations: type.locations.map(name => ({
			id: locations.find(location => location.name === name)?.id ?? 0, name, deprecation, available: true, recommended: name !== 'hel1',
		})),
	};
}

/**
A location as Hetzner writes it.
*/
export function locationBody({zone, ...location}: CatalogueLocation) {
	return {...location, network_zone: zone};
}

/**
An image as Hetzner writes it; `deprecated`: since then.
*/
export function imageBody(image: CatalogueImage, deprecated?: string) {
	return {
		id: image.id, type: image.kind ?? 'system', status: 'available', name: image.name, description: `${image.flavor === 'ubuntu' ? 'Ubuntu' : 'Debian'} ${image.version}`, image_size: null, disk_size: 5, created: image.created, created_from: null, bound_to: null, os_flavor: image.flavor, os_version: image.version, rapid_deploy: true, protection: {delete: false}, deprecated: deprecated ?? null, deleted: null, labels: {}, architecture: image.architecture,
	};
}

/**
An image that was made of a server.
*/
export function snapshotBody(world: World, image: SimulatedSnapshot) {
	return {
		...imageBody(image), type: 'snapshot', status: image.isReady ? 'available' : 'creating', name: null, description: image.description, image_size: image.isReady ? 1.2 : null, created: dated(world, image.createdAt), created_from: image.of, rapid_deploy: false, labels: image.labels,
	};
}

/**
An address of a server's.
*/
export type PrimaryIp = {readonly id: number; readonly name: string; readonly type: 'ipv4' | 'ipv6'; readonly ip: string; readonly server: SimulatedServer};

export function primaryIpsOf(server: SimulatedServer): readonly PrimaryIp[] {
	const ipv6: PrimaryIp = {
		id: (server.id * 10) + 1, name: `primary_ip-${(server.id * 10) + 1}`, type: 'ipv6', ip: `2001:db8:${(server.id % 65_536).toString(16)}::/64`, server,
	};
	return server.host.outcome === 'noAddress'
		? [ipv6]
		: [{
			id: server.id * 10, name: `primary_ip-${server.id * 10}`, type: 'ipv4', ip: server.ip, server,
		}, ipv6];
}

/**
A primary IP as Hetzner writes it.
*/
export function primaryIpBody(world: World, {id, name, type, ip, server}: PrimaryIp) {
	const location = locations.find(candidate => candidate.name === server.location);
	return {
		id, name, type, ip, labels: {}, created: dated(world, server.createdAt), blocked: false, location: location === undefined ? null : locationBody(location), dns_ptr: type === 'ipv4' ? [{ip, dns_ptr: `static.${ip.split('.').toReversed().join('.')}.clients.your-server.de`}] : [], protection: {delete: false}, auto_delete: true, assignee_type: 'server', assignee_id: server.id,
	};
}

/**
A server as Hetzner writes it. `ipv4.id` is always there: old clients die without.
*/
export function serverBody(world: World, server: SimulatedServer) {
	const location = locations.find(candidate => candidate.name === server.location);
	const dnsPtr = `static.${server.ip.split('.').toReversed().join('.')}.clients.your-server.de`;
	const isEu = location?.zone === 'eu-central';
	return {
		id: server.id,
		name: server.name,
		status: server.status,
		created: dated(world, server.createdAt),
		public_net: {
			ipv4: server.host.outcome === 'noAddress'
				? null
				: {
					id: server.id * 10, ip: server.ip, blocked: false, dns_ptr: dnsPtr,
				},
			ipv6: {
				id: (server.id * 10) + 1, ip: `2001:db8:${(server.id % 65_536).toString(16)}::/64`, blocked: false, dns_ptr: [],
			},
			floating_ips: [],
			firewalls: world.hetzner.firewallsOf(server).map(({id}) => ({id, status: 'applied'})),
		},
		private_net: [],
		server_type: serverTypeBody(server.type),
		location: location === undefined ? null : locationBody(location),
		image: 'of' in server.image ? snapshotBody(world, server.image) : imageBody(server.image),
		iso: null,
		rescue_enabled: false,
		locked: world.hetzner.isLocked(server),
		backup_window: null,
		outgoing_traffic: 0,
		ingoing_traffic: 0,
		included_traffic: (isEu ? 20 : 1) * terabyte,
		protection: server.protection,
		labels: server.labels,
		volumes: [],
		load_balancers: [],
		primary_disk_size: server.type.disk,
		placement_group: null,
	};
}

/**
An action as Hetzner writes it.
*/
export function actionBody(world: World, action: SimulatedAction) {
	return {
		id: action.id,
		command: action.command,
		status: action.status,
		progress: action.status === 'success' ? 100 : Math.min(99, Math.floor((world.now() - action.startedAt) / 10 / Math.max(1, action.seconds))),
		started: dated(world, action.startedAt),
		finished: action.finishedAt === undefined ? null : dated(world, action.finishedAt),
		resources: [
			...action.firewallId === undefined ? [] : [{id: action.firewallId, type: 'firewall'}],
			...action.serverId === 0 ? [] : [{id: action.serverId, type: 'server'}],
		],
		error: action.error ?? null,
	};
}

/**
A key as Hetzner writes it. The fingerprint is the MD5 of the key's bytes.
*/
export function keyBody(world: World, key: SimulatedKey) {
	const bytes = Buffer.from(key.publicKey.split(' ', 2)[1] ?? '', 'base64');
	const fingerprint = createHash('md5').update(bytes).digest('hex').replaceAll(/(?<pair>..)(?!$)/gv, '$<pair>:');
	return {
		id: key.id, name: key.name, fingerprint, public_key: key.publicKey, labels: key.labels, created: dated(world, key.createdAt),
	};
}

/**
The price list as Hetzner writes it.
*/
export function pricingBody() {
	const ipv4 = {
		type: 'ipv4', prices: locations.map(({name}) => ({location: name, price_hourly: money(netPriceOfIpv4.hourly), price_monthly: money(netPriceOfIpv4.monthly)})),
	};
	const ipv6 = {type: 'ipv6', prices: locations.map(({name}) => ({location: name, price_hourly: money(0), price_monthly: money(0)}))};
	return {
		pricing: {
			currency: 'EUR',
			vat_rate: `${vatPercent}.000000`,
			primary_ips: [ipv4, ipv6],
			floating_ip: {price_monthly: money(30_000)},
			floating_ips: [],
			image: {price_per_gb_month: money(110)},
			volume: {price_per_gb_month: money(440)},
			server_backup: {percentage: '20.0000000000'},
			server_types: serverTypes.map(type => ({id: type.id, name: type.name, prices: pricesBody(type)})),
			load_balancer_types: [],
		},
	};
}
