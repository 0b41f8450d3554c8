// A job that has root on its server, which lives on after it: it can make the server say whatever it likes.
import test from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import {job} from '../../source/simulator/given.ts';
import type {SimulatedServer} from '../../source/simulator/hetzner-resources.ts';
import {givenEngine, type EngineDay} from '../support/given-engine.ts';

/*
A day whose one server has been set up, and then says that it never was: its state on the disk is gone, so are the marks on its labels.
*/
async function dayWithLiar(): Promise<{readonly day: EngineDay; readonly server: SimulatedServer}> {
	const day = givenEngine({seed: 5, runs: [{workflow: 'ci', jobs: [{...job('test'), durationSeconds: 3000}]}]});
	await day.wait('the job runs', () => day.jobVerdict('test')?.code === 'running');
	const [server] = day.world.hetzner.servers.values();
	if (server === undefined) {
		throw new Error('no server');
	}

	await day.engine.stop();
	server.host.setUpAt = undefined;
	server.host.lines.length = 0;
	server.host.exitCode = undefined;
	const {'startup-ended-at': _, ...labels} = server.labels;
	server.labels = labels;
	return {day, server};
}

test('a server with a running job gets no registration after a restart, whatever it says', async t => {
	const {day, server} = await dayWithLiar();
	day.another();
	await day.pass(240);
	t.is(server.host.setUpAt, undefined, 'nothing was handed over');
	t.is(auditWorld(day.world).jobsKilled, 0);
	await day.end();
});

test('a server older than its set-up may take gets none either, although nothing is known of its runner', async t => {
	const {day, server} = await dayWithLiar();
	day.world.github.runners.clear();
	await day.pass(900);
	day.another();
	await day.pass(60);
	t.is(server.host.setUpAt, undefined);
	await day.end();
});

test('an engine with other settings leaves a server alone that another one sets up', async t => {
	const day = givenEngine({seed: 6, runs: [{workflow: 'ci', jobs: [job('test')]}]}, {engineSet: 'first'});
	await day.wait('a server is made', () => day.trace().includes('created gh-'));
	void day.engine.stop();
	await day.pass(1);
	const [server] = day.world.hetzner.servers.values();
	day.another({engineSet: 'second', maxRunners: 1});
	await day.pass(60);
	t.is(server?.host.setUpAt, undefined);
	await day.end();
});

test('an image without cloud-init gets nothing secret, and is given up with the reason', async t => {
	const day = givenEngine({seed: 7, runs: [{workflow: 'ci', jobs: [job('test')]}], parameters: {imagesHaveCloudInit: false}});
	await day.wait('its set-up failed', () => day.trace().includes('cloud-init'), 200);
	t.true([...day.world.hetzner.servers.values(), ...day.world.hetzner.gone].every(({host}) => host.setUpAt === undefined));
	await day.end();
});
