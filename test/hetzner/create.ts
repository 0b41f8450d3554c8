import test from 'ava';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import type {JobId, RunId} from '../../source/model/job.ts';
import {serverNameFor} from '../../source/model/server-name.ts';
import type {CreateAnswer, CreateRequest} from '../../source/scaler/ports.ts';
import {answeringServer, type Answer, type Arrived} from '../support/answering-server.ts';
import {handClock} from '../support/hand-clock.ts';
import {serverRow} from '../support/hetzner-bodies.ts';
import {sharedFixtures} from '../support/shared-fixtures.ts';

const job = {id: 70 as JobId, runId: 7 as RunId};
const name = serverNameFor(job, new Set());
const request: CreateRequest = {
	name, job, runnerLabels: ['self-hosted', 'server-cx23'], engineSet: 'one', placement: {
		serverType: 'cx23', location: 'fsn1', image: 'ubuntu-24.04', architecture: 'x64',
	},
};

async function create(answer: (arrived: Arrived, count: number) => Answer, what = request): Promise<{answer: CreateAnswer; arrived: readonly Arrived[]}> {
	const server = await answeringServer(answer);
	const hetzner = createHetzner({
		apiUrl: `${server.url}/v1`, token: 'hetzner-secret', repository: {owner: 'acme', name: 'widgets'}, sshKeyName: 'laptop', image: 'ubuntu-24.04', clock: handClock(), attemptMilliseconds: 3000,
	});
	const created = await hetzner.createServer(what);
	await server.close();
	return {answer: created, arrived: server.arrived};
}

function error(status: number, code: string, message: string): Answer {
	return {status, body: {error: {code, message, details: null}}};
}

test('a create asks for what was placed, with our labels and no user data', async t => {
	const {answer, arrived} = await create(() => ({
		status: 201, body: {
			server: serverRow(1, name, {status: 'initializing'}), action: {}, next_actions: [], root_password: null,
		},
	}));
	t.is(answer.outcome, 'created');
	t.deepEqual(JSON.parse(arrived[0]?.body ?? ''), {
		name: 'gh-actions-runner-7-70', server_type: 'cx23', image: 'ubuntu-24.04', location: 'fsn1', ssh_keys: ['laptop'], start_after_create: true,
		public_net: {enable_ipv4: true, enable_ipv6: true},
		labels: {
			'managed-by': 'hetzner-runners-tui', 'runner-name': 'gh-actions-runner-7-70', 'github-owner': 'acme', 'github-repository': 'widgets', 'run-id': '7', 'job-id': '70', 'engine-set': 'one', 'runner-labels-0': 'xself-hosted__server-cx23x',
		},
	});
});

test('without a location Hetzner picks, and an image may be a number', async t => {
	const {arrived} = await create(() => error(422, 'invalid_input', 'x'), {...request, placement: {...request.placement, location: undefined, image: '161547269'}});
	const body = JSON.parse(arrived[0]?.body ?? '') as Record<string, unknown>;
	t.false('location' in body);
	t.is(body.image, 161_547_269);
});

test('each foreseen no has its code', async t => {
	const cases: ReadonlyArray<readonly [Answer, string]> = [
		[error(409, 'uniqueness_error', 'server name is already used'), 'nameTaken'],
		[error(412, 'resource_unavailable', 'error during placement'), 'noCapacity'],
		[error(422, 'placement_error', 'placement failed'), 'noCapacity'],
		[error(422, 'invalid_input', 'unsupported location for server type'), 'noCapacity'],
		[error(422, 'invalid_input', 'server type 104 is deprecated'), 'noCapacity'],
		[error(422, 'invalid_input', 'invalid input in field \'labels\': is invalid'), 'invalid'],
		[error(403, 'resource_limit_exceeded', 'server limit exceeded'), 'accountLimit'], // Reported in hetzneronline/community-content#933.
		[error(403, 'resource_limit_exceeded', 'Primary IP limit exceeded'), 'accountLimit'],
		[{status: 403, body: {error: {code: 'resource_limit_exceeded', message: 'limit exceeded', details: {limits: [{name: 'primary_ip_limit'}]}}}}, 'accountLimit'], // OpenRouterLabs/spawn#2902.
		[error(403, 'resource_limit_exceeded', 'dedicated core limit exceeded'), 'typeLimit'], // Cf. testflows/TestFlows-GitHub-Hetzner-Runners#5.
		[error(403, 'resource_limit_exceeded', 'shared vCPU limit exceeded'), 'typeLimit'],
		[{status: 403, body: {error: {code: 'resource_limit_exceeded', message: 'limit exceeded', details: {limits: [{name: 'dedicated_core_limit'}]}}}}, 'typeLimit'],
		[error(403, 'forbidden', 'insufficient permissions for this request'), 'invalid'],
		[error(401, 'unauthorized', 'the token you have provided is invalid'), 'invalid'],
		[error(429, 'rate_limit_exceeded', 'limit of 3600 requests per hour reached'), 'rateLimited'],
	];
	for (const [answer, code] of cases) {
		const {answer: got, arrived} = await create(() => answer);
		t.like(got, {outcome: 'refused', refusal: {code}});
		t.is(arrived.length, 1);
	}
});

