// The built program against the stand-in, over real HTTP: what needs no server to be reached.
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {systemClock} from '../../source/clock/system-clock.ts';
import {emptyHome, plainEnvironment, runNode} from '../support/program.ts';
import {endProgram, startProgram, until} from '../support/simulator-process.ts';
import {standIn} from '../support/stand-in.ts';

test('the program claims no label of another system, makes nothing while a policy forbids it, and removes no record by its name', async t => {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-test-'));
	t.teardown(async () => rm(folder, {recursive: true, force: true}));
	const key = path.join(folder, 'key');
	await runNode(['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key], {program: 'ssh-keygen'});
	const world = standIn(systemClock());
	world.publicKey = (await readFile(`${key}.pub`, 'utf8')).trim();
	world.addJob({run: 1, name: 'on Windows', labels: ['self-hosted', 'Windows']});
	world.addJob({run: 2, name: 'ours'});
	world.runners.push({
		id: 1, name: 'gh-actions-runner-7-1', labels: ['self-hosted', 'Linux', 'X64'], status: 'offline', busy: false, ephemeral: true,
	});
	const sentence = 'Repository level self-hosted runners are disabled on this repository.';
	world.override = ({path: where}) => where.endsWith('/registration-token') ? {status: 403, body: {message: sentence}} : undefined;
	const {url, close} = await world.listen();
	t.teardown(close);
	const program = startProgram(t, ['--no-console', '--scale-up-interval', '1', '--scale-down-interval', '1', '--max-runner-registration-time', '10'], plainEnvironment(emptyHome(), {
		GITHUB_API_URL: url, GITHUB_TOKEN: `ghp_${'a1B2'.repeat(9)}`, GITHUB_REPOSITORY: 'acme/widgets', HCLOUD_ENDPOINT: `${url}/v1`, HETZNER_TOKEN: 'a1B2'.repeat(16), HETZNER_SSH_KEY: 'key', HETZNER_SSH_PRIVATE_KEY: key,
	}));
	const polls = () => world.calls.filter(({path: where}) => where.endsWith('/actions/runners')).length;
	await until('it has polled for longer than a record may be without its server', program, () => polls() >= 14);
	const {stdout, stderr} = await endProgram(program);
	const said = `${stdout}${stderr}`;
	const changes = world.calls.filter(({method, path: where}) => method !== 'GET' && !/\/(?:registration-token|generate-jitconfig)$/v.test(where)).map(({method, path: where}) => `${method} ${where}`);
	t.deepEqual(changes.filter(change => change !== 'POST /v1/servers'), [], said);
	t.is(world.made(), 0, said);
	t.true(said.includes(sentence.slice(0, -1)), said);
});
