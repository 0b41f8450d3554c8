import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {createGitHub} from '../../source/github/github.ts';
import type {JobId} from '../../source/model/job.ts';
import type {RunnerId} from '../../source/model/runner.ts';
import {later, secondsBetween} from '../../source/model/time.ts';
import {PortError, type GitHub} from '../../source/scaler/ports.ts';
import {answeringServer, type Answer, type Arrived} from '../support/answering-server.ts';
import {jobRow} from '../support/github-bodies.ts';
import {handClock} from '../support/hand-clock.ts';
import {sharedFixtures} from '../support/shared-fixtures.ts';

async function given(answer: (request: Arrived, count: number) => Answer, more: {readonly attemptMilliseconds?: number} = {}) {
	const server = await answeringServer(answer);
	const clock = handClock();
	const github = createGitHub({
		apiUrl: `${server.url}/api/v3/`, token: 'ghp_secret', repository: {owner: 'acme', name: 'widgets'}, clock, speed: 1000, ...more,
	});
	return {server, github, clock};
}

async function failure(t: {throwsAsync: (promise: Promise<unknown>, expect: {instanceOf: typeof PortError}) => Promise<PortError>}, github: GitHub): Promise<PortError> {
	return t.throwsAsync(github.readJob(70 as JobId), {instanceOf: PortError});
}

test('the budget is read from the answers, its reset by our clock', async t => {
	const {server, github, clock} = await given(() => ({
		headers: {
			date: new Date(clock.now() - 600_000).toUTCString(), 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4980', 'x-ratelimit-resource': 'core',
			'x-ratelimit-reset': String((clock.now() / 1000) - 600 + 1800),
		},
		body: jobRow(70, 7),
	}));
	t.is(github.budget(), undefined);
	await github.readJob(70 as JobId);
	t.deepEqual(github.budget(), {
		limit: 5000, remaining: 4980, resetAt: later(clock.now(), 1800), blockedUntil: undefined,
	});
	t.is(server.arrived[0]?.path, '/api/v3/repos/acme/widgets/actions/jobs/70');
	await server.close();
});

test('registration tokens have a limit of their own, which is not the budget', async t => {
	const {server, github, clock} = await given(() => ({
		status: 201, headers: {
			'x-ratelimit-limit': '10000', 'x-ratelimit-remaining': '0', 'x-ratelimit-resource': 'actions_runner_registration', 'x-ratelimit-reset': String((clock.now() / 1000) + 60),
		}, body: {token: 'x', expires_at: new Date(clock.now() + 3_600_000).toISOString()},
	}));
	await github.registrationToken();
	t.is(github.budget(), undefined);
	await server.close();
});

test('a used-up primary limit is told at once, and nothing is sent before its end', async t => {
	const {server, github, clock} = await given((_, count) => count === 1
		? {
			status: 403, headers: {
				'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String((clock.now() / 1000) + 1200),
			}, body: {message: 'API rate limit exceeded for user ID 1.'},
		}
		: {body: jobRow(70, 7)});
	const first = await failure(t, github);
	t.is(first.kind, 'limited');
	t.is(secondsBetween(clock.now(), first.retryAt ?? clock.now()), 1200);
	const second = await failure(t, github);
	t.is(second.kind, 'limited');
	t.is(server.arrived.length, 1);
	t.is(github.budget()?.blockedUntil, first.retryAt);
	clock.pass(1200);
	const job = await github.readJob(70 as JobId);
	t.is(job?.name, 'job 70');
	await server.close();
});