test('a lost answer is unknown, and the create is never sent again', async t => {
	const cases: readonly Answer[] = [
		'drop',
		'hang',
		error(500, 'server_error', 'x'),
		error(502, 'bad_gateway', 'x'),
		error(503, 'unavailable', 'x'),
		{status: 504, raw: '<html>'},
		{status: 201, raw: '{"server": {"id":'},
		{status: 201, body: {action: {}}},
		{status: 201, body: {server: serverRow(1, name, {labels: {}})}},
	];
	for (const answer of cases) {
		const {answer: got, arrived} = await create(() => answer);
		t.is(got.outcome, 'unknown', JSON.stringify(answer));
		t.is(arrived.length, 1, JSON.stringify(answer));
	}
});

test('a conflict says that nothing happened: it is sent again, then unknown', async t => {
	const {answer, arrived} = await create((_, count) => count === 1 ? error(409, 'conflict', 'the resource has changed') : {status: 201, body: {server: serverRow(1, name)}});
	t.is(answer.outcome, 'created');
	t.is(arrived.length, 2);
});

test('a refusal carries Hetzner’s words and its correlation id', async t => {
	const {answer} = await create(() => ({status: 412, headers: {'X-Correlation-Id': '67ed842dc8bc8673'}, body: {error: {code: 'resource_unavailable', message: 'error during placement'}}}));
	t.deepEqual(answer, {outcome: 'refused', refusal: {code: 'noCapacity', answer: 'error during placement (412 resource_unavailable, correlation id 67ed842dc8bc8673)'}});
});

test('every observed refusal is understood', async t => {
	const expected: ReadonlyArray<readonly [RegExp, string]> = [
		[/^401/v, 'invalid'],
		[/^403-resource_limit/v, 'accountLimit'],
		[/^404/v, 'invalid'],
		[/^409/v, 'nameTaken'],
		[/^412/v, 'noCapacity'],
		[/^422-invalid_input/v, 'noCapacity'],
		[/^422-service_error/v, 'unknown'],
		[/^423/v, 'unknown'],
		[/^429/v, 'rateLimited'],
	];
	const fixtures = sharedFixtures('hetzner/observed').filter(({status}) => status >= 400);
	t.log(fixtures.length === 0 ? 'fixtures are not here' : `${fixtures.length} fixtures`);
	const own = {
		name: '412-own', status: 412, headers: {}, body: {error: {code: 'resource_unavailable', message: 'error during placement'}},
	};
	for (const fixture of [own, ...fixtures]) {
		const {answer} = await create(() => ({status: fixture.status, body: fixture.body}));
		const code = answer.outcome === 'refused' ? answer.refusal.code : answer.outcome;
		t.deepEqual([fixture.name, code], [fixture.name, expected.find(([pattern]) => pattern.test(fixture.name))?.[1]]);
	}
});

test('an SSH key that was made anew under its name is asked for again, once; one that is gone is said to be', async t => {
	const keys = [{id: 7, name: 'laptop', public_key: 'ssh-ed25519 AAAA'}];
	const answer = (isThere: boolean) => ({method, body}: Arrived): Answer => method === 'GET'
		? {body: {ssh_keys: isThere ? keys : [], meta: {pagination: {next_page: null, total_entries: 1}}}}
		: (body.includes('[7]') ? {status: 201, body: {server: serverRow(1, name)}} : error(422, 'invalid_input', 'invalid input in field \'ssh_keys\''));
	const renewed = await create(answer(true));
	t.is(renewed.answer.outcome, 'created');
	t.is(renewed.arrived.length, 3);
	const gone = await create(answer(false));
	t.like(gone.answer, {outcome: 'refused', refusal: {code: 'invalid'}});
	t.regex(gone.answer.outcome === 'refused' ? gone.answer.refusal.answer : '', /has no SSH key named "laptop"/v);
});
