import * as z from 'zod';
import type {Catalogue, ServerType} from '../model/catalogue.ts';
import {parseMicros, type Price} from '../model/money.ts';
import type {Architecture} from '../model/placement.ts';
import {instant, parseInstant, type Instant} from '../model/time.ts';
import {HetznerError} from './errors.ts';
import {broken, readPages} from './pages.ts';
import type {Send} from './request.ts';
import {architectureOf} from './rows.ts';

const micros = z.object({gross: z.string()}).transform(({gross}, context) => {
	const value = parseMicros(gross);
	if (value === undefined) {
		context.addIssue('is no amount of money');
		return z.NEVER;
	}

	return value;
});
const priceRow = z.object({location: z.string(), price_hourly: micros, price_monthly: micros});
const end = z.object({unavailable_after: z.string()}).nullish().transform(given => given ? parseInstant(given.unavailable_after) : undefined);
const typeRow = z.object({
	name: z.string(),
	architecture: z.string(),
	cores: z.number(),
	memory: z.number(),
	deprecation: end,
	prices: z.array(priceRow),
	locations: z.array(z.object({name: z.string(), deprecation: end})).nullish(),
});
const pricing = z.object({
	pricing: z.object({
		currency: z.string(),
		primary_ips: z.array(z.object({type: z.string(), prices: z.array(priceRow)})),
	}),
});
const named = z.object({name: z.string()});
const imageRow = z.object({name: z.string().nullish(), architecture: z.string()});

/**
What Hetzner sells now: types with prices by location (VAT and a public IPv4 address included), locations, the image's
architectures. Nothing is left out for its `available` flag. Throws HetznerError.
*/
export async function readCatalogue(send: Send, image: string, now: Instant): Promise<Catalogue> {
	const [types, pricesBody, locations, imageArchitectures] = await Promise.all([
		readPages(send, {path: '/server_types', key: 'server_types'}),
		send({method: 'GET', path: '/pricing'}),
		readPages(send, {path: '/locations', key: 'locations'}),
		readImage(send, image),
	]);
	const {pricing: {currency, primary_ips: addresses}} = parse(pricing, pricesBody, 'pricing');
	const addressPrices = new Map<string, Price>(addresses.filter(({type}) => type === 'ipv4').flatMap(({prices}) => prices).map(row => [row.location, priceOfRow(row)]));
	return {
		currency,
		serverTypes: new Map(types.rows.map(row => serverType(parse(typeRow, row, 'a server type'), addressPrices, now)).map(type => [type.name, type])),
		locations: locations.rows.map(row => parse(named, row, 'a location').name),
		imageArchitectures,
	};
}

function serverType(row: z.infer<typeof typeRow>, addressPrices: ReadonlyMap<string, Price>, now: Instant): ServerType {
	const ends = new Map((row.locations ?? []).map(({name, deprecation}) => [name, deprecation]));
	// `prices` also lists locations where the type can't be had; `locations` knows better where it is given.
	const sold = row.prices.filter(({location}) => (ends.size === 0 || ends.has(location)) && (ends.get(location) ?? Infinity) > now);
	const lastEnd = Math.max(...ends.values().map(moment => moment ?? Infinity));
	return {
		name: row.name,
		architecture: architectureOf(row.architecture),
		cores: row.cores,
		memoryGigabytes: row.memory,
		unavailableAfter: ends.size === 0 ? row.deprecation : (Number.isFinite(lastEnd) ? instant(lastEnd) : undefined),
		prices: new Map(sold.map(price => [price.location, withAddress(priceOfRow(price), addressPrices.get(price.location))])),
	};
}

function priceOfRow(row: z.infer<typeof priceRow>): Price {
	return {hourlyMicros: row.price_hourly, monthlyMicros: row.price_monthly};
}

function withAddress(price: Price, address: Price | undefined): Price {
	return {
		hourlyMicros: price.hourlyMicros + (address?.hourlyMicros ?? 0),
		monthlyMicros: price.monthlyMicros + (address?.monthlyMicros ?? 0),
	};
}

// A name stands for one image in each architecture; a number is one image.
async function readImage(send: Send, image: string): Promise<ReadonlySet<Architecture>> {
	if (!/^\d+$/v.test(image)) {
		const {rows} = await readPages(send, {path: '/images', key: 'images', query: {name: image, include_deprecated: true}});
		return new Set(rows.map(row => parse(imageRow, row, 'an image')).filter(({name}) => name === image).map(({architecture}) => architectureOf(architecture)));
	}

	try {
		const body = await send({method: 'GET', path: `/images/${image}`});
		return new Set([architectureOf(parse(z.object({image: imageRow}), body, 'an image').image.architecture)]);
	} catch (error) {
		if (error instanceof HetznerError && error.status === 404) {
			return new Set();
		}

		throw error;
	}
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.infer<Schema> {
	const parsed = schema.safeParse(value);
	if (!parsed.success) {
		throw broken(`${what} that cannot be read: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
	}

	return parsed.data;
}
