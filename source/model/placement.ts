import type {Micros} from './money.ts';
import type {Instant} from './time.ts';

export type Architecture = 'x64' | 'arm64';

/**
Where and what a server is to be. `location` undefined lets Hetzner pick.
*/
export type Placement = {
	readonly serverType: string;
	readonly location: string | undefined;
	readonly image: string;
	readonly architecture: Architecture;
	/**
	The one public network it is to have; left out: both.
	*/
	readonly network?: 'ipv4' | 'ipv6' | undefined;
};

/**
A cheaper placement that was passed over because Hetzner refuses it since then, and what an hour costs more (micros).
*/
export type Dearer = {
	readonly than: Pick<Placement, 'serverType' | 'location'>;
	readonly moreMicros: Micros;
	readonly currency: string;
	readonly since: Instant;
};

/**
Names a (type, location) pair: what a refusal cools down. "cx23 in fsn1", "cx23 anywhere".
*/
export function formatPlacement(placement: Pick<Placement, 'serverType' | 'location'>): string {
	return placement.location === undefined ? placement.serverType : `${placement.serverType} in ${placement.location}`;
}
