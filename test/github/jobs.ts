import test from 'ava';
import {createGitHub} from '../../source/github/github.ts';
import type {JobId, RunId} from '../../source/model/job.ts';
import {instant} from '../../source/model/time.ts';
import {PortError} from '../../source/scaler/ports.ts';
import type {AnswerApi} from '../../source/simulator/http/message.ts';
import {fetchFrom} from '../../source/simulator/http/fetch.ts';
import {virtualClock} from '../../source/simulator/virtual-clock.ts';
import {liveBy} from '../soak/virtual-time.ts';
import {answeringServer, type Answer, type Arrived} from '../support/answering-server.ts';
import {jobRow} from '../support/github-bodies.ts';
import {handClock} from '../support/hand-clock.ts';
import {sharedFixtures} from '../support/shared-fixtures.ts';

const never = new AbortController().signal;
const runs = '/repos/acme/widgets/actions/runs';

async function given(answer: (request: Arrived, count: number) => Answer) {
	const server = await answeringServer(answer);
	const github = createGitHub({
		apiUrl: server.url, token: 'ghp_secret', repository: {owner: 'acme', name: 'widgets'}, clock: handClock(), speed: 1000,
	});
	return {server, github};
}

function runList(...ids: readonly number[]): Answer {
	return {body: {total_count: ids.length, workflow_runs: ids.map(id => ({id, status: 'queued'}))}};
}

function jobList(...jobs: readonly unknown[]): Answer {
	return {body: {total_count: jobs.length, jobs}};
}

test('jobs come from queued runs and from those in progress, each run asked once', async t => {
	const {server, github} = await given(({path, query}) => {
		if (path === runs) {
			return query.get('status') === 'queued' ? runList(7, 8) : runList(8, 9);
		}

		const run = Number(path.split('/').at(-2));
		return jobList(jobRow(run * 10, run), jobRow((run * 10) + 1, run, {status: 'in_progress', runner_name: 'r1', started_at: '2026-11-24T12:00:00Z'}));
	});
	const read = await github.readJobs(never);
	t.deepEqual(read.gaps.map(({what}) => what), []);
	t.deepEqual(read.items.map(job => Number(job.id)).toSorted((a, b) => a - b), [70, 71, 80, 81, 90, 91]);
	t.is(server.arrived.length, 9, 'five lists by status, the newest runs, and three runs');
	t.true(server.arrived.every(({headers}) => headers['x-github-api-version'] === '2022-11-28' && headers.authorization === 'token ghp_secret'));
	t.true(server.arrived.filter(({path}) => path === runs).every(({query}) => query.get('exclude_pull_requests') === 'true' && query.get('per_page') === '100'));
	t.true(server.arrived.filter(({path}) => path !== runs).every(({query}) => query.get('filter') === 'latest'));
	await server.close();
});

test('a job row becomes a job; a runner name that is null, 0 or empty is none', async t => {
	const {server, github} = await given(({path, query}) => path === runs
		? (query.get('status') === 'queued' ? runList(7) : runList())
		: jobList(
			jobRow(70, 7),
			jobRow(71, 7, {runner_name: null, runner_id: null}),
			jobRow(72, 7, {status: 'in_progress', runner_name: 'gh-actions-runner-7-72', started_at: '2026-11-24T12:00:05Z'}),
		));
	const {items: jobs} = await github.readJobs(never);
	t.deepEqual(jobs[0], {
		id: 70 as JobId, runId: 7 as RunId, runAttempt: 1, name: 'job 70', workflowName: 'ci', branch: 'main', status: 'queued', labels: ['self-hosted', 'server-cx23'],
		createdAt: instant(Date.UTC(2026, 10, 24, 11, 59)), startedAt: undefined, runnerName: undefined, url: 'https://github.com/acme/widgets/actions/runs/7/job/70',
	});
	t.is(jobs[1]?.runnerName, undefined);
	t.like(jobs[2], {status: 'inProgress', runnerName: 'gh-actions-runner-7-72', startedAt: instant(Date.UTC(2026, 10, 24, 12, 0, 5))});
	await server.close();
});

// The vendor reads its list at the end of the time that an answer takes, or at its beginning: nobody promises which.
test.serial('a run that passes from queued to in progress during the reads is in one of the two lists', async t => {
	for (const [queuedAtSecond, inProgressAtSecond] of [[2, 0], [0, 2], [2, 2], [0, 0]] as const) {
		const clock = virtualClock(instant(0));
		const api: AnswerApi = async ({path, query}) => {
			const status = query.get('status');
			const lookAt = status === 'queued' ? queuedAtSecond : inProgressAtSecond;
			await clock.sleep(lookAt);
			const isListed = (status === 'in_progress') === (clock.now() >= 1000);
			await clock.sleep(2 - lookAt);
			const ids = isListed ? [{id: 7}] : [];
			const body = path === runs ? {total_count: ids.length, workflow_runs: ids} : {total_count: 1, jobs: [jobRow(70, 7)]};
			return {reply: {status: 200, body}, isCut: false};
		};

		const undo = liveBy(clock, fetchFrom(new Map([['https://github.simulated', api]])));
		try {
			const github = createGitHub({
				apiUrl: 'https://github.simulated', token: 'ghp_secret', repository: {owner: 'acme', name: 'widgets'}, clock,
			});
			const read = github.readJobs(never);
			await clock.pass(60);
			t.deepEqual((await read).items.map(({id}) => Number(id)), [70], `looked up ${queuedAtSecond} s and ${inProgressAtSecond} s after the request`);
		} finally {
			undo();
		}
	}
});

