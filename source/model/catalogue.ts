import type {Price} from './money.ts';
import type {Architecture} from './placement.ts';
import type {Instant} from './time.ts';

/**
A server type as Hetzner sells it.
*/
export type ServerType = {
	readonly name: string;
	readonly architecture: Architecture;
	readonly cores: number;
	readonly memoryGigabytes: number;
	readonly diskGigabytes: number;
	/**
	When it stops being sold everywhere; undefined while no end is announced.
	*/
	readonly unavailableAfter: Instant | undefined;
	/**
	By location name; what is not listed is not sold there. IPv4 included. Undefined: it is sold there, and what it costs could not be read.
	*/
	readonly prices: ReadonlyMap<string, Price | undefined>;
	/**
	Locations in which Hetzner says that it can be had. It is wrong in both directions: a hint between equals, never a filter.
	*/
	readonly likelyAt: ReadonlySet<string>;
};

/**
An image. Snapshots and backups have no name.
*/
export type Image = {
	readonly id: number;
	readonly kind: 'system' | 'app' | 'snapshot' | 'backup';
	readonly name: string | undefined;
	readonly description: string;
	readonly architecture: Architecture;
	/**
	Its system in Hetzner's word (`os_flavor`); a snapshot keeps that of the server it was made of. Undefined: it was not told.
	*/
	readonly flavor?: string | undefined;
};

/**
What Hetzner offers, read at start and refreshed now and then.
*/
export type Catalogue = {
	readonly currency: string;
	readonly serverTypes: ReadonlyMap<string, ServerType>;
	readonly locations: readonly string[];
	/**
	The architectures in which the configured image exists; empty when it exists in none.
	*/
	readonly imageArchitectures: ReadonlySet<Architecture>;
	/**
	All images that a label may name.
	*/
	readonly images: readonly Image[];
	/**
	The system of the configured image, in Hetzner's word (`os_flavor`); a
	snapshot keeps that of the server it was made of. Undefined: it was not told.
	*/
	readonly imageFlavor?: string | undefined;
};

/**
The systems that the setup script which comes along knows, in Hetzner's words.
*/
const knownFlavors = ['ubuntu', 'debian', 'fedora', 'centos', 'rocky', 'alma', 'opensuse'];

/**
Why the configured image is of no use, in a sentence that says what to do: its system
is none that the built-in setup script knows. `hasOwnSetup`: another script does it,
which may know any. Undefined: nothing speaks against it.
*/
export function imageFault({imageFlavor}: Catalogue, image: string, hasOwnSetup: boolean): string | undefined {
	return hasOwnSetup || isKnownFlavor(imageFlavor) ? undefined : `${unknownSystem(image, imageFlavor ?? 'unknown')}: take another image (--image), or give a script of your own (--setup-script)`;
}

/**
Whether the setup script that comes along knows that system, or may know it because nobody says which it is.
*/
export function isKnownFlavor(flavor: string | undefined): boolean {
	return flavor === undefined || knownFlavors.includes(flavor);
}

/**
That an image is of no use to the setup script that comes along, in words.
*/
export function unknownSystem(image: string, flavor: string): string {
	const what = flavor === 'unknown' ? `Hetzner does not know which system image ${image} is` : `image ${image} is of the system ${flavor}`;
	return `${what}, and the built-in setup script knows ${knownFlavors.join(', ')}`;
}

/**
What an hour of that type costs there, undefined when that is not known; the dearest location's price when the location is not known yet.
*/
export function priceOf(catalogue: Catalogue | undefined, serverType: string, location: string | undefined): Price | undefined {
	const prices = catalogue?.serverTypes.get(serverType)?.prices;
	if (prices === undefined) {
		return undefined;
	}

	return location !== undefined && prices.has(location) ? prices.get(location) : prices.values().filter(price => price !== undefined).toArray().toSorted((a, b) => b.hourlyMicros - a.hourlyMicros)[0];
}
