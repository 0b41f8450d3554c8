import test from 'ava';
import type {ServerName} from '../../source/model/server-name.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {job} from '../../source/simulator/given.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {givenEngine, type EngineDay} from '../support/given-engine.ts';

async function untilQuiet(day: EngineDay, seconds = 3600): Promise<void> {
	await day.wait('all jobs are done and no server is left', () => isFinished(day.world), seconds);
}

test('an engine whose budget is short goes on polling: its pace counts from the last poll', async t => {
	const day = givenEngine({jobs: [], parameters: {githubRequestsPerHour: 300}});
	await day.pass(1200);
	const {reads, ports} = day.engine.internals;
	t.true(ports.clock.now() - (reads.jobs.at ?? 0) < 130_000);
	await day.end();
});

test('a queued job gets a server, runs, and the server goes', async t => {
	const day = givenEngine({jobs: [{...job('test'), durationSeconds: 60}]});
	await day.until('test', 'running');
	await day.pass(70); // GitHub shows it with a lag.
	t.is(day.jobVerdict('test')?.code ?? 'done', 'done');
	await untilQuiet(day);
	const audit = auditWorld(day.world);
	t.like(audit, {
		jobsKilled: 0, foreignTouched: 0, serversLeft: 0, serversCreated: 1, jobs: {done: 1},
	});
	t.like(day.engine.state(), {jobsStarted: 1, jobsDone: 1});
	await day.end();
});

test('a job waits no longer than boot and scripts take, plus one look', async t => {
	const day = givenEngine({
		jobs: [job('test')], parameters: {
			bootSeconds: [10, 10], sshSeconds: [10, 10], setupSeconds: [5, 5], startupSeconds: [20, 20], onlineSeconds: [2, 2], assignSeconds: [1, 1],
		},
	});
	await untilQuiet(day);
	t.true((auditWorld(day.world).waits?.p50Seconds ?? 999) <= 10 + 10 + 5 + 20 + 2 + 1 + 10);
	await day.end();
});

test('a matrix of thirty gets thirty servers and wastes none', async t => {
	const day = givenEngine({jobs: Array.from({length: 30}, (_, index) => ({...job(`test ${index}`), durationSeconds: 90}))});
	await untilQuiet(day);
	t.like(auditWorld(day.world), {
		serversCreated: 30, serversWithoutJob: 0, jobsKilled: 0, jobs: {done: 30},
	});
	await day.end();
});

test('--max-runners is never exceeded, and all jobs run all the same', async t => {
	const day = givenEngine({jobs: Array.from({length: 9}, (_, index) => job(`test ${index}`))}, {maxRunners: 2});
	await untilQuiet(day, 7200);
	t.true(auditWorld(day.world).mostServersAtOnce <= 2);
	t.is(auditWorld(day.world).jobs.done, 9);
	await day.end();
});

test('a list that fails is told while another is still being read', async t => {
	const day = givenEngine({jobs: [job('test')]});
	await day.until('test', 'running');
	const wake = day.world.faults.inject({kind: 'slow', api: 'github', seconds: 300});
	const mend = day.world.faults.inject({kind: 'down', api: 'hetzner'});
	await day.wait('servers are said to be unread', () => day.engine.state().servers.state === 'failed', 60);
	t.is(day.engine.state().servers.items.length, 1);
	t.is(day.engine.state().jobs.state, 'whole');
	wake();
	mend();
	await untilQuiet(day);
	t.is(auditWorld(day.world).jobs.done, 1);
	await day.end();
});

test('a server that was made while its list failed is still known', async t => {
	const day = givenEngine({jobs: [job('test')]});
	const {inject} = day.world.faults;
	inject({
		kind: 'slow', api: 'hetzner', operation: 'createServer', seconds: 40,
	});
	await day.wait('a server is asked for', () => day.jobVerdict('test')?.code === 'creating', 30);
	await day.pass(3);
	const mends = [
		inject({
			kind: 'slow', api: 'hetzner', operation: 'listServers', seconds: 30,
		}), inject({kind: 'down', api: 'hetzner', operation: 'listServers'}), inject({kind: 'slow', api: 'github', seconds: 100}),
	];
	await day.wait('servers are said to be unread', () => day.engine.state().servers.state === 'failed', 120);
	t.is(auditWorld(day.world).serversCreated, 1);
	t.is(day.engine.state().servers.items.length, 1);
	for (const mend of mends) {
		mend();
	}

	await untilQuiet(day);
	t.like(auditWorld(day.world), {serversCreated: 1, jobs: {done: 1}});
	await day.end();
});

