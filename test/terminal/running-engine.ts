// Plain commands that change a running engine: its maximum number of servers, and one server that is drained.
import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {serveRemote} from '../../source/remote/server.ts';
import {busyDay} from '../support/busy-day.ts';
import {fixtureController} from '../support/fixture-controller.ts';
import {givenState} from '../support/given/state.ts';
import {
	emptyHome, plainEnvironment, runProgram, versionHere,
} from '../support/program.ts';

test('"settings set max-runners" counts at once in a running engine, and is written; "drain SERVER" drains one', async t => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'hrt-running-'));
	const controller = fixtureController(givenState(busyDay));
	const socketPath = path.join(folder, 'engine.sock');
	const served = await serveRemote({
		controller, socketPath, about: {
			version: versionHere(), repository: 'acme/widgets', pid: 1, where: 'the service',
		},
	});
	t.teardown(async () => {
		await served.close();
		rmSync(folder, {recursive: true});
	});
	const env = plainEnvironment(emptyHome());
	const set = await runProgram(['settings', 'set', 'max-runners', '12', '--socket', socketPath], {env});
	t.is(set.code, 0, set.stderr);
	t.regex(set.stdout, /acme\/widgets: the running engine's maximum is 12 now/v);
	t.regex((await runProgram(['settings', 'show'], {env})).stdout, /max-runners +12 /v);
	const drained = await runProgram(['drain', '4808-9908', '--socket', socketPath], {env});
	t.is(drained.code, 0, drained.stderr);
	t.regex(drained.stdout, /gh-actions-runner-4808-9908: draining/v);
	t.deepEqual(controller.calls, ['setMaxRunners 12', 'drain gh-actions-runner-4808-9908']);
	const alone = await runProgram(['settings', 'set', 'max-runners', '13'], {env});
	t.is(alone.code, 0, alone.stderr);
	t.is(alone.stdout, '');
});
