import {priceOf, type Catalogue, type ServerType} from './catalogue.ts';
import {imageFor} from './images.ts';
import {labelFault, type PlacementPolicy} from './label-fault.ts';
import {foldLabel} from './labels.ts';
import type {Micros} from './money.ts';
import type {Architecture, Placement} from './placement.ts';
import {isAllowed} from './type-pattern.ts';
import type {Unservable} from './unservable.ts';
import {readWishes, type Need, type Wishes} from './wishes.ts';

/**
What a job gets that asks for no type and no size, when no types are configured either: the size of cx23, the cheapest type of 2026.
*/
export const usualNeed: Need = {cores: 2, memoryGigabytes: 4, diskGigabytes: 40};

/**
Without a price limit, a need is met by nothing that costs more than so many times the cheapest type that meets it.
*/
const dearestTimes = 10;

/**
The placements to try for a job with these labels, in order. Types that the labels name, else types that meet the need they name, else the
configured types, else types that meet the usual need. Named types are tried in their order, each in each location; types for a need from
the cheapest up. Never filtered by Hetzner's `available` flags, which are wrong in both directions: they only decide between equals. Without
a catalogue a named type's architecture is guessed by its name (`cax` is arm64).
*/
export function placementsFor(
	labels: readonly string[],
	policy: PlacementPolicy,
	catalogue: Catalogue | undefined,
): readonly Placement[] | Unservable {
	const wishes = readWishes(labels, policy.language);
	const fault = labelFault(wishes, policy, catalogue);
	if (fault !== undefined) {
		return fault;
	}

	const locations = wishes.locations.length > 0 ? wishes.locations : policy.locations;
	const names = wishes.serverTypes.length > 0 ? wishes.serverTypes : (isSized(wishes.need) ? [] : policy.serverTypes);
	const placements: Placement[] = [];
	let first: Unservable | undefined;
	const {allowedServerTypes: allowed} = policy;
	for (const name of names) {
		if (wishes.serverTypes.length > 0 && !isAllowed(name, allowed)) {
			first ??= {why: 'forbiddenType', serverType: name, allowed: allowed ?? []};
			continue;
		}

		const found = placeType(name, {
			wishes, locations, policy, catalogue,
		});
		if ('why' in found) {
			first ??= found;
		} else {
			placements.push(...found);
		}
	}

	if (names.length > 0) {
		return placements.length > 0 ? placements : first ?? {why: 'unknownType', serverType: ''};
	}

	return catalogue === undefined
		? {why: 'catalogueUnread'}
		: meet({
			wishes, locations, policy, catalogue,
		});
}

/**
The architectures that jobs get which ask for nothing; empty while that is not known.
*/
export function usualArchitectures(policy: PlacementPolicy, catalogue: Catalogue | undefined): readonly Architecture[] {
	const placements = placementsFor([], policy, catalogue);
	return 'why' in placements ? [] : [...new Set(placements.map(({architecture}) => architecture))];
}

function isSized(need: Need): boolean {
	return need.cores !== undefined || need.memoryGigabytes !== undefined || need.diskGigabytes !== undefined;
}

type Asked = {
	readonly wishes: Wishes;
	readonly locations: readonly string[];
	readonly policy: PlacementPolicy;
	readonly catalogue: Catalogue | undefined;
};

function placeType(serverType: string, {wishes, locations, policy, catalogue}: Asked): Unservable | readonly Placement[] {
	const known = catalogue?.serverTypes.get(serverType);
	if (catalogue !== undefined && known === undefined) {
		return {why: 'unknownType', serverType};
	}

	const architecture = known?.architecture ?? (serverType.startsWith('cax') ? 'arm64' : 'x64');
	const image = imageFor(wishes, architecture, policy, catalogue);
	if (image === undefined) {
		return {why: 'noImage', image: wishes.image?.name ?? policy.image, architecture};
	}

	const {architecture: needed} = wishes.need;
	if (needed !== undefined && needed !== architecture) {
		const label = wishes.labels.find(text => foldLabel(text).endsWith(needed)) ?? needed;
		return {why: 'wrongArchitecture', label, architecture};
	}

	if (known?.prices.size === 0) {
		return {why: 'retiredType', serverType};
	}

	if (known !== undefined && !meets(known, wishes.need)) {
		return {why: 'tooSmall', serverType, need: wishes.need};
	}

	const sold = locations.filter(location => known === undefined || known.prices.has(location));
	if (locations.length > 0 && sold.length === 0) {
		return {why: 'notSoldThere', serverType, locations};
	}

	const places = (locations.length === 0 ? [undefined] : sold)
		.map(location => placementOf(serverType, location, image, architecture, wishes));
	const payable = places.filter(place => {
		const hourly = hourlyOf(place, catalogue);
		return hourly === Infinity || hourly <= (policy.maxPriceMicros ?? Infinity);
	});
	const dear = places[0];
	return payable.length > 0 || dear === undefined ? payable : tooDear(dear, catalogue, policy.maxPriceMicros ?? 0);
}