test('a refused location is passed over in the same look', async t => {
	const day = givenEngine({
		jobs: [job('test')], faults: [{
			kind: 'pairRefused', serverType: 'cx23', location: 'fsn1', form: 'placement',
		}],
	}, {locations: ['fsn1', 'nbg1']});
	await day.wait('a server exists', () => auditWorld(day.world).serversCreated === 1, 15);
	t.is(day.engine.state().servers.items[0]?.location, 'nbg1');
	t.regex(day.trace(), /cx23 in fsn1 refused/v);
	await untilQuiet(day);
	await day.end();
});

test('a create call that worked but answered 502 makes one server, not two', async t => {
	const day = givenEngine({
		jobs: [job('test')], faults: [[{
			kind: 'answerAfterwards', api: 'hetzner', operation: 'createServer', status: 502,
		}, {times: 1}]],
	});
	await untilQuiet(day);
	t.like(auditWorld(day.world), {serversCreated: 1, jobs: {done: 1}});
	t.regex(day.trace(), /no answer to the request to create/v);
	await day.end();
});

test('a create that Hetzner accepted and then failed is known in seconds, its server goes, the job gets another', async t => {
	const day = givenEngine({jobs: [job('test')], faults: [[{kind: 'actionFails', command: 'create_server'}, {times: 1}]]});
	await day.wait('the failure is known', () => day.trace().includes('Hetzner could not make it: Action failed'), 40);
	await untilQuiet(day);
	t.like(auditWorld(day.world), {serversCreated: 2, jobs: {done: 1}});
	await day.end();
});

test('GitHub down for ten minutes: nothing is deleted on it, and all goes on after', async t => {
	const day = givenEngine({jobs: [{...job('long'), durationSeconds: 1200}]});
	await day.until('long', 'running');
	const mend = day.world.faults.inject({kind: 'down', api: 'github'});
	await day.pass(600);
	t.is(auditWorld(day.world).serversLeft, 1);
	t.is(day.engine.state().jobs.state, 'failed');
	t.is(day.engine.state().jobs.items.length, 1);
	mend();
	await untilQuiet(day);
	t.like(auditWorld(day.world), {jobsKilled: 0, jobs: {done: 1}});
	await day.end();
});

test('a runner with a job that GitHub calls idle for ten minutes is kept', async t => {
	const day = givenEngine({jobs: [{...job('long'), durationSeconds: 900}], faults: [{kind: 'saysIdle'}, {kind: 'letsGoOfBusyRunners'}]});
	await untilQuiet(day);
	t.like(auditWorld(day.world), {jobsKilled: 0, jobs: {done: 1}});
	await day.end();
});

test('a run whose jobs cannot be read stops no other run\'s', async t => {
	const day = givenEngine({runs: [{workflow: 'bad', jobs: [job('hidden')]}, {workflow: 'good', jobs: [job('seen')]}]});
	const bad = day.runs[0]?.id;
	const mend = day.world.faults.inject({
		kind: 'answer', api: 'github', operation: 'listJobs', status: 502, isHtml: true, ...(bad !== undefined && {subject: bad}),
	});
	await day.pass(30);
	t.is(day.engine.state().jobs.state, 'partial');
	t.like(day.jobVerdict('seen'), {code: 'serverComing'});
	mend();
	await untilQuiet(day);
	await day.end();
});

test('a job whose run cannot be read any more stays on the screen and says so, and nothing is planned with it', async t => {
	const day = givenEngine({runs: [{workflow: 'bad', jobs: [{...job('hidden'), labels: ['self-hosted', 'server-nope']}]}, {workflow: 'good', jobs: [job('seen')]}]});
	await day.wait('both are known', () => day.jobVerdict('hidden') !== undefined && day.jobVerdict('seen') !== undefined, 60);
	const bad = day.runs[0]?.id;
	const mend = day.world.faults.inject({
		kind: 'answer', api: 'github', operation: 'listJobs', status: 502, isHtml: true, ...(bad !== undefined && {subject: bad}),
	});
	await day.wait('the list is short', () => day.engine.state().jobs.state === 'partial', 60);
	t.like(day.jobVerdict('hidden'), {code: 'unread', what: 'jobs'});
	t.false(day.engine.internals.reads.jobs.items.some(({name}) => name === 'hidden'));
	mend();
	await day.wait('the list is whole', () => day.engine.state().jobs.state === 'whole', 60);
	t.like(day.jobVerdict('hidden'), {code: 'unservable'});
	t.is(day.engine.state().jobs.items.filter(({name}) => name === 'hidden').length, 1);
	await day.end();
});

