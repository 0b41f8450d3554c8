// Deletions that come to nothing, and request budgets.
import test from 'ava';
import {job} from '../../source/simulator/given.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {givenEngine} from '../support/given-engine.ts';

const count = 40;
const matrix = Array.from({length: count}, (_, index) => job(`test ${index}`));

test('forty idle servers whose runners GitHub does not let go of for an hour use up no budget with checks that come to nothing', async t => {
	const day = givenEngine({jobs: matrix, faults: [{kind: 'unassigned'}]});
	await day.wait('all are idle', () => day.engine.internals.memory.idle.size > count); // With a runner of others.
	day.world.faults.inject({
		kind: 'answer', api: 'github', operation: 'removeRunner', status: 500,
	}, {forSeconds: 3600});
	let least = Infinity;
	for (let minute = 0; minute < 60; minute++) {
		await day.pass(60);
		least = Math.min(least, day.engine.internals.ports.cloud.budget()?.remaining ?? Infinity);
	}

	t.true(day.world.hetzner.servers.size >= count, day.trace());
	t.true(least > 3000, `${least} requests of Hetzner's 3600 were left`);
	day.world.github.cancelRun(day.job('test 0').run);
	await day.wait('all servers are gone', () => isFinished(day.world), 600);
	await day.end();
});

test('while GitHub\'s hour is used up by others no deletion asks Hetzner in vain, and all go once it is there again', async t => {
	const day = givenEngine({jobs: matrix.map(one => ({...one, outcome: 'runShFails'}))}, {maxRunners: count});
	await day.wait('some are off', () => day.engine.internals.memory.off.size > 10);
	const mend = day.world.faults.inject({kind: 'budgetEaten', api: 'github', leaves: 0});
	await day.pass(1200);
	t.true((day.engine.internals.ports.cloud.budget()?.remaining ?? 0) > 3400, `${day.engine.internals.ports.cloud.budget()?.remaining} left of Hetzner's 3600`);
	mend();
	day.world.github.cancelRun(day.job('test 0').run);
	await day.wait('all servers are gone', () => isFinished(day.world), 5400);
	await day.end();
});
