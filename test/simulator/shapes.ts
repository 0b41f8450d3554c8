import {existsSync, readFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {systemClock} from '../../source/clock/system-clock.ts';
import {quietScenario} from '../../source/simulator/scenario.ts';
import {serveWorld} from '../../source/simulator/serve.ts';
import {createWorld} from '../../source/simulator/world.ts';

// The vendors' own OpenAPI files judge the simulator's bodies. They are large and stay outside of the repository.
const folder = path.join(import.meta.dirname, '../../../shared/spec');
const files = {hetzner: path.join(folder, 'hcloud-openapi.json'), github: path.join(folder, 'github/github-subset.openapi.json')};

type Node = Readonly<Record<string, unknown>>;

const nodeShape = z.record(z.string(), z.unknown());

function asNode(value: unknown): Node {
	return nodeShape.safeParse(value).data ?? {};
}

function at(root: Node, pointer: readonly string[]): Node {
	let node = root;
	for (const step of pointer) {
		node = asNode(node[step]);
		node = typeof node.$ref === 'string' ? at(root, node.$ref.slice(2).split('/')) : node;
	}

	return node;
}

// What is wrong with a body by its schema: missing required fields, wrong types, values out of an enumeration.
function faultsOf(value: unknown, given: Node, root: Node, where: string): readonly string[] {
	const schema = typeof given.$ref === 'string' ? at(root, given.$ref.slice(2).split('/')) : given;
	const types = [schema.type ?? []].flat();
	if (value === null) {
		return schema.nullable === true || types.includes('null') || types.length === 0 || alternatives(schema).length > 0 ? [] : [`${where} is null`];
	}

	const choices = alternatives(schema);
	if (choices.length > 0) {
		const faults = choices.map(choice => faultsOf(value, asNode(choice), root, where));
		return faults.find(found => found.length === 0) ?? faults[0] ?? [];
	}

	const all = Array.isArray(schema.allOf) ? schema.allOf.flatMap(part => faultsOf(value, asNode(part), root, where)) : [];
	if (Array.isArray(schema.enum) && !schema.enum.includes(value)) {
		return [`${where} is ${JSON.stringify(value)}`];
	}

	const type = types[0];
	if (Array.isArray(value)) {
		return type === 'array' || type === undefined ? [...all, ...value.flatMap((item, index) => faultsOf(item, asNode(schema.items), root, `${where}[${index}]`))] : [`${where} is an array`];
	}

	if (typeof value === 'object') {
		const body = asNode(value);
		const required = z.array(z.string()).safeParse(schema.required).data ?? [];
		return type === 'object' || type === undefined
			? [
				...all,
				...required.filter(key => !Object.hasOwn(body, key)).map(key => `${where}.${key} is missing`),
				...Object.entries(asNode(schema.properties)).flatMap(([key, inner]) => Object.hasOwn(body, key) ? faultsOf(body[key], asNode(inner), root, `${where}.${key}`) : []),
			]
			: [`${where} is an object`];
	}

	const isRight = type === undefined || (type === 'integer' ? Number.isSafeInteger(value) : typeof value === type);
	return isRight ? all : [...all, `${where} is a ${typeof value}, not a ${JSON.stringify(type)}`];
}

function alternatives(schema: Node): readonly unknown[] {
	return z.array(z.unknown()).safeParse(schema.anyOf ?? schema.oneOf).data ?? [];
}

type Question = readonly [method: string, template: string, path: string, status: number, body?: unknown];

// Fields that the vendor's file still has and the API no longer has: "datacenter" went on 2026-07-01.
const removed = /\.datacenter is missing$/v;

test('bodies have the shape that the vendors\' own files ask for', async t => {
	const directory = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-shapes-'));
	const world = createWorld({seed: 5, clock: systemClock(50), knobs: {jobsLagSeconds: [0, 0]}});
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