test('a job that can be read again is on the screen all the while, also while a server is asked after that Hetzner no longer lists', async t => {
	const day = givenEngine({
		runs: [{workflow: 'bad', jobs: [job('hidden', 'server-nope')]}, {workflow: 'good', afterSeconds: 20, jobs: [{...job('seen'), durationSeconds: 600}]}],
		parameters: {hetznerLatencySeconds: [2, 2]},
	});
	const unread = (run: number) => day.world.faults.inject({
		kind: 'answer', api: 'github', operation: 'listJobs', status: 502, subject: day.runs[run]?.id ?? 0,
	});
	await day.pass(15);
	day.world.faults.inject({kind: 'stale', api: 'hetzner', operation: 'listServers'}, {forSeconds: 200});
	await day.pass(60);
	const mend = unread(0);
	await day.wait('the list is short', () => day.engine.internals.unreadJobs.length === 1, 60);
	mend();
	unread(1);
	const isLost = await day.clock.passUntil(() => ['hidden', 'seen'].some(name => day.jobVerdict(name) === undefined), 30);
	t.false(isLost, day.engine.state().jobs.items.map(({name}) => name).join(', '));
	t.deepEqual(day.engine.internals.unreadJobs.map(({name}) => name), ['seen'], 'the first can be read again, the other cannot');
	await day.end();
});

test('paused makes no server, and goes on where it was', async t => {
	const day = givenEngine({runs: [{afterSeconds: 30, jobs: [job('test')]}]});
	await day.controller.setMode('paused', {name: 'ann'});
	await day.pass(300);
	t.is(auditWorld(day.world).serversCreated, 0);
	t.like(day.jobVerdict('test'), {code: 'notScaling', mode: 'paused'});
	await day.controller.setMode('scaling', {name: 'ann'});
	await untilQuiet(day);
	t.regex(day.trace(), /paused, by ann/v);
	await day.end();
});

test('an operator deletes an idle server, a busy one only by its name', async t => {
	const day = givenEngine({jobs: [{...job('long'), durationSeconds: 1200}]});
	await day.until('long', 'running');
	await day.pass(60);
	const name = day.engine.state().servers.items[0]?.name ?? ('' as ServerName);
	const asked = day.controller.deleteServers([name], {name: 'ann'});
	await day.pass(20);
	t.like((await asked).get(name), {state: 'kept'});
	t.is(auditWorld(day.world).serversLeft, 1);
	const typed = day.controller.deleteServers([name], {name: 'ann'}, new Set([name]));
	await day.pass(20);
	t.like((await typed).get(name), {state: 'deleted'});
	t.is(auditWorld(day.world).serversLeft, 0);
	await day.end();
});

test('read-only refuses every changing call', async t => {
	const day = givenEngine({}, {isReadOnly: true});
	await t.throwsAsync(day.controller.setMode('paused', {name: 'ann'}), {name: 'ReadOnlyError'});
	await t.throwsAsync(day.controller.deleteServers([], {name: 'ann'}), {name: 'ReadOnlyError'});
	await day.end();
});

test('a dry run changes nothing, and says what it would do', async t => {
	const day = givenEngine({jobs: [job('test')]}, {isDryRun: true});
	await day.pass(600);
	t.is(auditWorld(day.world).serversCreated, 0);
	t.like(day.jobVerdict('test'), {code: 'wouldCreate'});
	t.is(day.world.pipeline.log.filter(request => !request.isRead).length, 0);
	await day.end();
});

test('a new engine follows on with a set-up that another began, on the same server', async t => {
	const day = givenEngine({jobs: [job('test')]});
	await day.wait('set-up has begun', () => day.engine.state().setUps.values().some(({step}) => step === 'startup'));
	const stopped = day.engine.stop();
	await day.pass(1);
	await stopped;
	const after = day.another();
	await untilQuiet(day);
	t.like(auditWorld(day.world), {serversCreated: 1, jobs: {done: 1}});
	t.true(after.state().activity.some(({event}) => event.code === 'setUpResumed'));
	await day.end();
});

test('two engines side by side make one server a job', async t => {
	const day = givenEngine({jobs: Array.from({length: 8}, (_, index) => ({...job(`test ${index}`), durationSeconds: 120}))});
	day.another();
	await untilQuiet(day);
	t.like(auditWorld(day.world), {jobsKilled: 0, foreignTouched: 0, jobs: {done: 8}});
	t.true(auditWorld(day.world).serversCreated <= 9);
	await day.end();
});

