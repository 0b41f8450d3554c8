// Which registration token a set-up gets after one that failed.
import test from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import {job} from '../../source/simulator/given.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {givenEngine} from '../support/given-engine.ts';

for (const [how, words] of [['in the words of today', {}], ['in words that nobody foresaw (actions/runner#1748)', {words: 'Object reference not set to an instance of an object.'}]] as const) {
	test(`once GitHub has refused a runner its token, the next set-up has a new one: refused ${how}`, async t => {
		const day = givenEngine({jobs: [job('test')], faults: [[{kind: 'tokensRevoked', ...words}, {times: 1}]]});
		await day.wait('the job is done', () => isFinished(day.world));
		t.is(auditWorld(day.world).serversCreated, 2, day.trace());
		t.is(day.world.github.tokens().length, 2, 'one for each: the first, and one that is not the first');
		await day.end();
	});
}

test('a burst whose token is refused asks for one new token, not for one each; a set-up script that fails asks for none', async t => {
	const burst = givenEngine({jobs: Array.from({length: 8}, (_, index) => job(`test ${index}`)), faults: [[{kind: 'tokensRevoked'}, {times: 1}]]});
	await burst.wait('all are done', () => isFinished(burst.world));
	t.is(burst.world.github.tokens().length, 2, burst.trace());
	await burst.end();

	const day = givenEngine({jobs: [{...job('test'), outcome: ['setupFails', 'ok']}]});
	await day.wait('the job is done', () => isFinished(day.world));
	t.is(day.world.github.tokens().length, 1);
	await day.end();
});
