import {secondsBetween, type Instant} from './time.ts';

/**
Millionths of the account's currency: the unit in which prices are added up, so that nothing is rounded on the way.
*/
export type Micros = number;

/**
What a server costs, VAT included, its public IPv4 address included.
*/
export type Price = {
	readonly hourlyMicros: Micros;
	/**
	The most a calendar month can cost (Hetzner caps the hours of a month at this).
	*/
	readonly monthlyMicros: Micros;
};

/**
Millionths out of Hetzner's decimal text ("0.0104720000000000" is 10472), or undefined when it is no such text.
*/
export function parseMicros(text: string): Micros | undefined {
	const parts = /^(?<whole>\d+)(?:\.(?<fraction>\d+))?$/v.exec(text)?.groups;
	if (parts === undefined) {
		return undefined;
	}

	const fraction = (parts.fraction ?? '').padEnd(7, '0');
	const micros = (Number(parts.whole) * 1_000_000) + Number(fraction.slice(0, 6));
	return Number(fraction[6]) >= 5 ? micros + 1 : micros;
}

/**
Started hours between two moments; at least one (every started hour is billed in full, whatever the power state).
*/
export function startedHours(created: Instant, until: Instant): number {
	return Math.max(1, Math.ceil(secondsBetween(created, until) / 3600));
}

/**
What a server created then has cost until then.
*/
export function costMicros(price: Price, created: Instant, until: Instant): Micros {
	return Math.min(startedHours(created, until) * price.hourlyMicros, price.monthlyMicros);
}

/**
"€0.067", "€2.14", "$12.50": three decimals below one, two above.
*/
export function formatMoney(micros: Micros, currency: string): string {
	const sign = currency === 'EUR' ? '€' : (currency === 'USD' ? '$' : `${currency} `);
	return `${sign}${(micros / 1_000_000).toFixed(micros > 0 && micros < 1_000_000 ? 3 : 2)}`;
}
