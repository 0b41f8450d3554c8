// Every recorded, observed or documented answer of an endpoint that the adapters ask is read by them. Each file is either read here or named as another endpoint's.
import test from 'ava';
import {createGitHub} from '../../source/github/github.ts';
import {actionWaiter} from '../../source/hetzner/actions.ts';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import type {JobId, RunId} from '../../source/model/job.ts';
import type {RunnerId} from '../../source/model/runner.ts';
import type {ServerName} from '../../source/model/server-name.ts';
import type {ServerId} from '../../source/model/server.ts';
import {PortError} from '../../source/scaler/ports.ts';
import {answeringServer, type Answer} from '../support/answering-server.ts';
import {jobRow, runnerRow} from '../support/github-bodies.ts';
import {handClock} from '../support/hand-clock.ts';
import {page, serverRow} from '../support/hetzner-bodies.ts';
import {asNode} from '../support/openapi.ts';
import {sharedFixtures, type Fixture} from '../support/shared-fixtures.ts';

const never = new AbortController().signal;
const repository = {owner: 'acme', name: 'widgets'};
const {labels} = serverRow(1, '');

// Single runs, the limits and the repository itself are no part of the ports; at Hetzner, neither are addresses, images' changes, and what else can be done to a server or a key.
const otherEndpoints: readonly RegExp[] = [
	/^(?:run-get|run-rerun|rate_limit|conditional|repo-renamed)/v,
	/primary_?ip/v,
	/^(?:post_|put_|get_)(?:images|servers|ssh_keys)_id/v,
	/^headers-200/v,
	/servers-response_(?:add|apply|attach|change|detach|get_metrics|remove|server_)/v,
	/response_update_(?:image|ssh_key)|sshkey-create_response/v,
	/get_actions_id|(?:image|location|server_type|ssh_key)_response/v, // Single ones of what is read as lists.
];

const isOther = ({name}: Fixture) => otherEndpoints.some(pattern => pattern.test(name)) && !/(?:one|two)_\w+_response/v.test(name);

const rowsOf = (value: unknown): readonly unknown[] => Array.isArray(value) ? value : [];

async function withServer<Value>(answer: (path: string) => Answer, ask: (url: string) => Promise<Value>): Promise<Value> {
	const server = await answeringServer(({path}) => answer(path));
	try {
		return await ask(server.url);
	} finally {
		await server.close();
	}
}

const github = (url: string) => createGitHub({
	apiUrl: url, token: 'x', repository, clock: handClock(), speed: 1_000_000,
});

const hetzner = (url: string, sshKeyName = 'laptop') => createHetzner({
	apiUrl: `${url}/v1`, token: 'x', repository, sshKeyName, image: 'ubuntu-24.04', clock: handClock(), attemptMilliseconds: 2000,
});

// What the adapter made of it, in a word; undefined when no adapter asks for such a thing.
async function readGitHub({name, status, body}: Fixture): Promise<string | undefined> {
	const node = asNode(body);
	if (status >= 400) {
		return withServer(() => ({status, body}), async url => github(url).readRunners(never).then(() => 'read', (error: unknown) => error instanceof PortError ? error.kind : 'crashed'));
	}

	if (Array.isArray(node.workflow_runs)) {
		const listed = {...node, workflow_runs: rowsOf(node.workflow_runs).map(row => ({...asNode(row), status: 'queued'}))}; // Those recorded have ended.
		const jobs = await withServer(path => ({body: path.endsWith('/jobs') ? {total_count: 1, jobs: [jobRow(Number(path.split('/').at(-2)), Number(path.split('/').at(-2)))]} : listed}), async url => github(url).readJobs(never));
		return `${jobs.items.length} of ${rowsOf(node.workflow_runs).length}`;
	}

	if (Array.isArray(node.jobs)) {
		const {items: jobs} = await withServer(path => ({body: path.endsWith('/jobs') ? node : {total_count: 1, workflow_runs: [{id: 7}]}}), async url => github(url).readJobs(never));
		return `${jobs.length} of ${rowsOf(node.jobs).length}`;
	}

	const runners = Array.isArray(node.runners) ? rowsOf(node.runners) : [node.runner ?? (node.busy === undefined ? undefined : node)].filter(row => row !== undefined);
	if (runners.length > 0) {
		// The folder "catalogue" holds tables made of such answers, not answers.
		const all = [...runners, runnerRow(1, 'another')];
		const read = await withServer(() => ({body: {total_count: all.length, runners: all}}), async url => github(url).readRunners(never));
		return `${read.items.length - 1} of ${runners.length}`;
	}

	if (node.run_id !== undefined) {
		const job = await withServer(() => ({body}), async url => github(url).readJob(1 as JobId));
		return job?.id === node.id ? '1 of 1' : 'another job';
	}

	if (node.token !== undefined) {
		return withServer(() => ({status, body}), async url => github(url).registrationToken().then(token => token === node.token ? '1 of 1' : token));
	}

	if (Array.isArray(body)) {
		const download = await withServer(() => ({body}), async url => github(url).runnerDownload('x64'));
		return download.filename.includes('linux-x64') ? '1 of 1' : download.filename;
	}

	if (!name.includes('delete')) {
		return undefined;
	}

	const removed = await withServer(() => ({status}), async url => github(url).removeRunner(1 as RunnerId));
	return typeof removed === 'string' ? removed : removed.busy;
}

