import test from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import {notAvailable} from '../../source/simulator/catalogue-2026-09.ts';
import {serverTypes} from '../../source/simulator/catalogue.ts';
import {job} from '../../source/simulator/given.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {givenEngine} from '../support/given-engine.ts';

test('each type of the catalogue has a price', t => {
	t.deepEqual(serverTypes.filter(({monthlyEuros}) => Number.isNaN(monthlyEuros)).map(({name}) => name), []);
});

// What hetzner.com showed on 2026-09-03 (robhunter/agentdeals#1181): none of the cheap types could be ordered.
test('with the cheap types closed for hours, as in September 2026, jobs are served by the next that fits; what no open type fits waits', async t => {
	const day = givenEngine({jobs: [{...job('x64'), durationSeconds: 60}, {...job('arm'), labels: ['self-hosted', 'arm64'], durationSeconds: 60}]}, {serverTypes: []});
	for (const serverType of notAvailable) {
		day.world.faults.inject({kind: 'pairRefused', serverType, form: 'unavailable'}, {forSeconds: 4 * 3600});
	}

	await day.until('x64', 'running');
	t.deepEqual([...day.world.hetzner.servers.values()].filter(server => !server.isForeign).map(({type}) => type.name), ['cpx22']);
	const arm = day.jobVerdict('arm');
	t.is(arm?.code, 'refused', 'no arm type can be had: the job waits, and its verdict names the refusal');
	await day.wait('both are done once the types are open again', () => isFinished(day.world), 6 * 3600);
	t.like(auditWorld(day.world), {jobsKilled: 0, serversLeft: 0, jobs: {done: 2}});
	await day.end();
});
