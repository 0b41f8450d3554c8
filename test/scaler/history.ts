import test from 'ava';
import {instant} from '../../source/model/time.ts';
import {withPoll} from '../../source/scaler/history.ts';
import type {PastMinute} from '../../source/scaler/controller.ts';
import {job} from '../../source/simulator/given.ts';
import {givenEngine} from '../support/given-engine.ts';

const poll = {longestWaitSeconds: 5, busyServers: 1, servers: 2};

test('a minute keeps the most of its polls, an hour is kept, a minute without a poll is missing', t => {
	const first = withPoll([], poll, instant(61_000));
	t.deepEqual(first, [{at: instant(60_000), ...poll}]);
	t.is(withPoll(first, poll, instant(100_000)), first);
	t.deepEqual(withPoll(first, {longestWaitSeconds: 3, busyServers: 4, servers: 1}, instant(119_000)), [{
		at: instant(60_000), longestWaitSeconds: 5, busyServers: 4, servers: 2,
	}]);
	let history: readonly PastMinute[] = first;
	for (let minute = 3; minute < 200; minute++) {
		history = withPoll(history, poll, instant(minute * 60_000));
	}

	t.is(history.length, 60);
	t.is(history.at(-1)?.at, instant(199 * 60_000));
	t.deepEqual(withPoll(history, poll, instant(230 * 60_000)).map(({at}) => at / 60_000), [...Array.from({length: 29}, (_, place) => 171 + place), 230]);
});

test('an engine keeps the waits and the busy servers of its last minutes', async t => {
	const day = givenEngine({jobs: [{...job('test'), durationSeconds: 200}]});
	await day.wait('the job is done', () => day.engine.state().jobsDone === 1);
	const {history} = day.engine.state();
	t.true(history.length > 3);
	t.true(history.some(minute => minute.longestWaitSeconds >= 30));
	t.true(history.some(minute => minute.busyServers === 1));
	t.true(history.every((minute, place) => place === 0 || minute.at > (history[place - 1]?.at ?? 0)));
	const before = history.length;
	day.world.faults.inject({kind: 'down', api: 'github'}, {forSeconds: 300});
	await day.pass(290);
	t.true(day.engine.state().history.length <= before + 2, 'nothing is written down while nothing can be read');
	await day.end();
});
