// What the APIs say of their limits, and what their clocks show.
import test from 'ava';
import {given, job} from '../../source/simulator/given.ts';
import {simulatedApis} from '../support/simulated-apis.ts';

const runners = '/actions/runners';

test('a write costs five points of a minute, a read one, a 304 as well; beyond it is 429 or 403 until the minute is over', async t => {
	for (const status of [403, 429] as const) {
		const day = given({parameters: {githubPointsPerMinute: 20, githubSecondaryStatus: status, githubLatencySeconds: [0, 0]}});
		const {github} = simulatedApis(day);
		const etag = (await github('GET', runners)).headers.get('etag') ?? '';
		for (let turn = 0; turn < 9; turn++) {
			t.is((await github('GET', runners, undefined, {'if-none-match': etag})).status, 304);
		}

		t.is((await github('POST', `${runners}/registration-token`)).status, 201);
		t.is((await github('POST', `${runners}/registration-token`)).status, 201);
		const limited = await github('GET', runners);
		t.is(limited.status, status);
		t.is(limited.headers.get('retry-after'), '60');
		t.not(limited.headers.get('x-ratelimit-remaining'), '0');
		await day.pass(61);
		t.is((await github('GET', runners)).status, 200);
	}
});

test('a secondary limit may not say for how long', async t => {
	const {github} = simulatedApis(given({
		faults: [[{
			kind: 'secondaryLimit', retryAfterSeconds: 60, status: 429, isUntold: true,
		}, {times: 1}]],
	}));
	const limited = await github('GET', runners);
	t.is(limited.status, 429);
	t.false(limited.headers.has('retry-after'));
	t.regex(String(limited.body.message), /secondary rate limit/v);
});

test('the hourly limit answers 403 with nothing remaining until the reset that it tells, and a 304 costs nothing of it', async t => {
	const day = given({parameters: {githubRequestsPerHour: 2}});
	const {github} = simulatedApis(day);
	const etag = (await github('GET', runners)).headers.get('etag') ?? '';
	for (let turn = 0; turn < 5; turn++) {
		t.is((await github('GET', runners, undefined, {'if-none-match': etag})).headers.get('x-ratelimit-remaining'), '1');
	}

	await github('GET', '');
	const limited = await github('GET', runners);
	t.is(limited.status, 403);
	t.is(limited.headers.get('x-ratelimit-remaining'), '0');
	t.is((await github('GET', '//rate_limit')).status, 200);
	await day.pass(3600);
	t.is((await github('GET', runners)).status, 200);
});

test('others use up what the same token may ask, of either API', async t => {
	const day = given();
	const {github, hetzner} = simulatedApis(day);
	day.world.faults.inject({kind: 'budgetEaten', api: 'github', leaves: 100}, {times: 1});
	t.is((await github('GET', runners)).headers.get('x-ratelimit-remaining'), '99');
	t.is((await github('GET', runners)).headers.get('x-ratelimit-remaining'), '98');
	day.world.faults.inject({kind: 'budgetEaten', api: 'hetzner', leaves: 0}, {forSeconds: 60});
	t.is((await hetzner('GET', '/servers')).status, 429);
	await day.pass(70);
	t.is((await hetzner('GET', '/servers')).status, 200);
});

test('an Enterprise Server without limits tells nothing of them', async t => {
	const day = given({parameters: {githubHasLimits: false, githubRequestsPerHour: 1}});
	const {github} = simulatedApis(day);
	for (let turn = 0; turn < 3; turn++) {
		const answer = await github('GET', runners);
		t.is(answer.status, 200);
		t.deepEqual([...answer.headers.keys()].filter(name => name.startsWith('x-ratelimit')), []);
	}

	const limits = await github('GET', '//rate_limit');
	t.is(limits.status, 404);
	t.is(limits.body.message, 'Rate limiting is not enabled.');
	t.is(day.ports.github.budget(), undefined);
});

test('the headers of limits are missing, or nonsense', async t => {
	const day = given();
	const {github, hetzner} = simulatedApis(day);
	const undo = day.world.faults.inject({kind: 'limitHeaders', api: 'github', how: 'missing'});
	t.false((await github('GET', runners)).headers.has('x-ratelimit-remaining'));
	t.true((await hetzner('GET', '/servers')).headers.has('ratelimit-remaining'));
	undo();
	day.world.faults.inject({kind: 'limitHeaders', api: 'github', how: 'wrong'});
	const {headers} = await github('GET', runners);
	t.deepEqual([headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-reset')], ['-1', '0']);
});

test('an API whose clock is hours off dates everything by it, headers and all', async t => {
	const day = given({jobs: [job('test')], parameters: {githubClockSeconds: 7200, hetznerClockSeconds: -600, jobsLagSeconds: [0, 0]}});
	const {github, hetzner} = simulatedApis(day);
	const run = await github('GET', `/actions/runs/${day.runs[0]!.id}`);
	t.is(run.body.created_at, '2026-11-24T11:00:00Z');
	t.regex(run.headers.get('date') ?? '', /11:00:0\d/v);
	t.true(Number(run.headers.get('x-ratelimit-reset')) > Date.UTC(2026, 10, 24, 11, 59) / 1000);
	t.regex(String((await github('POST', `${runners}/registration-token`)).body.expires_at), /T12:00:0\d/v);
	const made = await hetzner('POST', '/servers', {name: 'one', server_type: 'cx23', image: 'ubuntu-24.04'});
	t.like(made.body, {server: {name: 'one'}, action: {command: 'create_server'}});
	t.regex(JSON.stringify(made.body), /"started":"2026-11-24T08:50:0/v);
	t.regex(made.headers.get('date') ?? '', /08:50:0\d/v);
});
