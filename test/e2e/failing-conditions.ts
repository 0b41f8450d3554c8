import test from 'ava';
import type {Policy} from '../../source/model/policy.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import type {HostOutcome} from '../../source/simulator/faults.ts';
import {isFinished, quietScenario} from '../../source/simulator/scenario.ts';
import {serveEngine, type ServedEngine} from '../support/served-engine.ts';

// The failing conditions that the program has always promised to handle, over real HTTP and the real ssh.

async function dayWith(outcome: HostOutcome, changes: Partial<Policy> = {}): Promise<ServedEngine> {
	return serveEngine(world => {
		quietScenario(world);
		world.addRun({jobs: [{name: 'test', outcome, durationSeconds: 40}]});
	}, changes);
}

async function untilDone(day: ServedEngine): Promise<void> {
	await day.wait('the job is done and no server is left', () => isFinished(day.world), 2400);
}

test('server never registers a runner: it is deleted after the registration limit, the job gets another', async t => {
	const day = await dayWith('neverRegisters');
	t.teardown(day.end);
	await untilDone(day);
	t.regex(day.trace(), /deleted .*: its runner never registered/v);
	t.like(auditWorld(day.world), {
		jobs: {done: 1}, serversCreated: 2, serversLeft: 0, jobsKilled: 0, foreignTouched: 0,
	});
});

test('config.sh fails: the failure is said with its last line, the server deleted, the job served again', async t => {
	const day = await dayWith('configFails', {registration: 'token'}); // Only with a token config.sh runs.;
	t.teardown(day.end);
	await untilDone(day);
	t.regex(day.trace(), /set-up of .* failed: startup script: exit code \d+: \S/v);
	t.regex(day.trace(), /deleted .*: set-up failed/v);
	t.like(auditWorld(day.world), {jobs: {done: 1}, serversCreated: 2, serversLeft: 0});
});

test('run.sh fails: the server powers off and is deleted, the job gets another', async t => {
	const day = await dayWith('runShFails');
	t.teardown(day.end);
	await untilDone(day);
	t.regex(day.trace(), /deleted .*: off for/v);
	t.like(auditWorld(day.world), {jobs: {done: 1}, serversCreated: 2, serversLeft: 0});
});

test('creating the server for a queued job fails: it is tried again', async t => {
	const day = await serveEngine(world => {
		quietScenario(world);
		world.faults.inject({
			kind: 'answer', api: 'hetzner', operation: 'createServer', status: 412, code: 'resource_unavailable', message: 'error during placement',
		}, {times: 1});
		world.addRun({jobs: [{name: 'test', durationSeconds: 40}]});
	});
	t.teardown(day.end);
	await untilDone(day);
	t.regex(day.trace(), /cx23 refused for .*; not asked again for/v);
	t.like(auditWorld(day.world), {jobs: {done: 1}, serversCreated: 1, serversLeft: 0});
});

test('runner never gets a job assigned: runner and server go after the idle limit, the job gets another', async t => {
	const day = await dayWith('neverGetsJob');
	t.teardown(day.end);
	await untilDone(day);
	t.regex(day.trace(), /deleted .*: idle for [23]m/v);
	t.like(auditWorld(day.world), {jobs: {done: 1}, serversLeft: 0, violations: []});
});

test('runner with mismatched labels: it is deleted as idle, the job gets another', async t => {
	const day = await dayWith('wrongLabels', {registration: 'token'}); // A just-in-time record has its labels from us.;
	t.teardown(day.end);
	await untilDone(day);
	t.regex(day.trace(), /deleted .*: idle for/v);
	t.like(auditWorld(day.world), {jobs: {done: 1}, serversLeft: 0, jobsKilled: 0});
});

test('a connection that breaks off and an engine that starts anew follow on with the same set-up', async t => {
	const day = await serveEngine(world => {
		quietScenario(world);
		world.addRun({jobs: [{name: 'test', outcome: 'dropsConnection', durationSeconds: 40}]});
	});
	t.teardown(day.end);
	await day.wait('set-up has begun', () => day.engine.state().setUps.values().some(({step}) => step === 'setup' || step === 'startup'));
	await day.restart();
	await untilDone(day);
	t.like(auditWorld(day.world), {jobs: {done: 1}, serversCreated: 1, serversLeft: 0});
});

test('a label that is a shell command is data everywhere', async t => {
	const label = 'x\'; touch /tmp/hetzner-runners-PWNED; echo \'';
	const day = await serveEngine(world => {
		quietScenario(world);
		world.addRun({branch: '$(touch /tmp/hetzner-runners-PWNED)', jobs: [{name: '`touch /tmp/hetzner-runners-PWNED`', labels: ['self-hosted', label], durationSeconds: 40}]});
	});
	t.teardown(day.end);
	await untilDone(day);
	t.is(auditWorld(day.world).jobs.done, 1);
	const {existsSync} = await import('node:fs');
	t.false(existsSync('/tmp/hetzner-runners-PWNED'));
});
