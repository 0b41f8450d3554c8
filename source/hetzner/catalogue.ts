import * as z from 'zod';
import type {Catalogue, Image, ServerType} from '../model/catalogue.ts';
import {parseMicros, type Price} from '../model/money.ts';
import {instant, parseInstant, type Instant} from '../model/time.ts';
import {HetznerError} from './errors.ts';
import {broken, readPages} from './pages.ts';
import type {Send} from './request.ts';
import {architectureOf} from './rows.ts';

// Field by field: a type whose price cannot be read can still be had, what it costs is unknown.
const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);
const micros = z.object({gross: z.string()}).transform(({gross}) => parseMicros(gross)).optional().catch(undefined);
const priceRow = z.object({location: z.string(), price_hourly: micros, price_monthly: micros}).optional().catch(undefined);
const priceRows = z.array(priceRow).transform(rows => rows.filter(row => row !== undefined)).optional().catch(undefined);
const end = z.object({unavailable_after: z.string()}).transform(given => parseInstant(given.unavailable_after)).optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const place = z.object({name: z.string(), deprecation: end, available: flag}).optional().catch(undefined);
const typeRow = z.object({
	name: z.string(),
	architecture: text,
	cores: number,
	memory: number,
	disk: number,
	deprecation: end,
	prices: priceRows,
	locations: z.array(place).optional().catch(undefined),
});
const pricing = z.object({
	pricing: z.object({
		currency: z.string(),
		primary_ips: z.array(z.object({type: text, prices: priceRows}).optional().catch(undefined)).optional().catch(undefined),
	}),
});
const named = z.object({name: z.string()});
const imageRow = z.object({
	id: number,
	type: z.enum(['system', 'app', 'snapshot', 'backup']).optional().catch(undefined),
	name: text,
	description: text,
	architecture: z.string(),
	os_flavor: text,
});
type ImageRow = z.infer<typeof imageRow>;
const oneImage = z.object({image: imageRow});

/**
What Hetzner sells now: types with prices by location (VAT and a public IPv4 address included), locations, the image's
architectures and system. Nothing is left out for its `available` flag. Throws HetznerError.
*/
export async function readCatalogue(send: Send, image: string, now: Instant): Promise<Catalogue> {
	const [types, pricesBody, locations, images] = await Promise.all([
		readPages(send, {path: '/server_types', key: 'server_types'}),
		send({method: 'GET', path: '/pricing'}),
		readPages(send, {path: '/locations', key: 'locations'}),
		readPages(send, {path: '/images', key: 'images', query: {include_deprecated: true}}),
	]);
	const imageRows = images.rows.flatMap(row => imageRow.safeParse(row).data ?? []);
	const configured = await configuredImages(send, image, imageRows);
	const priced = pricing.safeParse(pricesBody).data?.pricing;
	const addresses = (priced?.primary_ips ?? []).filter(row => row?.type === 'ipv4').flatMap(row => row?.prices ?? []);
	const addressPrices = new Map(addresses.map(row => [row.location, priceOfRow(row)]));
	return {
		currency: priced?.currency ?? 'EUR',
		serverTypes: new Map(types.rows.flatMap(row => {
			const {data} = typeRow.safeParse(row);
			// Without the currency no price says anything.
			const known = priced === undefined && data !== undefined ? withoutPrices(data) : data;
			return known === undefined ? [] : [[known.name, serverType(known, addressPrices, now)]];
		})),
		locations: locations.rows.flatMap(row => named.safeParse(row).data?.name ?? []),
		imageArchitectures: new Set(configured.map(({architecture}) => architectureOf(architecture))),
		images: imageRows.flatMap(row => imageOf(row)),
		imageFlavor: configured[0]?.os_flavor,
	};
}

function serverType(row: z.infer<typeof typeRow>, addressPrices: ReadonlyMap<string, Price | undefined>, now: Instant): ServerType {
	const ends = new Map((row.locations ?? []).flatMap(at => at === undefined ? [] : [[at.name, at.deprecation] as const]));
	// `prices` also lists locations where the type can't be had; `locations` knows better where it is given.
	const isSold = (location: string) => (ends.size === 0 || ends.has(location)) && (ends.get(location) ?? Infinity) > now;
	const prices = new Map((row.prices ?? []).map(price => {
		const total = withAddress(priceOfRow(price), addressPrices.get(price.location));
		return [price.location, total];
	}));
	const sold = [...new Set([...prices.keys(), ...ends.keys()])].filter(location => isSold(location));
	const lastEnd = Math.max(...ends.values().map(moment => moment ?? Infinity));
	return {
		name: row.name,
		architecture: architectureOf(row.architecture ?? ''),
		cores: row.cores ?? 0,
		memoryGigabytes: row.memory ?? 0,
		diskGigabytes: row.disk ?? 0,
		unavailableAfter: ends.size === 0 ? row.deprecation : (Number.isFinite(lastEnd) ? instant(lastEnd) : undefined),
		prices: new Map(sold.map(location => [location, prices.get(location)])),
		likelyAt: new Set((row.locations ?? []).flatMap(at => at?.available === true ? [at.name] : [])),
	};
}

function withoutPrices(row: z.infer<typeof typeRow>): z.infer<typeof typeRow> {
	return {...row, prices: (row.prices ?? []).map(({location}) => ({location, price_hourly: undefined, price_monthly: undefined}))};
}

function priceOfRow({price_hourly: hourlyMicros, price_monthly: monthlyMicros}: NonNullable<z.infer<typeof priceRow>>): Price | undefined {
	return hourlyMicros === undefined || monthlyMicros === undefined ? undefined : {hourlyMicros, monthlyMicros};
}

function withAddress(price: Price | undefined, address: Price | undefined): Price | undefined {
	return price && {
		hourlyMicros: price.hourlyMicros + (address?.hourlyMicros ?? 0),
		monthlyMicros: price.monthlyMicros + (address?.monthlyMicros ?? 0),
	};
}

function imageOf({id, type, name, description = '', architecture, os_flavor: flavor}: ImageRow): readonly Image[] {
	return id === undefined || type === undefined
		? []
		: [{
			id, kind: type, name, description, architecture: architectureOf(architecture), flavor,
		}];
}

// A name stands for one image in each architecture; a number is one image, which the list may not have.
async function configuredImages(send: Send, image: string, known: readonly ImageRow[]): Promise<readonly ImageRow[]> {
	const found = known.filter(({id, name}) => name === image || String(id) === image);
	if (found.length > 0 || !/^\d+$/v.test(image)) {
		return found;
	}

	try {
		const parsed = oneImage.safeParse(await send({method: 'GET', path: `/images/${image}`}));
		if (!parsed.success) {
			throw broken(`an image that cannot be read: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
		}

		return [parsed.data.image];
	} catch (error) {
		if (error instanceof HetznerError && error.status === 404) {
			return [];
		}

		throw error;
	}
}