async function readHetzner({name, status, body}: Fixture): Promise<string | undefined> {
	const node = asNode(body);
	const request = {
		name: 'gh-actions-runner-7-70' as ServerName, job: {id: 70 as JobId, runId: 7 as RunId}, runnerLabels: [], engineSet: 'one', placement: {
			serverType: 'cx23', location: undefined, image: 'ubuntu-24.04', architecture: 'x64',
		} as const,
	};
	if (status >= 400) {
		return (await withServer(() => ({status, body}), async url => hetzner(url).createServer(request))).outcome;
	}

	const ours = (row: unknown) => ({...asNode(row), labels});
	if (Array.isArray(node.servers)) {
		const read = await withServer(() => ({body: page('servers', rowsOf(node.servers).map(row => ours(row)))}), async url => hetzner(url).readServers(never));
		return `${read.items.length} of ${node.servers.length}`;
	}

	if (node.action !== undefined && node.server !== undefined) {
		return (await withServer(() => ({status: 201, body: {...node, server: ours(node.server)}}), async url => hetzner(url).createServer(request))).outcome;
	}

	if (node.server !== undefined || node.public_net !== undefined) {
		const row = ours(node.server ?? {created: '2026-09-01T00:00:00+00:00', ...node});
		return (await withServer(() => ({body: {server: row}}), async url => hetzner(url).readServer(1 as ServerId))) === undefined ? 'none' : '1 of 1';
	}

	if (Array.isArray(node.actions)) {
		const rows = rowsOf(node.actions).map(row => asNode(row));
		const ends = await Promise.all(rows.map(async row => actionWaiter(async () => body, handClock())(Number(row.id), never)));
		return `${ends.filter(({outcome}, index) => outcome === ({success: 'done', error: 'failed'}[String(rows[index]?.status)] ?? 'unknown')).length} of ${rows.length}`;
	}

	if (Array.isArray(node.ssh_keys)) {
		const names = rowsOf(node.ssh_keys).map(row => String(asNode(row).name));
		const found = await Promise.all(names.map(async key => withServer(() => ({body: page('ssh_keys', rowsOf(node.ssh_keys))}), async url => hetzner(url, key).findSshKey())));
		return `${found.length} of ${names.length}`;
	}

	const parts = ['server_types', 'locations', 'images', 'pricing'].filter(key => node[key] !== undefined);
	if (parts.length > 0) {
		const catalogue = await withServer(path => ({body: parts.includes(path.slice('/v1/'.length)) ? lastPage(node) : sold[path]}), async url => hetzner(url).readCatalogue());
		return catalogue.locations.length > 0 && catalogue.serverTypes.size > 0 && catalogue.imageArchitectures.has('x64') ? '1 of 1' : 'an empty catalogue';
	}

	return name.includes('delete-server') ? withServer(() => ({status, body}), async url => hetzner(url).deleteServer(1 as ServerId).then(() => 'removed', (error: unknown) => error instanceof PortError ? 'removed' : 'crashed')) : undefined;
}

// The examples claim to be page 3 of 4, and to be of other images than the one asked for.
function lastPage(node: ReturnType<typeof asNode>): unknown {
	const images = rowsOf(node.images).map(row => ({...asNode(row), name: 'ubuntu-24.04'}));
	return {...node, ...(images.length > 0 && {images}), meta: {pagination: {next_page: null}}};
}

const price = {location: 'fsn1', price_hourly: {net: '0', gross: '0.01'}, price_monthly: {net: '0', gross: '6'}};
const sold: Readonly<Record<string, unknown>> = {
	'/v1/server_types': page('server_types', [{
		id: 114, name: 'cx23', architecture: 'x86', cores: 2, memory: 4, deprecation: null, prices: [price], locations: [{name: 'fsn1', deprecation: null, available: true}],
	}]),
	'/v1/pricing': {pricing: {currency: 'EUR', vat_rate: '19.000000', primary_ips: [{type: 'ipv4', prices: [price]}]}},
	'/v1/locations': page('locations', [{id: 1, name: 'fsn1'}]),
	'/v1/images': page('images', [{id: 1, name: 'ubuntu-24.04', architecture: 'x86'}]),
};

const isWhole = (said: string | undefined) => said !== undefined && (/^(?<count>\d+) of \k<count>$/v.test(said) || ['created', 'refused', 'unknown', 'removed', 'limited', 'notFound', 'refused', 'unreachable'].includes(said));

test('every answer of GitHub\'s that is kept for tests is read, or is another endpoint\'s', async t => {
	const own: Fixture = {
		name: 'own', status: 200, headers: {}, body: {total_count: 1, jobs: [jobRow(70, 7)]},
	};
	for (const fixture of [own, ...sharedFixtures('github/recorded')]) {
		const said = isOther(fixture) ? 'another endpoint' : await readGitHub(fixture).catch(String);
		t.true(said === 'another endpoint' || isWhole(said), `${fixture.name}: ${said}`);
	}
});

test('every answer of Hetzner\'s that is kept for tests is read, or is another endpoint\'s', async t => {
	const own: Fixture = {
		name: 'own', status: 200, headers: {}, body: {servers: [serverRow(1, 'gh-actions-runner-7-70')]},
	};
	const all = ['documented', 'observed', 'client-tests'].flatMap(folder => sharedFixtures(`hetzner/${folder}`));
	let count = 0;
	const faults: string[] = [];
	for (const fixture of [own, ...all]) {
		const said = isOther(fixture) ? 'another endpoint' : await readHetzner(fixture).catch(String);
		count += said === 'another endpoint' ? 0 : 1;
		faults.push(...said === 'another endpoint' || isWhole(said) ? [] : [`${fixture.name}: ${said}`]);
	}

	t.deepEqual(faults, []);
	t.log(`${count} of ${all.length + 1} read`);
});