test('a secondary limit is waited out as long as GitHub says, or a minute, then longer', async t => {
	const {server, github, clock} = await given((_, count) => ({
		status: 403, headers: count === 1 ? {'retry-after': '17'} : {}, body: {message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'},
	}));
	const waits: number[] = [];
	for (let turn = 0; turn < 4; turn++) {
		const error = await failure(t, github);
		const seconds = secondsBetween(clock.now(), error.retryAt ?? clock.now());
		waits.push(seconds);
		clock.pass(seconds);
	}

	t.deepEqual(waits, [17, 60, 120, 240]);
	t.is(server.arrived.length, 4);
	await server.close();
});

test('requests that waited in the queue when a limit was hit are not sent', async t => {
	const {server, github} = await given(() => ({status: 429, headers: {'retry-after': '60'}, body: {message: 'secondary rate limit'}}));
	const all = await Promise.allSettled(Array.from({length: 60}, async (_, id) => github.readJob((id + 1) as JobId)));
	t.true(all.every(({status}) => status === 'rejected'));
	t.true(server.arrived.length <= 20, `${server.arrived.length} of 60 were sent`);
	await server.close();
});

test('a server error is tried again, a conflict is not', async t => {
	const bad = await given((_, count) => count < 3 ? {status: 502, raw: '<html>Bad gateway</html>', headers: {'content-type': 'text/html'}} : {body: jobRow(70, 7)});
	const job = await bad.github.readJob(70 as JobId);
	t.is(job?.name, 'job 70');
	t.is(bad.server.arrived.length, 3);
	await bad.server.close();

	const conflict = await given(() => ({status: 409, body: {message: 'Conflict'}}));
	await t.throwsAsync(conflict.github.removeRunner(1 as RunnerId), {instanceOf: PortError});
	t.is(conflict.server.arrived.length, 1);
	await conflict.server.close();
});

test('a budget whose reset has passed is full again (real: a refusal said remaining 0 and nothing asked since)', async t => {
	const {server, github, clock} = await given(() => ({
		headers: {'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': String((clock.now() / 1000) + 60)}, body: jobRow(70, 7),
	}));
	await github.readJob(70 as JobId);
	t.is(github.budget()?.remaining, 7);
	clock.pass(60);
	t.like(github.budget(), {remaining: 5000, limit: 5000, blockedUntil: undefined});
	await server.close();
});

// Seconds to wait after a refusal with these headers; `date` and `reset` are seconds from now by a clock of GitHub's.
const hour = 3600;
const waits: ReadonlyArray<readonly [string, {readonly retryAfter?: string; readonly date?: number; readonly reset?: number}, number]> = [
	['retry-after of a minute', {retryAfter: '60'}, 60],
	['retry-after of thirty years', {retryAfter: '1000000000'}, hour],
	['retry-after that is negative', {retryAfter: '-5'}, 60],
	['retry-after that is no number', {retryAfter: 'soon'}, 60],
	['retry-after NaN', {retryAfter: 'NaN'}, 60],
	['retry-after as a date, by the answer\'s own clock', {retryAfter: new Date(Date.UTC(2026, 10, 24, 15, 2)).toUTCString(), date: 3 * hour}, 120],
	['retry-after as a date without one', {retryAfter: new Date(Date.UTC(2026, 10, 24, 12, 1, 30)).toUTCString()}, 90],
	['a reset in twenty minutes', {reset: 1200, date: 0}, 1200],
	['both three hours ahead (knative/serving#3601)', {reset: (3 * hour) + 1200, date: 3 * hour}, 1200],
	['both three hours behind', {reset: 1200 - (3 * hour), date: -3 * hour}, 1200],
	['the Date header alone ahead', {reset: 1200, date: 3 * hour}, 1200],
	['the Date header alone behind', {reset: 1200, date: -3 * hour}, 1200],
	['a reset in a year', {reset: 365 * 24 * hour, date: 0}, hour],
	['a reset that has passed', {reset: -20, date: 0}, 1],
];
for (const [title, {retryAfter, date, reset}, seconds] of waits) {
	test(`how long a refusal is waited out: ${title}`, async t => {
		const {server, github, clock} = await given(() => ({
			status: 429, body: {message: 'You have exceeded a secondary rate limit.'}, headers: {
				...retryAfter !== undefined && {'retry-after': retryAfter},
				...date !== undefined && {date: new Date(clock.now() + (date * 1000)).toUTCString()},
				...reset !== undefined && {'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String((clock.now() / 1000) + reset)},
			},
		}));
		const error = await failure(t, github);
		t.is(Math.round(secondsBetween(clock.now(), error.retryAt ?? clock.now())), seconds);
		await server.close();
	});
}

test('a refusal has the advice that fits it, and a new token only where one helps', async t => {
	const url = 'https://github.com/orgs/acme/sso?authorization_request=AAAA';
	const cases: ReadonlyArray<readonly [Answer, RegExp, PortError['remedy']]> = [
		[{status: 401, body: {message: 'Bad credentials'}}, /check --github-token/v, 'newToken'],
		[{status: 403, body: {message: 'Resource not accessible by integration'}}, /permission "Administration: read"/v, 'newToken'],
		// Reported in github/github-mcp-server#1121.
		[{status: 403, headers: {'x-github-sso': `required; url=${url}`}, body: {message: 'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.'}}, /authorise the token .* at https:\/\/github\.com\/orgs\/acme\/sso\?authorization_request=AAAA$/v, undefined],
		[{status: 403, body: {message: 'Resource protected by organization SAML enforcement.'}}, /single sign-on/v, undefined],
		[{status: 403, body: {message: 'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.'}}, /IP allow list$/v, undefined],
		// Reported in runs-on/runs-on#417.
		[{status: 403, body: {message: 'Repository level self-hosted runners are disabled on this repository.'}}, /Repository level self-hosted runners are disabled.*ask an owner of acme\/widgets$/v, undefined],
		[{status: 403, body: {message: 'Must have admin rights to Repository.'}}, /administrator of acme\/widgets$/v, undefined],
	];
	for (const [answer, message, remedy] of cases) {
		const {server, github} = await given(() => answer);
		const error = await t.throwsAsync(github.findRunner('x'), {instanceOf: PortError});
		t.is(error.kind, 'refused');
		t.regex(error.message, message);
		t.is(error.remedy, remedy);
		await server.close();
	}
});

test('a server without rate limits has no budget, and is asked all the same', async t => {
	const {server, github} = await given(() => ({body: jobRow(70, 7)}));
	await github.readJob(70 as JobId);
	t.is(github.budget(), undefined);
	await server.close();
});

test('failures say in one sentence what to do', async t => {
	const cases: ReadonlyArray<readonly [Answer, PortError['kind'], RegExp]> = [
		[{status: 403, body: {message: 'Resource not accessible by personal access token'}}, 'refused', /403 Resource not accessible by personal access token.*permission "Administration: read"/v],
		[{status: 404, body: {message: 'Not Found'}}, 'notFound', /knows no repository acme\/widgets, or this token may not see it/v],
		[{status: 502, raw: '<html>\n<b>Oops</b></html>', headers: {'content-type': 'text/html'}}, 'unreachable', /^GitHub failed while looking up runner x \(502\)$/v],
		[{raw: '<html>hello</html>', headers: {'content-type': 'text/html'}}, 'unreachable', /could not be understood: it is no JSON/v],
		[{raw: '{"total_count": 1, "run'}, 'unreachable', /could not be understood/v],
		[{body: {total_count: 1}}, 'unreachable', /no list "runners"/v],
		['drop', 'unreachable', /could not be reached while looking up runner x: /v],
	];
	for (const [answer, kind, message] of cases) {
		const {server, github} = await given(() => answer);
		const error = await t.throwsAsync(github.findRunner('x'), {instanceOf: PortError});
		t.is(error.kind, kind);
		t.regex(error.message, message);
		t.notRegex(error.message, /ghp_secret|\n/v);
		await server.close();
	}
});

test('an attempt that gets no answer is given up, and not repeated before the next look', async t => {
	const {server, github} = await given(() => 'hang', {attemptMilliseconds: 30});
	const error = await failure(t, github);
	t.is(error.kind, 'unreachable');
	t.regex(error.message, /no answer within/v);
	t.is(server.arrived.length, 1);
	await server.close();
});

test('a renamed repository is followed, writes too', async t => {
	const {server, github, clock} = await given(({path, method}) => {
		if (path.includes('/repos/acme/widgets/')) {
			return {status: method === 'GET' ? 301 : 307, headers: {location: path.replace('/repos/acme/widgets/', '/repositories/42/')}, body: {message: 'Moved Permanently'}};
		}

		return path.endsWith('registration-token') ? {status: method === 'POST' ? 201 : 404, body: {token: 'x', expires_at: new Date(clock.now() + 3_600_000).toISOString()}} : {body: jobRow(70, 7)};
	});
	const job = await github.readJob(70 as JobId);
	t.is(job?.name, 'job 70');
	t.is(await github.registrationToken(), 'x');
	t.true(server.arrived.every(({headers}) => headers.authorization === 'token ghp_secret'));
	await server.close();
});

test('recorded refusals are understood', async t => {
	const expected: Readonly<Record<string, PortError['kind']>> = {
		'bad-credentials-401.json': 'refused', 'secondary-rate-limited-403.json': 'limited', 'rate-limited-unauthenticated-403.json': 'limited',
		'run-cancel-403.json': 'refused', 'bad-user-agent-403.json': 'refused',
	};
	const fixtures = sharedFixtures('github/recorded').filter(({name}) => Object.hasOwn(expected, name));
	t.log(fixtures.length === 0 ? 'recordings are not here' : `${fixtures.length} recordings`);
	const own = {
		name: 'bad-credentials-401.json', status: 401, headers: {}, body: {message: 'Bad credentials'},
	};
	for (const {name, status, headers, body} of [own, ...fixtures]) {
		const sent = Object.fromEntries(Object.entries(headers).filter(([header]) => /^(?:retry-after|x-)/v.test(header)));
		const {server, github} = await given(() => ({status, headers: sent, body}));
		const error = await failure(t, github);
		t.deepEqual({name, kind: error.kind}, {name, kind: expected[name]});
		await server.close();
	}
});

test('once a refusal by a limit has come, the queue behind it sends nothing more', async t => {
	let sent = 0;
	let sentBefore: number | undefined;
	const github = createGitHub({
		apiUrl: 'http://127.0.0.1:1', token: 'ghp_secret', repository: {owner: 'acme', name: 'widgets'}, clock: handClock(), speed: 1000,
		async fetch() {
			sent++;
			await setImmediate();
			sentBefore ??= sent;
			return Response.json({message: 'You have exceeded a secondary rate limit.'}, {status: 429, headers: {'retry-after': '60'}});
		},
	});
	const asked = await Promise.allSettled(Array.from({length: 40}, async (_, index) => github.readJob(index as JobId)));
	t.true(asked.every(({status}) => status === 'rejected'));
	t.true(sent === sentBefore, `${sent} were sent`);
});

const held = {
	'the next hop of a redirect': {status: 307, headers: {location: '/api/v3/moved'}},
	'the second try after a server error': {status: 502, headers: {}},
};
for (const [what, {status, headers}] of Object.entries(held)) {
	test(`a limit that is hit meanwhile holds back ${what} until its end`, async t => {
		const limited = Promise.withResolvers<void>();
		const sent: string[] = [];
		const clock = handClock();
		const github = createGitHub({
			apiUrl: 'https://github.simulated/api/v3', token: 'ghp_secret', repository: {owner: 'acme', name: 'widgets'}, clock, speed: 1000,
			async fetch(input) {
				const {pathname} = new URL(input instanceof Request ? input.url : input);
				sent.push(pathname);
				if (pathname.endsWith('/jobs/71')) {
					return Response.json({message: 'You have exceeded a secondary rate limit.'}, {status: 429, headers: {'retry-after': '60'}});
				}

				if (sent.filter(path => path === pathname).length === 1 && pathname.endsWith('/jobs/70')) {
					await limited.promise;
					return new Response('', {status, headers});
				}

				return Response.json(jobRow(70, 7));
			},
		});
		const waiting = github.readJob(70 as JobId);
		const told = await t.throwsAsync(github.readJob(71 as JobId), {instanceOf: PortError});
		limited.resolve();
		const error = await t.throwsAsync(waiting, {instanceOf: PortError});
		t.deepEqual([told.kind, error.kind, error.retryAt], ['limited', 'limited', told.retryAt]);
		t.is(sent.length, 2);
		clock.pass(61);
		t.is((await github.readJob(70 as JobId))?.id, 70 as JobId);
	});
}
