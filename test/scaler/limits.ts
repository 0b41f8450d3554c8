// Limits on cost and number: no plan crosses them, and every job that they hold back says so.
import test from 'ava';
import * as fc from 'fast-check';
import type {RunId} from '../../source/model/job.ts';
import {instant, later} from '../../source/model/time.ts';
import {bookPaid, bookServers, emptyAccounting} from '../../source/scaler/accounting.ts';
import {spendingOf} from '../../source/scaler/money-limits.ts';
import {describeJobVerdict} from '../../source/model/describe-verdict.ts';
import {
	at, givenCatalogue, givenJob, givenPolicy, givenServer, givenSnapshot, planLooks, start,
} from '../support/given.ts';

const catalogue = givenCatalogue();
const hour = catalogue.serverTypes.get('cx23')?.prices.get('fsn1')?.hourlyMicros ?? NaN;
const none = {hour: undefined, day: undefined, month: undefined};
const jobs = (count: number, changes = {}) => Array.from({length: count}, (_, index) => givenJob(100 + index, changes));

function planned(maxCostMicros: Partial<typeof none | Record<'hour' | 'day' | 'month', number>>, count: number, {servers = [], now = at(0), accounting = bookServers(emptyAccounting, servers, catalogue, now)}: {readonly servers?: ReadonlyArray<ReturnType<typeof givenServer>>; readonly now?: ReturnType<typeof at>; readonly accounting?: typeof emptyAccounting} = {}) {
	const policy = givenPolicy({maxCostMicros: {...none, ...maxCostMicros}});
	const second = (now - start) / 1000;
	const plan = planLooks([{second, snapshot: givenSnapshot(second, {jobs: jobs(count), servers})}], {
		policy, input: {
			spending: spendingOf({
				accounting, servers, creations: [], catalogue,
			}, now),
		},
	});
	const created = plan.actions.filter(({type}) => type === 'createServer').length;
	const waiting = plan.jobVerdicts.values().find(({code}) => code === 'waitsForMoney');
	return {created, words: waiting === undefined ? undefined : describeJobVerdict(waiting, now)};
}

test('creation stops before the limit of an hour, and says what is spent', t => {
	t.deepEqual(planned({hour: hour * 3}, 5), {created: 3, words: 'cost limit: €0.034 of €0.034 in an hour; continues when servers are deleted'});
	t.is(planned({hour: (hour * 3) - 1}, 5).created, 2, 'not a millionth over it');
	t.is(planned({}, 5).created, 5);
	t.is(planned({hour: hour - 1}, 1).created, 0);
});

test('an hour that was begun counts though its server is gone, until an hour has passed since it began', t => {
	const gone = bookPaid(emptyAccounting, [{created: at(-1800), goneAt: at(-1500), micros: hour}], at(0));
	t.deepEqual(planned({hour: hour * 2}, 5, {accounting: gone}), {created: 1, words: 'cost limit: €0.023 of €0.023 in an hour; continues in 30m'});
	t.is(planned({hour: hour * 2}, 5, {accounting: bookPaid(emptyAccounting, [{created: at(-3700), goneAt: at(-3500), micros: hour}], at(0))}).created, 2);
	t.is(planned({hour: hour * 2}, 5, {accounting: bookPaid(emptyAccounting, [{created: at(-5000), goneAt: at(-100), micros: hour * 2}], at(0))}).created, 1, 'its second hour began 1400 s ago');
});

test('of a day and a month, the hour that a living server begins next is counted too', t => {
	const one = givenServer(1, {created: at(-600), jobId: undefined, runId: undefined});
	t.is(planned({day: hour * 4}, 5, {servers: [one]}).created, 2, 'one hour begun, its next to come, two new ones');
	t.is(planned({month: hour * 4}, 5, {servers: [one]}).created, 2);
	const lastHour = instant(Date.UTC(2026, 10, 24, 23, 30));
	const late = givenServer(1, {created: later(lastHour, -600), jobId: undefined, runId: undefined});
	const {created, words} = planned({day: hour * 4}, 5, {servers: [late], now: lastHour});
	t.is(created, 3, 'its next hour begins tomorrow');
	t.is(words, 'cost limit: €0.046 of €0.046 today (UTC); continues in 30m');
});

test('where a price is not known, nothing is created under a limit', t => {
	const policy = givenPolicy({maxCostMicros: {...none, day: 1_000_000}});
	const plan = planLooks([{second: 0, snapshot: givenSnapshot(0, {jobs: jobs(1)})}], {policy});
	t.is(plan.actions.length, 0);
	t.is(plan.jobVerdicts.values().toArray()[0]?.code, 'priceUnknown');
});

