// A shell that the console opens runs a program of the system, and whatever that starts: no token goes along.
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {serveRemote} from '../../source/remote/server.ts';
import {busyDay} from '../support/busy-day.ts';
import {fixtureController} from '../support/fixture-controller.ts';
import {givenState} from '../support/given/state.ts';
import {large} from '../support/open-demo.ts';
import {versionHere} from '../support/program.ts';
import {isWhole, openProgram} from '../support/pty.ts';
import {stubPrograms} from '../support/stub-programs.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

test('the shell on a server gets no token from the environment of the console', async t => {
	const served = await serveRemote({
		controller: fixtureController(givenState(busyDay)), socketPath: path.join(temporaryFolder('shell'), 'engine.sock'), about: {
			version: versionHere(), repository: 'acme/widgets', pid: 1, where: 'the service',
		},
	});
	const stub = stubPrograms();
	const seen = path.join(stub.folder, 'environment');
	stub.add('ssh', `env >'${seen}.new'; mv '${seen}.new' '${seen}'`);
	const secrets = {GITHUB_TOKEN: 'ghp_secretOfGitHub', HETZNER_TOKEN: 'secretOfHetzner', HCLOUD_TOKEN: 'anotherOfHetzner'};
	const program = openProgram(['attach', '--socket', served.socketPath, '--no-bell'], {...large, env: {...secrets, PATH: stub.path, KEPT: 'this'}});
	t.teardown(async () => {
		await program.kill();
		await served.close();
	});
	await program.until('the first screen', isWhole);
	program.type('2');
	await program.until('the servers', ({text}) => text.includes('[Servers]'));
	program.type('x');
	await program.until('the shell', () => existsSync(seen));
	const environment = readFileSync(seen, 'utf8');
	t.regex(environment, /^KEPT=this$/mv);
	t.deepEqual(Object.values(secrets).filter(secret => environment.includes(secret)), []);
});
