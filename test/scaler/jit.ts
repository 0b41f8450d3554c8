// Runners that register with a just-in-time configuration of their own.
import test from 'ava';
import type {HostScripts} from '../../source/scaler/ports.ts';
import {describeJobVerdict} from '../../source/model/describe-verdict.ts';
import {serverOfRunner} from '../../source/model/server-name.ts';
import {isZombie} from '../../source/model/verdict.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {job, type GivenOptions} from '../../source/simulator/given.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {givenEngine, type EngineDay} from '../support/given-engine.ts';

function given(options: GivenOptions, changes: Parameters<typeof givenEngine>[1] = {}): EngineDay {
	return givenEngine(options, changes, jitScripts);
}

const startup = {source: 'built in', text: '#!/bin/bash\n# reads GITHUB_RUNNER_JIT_CONFIG\n'} as const;
const jitScripts: HostScripts = {
	setup: {kind: 'setup', source: 'built in', text: '#!/bin/bash\n'}, startupX64: {kind: 'startup-x64', ...startup}, startupArm64: {kind: 'startup-arm64', ...startup}, named: [],
};
const mints = (day: EngineDay) => day.world.pipeline.log.filter(({operation}) => operation === 'jitConfig').length;
const names = (day: EngineDay) => day.world.github.runners.values().filter(({isForeign}) => !isForeign).map(({name}) => name).toArray();
const notices = (day: EngineDay) => day.engine.state().activity.flatMap(({event}) => event.code === 'notice' ? [event.text] : []);

async function isServed(day: EngineDay, what = 'the jobs are done and the servers gone'): Promise<void> {
	await day.wait(what, () => isFinished(day.world) && auditWorld(day.world).serversLeft === 0);
}

test('each runner has a configuration of its own, with the labels of its job and those of its system; no registration token is made', async t => {
	const day = given({jobs: [job('plain'), job('arm', 'server-cax11')]});
	await day.wait('both records are there', () => names(day).length === 2);
	const labels = day.world.github.runners.values().filter(({isForeign}) => !isForeign).map(runner => runner.labels.toSorted((a, b) => a.localeCompare(b)).join(' ')).toArray();
	t.deepEqual(labels.toSorted((a, b) => a.localeCompare(b)), ['arm64 linux self-hosted server-cax11', 'linux self-hosted x64']);
	await isServed(day);
	t.deepEqual(day.world.github.tokens(), []);
	t.is(day.world.github.jitConfigs().length, 2);
	t.like(auditWorld(day.world), {jobs: {done: 2}, serversCreated: 2});
	t.deepEqual(names(day), [], day.trace());
	t.notRegex(day.trace(), /registration token/v);
	await day.end();
});

test('a record that no program has connected with is neither an idle runner nor a registration: its server sets up, and its job waits for that', async t => {
	const day = given({jobs: [job('test')], parameters: {startupSeconds: [200, 200]}});
	await day.wait('the record is there', () => day.engine.state().runners.items.some(({isUnused}) => isUnused === true));
	await day.pass(120);
	t.like(day.jobVerdict('test'), {code: 'serverComing', step: 'settingUp'});
	t.deepEqual(day.serverVerdicts().map(({code}) => code), ['settingUp']);
	t.deepEqual([...day.engine.state().runnerVerdicts.values()].filter(({code}) => code !== 'notOurs').map(({code}) => code), ['awaited']);
	t.is(day.engine.internals.memory.registered.size, 0);
	await isServed(day);
	t.is(auditWorld(day.world).serversCreated, 1);
	await day.end();
});

test('a server whose runner never connects goes after its limit, and its unused record with it', async t => {
	const day = given({runs: [{jobs: [{...job('test'), outcome: 'neverRegisters', isCounted: false}], cancelAfterSeconds: 100}]});
	await day.wait('a record', () => names(day).length === 1);
	await day.wait('the server is gone', () => auditWorld(day.world).serversLeft === 0);
	t.regex(day.trace(), /never registered/v);
	await day.wait('the record is gone', () => names(day).length === 0, 120);
	await day.end();
});

test('a server that vanishes leaves no record behind', async t => {
	const day = given({runs: [{jobs: [{...job('test'), isCounted: false}], cancelAfterSeconds: 20}], parameters: {startupSeconds: [200, 200]}});
	await day.wait('its record is listed', () => day.engine.state().runners.items.some(({isUnused}) => isUnused === true));
	for (const server of day.world.hetzner.servers.values()) {
		day.world.hetzner.deleteServer(server);
	}

	await day.wait('the record is gone', () => names(day).length === 0, 300);
	t.deepEqual(names(day), []);
	await day.end();
});

