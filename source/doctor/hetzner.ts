import type {Catalogue, ServerType} from '../model/catalogue.ts';
import type {PlacementPolicy} from '../model/label-fault.ts';
import {placementsFor, usualNeed} from '../model/placements.ts';
import {describeNeed, describeUnservable} from '../model/unservable.ts';
import {formatDuration, secondsBetween, type Instant} from '../model/time.ts';
import {
	fault,
	ok,
	warning,
	type Finding,
} from './finding.ts';

type Wanted = PlacementPolicy;

/**
Whether each configured server type can be had in a configured location with the image, and for how long.
*/
export function judgePlacements(catalogue: Catalogue, wanted: Wanted, now: Instant): readonly Finding[] {
	const unknown = wanted.locations.filter(location => !catalogue.locations.includes(location))
		.map(location => fault(`there is no location ${location}`, `take one of ${catalogue.locations.join(', ')}`));
	return [...unknown, ...wanted.serverTypes.length === 0 ? [judgeNeed(catalogue, wanted)] : wanted.serverTypes.map(name => judgeType(catalogue, wanted, name, now))];
}

// What a job gets that asks for nothing.
function judgeNeed(catalogue: Catalogue, wanted: Wanted): Finding {
	const found = placementsFor([], wanted, catalogue);
	if ('why' in found) {
		return fault(describeUnservable(found), 'take other --location, --max-price-per-hour or --image, or name a --server-type');
	}

	const names = [...new Set(found.map(({serverType}) => serverType))];
	return ok(`jobs that name none get ${names[0] ?? ''}, the cheapest with ${describeNeed(usualNeed)}${names.length > 1 ? `; where that is refused, ${names.slice(1, 4).join(', then ')}` : ''}`);
}

function judgeType(catalogue: Catalogue, {locations, image}: Wanted, name: string, now: Instant): Finding {
	const type = catalogue.serverTypes.get(name);
	if (type === undefined) {
		return fault(`there is no server type ${name}`, `take one of ${similar(catalogue, name).join(', ')}`);
	}

	const {unavailableAfter} = type;
	if (unavailableAfter !== undefined && unavailableAfter <= now) {
		return fault(`${name} is not sold any more`, `take another: ${soldNow(catalogue, type, locations, now).join(', ')}`);
	}

	if (!catalogue.imageArchitectures.has(type.architecture)) {
		return fault(`${image} does not exist for ${type.architecture}, which ${name} is`, 'take another image or type');
	}

	const sold = [...type.prices.keys()];
	const there = locations.length === 0 ? sold : locations.filter(location => sold.includes(location));
	if (there.length === 0) {
		return fault(`${name} is not sold in ${locations.join(', ')}`, sold.length === 0 ? 'take another type' : `it is in ${sold.join(', ')}`);
	}

	return unavailableAfter === undefined ? ok(`${name} (${type.architecture}, ${type.cores} cores, ${type.memoryGigabytes} GB) with ${image} in ${there.join(', ')}`) : warning(`${name} is sold for ${formatDuration(secondsBetween(now, unavailableAfter))} more`, `take another: ${soldNow(catalogue, type, locations, now).join(', ')}`);
}

function similar(catalogue: Catalogue, name: string): readonly string[] {
	const all = [...catalogue.serverTypes.keys()];
	const family = all.filter(other => other.startsWith(familyOf(name)));
	return family.length > 0 ? family : all;
}

// The nearest of its own family first, such as cx33 for cx23.
function soldNow(catalogue: Catalogue, like: ServerType, locations: readonly string[], now: Instant): readonly string[] {
	const family = familyOf(like.name);
	const sold = catalogue.serverTypes.values()
		.filter(type => type.architecture === like.architecture && type.name !== like.name && (type.unavailableAfter ?? Infinity) > now)
		.filter(type => locations.length === 0 ? type.prices.size > 0 : locations.some(location => type.prices.has(location)))
		.map(type => type.name).toArray();
	const own = sold.filter(name => familyOf(name) === family);
	return [...own, ...sold.filter(name => !own.includes(name))].slice(0, 6);
}

/**
Whether the image is still kept up.
*/
export function judgeImage(catalogue: Catalogue, image: string, deprecatedSince: Instant | undefined): Finding {
	if (catalogue.imageArchitectures.size === 0) {
		return fault(`there is no image ${image}`, 'see hcloud image list; --image / HETZNER_IMAGE takes a name or a number');
	}

	return deprecatedSince === undefined
		? ok(`${image} for ${[...catalogue.imageArchitectures].join(' and ')}`)
		: warning(`${image} is deprecated since ${new Date(deprecatedSince).toISOString().slice(0, 10)} and goes some months after`, 'take a newer one by --image / HETZNER_IMAGE');
}

/**
What stands before new servers. `wished`: what --firewall says; `found`: the firewall's name, undefined while one of ours has not been made.
*/
export function judgeFirewall(wished: string | undefined, found: string | undefined, sshPort: number): Finding {
	if (wished === undefined) {
		return {level: 'ok', message: 'none: whatever a job opens on its server can be reached from anywhere', advice: '--firewall create lets in SSH and ICMP only'};
	}

	if (wished !== 'create') {
		return ok(`${wished} stands before new servers, and lets in TCP ${sshPort}`);
	}

	return ok(found === undefined
		? `the start of an engine makes one that lets in TCP ${sshPort} and ICMP only`
		: `${found} (ours) lets in TCP ${sshPort} and ICMP only; it stays when the engine goes: hcloud firewall delete ${found}`);
}

/**
How many servers may still be made.
*/
export function judgeLimit(servers: number, maxRunners: number | undefined): Finding {
	if (maxRunners === undefined) {
		return ok(`${servers} servers of ours; without --max-runners only the project's own limit stops it, which no API tells`);
	}

	return servers >= maxRunners
		? warning(`${servers} servers of at most ${maxRunners}: jobs wait until one is gone`, 'raise --max-runners, or look at them: hetzner-runners-tui list')
		: ok(`${servers} servers of at most ${maxRunners}`);
}

// The letters in front: cx23 is a cx.
function familyOf(name: string): string {
	return /^[a-z]+/v.exec(name)?.[0] ?? name;
}