test('an idle hour costs GitHub hardly anything', async t => {
	const day = givenEngine({});
	await day.pass(60);
	const before = day.world.pipeline.log.length;
	await day.pass(600);
	const requests = day.world.pipeline.log.slice(before);
	t.true(requests.filter(({api}) => api === 'github').length <= 10 * 18);
	t.true(requests.filter(({api}) => api === 'hetzner').length <= 10 * 6);
	await day.end();
});

test('a token that a script prints is shown to nobody, not even by an engine that did not hand it out', async t => {
	const day = givenEngine({jobs: [job('test')]});
	await day.wait('set-up has begun', () => day.engine.state().setUps.values().some(({step}) => step === 'startup'));
	const after = day.another();
	const heard = () => [...after.state().output.values()].flat().join('\n');
	await day.wait('the token was printed', () => heard().includes('--token'));
	t.regex(heard(), /--token \*{3} /v);
	await untilQuiet(day);
	await day.end();
});

const keptLines = (day: EngineDay) => day.trace().split('\n').filter(line => line.includes(' kept ')).map(line => line.replace(/^.*?: /v, ''));

test('a server that is kept again and again for one reason is told of once', async t => {
	const day = givenEngine({jobs: [{...job('test'), durationSeconds: 60}], parameters: {busyAfterEndSeconds: 150, vanishSeconds: [200, 200]}});
	await untilQuiet(day);
	t.is(keptLines(day).length, 1, day.trace());
	t.regex(keptLines(day)[0] ?? '', /GitHub refuses to remove its runner/v);
	t.true(day.world.pipeline.log.filter(({operation, status}) => operation === 'removeRunner' && status !== 404).length > 5, 'it was asked for many times');
	await day.end();
});

test('a server that is kept for another reason than before is told of again', async t => {
	const day = givenEngine({jobs: [{...job('long'), durationSeconds: 1500}], parameters: {jobLagSeconds: [1500, 1500]}});
	const lie = () => day.world.faults.inject({kind: 'saysIdle'});
	const mend = lie();
	await day.wait('GitHub refused several times', () => day.world.pipeline.log.filter(({operation}) => operation === 'removeRunner').length >= 4);
	t.is(keptLines(day).length, 1, day.trace());
	await day.wait('one more deletion is under way', () => day.engine.internals.deletions.size > 0);
	mend();
	await day.pass(5);
	t.deepEqual(keptLines(day).slice(1), ['its runner is busy'], day.trace());
	lie();
	await untilQuiet(day);
	t.regex(keptLines(day)[2] ?? '', /GitHub refuses to remove its runner/v);
	t.is(keptLines(day).length, 3, day.trace());
	t.like(auditWorld(day.world), {jobsKilled: 0, jobs: {done: 1}});
	await day.end();
});

test('an idle server whose runner may have got a job since its deletion was decided is kept, though GitHub denies it', async t => {
	const day = givenEngine({
		runs: [{jobs: [{...job('given up'), durationSeconds: 60}], cancelAfterSeconds: 30}],
		parameters: {
			jobLagSeconds: [30, 30], jobsLagSeconds: [0, 0], assignSeconds: [0.01, 0.01], githubLatencySeconds: [1, 1],
		},
		faults: [{kind: 'saysIdle'}, {kind: 'letsGoOfBusyRunners'}],
	});
	await day.wait('its deletion is under way', () => day.engine.internals.deletions.size > 0);
	day.world.addRun({jobs: [{...job('late'), durationSeconds: 100}]});
	await untilQuiet(day);
	t.true(keptLines(day).some(line => line.includes('late has just been queued, and may be its own')), day.trace());
	t.like(auditWorld(day.world), {jobsKilled: 0, serversCreated: 1, jobs: {done: 1}});
	await day.end();
});

test('while GitHub gives no registration token, ten servers together ask for it more and more rarely, and go on at once when it does', async t => {
	const day = givenEngine({jobs: Array.from({length: 10}, (_, index) => ({...job(`test ${index}`), durationSeconds: 60}))});
	day.world.faults.inject({
		kind: 'answer', api: 'github', operation: 'registrationToken', status: 500,
	}, {forSeconds: 600});
	await untilQuiet(day);
	const asked = day.world.pipeline.log.filter(({operation}) => operation === 'registrationToken');
	t.true(asked.length >= 20 && asked.length <= 60, `${asked.length} requests`);
	t.is(auditWorld(day.world).jobs.done, 10);
	t.is(auditWorld(day.world).serversCreated, 10);
	await day.end();
});
