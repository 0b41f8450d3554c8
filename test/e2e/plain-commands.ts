import path from 'node:path';
import test from 'ava';
import {runProgram} from '../support/program.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {
	quickArguments,
	serveQuickWorld,
	startProgram,
	until,
} from '../support/simulator-process.ts';

// The built program beside a running one, as an operator's shell or a script runs it.

test('list, pause, logs, scripts, ssh and delete reach the engine that runs here', async t => {
	const {world, environment, home} = await serveQuickWorld(t);
	world.addRun({jobs: [{name: 'long \u{1B}[31m', durationSeconds: 600}]});
	const socket = path.join(home, 'engine.sock');
	const engine = startProgram(t, ['run', ...quickArguments, '--socket', socket], environment);
	await until('the job runs', engine, () => engine.stdout().includes(' started on gh-actions-runner'));
	const say = async (...argv: readonly string[]) => runProgram(['--socket', socket, ...argv], {env: environment});

	const listed = await say('list');
	t.is(listed.stderr, '');
	t.is(listed.code, 0);
	t.regex(listed.stdout, /^WAIT +STATUS +JOB +RUN +LABELS +WHAT HAPPENS$/mv);
	t.regex(listed.stdout, /^\S+ +inProgress +ci \/ long �\[31m +\d+ +self-hosted +runs on /mv);
	t.regex(listed.stdout, /^NAME +STATUS +TYPE +LOCATION +ADDRESS +AGE +COST +WHAT HAPPENS$/mv);
	const values = JSON.parse((await say('list', 'servers', '--json')).stdout) as {servers: {read: string; items: Array<{name: string; verdict: {code: string}}>}; jobs?: unknown};
	t.is(values.servers.read, 'whole');
	t.is(values.servers.items[0]?.verdict.code, 'busy');
	t.is(values.jobs, undefined);
	const name = values.servers.items[0]?.name ?? '';

	t.regex((await say('pause')).stdout, /^acme\/widgets: paused: no new servers$/mv);
	await until('it is told who paused', engine, () => engine.stdout().includes('paused, by '));
	t.deepEqual(JSON.parse((await say('resume', '--json')).stdout), {repository: 'acme/widgets', mode: 'scaling'});

	t.is((await say('logs', '-n', '3')).stdout.trimEnd().split('\n').length, 3);
	t.regex((await say('logs', name.split('-').slice(-2).join('-'))).stdout, /Start runner/v);
	t.regex((await say('scripts', 'show')).stdout, /^setup +built in +\d+$/mv);
	t.regex((await say('scripts', 'show', 'startup-x64')).stdout, /^#!\/bin\/bash/v);
	t.regex((await say('ssh', name, '--', 'true')).stderr, /^$/v);

	const unasked = await say('delete', name);
	t.is(unasked.code, 2);
	t.regex(unasked.stderr, /busy with ci \/ long.*\n.*needs a terminal: add --yes/v);
	const kept = await say('delete', name, '--yes');
	t.is(kept.code, 1);
	t.regex(kept.stdout, /kept: its runner is busy/v);
	t.is(auditWorld(world).jobsKilled, 0);
	const forced = await say('delete', name, '--yes', '--busy');
	t.is(forced.code, 0);
	t.regex(forced.stdout, /^gh-actions-runner-\S+ {2}deleted$/mv);
});

test('without an engine, list and delete look by themselves, do nothing else, and the rest says that none runs', async t => {
	const {world, environment, home} = await serveQuickWorld(t);
	world.addRun({jobs: [{name: 'test', durationSeconds: 600}]});
	const socket = path.join(home, 'none.sock');
	const say = async (...argv: readonly string[]) => runProgram(['--socket', socket, ...argv], {env: environment});
	const listed = await say('list');
	t.is(listed.code, 0);
	t.is(listed.stderr, 'no engine runs here: looked up at GitHub and Hetzner\n');
	t.regex(listed.stdout, /queued +ci \/ test .*self-hosted/v);
	t.is(auditWorld(world).serversCreated, 0);
	t.regex((await say('delete', 'zombies', '--yes')).stderr, /there are no zombies/v);
	t.is(auditWorld(world).serversCreated, 0);
	for (const argv of [['pause'], ['logs'], ['attach']]) {
		const {code, stderr} = await say(...argv);
		t.is(code, argv[0] === 'attach' ? 2 : 1);
		t.regex(stderr, argv[0] === 'attach' ? /needs a terminal/v : /^No engine at .* runs here/v);
	}
});
