// What keeps a runner from registering, and jobs that are given to none though it is there.
import test from 'ava';
import {given, job, type Given} from '../../source/simulator/given.ts';
import {simulatedApis} from '../support/simulated-apis.ts';

const jit = {name: 'jit', runner_group_id: 1, labels: ['self-hosted']};

// What config.sh says when it fails; undefined when it works.
function refusal(day: Given, name = 'mine', token = day.world.github.registrationToken().token): string | undefined {
	const made = day.world.github.register({
		token, name, labels: ['self-hosted'], architecture: 'x64', version: '2.338.0',
	});
	return typeof made === 'string' ? made : undefined;
}

test('a policy refuses token, JIT config and registration with the same sentence, and lets go of them again (runs-on#417)', async t => {
	const day = given();
	const {github} = simulatedApis(day);
	day.world.faults.inject({kind: 'runnersDisabled'}, {forSeconds: 600});
	const {token} = day.world.github.registrationToken(); // Had before the policy came.
	const sentence = 'Repository level self-hosted runners are disabled on this repository.';
	for (const [path, body] of [['/actions/runners/registration-token', undefined], ['/actions/runners/generate-jitconfig', jit]] as const) {
		const answer = await github('POST', path, body);
		t.is(answer.status, 403);
		t.is(answer.body.message, sentence);
	}

	t.true(refusal(day, 'mine', token)?.includes(sentence));
	t.is((await github('GET', '/actions/runners')).status, 200, 'all else is let through');
	await t.throwsAsync(waited(day, day.ports.github.registrationToken()), {message: new RegExp(sentence, 'v'), name: 'PortError'});
	await day.pass(600);
	t.is((await github('POST', '/actions/runners/registration-token')).status, 201);
	t.is((await github('POST', '/actions/runners/generate-jitconfig', jit)).status, 201);
});

test('a JIT config for a runner group that is not there, or is GitHub’s own, is refused; so is one without a group, and all by an old Enterprise Server', async t => {
	const {github} = simulatedApis(given({parameters: {runnerGroups: [1, 7]}}));
	const status = async (body: unknown) => (await github('POST', '/actions/runners/generate-jitconfig', body)).status;
	t.is(await status({...jit, runner_group_id: 3}), 404);
	t.is(await status({...jit, runner_group_id: 2}), 403);
	t.is(await status({...jit, runner_group_id: 7}), 201);
	const without = await github('POST', '/actions/runners/generate-jitconfig', {name: 'jit 2', labels: ['x']});
	t.is(without.status, 422);
	t.regex(String(without.body.message), /missing required key: runner_group_id/v);
	t.is(await status({...jit, name: 'jit 3', labels: []}), 422);
	t.is(await status({...jit, name: 'jit 3', labels: Array.from({length: 101}, (_, index) => `l${index}`)}), 422);
	const old = simulatedApis(given({parameters: {githubHasJit: false}}));
	t.is((await old.github('POST', '/actions/runners/generate-jitconfig', jit)).status, 404);
	t.is((await old.github('POST', '/actions/runners/registration-token')).status, 201);
});

test('a JIT record has exactly its labels in lower case, and is there at once, offline, of an unknown system; its name is taken', async t => {
	const {github} = simulatedApis(given());
	const {status, body} = await github('POST', '/actions/runners/generate-jitconfig', {...jit, labels: ['Self-Hosted', 'X64', 'cx23']});
	t.is(status, 201);
	t.true(String(body.encoded_jit_config).length > 3000);
	const row = (await github('GET', '/actions/runners')).rows.find(({name}) => name === 'jit');
	t.like(row, {
		name: 'jit', status: 'offline', os: 'unknown', version: null, busy: false,
	});
	t.deepEqual((row?.labels as ReadonlyArray<{readonly name: string}>).map(({name}) => name), ['self-hosted', 'x64', 'cx23']);
	t.is((await github('POST', '/actions/runners/generate-jitconfig', jit)).status, 409);
});

function minted(day: Given, name: string) {
	const answer = day.world.github.jitConfig({name, labels: ['self-hosted'], groupId: 1});
	if (typeof answer === 'string') {
		throw new TypeError(answer);
	}

	return answer;
}

function refused(day: Given, config: string): string {
	const answer = day.world.github.startJit(config);
	return typeof answer === 'string' ? answer : 'taken';
}

test('a JIT config serves one start, lapses after some minutes, and its record goes after a day when nobody uses it', async t => {
	const day = given();
	const [used, late, gone] = [minted(day, 'used'), minted(day, 'late'), minted(day, 'gone')];
	t.is(day.world.github.startJit(used.config), used.runner);
	t.regex(refused(day, used.config), /already exists/v);
	t.is(day.world.github.removeRunner(gone.runner.id), 'removed');
	t.regex(refused(day, gone.config), /has been deleted/v);
	t.regex(refused(day, 'bm9uZQ=='), /Invalid configuration/v);
	await day.pass(331);
	t.regex(refused(day, late.config), /lapsed/v);
	t.true(day.world.github.runners.has(late.runner.id));
	await day.pass(86_400);
	t.false(day.world.github.runners.has(late.runner.id));
});

