import test from 'ava';
import {priceOf} from '../../source/model/catalogue.ts';
import {instant, later, type Instant} from '../../source/model/time.ts';
import {
	bookPaid, bookServers, emptyAccounting, spentThisMonth, spentToday,
} from '../../source/scaler/accounting.ts';
import {givenCatalogue, givenServer} from '../support/given.ts';

// By the machine's own calendar, as an operator counts days.
const at = (month: number, day: number, hour = 0): Instant => instant(new Date(2026, month - 1, day, hour).getTime());

const catalogue = givenCatalogue();
const hour = priceOf(catalogue, givenServer(1).serverType, givenServer(1).location)?.hourlyMicros ?? NaN;

test('today and this month count the hours that started in them, of servers that live and of those that went', t => {
	const server = givenServer(1, {created: at(6, 9, 22)});
	const alive = bookServers(emptyAccounting, [server], catalogue, at(6, 9, 23));
	t.is(spentToday(alive, later(at(6, 9, 23), 3500)), 2 * hour);
	t.is(spentToday(alive, at(6, 10, 3)), 3 * hour);
	t.is(spentThisMonth(alive, at(6, 10, 3)), 5 * hour);

	const gone = bookServers(alive, [], catalogue, at(6, 10, 3));
	t.is(spentToday(gone, at(6, 10, 20)), 3 * hour);
	t.is(spentThisMonth(gone, at(6, 10, 20)), 5 * hour);
});

test('what went on days before today stays in the sum of its month, and of that month alone', t => {
	const alive = bookServers(emptyAccounting, [givenServer(1, {created: at(6, 30, 20)})], catalogue, at(6, 30, 21));
	const gone = bookServers(alive, [], catalogue, at(6, 30, 22));
	const nextDay = bookServers(gone, [], catalogue, at(7, 1, 1));
	t.is(spentThisMonth(gone, at(6, 30, 23)), 2 * hour);
	t.is(spentThisMonth(nextDay, at(7, 1, 1)), 0);

	const early = bookServers(bookServers(emptyAccounting, [givenServer(2, {created: at(6, 3, 1)})], catalogue, at(6, 3, 2)), [], catalogue, at(6, 3, 3));
	const weekLater = bookServers(early, [], catalogue, at(6, 10, 3));
	t.is(weekLater.accounts.size, 0, 'a month of servers is one number');
	t.is(spentToday(weekLater, at(6, 10, 3)), 0);
	t.is(spentThisMonth(weekLater, at(6, 10, 3)), 2 * hour);
});

test('what engines before this one paid counts, across a midnight and a first of the month, too', t => {
	const now = at(7, 2, 12);
	const paid = [
		{created: at(7, 2, 8), goneAt: later(at(7, 2, 10), -60), micros: 20_000},
		{created: at(7, 1, 23), goneAt: at(7, 2, 2), micros: 30_000},
		{created: at(7, 1, 5), goneAt: at(7, 1, 6), micros: 10_000},
		{created: at(6, 30, 22), goneAt: at(7, 1, 1), micros: 30_000},
	];
	const accounting = bookPaid(emptyAccounting, paid, now);
	t.is(spentToday(accounting, now), 40_000);
	t.is(spentThisMonth(accounting, now), 20_000 + 30_000 + 10_000 + 10_000);
	const booked = bookServers(accounting, [], catalogue, later(now, 60));
	t.is(spentThisMonth(booked, later(now, 60)), 70_000);
});