test('a mint whose answer was lost is not asked for under the same name again: what it left is removed, and the next name serves', async t => {
	const day = given({
		jobs: [job('test')], faults: [[{
			kind: 'answerAfterwards', api: 'github', operation: 'jitConfig', status: 502,
		}, {times: 2, afterSeconds: 12}]],
	});
	await day.wait('the runner is there', () => day.world.github.runners.values().some(({isOnline, isJit}) => isOnline && isJit));
	t.is(names(day).length, 1, day.trace());
	t.regex(names(day)[0] ?? '', /-r\d$/v);
	await isServed(day);
	t.is(auditWorld(day.world).serversCreated, 1);
	t.is(new Set(day.world.github.jitConfigs()).size, day.world.github.jitConfigs().length);
	await day.end();
});

test('a lost answer whose record the list by name misses costs one more name, and its record goes with the server', async t => {
	const day = given({
		jobs: [job('test')], faults: [[{
			kind: 'answerAfterwards', api: 'github', operation: 'jitConfig', status: 504,
		}, {times: 1, afterSeconds: 12}], [{kind: 'nameFilterMisses'}, {forSeconds: 60, afterSeconds: 12}]],
	});
	await isServed(day);
	t.like(auditWorld(day.world), {jobs: {done: 1}, serversCreated: 1});
	await day.wait('no record is left', () => names(day).length === 0, 300);
	await day.end();
});

test('an answer ten seconds late is waited for, and used', async t => {
	const day = given({
		jobs: [job('test')], faults: [{
			kind: 'slow', api: 'github', operation: 'jitConfig', seconds: 10,
		}],
	});
	await isServed(day);
	t.is(day.world.github.jitConfigs().length, 1);
	await day.end();
});

test('a name that is taken is passed over, and the record that has it left alone while its server lives', async t => {
	const day = given({jobs: [job('test')]});
	await day.wait('a server', () => day.engine.state().servers.items.length > 0);
	const {name} = day.engine.state().servers.items[0]!;
	const answer = day.world.github.jitConfig({name, labels: ['self-hosted'], groupId: 1});
	t.is(typeof answer, 'object');
	await day.wait('the runner is there', () => day.world.github.runners.values().some(({isOnline, isJit}) => isOnline && isJit));
	t.deepEqual(names(day).toSorted((a, b) => a.length - b.length), [name, `${name}-r1`]);
	await day.wait('its job runs', () => day.job('test').actualState === 'running');
	t.is(serverOfRunner(day.job('test').runner?.name ?? ''), name);
	await isServed(day);
	await day.wait('the other record is gone', () => names(day).length === 0, 300);
	t.is(auditWorld(day.world).serversCreated, 1);
	await day.end();
});

test('a busy runner of a further name keeps its server, through a restart too', async t => {
	const day = given({
		jobs: [{...job('long'), durationSeconds: 900}], faults: [[{
			kind: 'answerAfterwards', api: 'github', operation: 'jitConfig', status: 502,
		}, {times: 1, afterSeconds: 12}], {kind: 'saysIdle'}],
	});
	await day.wait('the job runs', () => day.job('long').actualState === 'running');
	t.regex(day.job('long').runner?.name ?? '', /-r1$/v);
	const other = day.another();
	await day.pass(600);
	t.is(day.job('long').actualState, 'running', day.trace());
	t.like([...other.state().serverVerdicts.values()][0], {code: 'busy'});
	await isServed(day);
	t.like(auditWorld(day.world), {jobsKilled: 0, serversCreated: 1, jobs: {done: 1}});
	await day.end();
});

test('an idle runner that GitHub removes ends its server without an alarm, and nothing of our own is blamed (actions/runner#4726)', async t => {
	const day = given({
		runs: [{jobs: [{...job('given up'), isCounted: false}], cancelAfterSeconds: 35}],
		parameters: {jitIdleSeconds: [125, 130]},
	}, {maxIdleRunnerSeconds: 3600});
	const alarms: string[] = [];
	await day.wait('an idle server', () => day.serverVerdicts().some(({code}) => code === 'idle'));
	await day.wait('it is gone', () => {
		alarms.push(...day.serverVerdicts().filter(verdict => isZombie(verdict)).map(({code}) => code));
		return auditWorld(day.world).serversLeft === 0;
	}, 400);
	t.deepEqual(alarms, []);
	t.is(day.engine.internals.ownFault, undefined);
	t.is(day.engine.internals.memory.failures.size, 0);
	day.world.addRun({jobs: [job('next')]});
	await isServed(day);
	t.is(auditWorld(day.world).serversCreated, 2);
	await day.end();
});

test('a job that GitHub hands to no runner gets ever rarer servers though each idle runner is removed by GitHub', async t => {
	const day = given({jobs: [job('never')], faults: [{kind: 'unassigned'}], parameters: {jitIdleSeconds: [120, 130]}}, {maxIdleRunnerSeconds: 3600});
	await day.pass(6 * 3600);
	const {serversCreated} = auditWorld(day.world);
	t.true(serversCreated >= 2 && serversCreated <= 12, `${serversCreated} servers`);
	t.true(['afterFailures', 'gaveUp'].includes(day.jobVerdict('never')?.code ?? ''), day.trace());
	await day.end();
});

