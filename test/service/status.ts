import path from 'node:path';
import test from 'ava';
import {engineState} from '../../source/commands/service/status.ts';
import {serveRemote} from '../../source/remote/server.ts';
import {instant, later} from '../../source/model/time.ts';
import {formatStatus, statusValues, type ServiceStatus} from '../../source/service/status.ts';
import {job} from '../../source/simulator/given.ts';
import {givenEngine} from '../support/given-engine.ts';
import {emptyHome} from '../support/program.ts';

const unit: ServiceStatus['unit'] = {
	active: 'active', sub: 'running', since: instant(0), restarts: 0, result: 'success',
};
const record = {version: '1.0.0', repository: 'acme/widgets', steps: []};

test('status says since when, version, repository, counts, budgets, zombies and the last error, as the engine behind the socket has them', async t => {
	const day = givenEngine({jobs: [{...job('test'), durationSeconds: 3000}, {...job('sign'), outcome: 'setupFails'}]});
	await day.until('test', 'running');
	await day.pass(120);
	const socketPath = path.join(emptyHome(), 'engine.sock');
	const served = await serveRemote({
		controller: day.controller, socketPath, about: {
			version: '1.0.0', repository: 'acme/widgets', pid: 1, where: 'a test',
		},
	});
	const engine = await engineState(socketPath, '1.0.0');
	await served.close();
	if ('unreachable' in engine) {
		throw new Error(engine.unreachable);
	}

	const now = later(engine.publishedAt, 0);
	const status: ServiceStatus = {
		record, unit: {...unit, since: later(now, -3600 * 5)}, engine, now,
	};
	const words = formatStatus(status);
	t.regex(words, /^github-runners\.service +active \(running\) since \d{4}-\d\d-\d\d \d\d:\d\d, 5h$/mv);
	t.regex(words, /^repository +acme\/widgets$/mv);
	t.regex(words, /^mode +scaling$/mv);
	t.regex(words, /^jobs +\d+ queued, 1 running$/mv);
	t.regex(words, /^servers +\d+, \d+ zombies?$/mv);
	t.regex(words, /^budgets +GitHub (?:\d+\/\d+|unknown), Hetzner (?:\d+\/\d+|unknown)$/mv);
	t.regex(words, /^last error +\d{4}-\d\d-\d\d \d\d:\d\d set-up of gh-actions-runner-\S+ failed/mv);
	t.like(statusValues(status), {
		installed: true, active: 'active', repository: 'acme/widgets', engine: {reachable: true, mode: 'scaling', running: 1},
	});
	await day.end();
});

test('an engine that does not answer, a failed unit and a newer installation are said as they are', async t => {
	const engine = await engineState(path.join(emptyHome(), 'none.sock'), '1.0.0');
	const words = formatStatus({
		record, unit: {
			...unit, active: 'failed', sub: 'failed', restarts: 3, result: 'watchdog', since: undefined,
		}, engine, now: instant(0),
	});
	t.regex(words, /^github-runners\.service +failed \(failed\); restarted 3 times, last result: watchdog$/mv);
	t.regex(words, /^engine +\S+/mv);
	t.regex(words, /^version +1\.0\.0$/mv);
});
