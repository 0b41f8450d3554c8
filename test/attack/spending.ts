// Whoever opens a pull request chooses labels, and with them machines: what they may spend has bounds that they cannot move.
import test from 'ava';
import {placementsFor} from '../../source/model/placements.ts';
import {describeJobVerdict} from '../../source/model/describe-verdict.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {job} from '../../source/simulator/given.ts';
import {givenEngine} from '../support/given-engine.ts';
import {givenPolicy} from '../support/given.ts';

const labelled = (name: string, ...labels: readonly string[]) => ({...job(name), labels: ['self-hosted', ...labels]});

test('a label chooses only what --allow-server-type has, and who asks for more is told which option says no', async t => {
	const day = givenEngine({jobs: [labelled('greedy', 'server-ccx63'), labelled('Greedy', 'SERVER-CCX63'), labelled('modest', 'server-cpx22'), labelled('plain')]}, {allowedServerTypes: ['cpx*', 'cax11']});
	await day.until('modest', 'running');
	for (const name of ['greedy', 'Greedy']) {
		const verdict = day.jobVerdict(name);
		t.like(verdict, {code: 'unservable', fault: {why: 'forbiddenType', serverType: 'ccx63'}});
		t.is(verdict === undefined ? '' : describeJobVerdict(verdict, day.clock.now()), 'cannot be served: a label may not choose ccx63: --allow-server-type has cpx*, cax11');
	}

	await day.pass(600);
	t.deepEqual([...new Set([...day.world.hetzner.gone, ...day.world.hetzner.servers.values()].filter(server => !server.isForeign).map(server => server.type.name))].toSorted(), ['cpx22', 'cx23']);
	t.like(auditWorld(day.world), {jobs: {done: 2}});
	await day.end();
});

test('a pattern means a whole type: no label gets by with more before or behind it, and what the settings name themselves is always allowed', t => {
	const choice = (label: string, allowedServerTypes: readonly string[]) => {
		const placements = placementsFor(['self-hosted', label], givenPolicy({allowedServerTypes}), undefined);
		return 'why' in placements ? placements.why : placements[0]?.serverType;
	};

	for (const [type, allowed] of [
		['cx23', ['cx23']], ['cx23', ['CX23']], ['cx23', ['cx*']], ['cx23', ['*']], ['cx23', ['c*3']], ['cx23', ['c*2*']], ['cx23', ['cax11', 'cx*']], ['cpx62', ['c*x*2']],
	] as const) {
		t.is(choice(`server-${type}`, allowed), type, `${type} by ${allowed.join(',')}`);
	}

	for (const [type, allowed] of [
		['cx23', ['cx']], ['cx23', ['x23']], ['ccx63', ['cx*']], ['cx23', ['cx23*3']], ['cx23', ['c.23']], ['cx23', ['']], ['cx23', ['cx2?']], ['cx33', ['cx*33*3']], ['ccx63 cx23', ['cx*']],
	] as const) {
		t.is(choice(`server-${type}`, allowed), 'forbiddenType', `${type} by ${allowed.join(',')}`);
	}

	t.is(choice('other', ['cax11']), 'cx23', 'no label chooses: the configured type');
});

test('of two types that a label set names, the one that is allowed is taken', t => {
	const placements = placementsFor(['server-ccx63', 'server-cx33'], givenPolicy({allowedServerTypes: ['cx*']}), undefined);
	t.deepEqual('why' in placements ? placements.why : placements.map(({serverType}) => serverType), ['cx33']);
});

test('a server that its job will not let go of is deleted when the job ends, with the reason in the log and none of its jobs killed', async t => {
	const day = givenEngine({jobs: [{...job('endless'), durationSeconds: 3000}]}, {maxServerLifeSeconds: 600});
	await day.until('endless', 'running');
	await day.pass(1200);
	t.true(day.serverVerdicts().some(verdict => verdict.code === 'busy' && verdict.lifeSeconds === 600));
	await day.wait('it is over', () => auditWorld(day.world).serversLeft === 0 && auditWorld(day.world).jobs.done === 1, 4000);
	t.like(auditWorld(day.world), {jobsKilled: 0, serversCreated: 1});
	await day.end();
});

test('a server that got no job and is past its life goes before its idle time, told and written down', async t => {
	const day = givenEngine({jobs: [{...job('gone'), durationSeconds: 60}]}, {maxServerLifeSeconds: 600, maxIdleRunnerSeconds: 86_000});
	await day.wait('its server is made', () => day.world.hetzner.servers.values().some(server => !server.isForeign));
	for (const run of day.world.github.runs) {
		day.world.github.cancelRun(run);
	}

	await day.wait('no server is left', () => auditWorld(day.world).serversLeft === 0, 1500);
	t.regex(day.trace(), /older than 10m \(--max-server-life\) and idle/v);
	t.like(auditWorld(day.world), {jobsKilled: 0, serversCreated: 1});
	await day.end();
});
