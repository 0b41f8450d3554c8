import test from 'ava';
import type {Job} from '../../source/model/job.ts';
import {missingLabels} from '../../source/model/labels.ts';
import {matchCapacity, type Capacity} from '../../source/scaler/scale-up/match.ts';
import {blockedUntil, pollSeconds, warmCost} from '../../source/scaler/polling-interval.ts';
import {at, givenJob, start} from '../support/given.ts';

const says = {code: 'runnerReady', runner: 'r', since: undefined} as const;

// A small generator of numbers from a seed, so that a failure can be had again.
function rng(seed: number): (below: number) => number {
	let state = seed;
	return below => {
		state = ((state * 1_103_515_245) + 12_345) % 2_147_483_648;
		return Math.floor(state / 65_536) % below;
	};
}

// The most jobs that can be covered, found by trying everything.
function bestCount(jobs: readonly Job[], supplies: readonly Capacity[]): number {
	const [job, ...rest] = jobs;
	if (job === undefined) {
		return 0;
	}

	const without = bestCount(rest, supplies);
	const withIt = supplies.map((supply, index) => missingLabels(job.labels, supply.labels).length === 0 ? 1 + bestCount(rest, supplies.toSpliced(index, 1)) : 0);
	return Math.max(without, ...withIt);
}

test('as many jobs are covered as can be, each by a fitting supply of its own', t => {
	const labels = ['a', 'b', 'c'];
	for (let seed = 1; seed <= 300; seed++) {
		const roll = rng(seed);
		const pick = () => labels.filter(() => roll(2) === 1);
		const jobs = Array.from({length: roll(5) + 1}, (_, id) => givenJob(id + 1, {labels: pick()}));
		const supplies = Array.from({length: roll(5)}, (_, id) => ({name: `r${id}`, labels: pick(), says}));
		const covered = matchCapacity(jobs, supplies, () => '');
		t.is(covered.size, bestCount(jobs, supplies), `seed ${seed}`);
		t.is(new Set(covered.values()).size, covered.size, `seed ${seed}`);
		for (const [id, supply] of covered) {
			t.deepEqual(missingLabels(jobs.find(job => job.id === id)?.labels ?? ['?'], supply.labels), [], `seed ${seed}`);
		}
	}
});

test('a thousand jobs and a thousand runners with labels of their own are matched in a moment', t => {
	const own = (id: number) => ['self-hosted', 'linux', `run-${id}`];
	const jobs = Array.from({length: 2000}, (_, id) => givenJob(id + 1, {labels: own(id)}));
	const supplies = Array.from({length: 2000}, (_, id) => ({name: `r${id}`, labels: own(id), says}));
	const began = performance.now();
	const covered = matchCapacity(jobs, supplies, () => '');
	const took = performance.now() - began;
	t.is(covered.size, 2000);
	t.true(took < 2000, `${Math.round(took)} ms; compared pair by pair it takes ten times that and more`);
});

test('a job is shown with the server of its own name when that is among those of its set', t => {
	const jobs = [givenJob(1), givenJob(2)];
	const supplies = ['second', 'first'].map(name => ({name, labels: ['self-hosted'], says}));
	const covered = matchCapacity(jobs, supplies, job => job.id === 1 ? 'first' : 'second');
	t.deepEqual(jobs.map(job => covered.get(job.id)?.name), ['first', 'second']);
});

test('where there is too little the oldest jobs are covered, whatever their labels', t => {
	const plain = ['self-hosted'];
	const special = ['self-hosted', 'server-cx33'];
	const supplies = [{name: 'large', labels: special, says}, {name: 'plain', labels: plain, says}];
	const takers = (...labels: ReadonlyArray<readonly string[]>) => {
		const covered = matchCapacity(labels.map((own, id) => givenJob(id + 1, {labels: own})), supplies, () => '');
		return labels.map((_, id) => covered.get(givenJob(id + 1).id)?.name);
	};

	t.deepEqual(takers(plain, special, plain, plain), ['plain', 'large', undefined, undefined]);
	t.deepEqual(takers(special, plain, plain), ['large', 'plain', undefined]);
	t.deepEqual(takers(plain, plain, special), ['large', 'plain', undefined]);
});

test('polls become rarer before a budget runs out, leave a fifth to others, and never stop while a request is left', t => {
	const budget = (remaining: number) => ({
		remaining, limit: 5000, resetAt: at(3600), blockedUntil: undefined,
	});
	const pace = (remaining: number, cost: number) => pollSeconds(10, {budget: budget(remaining), cost, refills: false}, start);
	t.is(pace(5000, 3), 10);
	t.is(Math.round(pace(2000, 10)), 36); // 1000 usable requests, 10 a poll: 100 polls in an hour.
	t.is(pace(1000, 3), 120, 'a fifth is left to others, yet an engine that is blind for an hour serves nobody');
	t.is(pace(400, 0), 60, 'unchanged answers cost nothing');
	const refilling = (remaining: number) => pollSeconds(10, {
		budget: {
			remaining, limit: 3600, resetAt: at(3600 - remaining), blockedUntil: undefined,
		}, cost: 1, refills: true,
	}, start);
	t.is(refilling(3000), 10);
	t.is(refilling(700), 21); // 20 requests short of the share, one comes back each second.
});

test('after a reset the pace is the usual one within an interval, whatever a limit answer said before', t => {
	const budget = {
		remaining: 0, limit: 5000, resetAt: at(30), blockedUntil: at(30),
	};
	t.is(pollSeconds(10, {budget, cost: 3, refills: false}, start), 40);
	t.is(pollSeconds(10, {budget, cost: 3, refills: false}, at(31)), 10);
});

test('a poll is taken to cost what a warm one costs: the first reads what later ones need not', t => {
	t.is(warmCost([]), 3);
	t.is(warmCost([1200]), 3, 'one poll alone is a cold one');
	t.is(warmCost([1200, 2, 14]), 2);
});

test('a block counts only while it lasts', t => {
	const budget = {
		remaining: 0, limit: 5000, resetAt: at(60), blockedUntil: at(60),
	};
	t.is(blockedUntil(budget, at(59)), at(60));
	t.is(blockedUntil(budget, at(60)), undefined);
});
