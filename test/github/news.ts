// Conditional requests that GitHub answers 304 do not count against the hour's limit:
// https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
import {Buffer} from 'node:buffer';
import test from 'ava';
import {createGitHub} from '../../source/github/github.ts';
import {answeringServer} from '../support/answering-server.ts';
import {jobRow} from '../support/github-bodies.ts';
import {handClock} from '../support/hand-clock.ts';

const never = new AbortController().signal;
const runs = '/repos/acme/widgets/actions/runs';

type Row = {readonly id: number; readonly status: string};

// A repository whose lists carry an ETag of what is in them.
async function given({hasEtags = true} = {}) {
	const world: {runs: readonly Row[]; jobs: readonly unknown[]} = {runs: [], jobs: []};
	const answers = {full: 0, unchanged: 0};
	const server = await answeringServer(({path, query, headers}) => {
		const status = query.get('status');
		const body = path === runs
			? {workflow_runs: world.runs.filter(run => status === null || run.status === status)}
			: {jobs: world.jobs};
		const rows = Object.values(body)[0] ?? [];
		const etag = `"${Buffer.from(JSON.stringify(rows)).toString('base64url')}"`;
		if (hasEtags && headers['if-none-match'] === etag) {
			answers.unchanged++;
			return {status: 304, body: undefined};
		}

		answers.full++;
		return {body: {total_count: rows.length, ...body}, ...hasEtags && {headers: {etag}}};
	});
	const github = createGitHub({
		apiUrl: server.url, token: 'ghp_secret', repository: {owner: 'acme', name: 'widgets'}, clock: handClock(), speed: 1000,
	});
	return {
		world, answers, server, github,
	};
}

test('before the first read there is nothing to compare with, and nothing is asked', async t => {
	const {github, server, answers} = await given();
	t.false(await github.hasNews(never));
	t.deepEqual(answers, {full: 0, unchanged: 0});
	await server.close();
});

test('where nothing changes every question is answered 304', async t => {
	const {github, server, answers} = await given();
	await github.readJobs(never);
	answers.full = 0;
	for (let count = 0; count < 20; count++) {
		t.false(await github.hasNews(never));
	}

	t.is(answers.full, 0);
	t.true(answers.unchanged > 0 && answers.unchanged <= 20 * 3);
	await server.close();
});

test('a new run is news once, and the read that follows is told 304 for the page that brought it', async t => {
	const {world, github, server, answers} = await given();
	await github.readJobs(never);
	world.runs = [{id: 7, status: 'queued'}];
	world.jobs = [jobRow(70, 7)];
	t.true(await github.hasNews(never));
	t.false(await github.hasNews(never));
	answers.full = 0;
	const {items} = await github.readJobs(never);
	t.deepEqual(items.map(({id}) => Number(id)), [70]);
	t.is(answers.full, 1, 'the jobs of the new run only');
	await server.close();
});

test('a job that is queued within a run that goes on is news, though no list of runs changes', async t => {
	const {world, github, server} = await given();
	world.runs = [{id: 7, status: 'in_progress'}];
	const running = jobRow(70, 7, {status: 'in_progress', runner_name: 'r1', started_at: '2026-11-24T12:00:00Z'});
	world.jobs = [running];
	await github.readJobs(never);
	t.false(await github.hasNews(never));
	world.jobs = [running, jobRow(71, 7)];
	t.true(await github.hasNews(never));
	t.is((await github.readJobs(never)).items.length, 2);
	await server.close();
});

test('a new run whose jobs are not listed yet is watched: they are news when they appear', async t => {
	const {world, github, server} = await given();
	await github.readJobs(never);
	world.runs = [{id: 7, status: 'queued'}];
	t.true(await github.hasNews(never));
	t.deepEqual((await github.readJobs(never)).items, []);
	t.false(await github.hasNews(never));
	world.jobs = [jobRow(70, 7)];
	t.true(await github.hasNews(never));
	await server.close();
});

test('a server without ETags is not asked in between: each question would count', async t => {
	const {github, server, answers} = await given({hasEtags: false});
	await github.readJobs(never);
	answers.full = 0;
	t.false(await github.hasNews(never));
	t.deepEqual(answers, {full: 0, unchanged: 0});
	await server.close();
});
