import test from 'ava';
import {engineHouse, type RunningEngine} from '../soak/engines.ts';
import {usualPolicy} from '../soak/live-day.ts';
import type {OnBoundary} from '../soak/action-boundaries.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {given, job} from '../../source/simulator/given.ts';
import {isFinished} from '../../source/simulator/scenario.ts';

type End = {readonly boundaries: readonly string[]; readonly isOver: boolean; readonly restarts: number; readonly log: readonly string[]; readonly day: ReturnType<typeof given>};

// A day with a matrix, a server that fails, one that never gets a job and one that does not switch itself off. The engine dies at that boundary.
async function scriptedDay(dieAt: number): Promise<End> {
	const day = given({
		seed: 4, runs: [
			{workflow: 'ci', jobs: [{...job('one'), durationSeconds: 120}, {...job('two'), durationSeconds: 45}]},
			{workflow: 'late', afterSeconds: 40, jobs: [{...job('fails'), outcome: 'setupFails', durationSeconds: 30}, {...job('stays on'), outcome: 'neverPowersOff', durationSeconds: 30}]},
		],
	});
	const boundaries: string[] = [];
	const log: string[] = [];
	const onBoundary: OnBoundary = (call, moment) => {
		boundaries.push(`${moment} ${call}`);
		return boundaries.length - 1 === dieAt ? 'die' : 'live';
	};

	const house = engineHouse(day.world, usualPolicy, {
		isWired: false, onBoundary, watch: (_engine, _api, answer) => answer, tell(engine, at, text) {
			log.push(`${new Date(at).toISOString().slice(11, 19)} ${engine}: ${text}`);
		},
	});
	let running: RunningEngine = house.start(0);
	let restarts = 0;
	const isOver = await day.clock.passUntil(() => {
		day.world.now();
		if (!running.isAlive()) {
			restarts++;
			running = house.start(0);
		}

		return isFinished(day.world) && day.world.github.runners.values().every(runner => runner.isForeign);
	}, 7200);
	running.kill();
	return {
		boundaries, isOver, restarts, log, day,
	};
}

test('kill -9 at every boundary of every action, and the day ends as if nothing had happened', async t => {
	t.timeout(600_000);
	const usual = await scriptedDay(-1);
	t.true(usual.isOver);
	const expected = {
		jobs: {done: 4, failed: 0}, jobsKilled: 0, foreignTouched: 0, serversLeft: 0,
	};
	t.like(auditWorld(usual.day.world), expected);
	const {serversCreated} = auditWorld(usual.day.world);
	for (const [index, boundary] of usual.boundaries.entries()) {
		const {day, isOver, restarts, log} = await scriptedDay(index);
		const where = `killed at boundary ${index}, ${boundary}`;
		t.is(restarts, 1, where);
		t.true(isOver, `${where}\n${log.join('\n')}`);
		t.like(auditWorld(day.world), expected, `${where}\n${log.join('\n')}`);
		// One less where the new engine names the second server of a run after its other job: the one that is to fail is never made. One more would be waste.
		t.true(auditWorld(day.world).serversCreated <= serversCreated, `${where}: ${auditWorld(day.world).serversCreated} servers\n${log.join('\n')}`);
	}

	t.log(`${usual.boundaries.length} boundaries`);
});