test('GitHub’s refusal stops creation before a server is paid for, with its own words', async t => {
	const day = given({jobs: [job('test')], faults: [[{kind: 'runnersDisabled'}, {forSeconds: 900}]]});
	await day.pass(300);
	const verdict = day.jobVerdict('test');
	t.regex(verdict === undefined ? '' : describeJobVerdict(verdict, day.clock.now()), /no server is created: .*Repository level self-hosted runners are disabled/v);
	t.is(auditWorld(day.world).serversCreated, 0);
	await isServed(day);
	await day.end();
});

test('a refusal that only a mint shows stops creation for ten minutes, not for good', async t => {
	const day = given({jobs: [job('one')]});
	await day.wait('a server', () => auditWorld(day.world).serversCreated === 1);
	day.world.faults.inject({
		kind: 'answer', api: 'github', operation: 'jitConfig', status: 404,
	}, {forSeconds: 400});
	await day.pass(60);
	day.world.addRun({jobs: [job('two', 'server-cx33')]});
	await day.pass(330);
	t.is(auditWorld(day.world).serversCreated, 1, day.trace());
	t.regex(JSON.stringify(day.jobVerdict('two')), /runner group Default/v);
	await isServed(day);
	await day.end();
});

test('labels that GitHub does not take cost one server and its set-up says which; jobs with other labels are served', async t => {
	const day = given({
		jobs: [{...job('odd', 'odd'), isCounted: false}], faults: [[{
			kind: 'answer', api: 'github', operation: 'jitConfig', status: 422, message: 'Label is invalid',
		}, {afterSeconds: 12, forSeconds: 60}]],
	});
	await day.wait('its set-up has failed', () => /setting up .* failed|set-up .*failed/iv.test(day.trace()), 200);
	t.regex(day.trace(), /GitHub takes no runner with the labels self-hosted, Linux, X64, odd: 422/v);
	t.is(day.engine.internals.ownFault, undefined);
	day.world.addRun({jobs: [job('plain')]});
	await day.wait('the plain job is done', () => day.job('plain').actualState === 'completed');
	await day.end();
});

test('an Enterprise Server without such configurations gets the token path, and the log says so once', async t => {
	const day = given({jobs: [job('one'), job('two')], parameters: {githubHasJit: false}}, {githubUrl: 'https://git.example.com'});
	await isServed(day);
	t.is(day.world.github.tokens().length, 1);
	t.deepEqual(notices(day).filter(text => text.includes('registration token')), ['runners register with a registration token, which is good for the whole repository: https://git.example.com has no just-in-time configurations']);
	await day.end();
});

for (const [what, faults] of [
	['5xx', [{
		kind: 'answer', api: 'github', operation: 'jitConfig', status: 503,
	}]],
	['no answer', [{kind: 'down', api: 'github', operation: 'jitConfig'}]],
	['a limit', [{kind: 'secondaryLimit', retryAfterSeconds: 60}]],
	['404 of GitHub’s own', [{
		kind: 'answer', api: 'github', operation: 'jitConfig', status: 404,
	}]],
] as const) {
	test(`trouble of the moment never makes a token of a configuration: ${what}`, async t => {
		const day = given({jobs: [job('one'), job('two')], faults: faults.map(fault => [fault, {forSeconds: 300}] as const)});
		await isServed(day);
		t.deepEqual(day.world.github.tokens(), []);
		t.like(auditWorld(day.world), {jobs: {done: 2}});
		await day.end();
	});
}

test('--registration token, and a startup script that reads no configuration, get a token; the log says why', async t => {
	for (const [day, reason] of [
		[given({jobs: [job('test')]}, {registration: 'token'}), '--registration token says so'],
		[givenEngine({jobs: [job('test')]}), 'the startup script does not read GITHUB_RUNNER_JIT_CONFIG'],
	] as const) {
		await isServed(day);
		t.is(day.world.github.jitConfigs().length, 0);
		t.is(mints(day), 0);
		t.true(notices(day).some(text => text.endsWith(reason)), day.trace());
		await day.end();
	}
});

// Its life is not documented; ubicloud takes it for five minutes (ubicloud/ubicloud#2957).
test('a set-up that takes longer than a configuration lasts costs one server; the next registers with a token, and the log says why', async t => {
	const day = given({jobs: [job('test')], parameters: {setupSeconds: [280, 280], startupSeconds: [60, 60], jitSeconds: [300, 300]}});
	await isServed(day);
	t.like(auditWorld(day.world), {jobs: {done: 1}, serversCreated: 2}, day.trace());
	t.is(notices(day).filter(text => text.includes('registration token')).length, 1);
	t.regex(notices(day).join('\n'), /setting up a server took 5m4\ds, and a just-in-time configuration may lapse in that time/v);
	await day.end();
});
