import test, {type ExecutionContext} from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {emptyHome, plainEnvironment} from '../support/program.ts';
import {
	endProgram,
	quickArguments,
	serveQuickWorld,
	startProgram,
	startSimulator,
	until,
	type QuickWorld,
} from '../support/simulator-process.ts';

// The built program as a user runs it: a process of its own, pointed at the world by the environment alone.

type Given = {readonly argv?: readonly string[]; readonly variables?: Readonly<Record<string, string>>};

async function failing(t: ExecutionContext, day: QuickWorld, given: Given, code: number, words: RegExp): Promise<void> {
	const program = startProgram(t, ['run', ...quickArguments, ...given.argv ?? []], {...day.environment, ...given.variables});
	const end = await program.ended;
	t.is(end.code, code);
	t.regex(end.stderr, words);
	t.is(end.stderr.trimEnd().split('\n').length, 1, 'one line, no stack trace');
	t.is(end.stdout, '');
	t.is(auditWorld(day.world).serversCreated, 0);
}

test('one job: a server is made, runs it and is deleted; SIGTERM ends the program in order', async t => {
	const {world, environment} = await serveQuickWorld(t);
	world.addRun({jobs: [{name: 'test', durationSeconds: 1}]});
	const program = startProgram(t, ['run', ...quickArguments, '--log-format', 'text'], environment);
	await until('the job is done and no server is left', program, () => isFinished(world));
	await until('the program has seen that', program, () => program.stdout().includes('deleted gh-actions-runner-'));
	const {code, stdout, stderr} = await endProgram(program);
	t.is(code, 0);
	t.is(stderr, '');
	t.regex(stdout, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {3}hetzner-runners-tui \d+\.\d+\.\d+ started for acme\/widgets$/mv);
	t.regex(stdout, / \+ created gh-actions-runner-\d+-\d+ \(cx23/v);
	t.regex(stdout, /deleted gh-actions-runner-\d+-\d+ .*: off for/v);
	t.regex(stdout.trimEnd().split('\n').at(-1) ?? '', /stopped; no servers left$/v);
	t.like(auditWorld(world), {
		jobs: {done: 1}, serversCreated: 1, serversLeft: 0, violations: [],
	});
});

test('a matrix of 30 jobs: 30 servers, one more at the most, and none stays', async t => {
	const {world, environment} = await serveQuickWorld(t);
	world.addRun({jobs: Array.from({length: 30}, (_, index) => ({name: `test (${index + 1})`, durationSeconds: 1 + (index % 2)}))});
	const program = startProgram(t, ['run', ...quickArguments, '--log-format', 'json'], environment);
	await until('all jobs are done and no server is left', program, () => isFinished(world), 90);
	const {code, stdout, stderr} = await endProgram(program);
	t.is(code, 0);
	t.is(stderr, '');
	const codes = stdout.trimEnd().split('\n').map(line => {
		const {code: event, time, msg} = JSON.parse(line) as {code: string; time: string; msg: string};
		t.true(msg.length > 0 && time === new Date(time).toISOString());
		return event;
	});
	t.is(codes[0], 'started');
	t.is(codes.at(-1), 'stopped');
	const audit = auditWorld(world);
	t.true(audit.serversCreated >= 30 && audit.serversCreated <= 31, `${audit.serversCreated} servers`);
	t.like(audit, {
		jobs: {total: 30, done: 30}, serversLeft: 0, jobsKilled: 0, foreignTouched: 0, violations: [],
	});
});

test('a job with the label server-cax11 gets an arm server of that type', async t => {
	const {world, environment} = await serveQuickWorld(t);
	world.addRun({jobs: [{name: 'build', labels: ['self-hosted', 'server-cax11'], durationSeconds: 1}]});
	const program = startProgram(t, ['run', ...quickArguments], environment);
	await until('the job is done and no server is left', program, () => isFinished(world));
	t.is((await endProgram(program)).code, 0);
	t.like(auditWorld(world), {jobs: {done: 1}, serversCreated: 1, violations: []});
	t.deepEqual(world.hetzner.gone.map(server => [server.type.name, server.type.architecture, server.host.architecture]), [['cax11', 'arm', 'arm64']]);
});

test('SIGTERM while a job runs: the program goes, says what stays, and the job is left alone', async t => {
	const {world, environment} = await serveQuickWorld(t);
	const {jobs: [job]} = world.addRun({jobs: [{name: 'long', durationSeconds: 600}]});
	const program = startProgram(t, ['run', ...quickArguments], environment);
	await until('the program has seen the job start', program, () => program.stdout().includes(' started on gh-actions-runner-'));
	const {code, stdout} = await endProgram(program);
	t.is(code, 0);
	t.regex(stdout.trimEnd().split('\n').at(-1) ?? '', /stopped; 1 server keeps running, the next start picks it up$/v);
	world.now();
	t.is(job?.actualState, 'running');
	t.like(auditWorld(world), {serversLeft: 1, jobsKilled: 0, violations: []});
});

test('the simulator is a process too: what it prints points the program at it, and a job of its morning starts', async t => {
	const {simulator, printed} = await startSimulator(t, ['--speed', '20', '--jobs', '3']);
	t.deepEqual(Object.keys(printed).toSorted(), [
		'GITHUB_API_URL',
		'GITHUB_REPOSITORY',
		'GITHUB_TOKEN',
		'HCLOUD_ENDPOINT',
		'HCLOUD_TOKEN',
		'HETZNER_SSH_KEY',
		'HETZNER_SSH_PORT',
		'HETZNER_SSH_PRIVATE_KEY',
		'HETZNER_TOKEN',
	]);
	const program = startProgram(t, ['run', ...quickArguments], plainEnvironment(emptyHome(), printed));
	await until('a job has started', program, () => program.stdout().includes(' started on gh-actions-runner-'));
	t.is((await endProgram(program)).code, 0);
	const {code, stdout, stderr} = await endProgram(simulator);
	t.is(code, 0);
	t.is(stderr, '');
	t.regex(stdout, /^jobs {6}\d of 3 done/mv);
});

test('the addresses of both APIs can be given as flags', async t => {
	const {world, served, environment} = await serveQuickWorld(t);
	world.addRun({jobs: [{name: 'test', durationSeconds: 600}]});
	const {GITHUB_API_URL: _github, HCLOUD_ENDPOINT: _hetzner, ...others} = environment;
	const program = startProgram(t, ['run', ...quickArguments, '--github-api-url', served.githubUrl, '--hetzner-api-url', served.hetznerUrl], others);
	await until('a server is created', program, () => auditWorld(world).serversCreated === 1);
	t.is((await endProgram(program)).code, 0);
});

test('--dry-run sends nothing but reads, and says once what it would create', async t => {
	const {world, environment} = await serveQuickWorld(t);
	world.addRun({jobs: [{name: 'test'}, {name: 'build', labels: ['self-hosted', 'server-cax11']}]});
	const program = startProgram(t, ['run', ...quickArguments, '--dry-run'], environment);
	await until('it has looked a few times', program, () => program.stdout().includes(' queued, wants ') && world.pipeline.log.filter(entry => entry.operation === 'listServers').length > 4);
	const {code, stdout} = await endProgram(program);
	t.is(code, 0);
	const types = stdout.matchAll(/dry run: would create gh-actions-runner-\d+-\d+ \((?<type>[a-z]+\d+)/gv).map(({groups}) => groups?.type ?? '').toArray();
	t.deepEqual(types.toSorted((a, b) => a.localeCompare(b)), ['cax11', 'cx23']);
	t.deepEqual(world.pipeline.log.filter(entry => !entry.isRead), []);
});

test('a token, a repository, a key or a script that is wrong gets one sentence', async t => {
	const day = await serveQuickWorld(t);
	await failing(t, day, {variables: {GITHUB_TOKEN: 'ghp_wrong'}}, 1, /^GitHub refused the token \(401 Bad credentials\): check --github-token \/ GITHUB_TOKEN/v);
	await failing(t, day, {variables: {HETZNER_TOKEN: 'x'.repeat(64)}}, 1, /^Hetzner refused the token: .*check --hetzner-token \/ HETZNER_TOKEN/v);
	await failing(t, day, {variables: {GITHUB_REPOSITORY: 'acme/gadgets'}}, 1, /^GitHub knows no repository acme\/gadgets, or this token may not see it/v);
	await failing(t, day, {variables: {HETZNER_SSH_KEY: 'nobody@laptop'}}, 1, /^Hetzner has no SSH key named "nobody@laptop" .*the project has: simulated-key/v);
	await failing(t, day, {argv: ['--server-type', 'cx32']}, 2, /^Hetzner has no server type "cx32" \(--server-type\): take one of .*\bcx33/v);
	await failing(t, day, {argv: ['--location', 'mars']}, 2, /^Hetzner has no location "mars" \(--location\): take one of .*fsn1/v);
	await failing(t, day, {argv: ['--image', 'ubuntu-24.40']}, 2, /^Hetzner has no image "ubuntu-24.40" \(--image\): take one of ubuntu-24.04,/v);
	await failing(t, day, {argv: ['--setup-script', '/nonexistent/setup.sh']}, 2, /^--setup-script \/nonexistent\/setup\.sh: there is no such file or folder\.$/mv);
	await failing(t, day, {argv: ['--startup-arm64-script', day.home]}, 2, /^--startup-arm64-script .*: it is a folder\.$/mv);
	await failing(t, day, {argv: ['--ssh-private-key', '/nonexistent/key']}, 2, /^.*\/nonexistent\/key.*$/mv);
	t.deepEqual(day.world.pipeline.log.filter(entry => !entry.isRead), []);
});

test('APIs that take every question and answer none hold up no start: it says which, and asks again', async t => {
	const {world, environment} = await serveQuickWorld(t);
	world.faults.inject({kind: 'slow', api: 'github', seconds: 25}, {times: 1});
	world.faults.inject({kind: 'slow', api: 'hetzner', seconds: 25}, {times: 1});
	world.addRun({jobs: [{name: 'test', durationSeconds: 1}]});
	const program = startProgram(t, ['run', ...quickArguments, '--log-format', 'text'], environment);
	await until('the job is done and no server is left', program, () => isFinished(world), 90);
	const {code, stderr} = await endProgram(program);
	t.is(code, 0);
	t.deepEqual(stderr.trimEnd().split('\n').toSorted(), ['GitHub', 'Hetzner'].map(api => `warning: ${api} did not answer within 15 s; started all the same, it is asked again and again`));
});
