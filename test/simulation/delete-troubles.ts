// Many deletions that fail for one cause are one line when that begins and one when it ends.
import test from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import {job} from '../../source/simulator/given.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {givenEngine, type EngineDay} from '../support/given-engine.ts';

const count = 60;

// Sixty servers whose jobs are done and that never power off, about to be deleted.
async function manyToDelete(): Promise<EngineDay> {
	const day = givenEngine({
		jobs: Array.from({length: count}, (_, index) => ({...job(`test ${index}`), durationSeconds: 120})), faults: [{kind: 'host', outcome: 'neverPowersOff'}], parameters: {githubRequestsPerHour: 50_000, hetznerRequestsPerHour: 50_000},
	});
	await day.wait('all jobs are done', () => auditWorld(day.world).jobs.done === count);
	return day;
}

const lines = (day: EngineDay, code: string): number => day.engine.state().activity.filter(({event}) => event.code === code).length;

test('sixty deletions under GitHub\'s secondary limit are two lines for each time it strikes, not one a server and try', async t => {
	const day = await manyToDelete();
	day.world.faults.inject({kind: 'secondaryLimit', retryAfterSeconds: 60}, {forSeconds: 100});
	await day.wait('it has struck a deletion', () => lines(day, 'deleteFailed') > 0, 600);
	await day.wait('no server is left', () => isFinished(day.world));
	await day.pass(60);
	t.is(auditWorld(day.world).serversLeft, 0);
	t.true(lines(day, 'deleteFailed') <= 2, day.trace());
	t.is(lines(day, 'deletesResumed'), lines(day, 'deleteFailed'));
	t.true(lines(day, 'serverKept') <= 2, day.trace());
	t.regex(day.trace(), /deleting works again after \dm?\d*s?: \d+ servers had to wait, \d+ tries failed/v);
	await day.end();
});

test('sixty deletions that Hetzner answers 503 are one line, and one when it is over', async t => {
	const day = await manyToDelete();
	const mend = day.world.faults.inject({
		kind: 'answer', api: 'hetzner', operation: 'deleteServer', status: 503,
	});
	await day.wait('it has struck a deletion', () => lines(day, 'deleteFailed') > 0, 600);
	await day.pass(300);
	t.is(lines(day, 'deleteFailed'), 1, day.trace());
	t.is(lines(day, 'deletesResumed'), 0);
	mend();
	await day.wait('no server is left', () => isFinished(day.world));
	await day.pass(60);
	t.is(lines(day, 'deleteFailed'), 1);
	t.is(lines(day, 'deletesResumed'), 1);
	await day.end();
});
