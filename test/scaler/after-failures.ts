// What a job that is held back after failures, or given up, costs others: nothing.
import test from 'ava';
import {labelSetKey} from '../../source/model/labels.ts';
import {
	emptyMemory, type Failures, type JobFailures, type Memory,
} from '../../source/scaler/memory.ts';
import {job} from '../../source/simulator/given.ts';
import {givenEngine} from '../support/given-engine.ts';
import {
	at, givenJob, givenServer, givenSnapshot, planLooks,
} from '../support/given.ts';

const failed: Failures = {
	count: 4, rounds: 2, cause: 'neverRegistered', sameCause: 2, lastAt: at(0), retryAt: at(300), lastReason: 'its runner never registered',
};
const plain = Array.from({length: 14}, (_, index) => givenJob(index + 1));
const special = givenJob(90, {labels: ['self-hosted', 'gpu'], createdAt: at(5)});
const memory: Memory = {...emptyMemory, failures: new Map([[labelSetKey(['self-hosted']), failed]])};

test('a job with one more label gets one server, though older jobs that are held back after failures could take it', t => {
	const plan = planLooks([{second: 10, snapshot: givenSnapshot(10, {jobs: [...plain, special]})}], {memory});
	t.is(plan.actions.length, 1);
	const coming = givenServer(90, {runnerLabels: ['self-hosted', 'gpu'], created: at(10)});
	const next = planLooks([{second: 20, snapshot: givenSnapshot(20, {jobs: [...plain, special], servers: [coming]})}], {memory: plan.memory});
	t.deepEqual(next.actions, []);
	t.like(next.jobVerdicts.get(special.id), {code: 'serverComing', server: coming.name});
	t.is([...next.jobVerdicts.values()].filter(({code}) => code === 'afterFailures').length, 14);
});

test('what is left over covers those that are held back', t => {
	const idle = givenServer(90, {runnerLabels: ['self-hosted', 'gpu'], created: at(10)});
	const plan = planLooks([{second: 20, snapshot: givenSnapshot(20, {jobs: plain, servers: [idle]})}], {memory});
	t.deepEqual(plan.actions, []);
	t.is([...plan.jobVerdicts.values()].filter(({code}) => code === 'serverComing').length, 1);
});

test('a job that was given up takes no server of a younger one with the same labels', t => {
	const givenUp: JobFailures = {
		count: 10, lastReason: 'GitHub gives it to no runner of ours', lastAt: at(0), labelSet: labelSetKey(['self-hosted']),
	};
	const [old, young] = [givenJob(1), givenJob(2, {createdAt: at(5)})];
	const coming = givenServer(2, {created: at(10)});
	const plan = planLooks([{second: 20, snapshot: givenSnapshot(20, {jobs: [old, young], servers: [coming]})}], {memory: {...emptyMemory, jobFailures: new Map([[old.id, givenUp]])}});
	t.deepEqual(plan.actions, []);
	t.like(plan.jobVerdicts.get(young.id), {code: 'serverComing', server: coming.name});
	t.like(plan.jobVerdicts.get(old.id), {code: 'gaveUp'});
});

test('a job that GitHub gives to no runner gets rarer servers, also where an idle server is deleted long before GitHub has had its minute (actions/runner#3872)', async t => {
	for (const maxIdleRunnerSeconds of [10, 20, 45, 120]) {
		const day = givenEngine({
			jobs: [job('never')], faults: [{kind: 'unassigned'}], parameters: {
				bootSeconds: [1, 1], sshSeconds: [1, 1], setupSeconds: [1, 1], startupSeconds: [1, 1], onlineSeconds: [1, 1],
			},
		}, {maxIdleRunnerSeconds});
		await day.pass(3600);
		const made = day.engine.state().activity.filter(({event}) => event.code === 'serverCreated').map(entry => entry.at / 1000);
		const gaps = made.slice(1).map((moment, index) => moment - (made[index] ?? 0));
		t.true(made.length <= 8, `${made.length} servers in an hour, idle limit ${maxIdleRunnerSeconds} s`);
		t.true((gaps.at(-1) ?? 0) > 600, `pauses ${gaps.join(', ')}`);
		await day.end();
	}
});
