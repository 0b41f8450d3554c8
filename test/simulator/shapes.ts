import {existsSync, readFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {systemClock} from '../../source/clock/system-clock.ts';
import {quietScenario} from '../../source/simulator/scenario.ts';
import {serveWorld} from '../../source/simulator/serve.ts';
import {createWorld} from '../../source/simulator/world.ts';
import {
	asNode,
	at,
	faultsOf,
	files,
	folder,
} from '../support/openapi.ts';

type Question = readonly [method: string, template: string, path: string, status: number, body?: unknown];

// Fields that the vendor's file still has and the API no longer has: "datacenter" went on 2026-07-01.

test('bodies have the shape that the vendors\' own files ask for', async t => {
	const directory = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-shapes-'));
	const world = createWorld({seed: 5, clock: systemClock(50), parameters: {jobsLagSeconds: [0, 0]}});
	quietScenario(world);
	const served = await serveWorld({world, directory});
	t.teardown(async () => {
		await served.close();
		await rm(directory, {recursive: true, force: true});
	});
	const run = world.addRun({jobs: [{name: 'test'}, {name: 'lint', labels: ['ubuntu-latest']}]});
	const made = world.hetzner.createServer({name: 'one', server_type: 'cx23', image: 'ubuntu-24.04'});
	const id = 'code' in made ? 0 : made.server.id;
	const actionId = 'code' in made ? 0 : made.action.id;
	const runner = world.github.addRunner({name: 'one', labels: ['self-hosted'], architecture: 'x64'});
	const own = '/repos/acme/widgets';
	const questions: Readonly<Record<keyof typeof files, readonly Question[]>> = {
		hetzner: [
			['GET', '/servers', '/servers', 200],
			['GET', '/servers/{id}', `/servers/${id}`, 200],
			['PUT', '/servers/{id}', `/servers/${id}`, 200, {labels: {a: 'b'}}],
			['POST', '/servers', '/servers', 201, {
				name: 'two', server_type: 'cax11', image: 'ubuntu-24.04', ssh_keys: ['simulated-key'],
			}],
			['GET', '/actions/{id}', `/actions/${actionId}`, 200],
			['GET', '/actions', `/actions?id=${actionId}`, 200],
			['GET', '/servers/actions', '/servers/actions', 200],
			['GET', '/server_types', '/server_types', 200],
			['GET', '/locations', '/locations', 200],
			['GET', '/images', '/images', 200],
			['GET', '/ssh_keys', '/ssh_keys', 200],
			['GET', '/pricing', '/pricing', 200],
			['GET', '/primary_ips', '/primary_ips', 200],
			['GET', '/servers/{id}/metrics', `/servers/${id}/metrics?type=cpu,disk&start=2026-11-24T09:00:00Z&end=2026-11-24T10:00:00Z`, 200],
			['PUT', '/ssh_keys/{id}', '/ssh_keys/9800001', 200, {labels: {a: 'b'}}],
			['POST', '/servers/{id}/actions/change_protection', `/servers/${id}/actions/change_protection`, 201, {delete: true, rebuild: true}],
		],
		github: [
			['GET', '/repos/{owner}/{repo}/actions/runs', `${own}/actions/runs`, 200],
			['GET', '/repos/{owner}/{repo}/actions/runs/{run_id}', `${own}/actions/runs/${run.id}`, 200],
			['GET', '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs', `${own}/actions/runs/${run.id}/jobs`, 200],
			['GET', '/repos/{owner}/{repo}/actions/jobs/{job_id}', `${own}/actions/jobs/${run.jobs[0]!.id}`, 200],
			['GET', '/repos/{owner}/{repo}/actions/runners', `${own}/actions/runners`, 200],
			['GET', '/repos/{owner}/{repo}/actions/runners/{runner_id}', `${own}/actions/runners/${runner.id}`, 200],
			['GET', '/repos/{owner}/{repo}/actions/runners/downloads', `${own}/actions/runners/downloads`, 200],
			['POST', '/repos/{owner}/{repo}/actions/runners/registration-token', `${own}/actions/runners/registration-token`, 201],
			['POST', '/repos/{owner}/{repo}/actions/runners/generate-jitconfig', `${own}/actions/runners/generate-jitconfig`, 201, {name: 'jit', runner_group_id: 1, labels: ['self-hosted']}],
			['GET', '/rate_limit', '/rate_limit', 200],
			['GET', '/repos/{owner}/{repo}', own, 200],
		],
	};
	for (const api of ['hetzner', 'github'] as const) {
		const isThere = existsSync(files[api]);
		if (!isThere) {
			t.log(`No ${path.relative(folder, files[api])} on this machine: only the status of ${api}'s answers is checked.`);
		}

		const spec = isThere ? asNode(JSON.parse(readFileSync(files[api], 'utf8'))) : {};
		for (const [method, template, asked, status, body] of questions[api]) {
			// One after another, as the questions change the world.
			const response = await fetch(`${api === 'github' ? served.githubUrl : served.hetznerUrl}${asked}`, {
				method, headers: {authorization: `Bearer ${api === 'github' ? served.githubToken : served.hetznerToken}`, 'user-agent': 'test'}, ...(body !== undefined && {body: JSON.stringify(body)}),
			});
			const answer: unknown = await response.json();
			t.is(response.status, status, `${method} ${asked}: ${JSON.stringify(answer)}`);
			const schema = at(spec, ['paths', template, method.toLowerCase(), 'responses', String(status), 'content', 'application/json', 'schema']);
			t.true(!isThere || Object.keys(schema).length > 0, `${method} ${template} has no schema`);
			t.deepEqual(faultsOf(answer, schema, spec, '').filter(fault => !fault.endsWith('.datacenter is missing')), [], `${method} ${asked}`);
		}
	}
});
