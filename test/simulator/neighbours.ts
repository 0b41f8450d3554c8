// Two repositories in one Hetzner project.
import test from 'ava';
import {createEngine} from '../../source/scaler/engine.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {given, job} from '../../source/simulator/given.ts';
import {inProcessPorts} from '../../source/simulator/ports/in-process.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {createWorld} from '../../source/simulator/world.ts';
import {givenPolicy} from '../support/given.ts';

function givenNeighbours() {
	const day = given({seed: 5, jobs: [{...job('ours'), durationSeconds: 200}]});
	const other = createWorld({
		seed: 505, clock: day.clock, neighbour: day.world, repository: {owner: 'acme', name: 'gadgets'},
	});
	other.addRun({jobs: [{...job('theirs'), durationSeconds: 200}, {...job('given up'), isCounted: false, durationSeconds: 10}]});
	const about = {version: '0.0.0', clockSpeed: 1};
	const engines = [day.world, other].map(world => createEngine(inProcessPorts(world), givenPolicy({repository: world.repository}), about));
	for (const engine of engines) {
		void engine.run();
	}

	return {day, other, engines};
}

test('each engine serves its own repository and sees nothing of the other\'s servers', async t => {
	const {day, other, engines} = givenNeighbours();
	await day.clock.passUntil(() => [day.world, other].every(world => world.github.jobs().every(one => one.actualState !== 'queued')), 600);
	t.deepEqual(engines.map(engine => engine.state().servers.items.length), [1, 2]);
	t.is(day.world.hetzner.servers.values().filter(server => !server.isForeign).toArray().length, 3);
	t.true(await day.clock.passUntil(() => isFinished(day.world) && isFinished(other), 3600));
	t.like(auditWorld(day.world), {foreignTouched: 0, jobsKilled: 0, jobs: {done: 1}});
	t.like(auditWorld(other), {jobs: {done: 1}});
	const stopped = Promise.all(engines.map(async engine => engine.stop()));
	await day.pass(15);
	await stopped;
});

test('a change to the other repository\'s server is counted, one to its own is not', async t => {
	const {day, other, engines} = givenNeighbours();
	await day.clock.passUntil(() => engines[1]?.state().servers.items.length === 2, 600);
	const theirs = other.hetzner.servers.values().find(({labels}) => labels['github-repository'] === 'gadgets')!;
	other.hetzner.updateServer(theirs, {labels: theirs.labels});
	t.is(auditWorld(day.world).foreignTouched, 0);
	day.world.hetzner.updateServer(theirs, {labels: theirs.labels});
	t.is(auditWorld(day.world).foreignTouched, 1);
	const stopped = Promise.all(engines.map(async engine => engine.stop()));
	await day.pass(15);
	await stopped;
});