test('all pages are read, and a row that moved to the next page counts once', async t => {
	const {server, github} = await given(({path, query}) => {
		if (path === runs) {
			return query.get('status') === 'queued' ? runList(7) : runList();
		}

		const first = query.get('page') === '1';
		const ids = first ? Array.from({length: 100}, (_, index) => index + 1) : [100, 101, 102];
		return {body: {total_count: 102, jobs: ids.map(id => jobRow(id, 7))}};
	});
	const read = await github.readJobs(never);
	t.is(read.items.length, 102);
	await server.close();
});

test('what could not be read is named, the rest stays', async t => {
	const {server, github} = await given(({path, query}) => {
		if (path === runs) {
			return query.get('status') === 'in_progress' ? {status: 500, body: {message: 'Server Error'}} : (query.get('status') === 'queued' ? runList(7, 8, 9) : runList());
		}

		return path.includes('/8/') ? {status: 400, body: {message: 'no'}} : (path.includes('/9/') ? jobList(jobRow(90, 9), {name: 'a row without an id'}) : jobList(jobRow(70, 7)));
	});
	const read = await github.readJobs(never);
	t.deepEqual(read.items.map(job => Number(job.id)).toSorted((a, b) => a - b), [70, 90]);
	t.deepEqual(read.gaps.map(({what}) => what).toSorted((a, b) => a.localeCompare(b)), ['1 jobs of run 9', 'in_progress runs', 'jobs of run 8']);
	await server.close();
});

test('a run that was deleted since it was listed is not missing', async t => {
	const {server, github} = await given(({path, query}) => path === runs ? (query.get('status') === 'queued' ? runList(7) : runList()) : {status: 404, body: {message: 'Not Found'}});
	t.deepEqual(await github.readJobs(never), {items: [], gaps: [], counted: 1});
	await server.close();
});

test('nothing read at all is an error that names the token, never shows it', async t => {
	const {server, github} = await given(() => ({status: 401, body: {message: 'Bad credentials ghp_secret', documentation_url: 'https://docs.github.com/rest'}}));
	const error = await t.throwsAsync(github.readJobs(never), {instanceOf: PortError});
	t.is(error.kind, 'refused');
	t.is(error.message, 'GitHub refused the token (401 Bad credentials ********): check --github-token / GITHUB_TOKEN');
	await server.close();
});

test('an unchanged list is answered from the cache', async t => {
	const {server, github} = await given(({path, query, headers}) => {
		if (headers['if-none-match'] !== undefined) {
			return {status: 304, headers: {etag: headers['if-none-match']}};
		}

		const list = path === runs ? (query.get('status') === 'queued' ? runList(7) : runList()) : jobList(jobRow(70, 7));
		return list === 'drop' || list === 'hang' ? list : {...list, headers: {etag: `W/"${path}"`}};
	});
	const first = await github.readJobs(never);
	t.is(first.counted, 1, 'the lists are read once and then confirmed, a new run costs');
	t.deepEqual(await github.readJobs(never), {...first, counted: 0}, 'what is confirmed is not counted');
	t.is(server.arrived.filter(({headers}) => headers['if-none-match'] !== undefined).length, 7);
	await server.close();
});

test('an answer that broke off is not kept: GitHub would confirm it for ever', async t => {
	let isFirst = true;
	const {server, github} = await given(({path, query, headers}) => {
		if (path !== runs) {
			return jobList(jobRow(70, 7));
		}

		if (isFirst && query.get('status') === 'queued') {
			isFirst = false;
			return {raw: '{"total_count": 1, "workflow_ru', headers: {etag: 'W/"1"'}};
		}

		return headers['if-none-match'] === undefined ? {headers: {etag: 'W/"1"'}, body: {total_count: 1, workflow_runs: [{id: 7}]}} : {status: 304};
	});
	t.deepEqual((await github.readJobs(never)).gaps.map(({what}) => what), ['queued runs']);
	t.deepEqual((await github.readJobs(never)).gaps, []);
	await server.close();
});

test('one job is read fresh; one that GitHub does not have is undefined', async t => {
	const {server, github} = await given(({path}) => path.endsWith('/70') ? {body: jobRow(70, 7)} : {status: 404, body: {message: 'Not Found'}});
	const job = await github.readJob(70 as JobId);
	t.is(job?.name, 'job 70');
	t.is(await github.readJob(71 as JobId), undefined);
	await server.close();
});

test('an abort ends a read at once', async t => {
	const {server, github} = await given(() => 'hang');
	const leave = new AbortController();
	const read = github.readJobs(leave.signal);
	leave.abort(new Error('stopping'));
	await t.throwsAsync(read, {message: 'stopping'});
	await server.close();
});

test('recorded job lists are understood', async t => {
	const fixtures = sharedFixtures('github/recorded', 'run-jobs-list');
	t.log(fixtures.length === 0 ? 'recordings are not here' : `${fixtures.length} recordings`);
	const bodies = [{jobs: [jobRow(1, 7)], total_count: 1}, ...fixtures.map(({body}) => body as {jobs: unknown[]; total_count: number})];
	for (const body of bodies) {
		const {server, github} = await given(({path, query}) => path === runs ? (query.get('status') === 'queued' ? runList(7) : runList()) : {body});
		const read = await github.readJobs(never);
		t.deepEqual(read.gaps.map(({what}) => what), []);
		t.is(read.items.length, body.jobs.length);
		await server.close();
	}
});
