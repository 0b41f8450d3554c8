import test from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {job} from '../../source/simulator/given.ts';
import {spareSeconds} from '../../source/scaler/polling-interval.ts';
import {instant, later} from '../../source/model/time.ts';
import {givenEngine} from '../support/given-engine.ts';

const arrivals = Array.from({length: 20}, (_, index) => ({jobs: [{...job(`test ${index}`), durationSeconds: 20}], afterSeconds: 30 + (index * 97)}));

async function createdAfter(wakeIntervalSeconds: number): Promise<{readonly delays: readonly number[]; readonly counted: number}> {
	const day = givenEngine({runs: arrivals}, {wakeIntervalSeconds});
	await day.wait('all jobs are done and no server is left', () => isFinished(day.world), 7200);
	const delays = [...day.engine.state().timelines.values()]
		.flatMap(({jobQueuedAt, jobSeenAt}) => jobQueuedAt === undefined || jobSeenAt === undefined ? [] : [(jobSeenAt - jobQueuedAt) / 1000]);
	const {requests} = auditWorld(day.world);
	await day.end();
	return {delays: delays.toSorted((a, b) => a - b), counted: requests.github.requests - requests.github.unchanged};
}

test('with questions every two seconds a job is seen sooner than by polls alone, for hardly a counted request more', async t => {
	const polled = await createdAfter(0);
	const woken = await createdAfter(2);
	const median = (values: readonly number[]) => values[Math.floor(values.length / 2)] ?? Infinity;
	t.is(woken.delays.length, 20);
	t.true(median(woken.delays) <= 3, `median ${median(woken.delays)} s`);
	t.true(median(woken.delays) < median(polled.delays), `${median(woken.delays)} s, polls alone ${median(polled.delays)} s`);
	t.true(woken.counted <= polled.counted * 1.5, `${woken.counted} counted requests, polls alone ${polled.counted}`);
});

test('news is asked for only while there is more of the budget than the regular polls need, and not while paused', async t => {
	const short = givenEngine({jobs: [], parameters: {githubRequestsPerHour: 300}}, {wakeIntervalSeconds: 2});
	await short.pass(1200);
	const {budget} = short.engine.internals.ports.github;
	t.true((budget()?.remaining ?? 0) >= 60 - 5, 'a fifth is left to others');
	await short.end();

	const paused = givenEngine({jobs: []}, {wakeIntervalSeconds: 2});
	await paused.pass(20);
	paused.engine.internals.setMode('paused');
	await paused.pass(20);
	const before = auditWorld(paused.world).requests.github.requests;
	await paused.pass(60);
	const perMinute = auditWorld(paused.world).requests.github.requests - before;
	t.true(perMinute <= 6 * 4, `${perMinute} requests in a minute`);
	await paused.end();
});

test('polls in between get what the regular ones leave: the less is left, the longer the pause', t => {
	const now = instant(Date.UTC(2026, 10, 24, 9));
	const budget = (remaining: number) => ({
		remaining, limit: 5000, resetAt: later(now, 3600), blockedUntil: undefined,
	});
	const pause = (remaining: number) => spareSeconds(10, {budget: budget(remaining), cost: 4, refills: false}, now);
	t.is(pause(5000), (3600 * 4) / (5000 - 1000 - 1440));
	t.true(pause(3000) > pause(5000));
	t.is(pause(2440), 10, 'nothing is spare');
	t.is(pause(0), 10);
});