test('whatever lives, came and went, no plan spends more than the limit that it is given', t => {
	const moment = fc.integer({min: -20_000, max: -1});
	fc.assert(fc.property(fc.array(fc.record({from: moment, lived: fc.integer({min: 1, max: 15_000}), isAlive: fc.boolean()}), {maxLength: 8}), fc.integer({min: 0, max: 12}), fc.constantFrom('hour', 'day', 'month'), (history, most, period) => {
		const servers = history.filter(({isAlive}) => isAlive).map(({from}, index) => givenServer(index + 1, {created: at(from), jobId: undefined, runId: undefined}));
		const paid = history.filter(({isAlive}) => !isAlive).map(({from, lived}) => {
			const goneAt = at(Math.min(0, from + lived));
			return {created: at(from), goneAt, micros: hour * Math.max(1, Math.ceil((goneAt - at(from)) / 3_600_000))};
		});
		const now = at(0);
		const accounting = bookPaid(bookServers(emptyAccounting, servers, catalogue, now), paid, now);
		// `bookPaid` takes servers that are not in its list for gone: they are booked again.
		const whole = bookServers({...accounting, accounts: new Map([...accounting.accounts].filter(([id]) => id.startsWith('paid')))}, servers, catalogue, now);
		const {created} = planned({[period]: hour * most}, 20, {servers, now, accounting: whole});
		const began = {hour: at(-3600), day: instant(Date.UTC(2026, 10, 24)), month: instant(Date.UTC(2026, 10, 1))}[period];
		const hoursSince = [...servers.map(server => ({from: server.created, to: now})), ...paid.map(({created: from, goneAt: to}) => ({from, to}))]
			.reduce((sum, {from, to}) => sum + Array.from({length: Math.max(1, Math.ceil((to - from) / 3_600_000))}, (_, index) => later(from, index * 3600)).filter(begun => begun >= began).length, 0);
		t.true(created === 0 || hoursSince + created <= most, `${hoursSince} hours begun, ${created} new, at most ${most}`);
	}));
});

test('limits for labels and for one run hold back only the jobs they mean', t => {
	const policy = givenPolicy({labelLimits: [{labels: ['gpu', 'type-cpx22'], limit: 1}], maxRunnersInRun: 2});
	const big = givenJob(1, {labels: ['self-hosted', 'GPU', 'type-cpx22'], runId: 1 as RunId});
	const other = givenJob(2, {labels: ['self-hosted', 'gpu', 'type-cpx22'], runId: 2 as RunId});
	const plain = [3, 4, 5].map(id => givenJob(id, {runId: 3 as RunId}));
	const plan = planLooks([{second: 0, snapshot: givenSnapshot(0, {jobs: [big, other, ...plain]})}], {policy});
	const words = (id: number) => describeJobVerdict(plan.jobVerdicts.get(givenJob(id).id) ?? {code: 'done'}, start);
	t.is(plan.actions.length, 3);
	t.is(words(2), 'waits: 1 of 1 servers with gpu, type-cpx22');
	t.is(words(5), 'waits: 2 of 2 servers of its run');
});

test('a priority goes before jobs that came up to so many minutes sooner, and no more', t => {
	const policy = givenPolicy({maxRunners: 1, priorities: new Map([['deploy', 10]])});
	const first = (urgentAfter: number) => {
		const old = givenJob(1, {createdAt: at(-2000)});
		const urgent = givenJob(2, {workflowName: 'Deploy', createdAt: at(-2000 + urgentAfter)});
		const plan = planLooks([{second: 0, snapshot: givenSnapshot(0, {jobs: [old, urgent]})}], {policy});
		return plan.actions.map(action => action.type === 'createServer' ? Number(action.job.id) : 0);
	};

	t.deepEqual(first(599), [2]);
	t.deepEqual(first(601), [1]);
});

test('failures of a job with a meta label hold back the next try: they are counted by what its servers carry', t => {
	const policy = givenPolicy({language: {prefix: '', metaLabels: new Map([['big', ['type-cpx22']]])}});
	const job = givenJob(1, {labels: ['self-hosted', 'big']});
	const server = givenServer(1, {runnerLabels: ['self-hosted', 'big', 'type-cpx22'], created: at(0)});
	const setUps = new Map([[server.name, {
		step: 'failed', at: at(60), reason: 'exit code 1', lastLines: [],
	} as const]]);
	const plan = planLooks([{second: 60, snapshot: givenSnapshot(60, {jobs: [job], servers: [server]}, {setUps})}, {second: 61, snapshot: givenSnapshot(61, {jobs: [job], servers: [server]}, {setUps})}], {policy});
	t.like(plan.jobVerdicts.get(job.id), {code: 'afterFailures', count: 1});
	t.deepEqual(plan.actions.filter(({type}) => type === 'createServer'), []);
});
