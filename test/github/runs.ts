import {createHash} from 'node:crypto';
import test, {type ExecutionContext} from 'ava';
import {createGitHub} from '../../source/github/github.ts';
import type {GitHub} from '../../source/scaler/ports.ts';
import {answeringServer, type Answer, type Arrived} from '../support/answering-server.ts';
import {jobRow} from '../support/github-bodies.ts';
import {handClock} from '../support/hand-clock.ts';

const never = new AbortController().signal;
const runs = '/repos/acme/widgets/actions/runs';

type RunRow = {readonly id: number; status: string; readonly created_at?: string; updated_at?: string; jobs: readonly unknown[]};

/** A repository whose lists are GitHub's: filtered, newest first, in pages, ended after the thousandth, with ETags. `twist` answers before it. */
class Repository {
	readonly runs = new Map<number, RunRow>();
	twist: (request: Arrived) => Answer | undefined = () => undefined;

	#page({query, headers}: Arrived, key: string, rows: readonly unknown[]): Answer {
		const [size, number] = [Number(query.get('per_page')), Number(query.get('page'))];
		const body = {total_count: rows.length, [key]: rows.slice(0, 1000).slice((number - 1) * size, number * size)};
		const etag = `W/"${createHash('sha256').update(JSON.stringify(body)).digest('hex')}"`;
		return headers['if-none-match'] === etag ? {status: 304, headers: {etag}} : {body, headers: {etag}};
	}

	add(id: number, status: string, ...jobs: readonly unknown[]): RunRow {
		const row = {
			id, status, created_at: new Date(Date.UTC(2026, 10, 1) + (id * 1000)).toISOString(), updated_at: '1', jobs,
		};
		this.runs.set(id, row);
		return row;
	}

	answer(request: Arrived): Answer {
		const twisted = this.twist(request);
		if (twisted !== undefined) {
			return twisted;
		}

		const {path, query} = request;
		const id = Number(/\/runs\/(?<id>\d+)/v.exec(path)?.groups?.id);
		const [created, status] = [query.get('created')?.slice(2), query.get('status')];
		const run = this.runs.get(id);
		if (path.endsWith('/jobs')) {
			return run === undefined ? {status: 404, body: {message: 'Not Found'}} : this.#page(request, 'jobs', run.jobs);
		}

		if (path !== runs) {
			return run === undefined ? {status: 404, body: {message: 'Not Found'}} : {body: run};
		}

		const rows = [...this.runs.values()].filter(row => (status === null || row.status === status) && (created === undefined || (row.created_at ?? '') <= created));
		return this.#page(request, 'workflow_runs', rows.toSorted((a, b) => b.id - a.id).map(({jobs, ...row}) => row));
	}
}

async function given(t: ExecutionContext): Promise<{readonly repository: Repository; readonly github: GitHub; readonly clock: ReturnType<typeof handClock>; readonly arrived: readonly Arrived[]}> {
	const repository = new Repository();
	const server = await answeringServer(request => repository.answer(request));
	t.teardown(async () => server.close());
	const clock = handClock();
	const github = createGitHub({
		apiUrl: server.url, token: 'ghp_secret', repository: {owner: 'acme', name: 'widgets'}, clock, speed: 1000,
	});
	return {
		repository, github, clock, arrived: server.arrived,
	};
}

const ids = (read: {readonly items: ReadonlyArray<{readonly id: number}>}) => read.items.map(({id}) => id).toSorted((a, b) => a - b);

test('jobs of a run are read whatever the run is called, which is by its least advanced job (cli/cli#13972, actions-runner-controller#2723, keda#5788)', async t => {
	const {repository, github} = await given(t);
	for (const [index, status] of ['queued', 'in_progress', 'waiting', 'pending', 'requested', 'expecting_things', 'completed'].entries()) {
		repository.add(index + 1, status, jobRow((index + 1) * 10, index + 1));
	}

	const read = await github.readJobs(never);
	t.deepEqual(ids(read), [10, 20, 30, 40, 50, 60]);
	t.deepEqual(read.gaps, []);
});

test('a run that was active and is in no list is asked itself: its jobs go on being read until it has ended', async t => {
	const {repository, github, clock} = await given(t);
	const old = repository.add(1, 'in_progress', jobRow(10, 1, {status: 'in_progress', runner_name: 'gh-actions-runner-1-10'}));
	for (let id = 2; id <= 120; id++) {
		repository.add(id, 'completed');
	}

	t.deepEqual(ids(await github.readJobs(never)), [10]);
	old.status = 'held_by_something_new'; // Older than the newest hundred, and no filter knows it.
	clock.pass(10);
	const read = await github.readJobs(never);
	t.like(read.items[0], {id: 10, status: 'inProgress', runnerName: 'gh-actions-runner-1-10'});
	t.deepEqual(read.gaps, []);
	old.status = 'completed';
	clock.pass(10);
	t.deepEqual((await github.readJobs(never)).items, []);
});

