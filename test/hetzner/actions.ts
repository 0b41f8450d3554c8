import {setImmediate as turn} from 'node:timers/promises';
import test from 'ava';
import {actionWaiter} from '../../source/hetzner/actions.ts';
import type {HetznerRequest} from '../../source/hetzner/request.ts';
import {handClock} from '../support/hand-clock.ts';

const never = new AbortController().signal;

type Row = {readonly id: number; readonly status: string; readonly error?: {readonly code: string; readonly message: string}};

function given(answers: ReadonlyArray<readonly Row[] | Error>) {
	const asked: HetznerRequest[] = [];
	const wait = actionWaiter(async request => {
		const answer = answers[asked.length];
		asked.push(request);
		if (answer instanceof Error) {
			throw answer;
		}

		return {actions: answer ?? []};
	}, handClock());
	return {asked, wait};
}

test('one request asks after all actions under way, until each has ended', async t => {
	const {asked, wait} = given([
		[{id: 1, status: 'running'}, {id: 2, status: 'success'}, {id: 3, status: 'running'}],
		[{id: 1, status: 'success'}, {id: 3, status: 'error', error: {code: 'action_failed', message: 'no room after all'}}],
	]);
	t.deepEqual(await Promise.all([wait(1, never), wait(2, never), wait(3, never)]), [{outcome: 'done'}, {outcome: 'done'}, {outcome: 'failed', answer: 'no room after all'}]);
	t.deepEqual(asked.map(({query}) => query?.id), [[1, 2, 3], [1, 3]]);
});

test('an action whose status is none has not failed: it is asked after again', async t => {
	const {asked, wait} = given([[{id: 1, status: ''}], [{id: 1, status: 'paused'}], [{id: 1, status: 'success'}]]);
	t.deepEqual(await wait(1, never), {outcome: 'done'});
	t.is(asked.length, 3);
});

test('an answer that was lost is asked for again, an action that is not known is unknown', async t => {
	const {asked, wait} = given([new Error('connection reset'), []]);
	t.deepEqual(await wait(7, never), {outcome: 'unknown'});
	t.is(asked.length, 2);
});

test('an action that never ends is given up after ten minutes, an abort ends the waiting at once', async t => {
	const forever = Array.from({length: 300}, () => [{id: 1, status: 'running'}]);
	const patient = given(forever);
	t.deepEqual(await patient.wait(1, never), {outcome: 'unknown'});
	t.true(patient.asked.length <= 200);
	const leave = new AbortController();
	const aborted = given(forever).wait(1, leave.signal);
	leave.abort(new Error('stopping'));
	t.deepEqual(await aborted, {outcome: 'unknown'});
});

test('one that begins to wait in the moment in which the last one left is asked after all the same', async t => {
	const sleeps: Array<{readonly signal: AbortSignal | undefined; readonly wake: () => void}> = [];
	const wait = actionWaiter(async () => ({actions: [{id: 2, status: 'success'}]}), {
		...handClock(), async sleep(_seconds, signal) {
			const {promise, resolve, reject} = Promise.withResolvers<void>();
			sleeps.push({signal, wake: resolve});
			if (sleeps.length > 20) {
				return promise; // Once it goes round in circles, let the test see that.
			}

			if (signal?.aborted) {
				throw new Error('woken');
			}

			signal?.addEventListener('abort', () => {
				reject(new Error('woken'));
			});
			return promise;
		},
	});
	const leave = new AbortController();
	const left = wait(1, leave.signal);
	leave.abort(new Error('stopping'));
	const second = wait(2, never);
	t.deepEqual(await left, {outcome: 'unknown'});
	await turn();
	t.is(sleeps.length, 2);
	sleeps[1]?.wake();
	t.deepEqual(await second, {outcome: 'done'});
	t.deepEqual(await wait(3, leave.signal), {outcome: 'unknown'}, 'nobody waits once all has been told to stop');
});
