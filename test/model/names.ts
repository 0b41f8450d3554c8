// Which runner is which server's: the one rule, in model/server-name.ts and model/runner.ts.
import test from 'ava';
import {runnersByServer, type Runner, type RunnerId} from '../../source/model/runner.ts';
import {
	isServerName, runnerNameFor, serverNameFor, serverOfRunner, shortServerName,
} from '../../source/model/server-name.ts';
import {givenJob} from '../support/given.ts';

const first = serverNameFor(givenJob(9), new Set());
const second = serverNameFor(givenJob(9), new Set([first]));

test('a runner’s name leads to its server’s, of each server of a job, whatever the registration', t => {
	for (const server of [first, second]) {
		const names = [0, 1, 2, 12].map(turn => runnerNameFor(server, turn));
		t.is(new Set(names).size, 4);
		t.deepEqual(names.map(name => serverOfRunner(name)), [server, server, server, server]);
		t.deepEqual(names.map(name => isServerName(name)), [true, false, false, false], 'no name of a runner alone is a server’s');
		t.true(names.every(name => name.length <= 64));
	}

	t.false([1, 2, 3].map(turn => runnerNameFor(first, turn)).includes(second));
	t.is(shortServerName(runnerNameFor(first, 1)), '…7-9-r1');
});

test('names of others are taken as they are', t => {
	for (const name of ['mac-mini', 'mac-mini-r1', 'gh-actions-runner', 'gh-actions-runner-1-r1', `${first}-r`, `${first}-rx`, `x${first}-r1`, `${first}-r1-r1`, '']) {
		t.is(serverOfRunner(name), name);
	}
});

test('of several records of a server the busy one counts, then the one that is online, then the newest; one that nobody has used never', t => {
	const record = (id: number, turn: number, changes: Partial<Runner> = {}): Runner => ({
		id: id as RunnerId, name: runnerNameFor(first, turn), isOnline: false, isBusy: false, labels: [], version: undefined, ...changes,
	});
	const chosen = (...records: readonly Runner[]) => {
		const ids = [records, records.toReversed()].map(list => runnersByServer(list).get(first)?.id);
		t.is(ids[0], ids[1]);
		return ids[0];
	};

	t.is(chosen(record(1, 0), record(2, 1)), 2 as RunnerId);
	t.is(chosen(record(1, 0, {isOnline: true}), record(2, 1)), 1 as RunnerId);
	t.is(chosen(record(1, 0, {isBusy: true}), record(2, 1, {isOnline: true})), 1 as RunnerId);
	t.is(chosen(record(1, 0), record(2, 1, {isUnused: true})), 1 as RunnerId);
	t.is(chosen(record(2, 1, {isUnused: true})), undefined);
	t.is(chosen(record(2, 1, {isUnused: true, isBusy: true})), 2 as RunnerId, 'whatever has a job is a runner');
});