test('a status filter that an older server refuses costs nothing: the newest runs are read without one', async t => {
	const {repository, github, arrived, clock} = await given(t);
	repository.twist = ({query}) => query.get('status') === 'pending' ? {status: 422, body: {message: 'Invalid status'}} : undefined;
	repository.add(1, 'pending', jobRow(10, 1));
	t.deepEqual(ids(await github.readJobs(never)), [10]);
	clock.pass(10);
	t.deepEqual((await github.readJobs(never)).gaps, []);
	t.is(arrived.filter(({query}) => query.get('status') === 'pending').length, 1);
});

for (const failure of [{status: 502, body: {message: 'Server Error'}}, {status: 500, raw: 'oops'}] as const) {
	test(`a list whose page of 100 is answered ${failure.status} for good is read in smaller ones, kept for that list (opentelemetry-java-instrumentation#18649, tap-github#461)`, async t => {
		const {repository, github, arrived, clock} = await given(t);
		repository.add(1, 'in_progress', ...Array.from({length: 80}, (_, index) => jobRow(1000 + index, 1)));
		repository.add(2, 'queued', jobRow(20, 2));
		repository.twist = ({path, query}) => path.includes('/runs/1/') && Number(query.get('per_page')) > 30 ? failure : undefined;
		const read = await github.readJobs(never);
		t.is(read.items.length, 81);
		t.deepEqual(read.gaps, []);
		clock.pass(10);
		await github.readJobs(never);
		t.is(arrived.filter(({path, query}) => path.includes('/runs/1/') && query.get('per_page') === '100').length, 1, 'asked once, and not again for a while');
		clock.pass(3600);
		repository.twist = () => undefined;
		t.is((await github.readJobs(never)).items.length, 81);
		t.is(arrived.at(-1)?.query.get('per_page'), '100');
	});
}

test('lists of runs and of runners come in smaller pages, too', async t => {
	const {repository, github} = await given(t);
	repository.twist = ({query}) => Number(query.get('per_page')) > 10 ? {status: 504, raw: '<html>'} : undefined;
	for (let id = 1; id <= 25; id++) {
		repository.add(id, 'queued', jobRow(id * 10, id));
	}

	const read = await github.readJobs(never);
	t.is(read.items.length, 25);
	t.deepEqual(read.gaps, []);
});

// GitHub: 900 points a minute, a read is one. By the clock of the test each poll is a moment.
async function polls(t: ExecutionContext, world: {readonly github: GitHub; readonly clock: ReturnType<typeof handClock>; readonly arrived: readonly Arrived[]}, isSeen: (id: number) => boolean, most: number): Promise<number> {
	const sent: number[] = [];
	for (let seconds = 0; ; seconds += 10) {
		const before = world.arrived.length;
		const read = await world.github.readJobs(never);
		sent.push(world.arrived.length - before);
		t.true(sent.slice(-6).reduce((sum, count) => sum + count, 0) <= 750, `points of a minute: ${sent.slice(-6).join(' + ')}`);
		if (read.items.some(({id}) => isSeen(id)) || seconds >= most) {
			return seconds;
		}

		world.clock.pass(10);
	}
}

test('with 1,150 queued runs of others a job of ours is seen at once when it is new, and within a minute in an old run (ubicloud#3022)', async t => {
	const world = await given(t);
	const {repository, github, clock} = world;
	for (let id = 1; id <= 1150; id++) {
		repository.add(id, 'queued', jobRow(id * 10, id, {labels: ['ubuntu-latest']}));
	}

	const first = await github.readJobs(never);
	t.true(first.gaps.length > 0 && first.gaps.every(({runId}) => runId !== undefined), 'what is not read yet is known by its run');
	clock.pass(10);
	repository.add(2000, 'queued', jobRow(20_000, 2000));
	t.is(await polls(t, world, id => id === 20_000, 0), 0);
	clock.pass(10);
	await polls(t, world, () => false, 180);
	const whole = await github.readJobs(never);
	t.deepEqual([whole.items.length, whole.gaps.length], [1151, 0], 'the runs beyond the thousandth are there, too');
	clock.pass(10);
	const old = repository.runs.get(600);
	if (old !== undefined) {
		old.jobs = [...old.jobs, jobRow(6001, 600)];
		old.updated_at = '2';
	}

	t.true(await polls(t, world, id => id === 6001, 180) <= 60);
});

test('with 200 active runs of others a job that comes up in one of them is seen within 20 s, though its row does not change; what is unchanged is free', async t => {
	const world = await given(t);
	const {repository, github, clock} = world;
	for (let id = 1; id <= 200; id++) {
		repository.add(id, 'in_progress', jobRow(id * 10, id, {status: 'in_progress', labels: ['ubuntu-latest']}));
	}

	await polls(t, world, () => false, 120);
	clock.pass(10);
	const warm = await github.readJobs(never);
	t.deepEqual([warm.counted, warm.items.length, warm.gaps.length], [0, 200, 0]);
	const old = repository.runs.get(3);
	if (old !== undefined) {
		old.jobs = [...old.jobs, jobRow(31, 3)];
	}

	clock.pass(10);
	t.true(await polls(t, world, id => id === 31, 60) <= 20);
});

