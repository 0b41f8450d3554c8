import {readFileSync} from 'node:fs';
import test from 'ava';
import {parseListen} from '../../source/metrics/serve.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {needs} from '../support/needs.ts';
import {runNode, runProgram} from '../support/program.ts';
import {
	endProgram,
	quickArguments,
	serveQuickWorld,
	startProgram,
	until,
	type RunningProgram,
} from '../support/simulator-process.ts';

// What Prometheus would get, over HTTP from the built program, read by Prometheus' own promtool.

async function addressOf(program: RunningProgram): Promise<string> {
	await until('metrics are served', program, () => program.stderr().includes('metrics at http'));
	return /metrics at (?<url>http\S+)/v.exec(program.stderr())?.groups?.url ?? '';
}

// Sample values by name with labels.
function samples(text: string): ReadonlyMap<string, number> {
	return new Map(text.split('\n').filter(line => line !== '' && !line.startsWith('#')).map(line => {
		const space = line.lastIndexOf(' ');
		return [line.slice(0, space), Number(line.slice(space + 1))];
	}));
}

needs('promtool', 'ssh')('a day\'s metrics pass Prometheus\' own check, tell what happened, and hold every family that the dashboard asks for', async t => {
	const {world, environment} = await serveQuickWorld(t, {seed: 61});
	world.addRun({jobs: [{name: 'test', durationSeconds: 2}, {name: 'bad', outcome: 'setupFails', durationSeconds: 1}, {name: 'more', durationSeconds: 1}]});
	const program = startProgram(t, ['run', ...quickArguments, '--metrics', '0', '--max-runners', '5', '--max-runner-registration-time', '10'], environment);
	const url = await addressOf(program);
	await until('all jobs are done', program, () => isFinished(world));
	const told = (words: RegExp) => program.stdout().match(words)?.length ?? 0;
	const answer = await fetch(url);
	t.is(answer.status, 200);
	t.regex(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/v);
	const text = await answer.text();
	const [starts, ends, creates] = [told(/ started on gh-/gv), told(/ done on gh-/gv), told(/\+ created gh-/gv)];
	t.is((await fetch(url.replace('/metrics', '/other'))).status, 404);

	const checked = await runNode(['check', 'metrics'], {program: 'promtool', input: text});
	t.is(checked.stdout + checked.stderr, '');
	t.is(checked.code, 0);

	const values = samples(text);
	const version = (await runProgram(['--version'])).stdout.trim();
	t.is(values.get(`hetzner_runners_info{version="${version}",repository="acme/widgets"}`), 1);
	t.true(starts > 0);
	t.is(values.get('hetzner_runners_jobs_started_total'), starts);
	t.is(values.get('hetzner_runners_jobs_done_total'), ends);
	t.is(values.get('hetzner_runners_queue_wait_seconds_count'), starts);
	t.true((values.get('hetzner_runners_queue_wait_seconds_sum') ?? 0) > 0);
	t.is(values.get('hetzner_runners_servers_created_total{type="cx23",location="fsn1"}'), creates);
	t.is(values.get('hetzner_runners_events_total{code="setUpFailed"}'), 1);
	t.is(values.get('hetzner_runners_servers_max'), 5);
	t.is(values.get('hetzner_runners_mode{mode="scaling"}'), 1);
	t.true((values.get('hetzner_runners_api_requests_remaining{api="github"}') ?? 0) > 1000);
	t.true((values.get('hetzner_runners_last_read_age_seconds{list="jobs"}') ?? 1e9) < 120);
	t.true((values.get('hetzner_runners_cost_today{currency="EUR"}') ?? 0) > 0);
	t.false([world.githubToken, world.hetznerToken].some(token => text.includes(token)));

	const dashboard = readFileSync(new URL('../../media/grafana-dashboard.json', import.meta.url), 'utf8');
	const asked = new Set(dashboard.match(/hetzner_runners_\w+/gv));
	t.true(asked.size > 15);
	for (const name of asked) {
		t.true(text.includes(`# TYPE ${name.replace(/_bucket$/v, '')} `), `the dashboard asks for ${name}`);
	}

	const {code} = await endProgram(program);
	t.is(code, 0);
});

test('metrics listen on loopback unless told otherwise, and not at all without --metrics', t => {
	t.deepEqual(parseListen('9090'), {host: '127.0.0.1', port: 9090});
	t.deepEqual(parseListen('0.0.0.0:9090'), {host: '0.0.0.0', port: 9090});
	t.deepEqual(parseListen('[::1]:9090'), {host: '::1', port: 9090});
	for (const wrong of ['', '70000', 'host', '::1:9090', 'a b:1']) {
		t.is(parseListen(wrong), undefined, `"${wrong}" is no address`);
	}
});

test('an address that is none, and one that is taken, are told in a sentence', async t => {
	const {environment} = await serveQuickWorld(t, {seed: 62});
	const wrong = await runProgram(['run', ...quickArguments, '--metrics', 'here'], {env: environment});
	t.is(wrong.code, 2);
	t.is(wrong.stderr, '--metrics is "here", but must be a port or HOST:PORT, such as 9090 or 0.0.0.0:9090.\n');
	const first = startProgram(t, ['run', ...quickArguments, '--metrics', '0'], environment);
	const {port} = new URL(await addressOf(first));
	const {code, stderr} = await runProgram(['run', ...quickArguments, '--metrics', port], {env: environment});
	t.is(code, 2);
	t.regex(stderr, new RegExp(`^--metrics ${port} cannot be served: listen EADDRINUSE[^\n]*\n$`, 'v'));
	await endProgram(first);
});