// Types that meet a need, from the cheapest up; where a type costs the same everywhere, Hetzner picks the location unless some are asked
// for.
function meet({wishes, locations, policy, catalogue}: Asked & {readonly catalogue: Catalogue}): Unservable | readonly Placement[] {
	const need: Need = {...!isSized(wishes.need) && usualNeed, architecture: wishes.image?.architecture ?? 'x64', ...wishes.need};
	const fitting = catalogue.serverTypes.values()
		.filter(type => type.architecture === need.architecture && meets(type, need) && isAllowed(type.name, policy.allowedServerTypes))
		.toArray();
	const image = need.architecture === undefined ? undefined : imageFor(wishes, need.architecture, policy, catalogue);
	if (image === undefined || need.architecture === undefined) {
		return {why: 'noImage', image: wishes.image?.name ?? policy.image, architecture: need.architecture ?? 'x64'};
	}

	const {architecture} = need;
	const places = fitting
		.flatMap(type => placesOf(type, locations).map(location => placementOf(type.name, location, image, architecture, wishes)))
		.map((place, position) => ({
			place, position, hourly: hourlyOf(place, catalogue), isLikely: isLikely(place, catalogue),
		}))
		.toSorted((a, b) => inOrder(a, b));
	const [cheapest] = places;
	if (cheapest === undefined) {
		return {why: 'nothingFits', need, locations};
	}

	const limit = policy.maxPriceMicros ?? (cheapest.hourly * dearestTimes);
	const payable = places
		.filter(({hourly}) => hourly <= limit || (hourly === Infinity && policy.maxPriceMicros === undefined))
		.map(({place}) => place);
	return payable.length > 0 ? payable : tooDear(cheapest.place, catalogue, limit);
}

type Candidate = {readonly hourly: Micros; readonly isLikely: boolean; readonly position: number};

// From the cheapest up; of equals those that Hetzner calls available first.
function inOrder(a: Candidate, b: Candidate): number {
	if (a.hourly !== b.hourly) {
		return a.hourly - b.hourly;
	}

	return a.isLikely === b.isLikely ? a.position - b.position : Number(b.isLikely) - Number(a.isLikely);
}

function meets(type: ServerType, need: Need): boolean {
	return type.cores >= (need.cores ?? 0)
		&& type.memoryGigabytes >= (need.memoryGigabytes ?? 0)
		&& type.diskGigabytes >= (need.diskGigabytes ?? 0);
}

function placesOf(type: ServerType, locations: readonly string[]): ReadonlyArray<string | undefined> {
	if (locations.length > 0) {
		return locations.filter(location => type.prices.has(location));
	}

	const prices = new Set(type.prices.values().map(price => price?.hourlyMicros));
	return prices.size === 1 ? [undefined] : [...type.prices.keys()];
}

function isLikely(place: Placement, catalogue: Catalogue): boolean {
	const likely = catalogue.serverTypes.get(place.serverType)?.likelyAt;
	return likely !== undefined && (place.location === undefined ? likely.size > 0 : likely.has(place.location));
}

// A price that is not known is no reason against a type that was named; among those that were not, it comes last.
function hourlyOf(place: Placement, catalogue: Catalogue | undefined): Micros {
	return priceOf(catalogue, place.serverType, place.location)?.hourlyMicros ?? Infinity;
}

function tooDear({serverType, location}: Placement, catalogue: Catalogue | undefined, limitMicros: Micros): Unservable {
	const hourlyMicros = priceOf(catalogue, serverType, location)?.hourlyMicros ?? 0;
	return {
		why: 'tooDear', serverType, hourlyMicros, limitMicros, currency: catalogue?.currency ?? 'EUR',
	};
}

function placementOf(
	serverType: string, location: string | undefined, image: string, architecture: Architecture, {network}: Wishes,
): Placement {
	return {
		serverType, location, image, architecture, ...network !== undefined && {network},
	};
}