test('evidence asks anew for every run that may hold a job of ours, and says which it could not ask', async t => {
	const {repository, github, clock, arrived} = await given(t);
	for (let id = 1; id <= 100; id++) {
		repository.add(id, 'in_progress', jobRow(id * 10, id, {status: 'in_progress', labels: id <= 60 ? ['ubuntu-latest'] : ['self-hosted']}));
	}

	await github.readJobs(never);
	for (let turn = 0; turn < 12; turn++) {
		clock.pass(10);
		await github.readJobs(never);
	}

	clock.pass(1);
	const before = arrived.length;
	const evidence = await github.readJobs(never, 'evidence');
	const asked = new Set(arrived.slice(before).map(({path}) => Number(path.split('/').at(-2))));
	t.true(Array.from({length: 40}, (_, index) => index + 61).every(id => asked.has(id)));
	t.deepEqual(evidence.gaps, []);
	for (let id = 101; id <= 600; id++) {
		repository.add(id, 'in_progress', jobRow(id * 10, id));
	}

	const crowded = await github.readJobs(never, 'evidence');
	t.true(crowded.gaps.length > 0);
	t.is(new Set([...crowded.items, ...crowded.gaps].map(({runId}) => runId)).size, 600);
});

test('a total that never fits is no gap when two passes agree; where rows differ, what both saw is there (actions-runner-controller#362, CoursIA#14367)', async t => {
	const {repository, github, arrived, clock} = await given(t);
	repository.add(1, 'queued', jobRow(10, 1));
	repository.twist = ({path, query}) => path === runs && query.get('status') === 'queued' ? {body: {total_count: 19, workflow_runs: [{id: 1}]}} : undefined;
	t.deepEqual((await github.readJobs(never)).gaps, []);
	clock.pass(10);
	const before = arrived.filter(({query}) => query.get('status') === 'queued').length;
	t.deepEqual(ids(await github.readJobs(never)), [10]);
	t.is(arrived.filter(({query}) => query.get('status') === 'queued').length - before, 2, 'the page and the empty one after it: known to be wrong by as much, it is read once');

	let turn = 0;
	repository.add(2, 'queued', jobRow(20, 2));
	repository.twist = ({path, query}) => path === runs && query.get('status') === 'queued' && query.get('page') === '1' ? {body: {total_count: 3, workflow_runs: [{id: ++turn % 2 === 0 ? 1 : 2}]}} : undefined;
	clock.pass(10);
	const read = await github.readJobs(never);
	t.deepEqual(ids(read), [10, 20]);
	t.deepEqual(read.gaps.map(({what}) => what), ['2 of the queued runs']);
});

test('an odd row stops nothing: each field that cannot be read is unknown, a row without an id is a gap of its run', async t => {
	const {repository, github} = await given(t);
	repository.add(1, 'queued', jobRow(10, 1, {status: 'dreaming', runner_name: 'gh-actions-runner-1-10'}), jobRow(11, 1, {labels: null}), {id: 12}, jobRow(13, 1, {labels: ['self-hosted', null, 4]}), {name: 'none'});
	repository.add(2, 'queued', jobRow(20, 2, {
		created_at: 'yesterday', started_at: null, name: null, workflow_name: 7,
	}));
	const read = await github.readJobs(never);
	const by = new Map(read.items.map(job => [Number(job.id), job]));
	t.like(by.get(10), {status: 'unknown', runnerName: 'gh-actions-runner-1-10'});
	t.like(by.get(11), {status: 'unknown', labels: []});
	t.like(by.get(12), {status: 'unknown', runId: 1, name: 'job 12'});
	t.deepEqual(by.get(13)?.labels, ['self-hosted']);
	t.like(by.get(20), {status: 'queued', name: 'job 20', workflowName: ''});
	t.deepEqual(read.gaps.map(({runId, what}) => [Number(runId), what]), [[1, '1 jobs of run 1']]);
});

test('a run that cannot be read for weeks is asked more and more rarely, and stays a gap (actions/runner#3872)', async t => {
	const {repository, github, arrived, clock} = await given(t);
	repository.add(1, 'queued', jobRow(10, 1));
	repository.add(2, 'queued', jobRow(20, 2));
	repository.twist = ({path}) => path.includes('/runs/2/') ? {status: 404 + 18, body: {message: 'no'}} : undefined;
	for (let turn = 0; turn < 30; turn++) {
		const read = await github.readJobs(never);
		t.deepEqual([ids(read), read.gaps.map(({runId}) => Number(runId))], [[10], [2]]);
		clock.pass(10);
	}

	t.true(arrived.filter(({path}) => path.includes('/runs/2/')).length <= 9);
});