test('an idle JIT runner is removed after two to six minutes and its program told; one at work is not (actions/runner#4726)', async t => {
	const day = given({runs: [{afterSeconds: 60, jobs: [{...job('long'), durationSeconds: 1000}]}]});
	const ends: string[] = [];
	const [idle, busy] = ['other', 'self-hosted'].map((label, index) => {
		const answer = day.world.github.jitConfig({name: `jit ${index}`, labels: [label], groupId: 1});
		const runner = typeof answer === 'string' ? undefined : day.world.github.startJit(answer.config);
		if (typeof runner !== 'object') {
			throw new TypeError(String(runner));
		}

		day.world.github.connect(runner, how => {
			ends.push(`${label} ${how}`);
		});
		return runner;
	});
	await day.pass(119);
	t.deepEqual(ends, []);
	await day.pass(242);
	t.deepEqual(ends, ['other removed']);
	t.deepEqual([idle, busy].map(runner => day.world.github.runners.has(runner!.id)), [false, true]);
	await day.pass(800);
	t.deepEqual(ends, ['other removed', 'self-hosted job']);
});

test('the list of runners by name may miss the one that has it', async t => {
	const day = given({faults: [{kind: 'nameFilterMisses'}]});
	const {github} = simulatedApis(day);
	minted(day, 'there');
	t.deepEqual((await github('GET', '/actions/runners?name=there')).rows, []);
	t.true((await github('GET', '/actions/runners')).rows.some(({name}) => name === 'there'));
});

test('there is no runner program for one architecture', async t => {
	const day = given({faults: [{kind: 'noDownload', architecture: 'arm64'}]});
	const {body} = await simulatedApis(day).github('GET', '/actions/runners/downloads');
	t.deepEqual((body.list as ReadonlyArray<Record<string, unknown>>).filter(({os}) => os === 'linux').map(({architecture}) => architecture), ['x64']);
	t.regex((await waited(day, day.ports.github.runnerDownload('x64'))).filename, /x64/v);
	await t.throwsAsync(waited(day, day.ports.github.runnerDownload('arm64')), {message: /linux arm64/v});
});

test('a registration token lapses while a set-up lasts, and config.sh may be refused though it is good', async t => {
	const day = given({parameters: {registrationTokenSeconds: 300}});
	const {token} = day.world.github.registrationToken();
	await day.pass(299);
	t.is(refusal(day, 'in time', token), undefined);
	await day.pass(1);
	t.regex(refusal(day, 'too late', token) ?? '', /NotFound/v);
	day.world.faults.inject({kind: 'registrationFails'}, {times: 1});
	t.regex(refusal(day) ?? '', /Forbidden/v);
	t.is(refusal(day), undefined);
});

test('jobs are given to no runner for a while, though one that fits is online and idle; then they are (actions/runner#3872)', async t => {
	const day = given({jobs: [{...job('test'), durationSeconds: 5}, {...job('build', 'x64'), durationSeconds: 60}], faults: [[{kind: 'unassigned', label: 'x64'}, {forSeconds: 900}]]});
	for (const name of ['one', 'two']) {
		const runner = day.world.github.addRunner({name, labels: ['self-hosted', 'x64'], architecture: 'x64'});
		day.world.github.connect(runner, () => undefined);
	}

	await day.pass(890);
	t.deepEqual([day.job('test').actualState, day.job('build').actualState], ['completed', 'queued']);
	await day.pass(25);
	t.is(day.job('build').actualState, 'running');
});

test('a job for another runner group is never given to ours, and no answer tells why', async t => {
	const day = given({jobs: [{...job('train'), group: 'gpu'}]});
	const ours = day.world.github.addRunner({name: 'ours', labels: ['self-hosted'], architecture: 'x64'});
	day.world.github.connect(ours, () => undefined);
	await day.pass(3600);
	t.is(day.job('train').actualState, 'queued');
	const [row] = (await simulatedApis(day).github('GET', `/actions/runs/${day.runs[0]!.id}/jobs`)).rows;
	t.like(row, {labels: ['self-hosted'], status: 'queued', runner_group_name: null});
	const theirs = day.world.github.addRunner({
		name: 'theirs', labels: ['self-hosted'], architecture: 'x64', group: 'gpu',
	});
	day.world.github.connect(theirs, () => undefined);
	await day.pass(10);
	t.is(day.job('train').runner?.name, 'theirs');
});

test('no two answers have the same correlation id, even at the same moment', async t => {
	const day = given();
	const {hetzner} = simulatedApis(day);
	const answers = await Promise.all([1, 2, 3].map(async () => hetzner('GET', '/locations')));
	t.is(new Set(answers.map(({headers}) => headers.get('x-correlation-id'))).size, 3);
});

async function waited<Value>(day: Given, promise: Promise<Value>): Promise<Value> {
	const settled = promise.finally(() => undefined);
	settled.catch(() => undefined); // The caller awaits it.
	await day.pass(5);
	return settled;
}
