import {priceOf, type Catalogue} from '../model/catalogue.ts';
import type {Micros} from '../model/money.ts';
import type {Placement} from '../model/placement.ts';
import type {Policy} from '../model/policy.ts';
import type {Server} from '../model/server.ts';
import type {Creation} from '../model/snapshot.ts';
import {
	instant, later, secondsBetween, type Instant,
} from '../model/time.ts';
import type {JobVerdict} from '../model/verdict.ts';
import {
	accountsOf, firstOfMonth, lastMidnight, spentSince, spentThisMonth, type Accounting,
} from './accounting.ts';

/**
What bears on the limits of cost at one moment.
*/
export type Spending = {
	/**
	Cost of the hours that began in the last hour, today and this month (UTC); of today's and this month's, the next hour of every server that lives is counted too if
	it begins before they end; and the first hour of servers that are being made. Micros.
	*/
	readonly micros: Readonly<Record<CostPeriod, Micros>>;
	/**
	What an hour there costs; undefined: not known.
	*/
	readonly priceOf: (placement: Placement) => Micros | undefined;
	/**
	When the last hour will hold no more than so much, if no server is made; undefined: not before servers go.
	*/
	readonly hourOpensAt: (atMost: Micros) => Instant | undefined;
	readonly dayEnds: Instant;
	readonly monthEnds: Instant;
	readonly currency: string;
};

export type CostPeriod = 'hour' | 'day' | 'month';

const periods = ['hour', 'day', 'month'] as const;

type World = {readonly accounting: Accounting; readonly servers: readonly Server[]; readonly creations: readonly Creation[]; readonly catalogue: Catalogue | undefined};

/**
What was spent and is about to be, by the accounting and what is in no list yet.
*/
export function spendingOf({accounting, servers, creations, catalogue}: World, now: Instant): Spending {
	const accounts = accountsOf(accounting, servers, catalogue);
	const hourAgo = later(now, -3600);
	const midnight = lastMidnight(now);
	const dayEnds = later(midnight, 86_400);
	const monthStart = firstOfMonth(now);
	const monthEnds = firstOfMonth(later(monthStart, 32 * 86_400));
	const hourly = (placement: Pick<Placement, 'serverType' | 'location'>) => priceOf(catalogue, placement.serverType, placement.location)?.hourlyMicros;
	const coming = creations.reduce((sum, {placement}) => sum + (hourly(placement) ?? 0), 0);
	const renewals = (end: Instant) => accounts.filter(({goneAt}) => goneAt === undefined)
		.filter(({created}) => later(created, 3600 * Math.ceil(Math.max(1, secondsBetween(created, now)) / 3600)) < end)
		.reduce((sum, {price}) => sum + price.hourlyMicros, 0);
	const since = (start: Instant) => accounts.reduce((sum, account) => sum + spentSince(account, start, now), 0);
	return {
		micros: {
			hour: since(hourAgo) + coming,
			day: since(midnight) + renewals(dayEnds) + coming,
			month: spentThisMonth({...accounting, accounts: new Map(accounts.entries().map(([index, account]) => [String(index), account]))}, now) + renewals(monthEnds) + coming,
		},
		priceOf: hourly,
		hourOpensAt(atMost) {
			const stays = accounts.filter(({goneAt}) => goneAt === undefined).reduce((sum, {price}) => sum + price.hourlyMicros, 0) + coming;
			const leaving = accounts.filter(({goneAt}) => goneAt !== undefined).flatMap(account => {
				const micros = spentSince(account, hourAgo, now);
				const lastBegan = later(account.created, 3600 * (Math.ceil(Math.max(1, secondsBetween(account.created, account.goneAt ?? now)) / 3600) - 1));
				return micros > 0 ? [{at: later(lastBegan, 3600), micros}] : [];
			}).toSorted((a, b) => a.at - b.at);
			let left = stays + leaving.reduce((sum, {micros}) => sum + micros, 0);
			for (const {at, micros} of leaving) {
				left -= micros;
				if (left <= atMost) {
					return instant(Math.max(at, now));
				}
			}

			return undefined;
		},
		dayEnds,
		monthEnds,
		currency: catalogue?.currency ?? 'EUR',
	};
}

/**
The limit of cost that a server there would cross, when `planned` micros are about to be spent besides; undefined: none. A price that is not known crosses them all.
*/
export function costLimitFor(placement: Placement, planned: Micros, policy: Pick<Policy, 'maxCostMicros'>, spending: Spending | undefined): JobVerdict | undefined {
	for (const period of periods) {
		const limitMicros = policy.maxCostMicros[period];
		if (limitMicros === undefined) {
			continue;
		}

		const price = spending?.priceOf(placement);
		const {currency = 'EUR'} = spending ?? {};
		if (spending === undefined || price === undefined) {
			return {code: 'priceUnknown', placement};
		}

		const spentMicros = spending.micros[period] + planned;
		if (spentMicros + price > limitMicros) {
			const opensAt = {hour: spending.hourOpensAt(limitMicros - price), day: spending.dayEnds, month: spending.monthEnds}[period];
			return {
				code: 'waitsForMoney', period, spentMicros, limitMicros, currency, opensAt: price > limitMicros ? undefined : opensAt,
			};
		}
	}

	return undefined;
}

/**
Whether any limit of cost is set.
*/
export function hasCostLimit({maxCostMicros}: Pick<Policy, 'maxCostMicros'>): boolean {
	return periods.some(period => maxCostMicros[period] !== undefined);
}
