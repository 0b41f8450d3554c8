// A wake-up is a hint and never truth: it changes only how soon the repository is read.
import test from 'ava';
import {secondsBetween, type Instant} from '../../source/model/time.ts';
import {givenEngine, type EngineDay} from '../support/given-engine.ts';

const slow = {scaleUpIntervalSeconds: 60, scaleDownIntervalSeconds: 60, wakeIntervalSeconds: 0};

// Moments at which lists of runs were read.
function polls({world}: EngineDay): readonly Instant[] {
	const moments = world.pipeline.log.filter(({operation}) => operation === 'listRunners').map(({at}) => at);
	return [...new Set(moments)];
}

async function quietEngine(): Promise<EngineDay> {
	const day = givenEngine({parameters: {githubLatencySeconds: [0, 0], hetznerLatencySeconds: [0, 0], jobsLagSeconds: [0, 0]}}, slow);
	await day.wait('it has polled', () => day.engine.state().nextReadAt !== undefined);
	await day.pass(5);
	return day;
}

test('a hint makes the engine read within two seconds what it would have read a minute later', async t => {
	const day = await quietEngine();
	const queuedAt = day.clock.now();
	day.world.addRun({jobs: [{name: 'test'}]});
	day.engine.hint();
	await day.wait('its server is made', () => day.world.hetzner.servers.values().some(({isForeign}) => !isForeign), 30);
	t.true(secondsBetween(queuedAt, day.clock.now()) < 2);
	await day.end();
});

test('a hint that is lost costs the time to the next poll, no more', async t => {
	const day = await quietEngine();
	day.world.addRun({jobs: [{name: 'test'}]});
	await day.wait('its server is made', () => day.world.hetzner.servers.values().some(({isForeign}) => !isForeign), 61);
	t.true(polls(day).length >= 2);
	await day.end();
});

test('hints without anything behind them cause no action, and in their hundreds no more than a poll in two seconds', async t => {
	const day = await quietEngine();
	const {world} = day;
	const before = polls(day).length;
	const writes = () => world.pipeline.log.filter(({isRead}) => !isRead).length;
	const written = writes();
	for (let count = 0; count < 600; count++) {
		day.engine.hint();
		await day.pass(0.05);
	}

	const made = polls(day).length - before;
	t.true(made >= 5 && made <= 17, `${made} polls in 30 s`);
	t.is(writes(), written);
	await day.end();
});

test('a hint that comes while the engine polls is not lost', async t => {
	const day = givenEngine({
		faults: [[{
			kind: 'slow', api: 'github', operation: 'listRuns', seconds: 5,
		}, {forSeconds: 2}]],
	}, slow);
	await day.pass(3);
	t.is(day.engine.state().nextReadAt, undefined, 'it polls');
	day.engine.hint();
	await day.wait('another poll follows the first', () => polls(day).length >= 2, 20);
	t.is(polls(day).length, 2);
	await day.end();
});

test('frozen, and while GitHub has refused by a limit, a hint causes no poll', async t => {
	const day = await quietEngine();
	await day.controller.setMode('frozen', {name: 'test'});
	await day.pass(3);
	const before = polls(day).length;
	day.engine.hint();
	await day.pass(5);
	t.is(polls(day).length, before);
	await day.end();
});
