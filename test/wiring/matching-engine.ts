// Which engine of this machine a command is for: the one that was asked for, or none, and then it is said what runs here.
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {serveRemote} from '../../source/remote/server.ts';
import {makeFolder} from '../../source/remote/sockets.ts';
import {fixtureController} from '../support/fixture-controller.ts';
import {givenState} from '../support/given/state.ts';
import {busyDay} from '../support/busy-day.ts';
import {
	emptyHome, runProgram, versionHere, type Ended,
} from '../support/program.ts';

const enterprise = {github: 'https://ghe.corp/api/v3', hetzner: 'https://api.hetzner.cloud/v1'};

async function given(t: ExecutionContext, apis: typeof enterprise | undefined): Promise<(argv: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ended>> {
	const home = emptyHome();
	const served = await serveRemote({
		controller: fixtureController(givenState(busyDay)), socketPath: path.join(makeFolder([path.join(home, 'hetzner-runners-tui')]), 'acme+widgets.sock'), about: {
			version: versionHere(), repository: 'acme/widgets', pid: process.pid, where: 'the service', apis,
		},
	});
	t.teardown(served.close);
	return async (argv, env = {}) => runProgram(argv, {env: {HOME: home, XDG_RUNTIME_DIR: home, ...env}});
}

test('with settings missing, an engine is asked that fits what was given; with nothing given, the one that runs', async t => {
	const run = await given(t, enterprise);
	for (const argv of [[], ['--github-api-url', 'https://GHE.corp/api/v3/'], ['--github-repository', 'Acme/Widgets']]) {
		t.like(await run(['list', 'jobs', ...argv]), {code: 0, stderr: ''}, argv.join(' '));
	}
});

test('an engine of another GitHub, Hetzner or repository is not, and what runs here is said', async t => {
	const run = await given(t, enterprise);
	const cases: ReadonlyArray<readonly [readonly string[], RegExp]> = [
		[['--github-api-url', 'https://other.corp/api/v3'], /the engine that runs here \(the service, for acme\/widgets\) asks https:\/\/ghe\.corp\/api\/v3, and not https:\/\/other\.corp\/api\/v3 \(--github-api-url\): not attached to it/v],
		[['--hetzner-api-url', 'https://h.example/v1'], /asks https:\/\/api\.hetzner\.cloud\/v1, and not https:\/\/h\.example\/v1 \(--hetzner-api-url\)/v],
		[['--github-repository', 'acme/other'], /No engine for acme\/other runs here that you may reach\. What runs here is for acme\/widgets\./v],
	];
	for (const [argv, words] of cases) {
		for (const command of ['pause', 'logs']) {
			const {code, stderr} = await run([command, ...argv]);
			t.is(code, 1, stderr);
			t.regex(stderr, words);
		}
	}
});

test('with all settings there, the usual addresses count too: an engine of an Enterprise Server is no engine for github.com', async t => {
	const run = await given(t, enterprise);
	const {code, stderr} = await run(['pause'], {
		GITHUB_REPOSITORY: 'acme/widgets', GITHUB_TOKEN: 'ghp_x', HETZNER_TOKEN: 'x', HETZNER_SSH_KEY: 'me',
	});
	t.is(code, 1);
	t.regex(stderr, /asks https:\/\/ghe\.corp\/api\/v3, and not https:\/\/api\.github\.com/v);
});
