// Which runs GitHub lists under which status, and the jobs that it holds back.
import test from 'ava';
import {given, job} from '../../source/simulator/given.ts';
import {simulatedApis} from '../support/simulated-apis.ts';

const parameters = {jobsLagSeconds: [0, 0], jobLagSeconds: [0, 0], assignSeconds: [0, 0]} as const;

test('one job that waits for an approval makes the whole run wait, whatever its others do (cli/cli#13972, actions-runner-controller#2723)', async t => {
	const day = given({parameters, jobs: [{...job('build'), durationSeconds: 600}, {...job('lint', 'other'), durationSeconds: 600}, {...job('deploy'), held: {as: 'waiting', seconds: 300}}]});
	const {github} = simulatedApis(day);
	const runner = day.world.github.addRunner({name: 'mine', labels: ['self-hosted'], architecture: 'x64'});
	day.world.github.connect(runner, () => undefined);
	await day.pass(5);
	const [run] = day.runs;
	const listedAs = async (status: string) => (await github('GET', `/actions/runs?status=${status}`)).rows.map(({id}) => id);
	t.deepEqual(await listedAs('queued'), []);
	t.deepEqual(await listedAs('in_progress'), []);
	t.deepEqual(await listedAs('waiting'), [run!.id]);
	t.deepEqual((await github('GET', `/actions/runs/${run!.id}/jobs`)).rows.map(({name, status}) => `${String(name)} ${String(status)}`), ['build in_progress', 'lint queued', 'deploy waiting']);
	await day.pass(300);
	t.deepEqual(await listedAs('waiting'), []);
	t.deepEqual(await listedAs('queued'), [run!.id], 'approved: two are queued while one runs');
});

test('a run is pending while one of its jobs waits for its concurrency group; the place goes to the newest, the one before is cancelled', async t => {
	const deploy = {...job('deploy'), concurrencyGroup: 'production', durationSeconds: 60};
	const day = given({
		parameters, runs: [
			{workflow: 'one', jobs: [deploy]}, {workflow: 'two', afterSeconds: 10, jobs: [deploy, job('test', 'other')]}, {workflow: 'three', afterSeconds: 20, jobs: [deploy]},
		],
	});
	const {github} = simulatedApis(day);
	const statuses = async () => (await github('GET', '/actions/runs')).rows.map(({name, status}) => `${String(name)} ${String(status)}`);
	await day.pass(15);
	t.deepEqual(await statuses(), ['two pending', 'one queued']);
	await day.pass(10);
	t.deepEqual(await statuses(), ['three pending', 'two queued', 'one queued']);
	t.is(day.runs[1]?.jobs[0]?.conclusion, 'cancelled');
	const runner = day.world.github.addRunner({name: 'mine', labels: ['self-hosted'], architecture: 'x64'});
	day.world.github.connect(runner, () => undefined);
	await day.pass(70);
	t.deepEqual(await statuses(), ['three queued', 'two queued', 'one completed']);
});

test('a run between two jobs goes on, and a job that nobody approves waits for good', async t => {
	const day = given({parameters, jobs: [{...job('build'), durationSeconds: 20}, {...job('deploy'), needs: ['build'], held: {as: 'waiting'}}]});
	const {github} = simulatedApis(day);
	const status = async () => (await github('GET', '/actions/runs')).rows[0]?.status;
	t.is(await status(), 'queued');
	const runner = day.world.github.addRunner({name: 'mine', labels: ['self-hosted'], architecture: 'x64'});
	day.world.github.connect(runner, () => undefined);
	await day.pass(10);
	t.is(await status(), 'in_progress');
	await day.pass(7200);
	t.is(await status(), 'waiting');
	t.is(day.job('deploy').actualState, 'held');
});
