import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {
	assertWithout, filesBelow, lookAround, nothingSeen, registrationTokens,
} from '../support/look-for-secrets.ts';
import {asApp, partsOfKey} from '../support/served-app.ts';
import {
	endProgram, quickArguments, serveQuickWorld, startProgram, until,
} from '../support/simulator-process.ts';

for (const githubClockSeconds of [0, 600, -600]) {
	test(`an engine with a GitHub App serves jobs across renewals of its token, GitHub's clock ${githubClockSeconds} s off; key and tokens are nowhere but where they must be`, async t => {
		const quick = await serveQuickWorld(t, {seed: 911, parameters: {githubClockSeconds, appTokenSeconds: 12}});
		const {world, home} = quick;
		const {environment, keyFile} = asApp(quick);
		const {githubApp: app} = world;
		const given = registrationTokens(world);
		const config = path.join(home, 'logger.json');
		const logFile = path.join(home, 'day.log');
		writeFileSync(config, JSON.stringify({level: 'info', destinations: [{to: 'stdout'}, {to: 'file', path: logFile}]}));
		world.addRun({jobs: [{name: 'first', durationSeconds: 2}, {name: 'long', durationSeconds: 30}]});
		const program = startProgram(t, ['run', ...quickArguments, '--debug', '--log-format', 'json', '--logger-config', config], environment);
		const seen = nothingSeen();
		let turn = 0;
		let hasMore = false;
		await until('all jobs are done across three tokens and no server is left', program, () => {
			if (turn++ % 8 === 0) {
				lookAround(program.pid, seen);
			}

			if (!hasMore && app.tokens.length >= 3) {
				hasMore = true;
				world.addRun({jobs: [{name: 'after the renewal', durationSeconds: 1}]});
			}

			return hasMore && isFinished(world);
		}, 110);
		const {code, stdout, stderr} = await endProgram(program);
		t.is(code, 0);
		t.is(stderr, '');
		t.like(auditWorld(world), {jobs: {done: 3}, violations: []});
		const lost = world.pipeline.log.filter(({api, status, operation}) => api === 'github' && status === 401);
		t.deepEqual(lost.map(({operation}) => operation), [], 'no request met a 401 but the App\'s own, which is in no budget');
		t.true(app.tokens.length < 30, `${app.tokens.length} tokens`);

		const secrets = [...app.tokens.map(token => token.text), ...partsOfKey(app.privateKey()), ...given];
		assertWithout(t, secrets, 'standard output', stdout);
		assertWithout(t, secrets, 'standard error', stderr);
		for (const [file, text] of filesBelow(home)) {
			if (file !== keyFile) {
				assertWithout(t, secrets, file, text);
			}
		}

		for (const line of seen.commandLines) {
			assertWithout(t, secrets, 'a command line', line);
		}

		t.true(seen.childEnvironments.size > 0);
		for (const text of seen.childEnvironments) {
			assertWithout(t, secrets, 'the environment of a child', text);
		}

		const servers = [...world.hetzner.servers.values(), ...world.hetzner.gone].filter(server => !server.isForeign);
		for (const {name, labels, userData} of servers) {
			assertWithout(t, secrets, 'name, labels or user data of a server', JSON.stringify([name, labels, userData]));
		}
	});
}

test('an App whose key was deleted stops a start with one sentence; one that loses its installation while it runs is told and goes on once it is back', async t => {
	const quick = await serveQuickWorld(t, {seed: 912, parameters: {appTokenSeconds: 30}});
	const {world} = quick;
	const {environment} = asApp(quick);
	const mend = world.faults.inject({kind: 'appKeyRevoked'});
	const refused = await startProgram(t, ['run', ...quickArguments], environment).ended;
	t.is(refused.code, 1);
	t.regex(refused.stderr, /GitHub does not know that key of the GitHub App \d+ \(401 A JSON web token could not be decoded\)/v);
	mend();
	const program = startProgram(t, ['run', ...quickArguments], environment);
	await until('it has looked', program, () => world.githubApp.tokens.length === 1 && world.pipeline.log.some(({operation, status}) => operation === 'listRuns' && status === 200));
	const restore = world.faults.inject({kind: 'installationSuspended'});
	await until('it says so', program, () => program.stdout().includes('suspended'));
	restore();
	world.addRun({jobs: [{name: 'test', durationSeconds: 1}]});
	await until('the job is done', program, () => isFinished(world), 115);
	t.is((await endProgram(program)).code, 0);
	t.regex(program.stdout(), /an owner of the account lifts that by "Unsuspend" at https:\/\/github\.com\/settings\/installations\/\d+/v);
});
