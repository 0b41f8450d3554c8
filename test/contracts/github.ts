import test from 'ava';
import type {JobId} from '../../source/model/job.ts';
import type {RunnerId} from '../../source/model/runner.ts';
import {secondsBetween} from '../../source/model/time.ts';
import {PortError} from '../../source/scaler/ports.ts';
import {sides} from '../support/both-worlds.ts';

const never = new AbortController().signal;
const runner = {
	name: 'gh-actions-runner-7-70', labels: ['self-hosted', 'Linux', 'X64'], architecture: 'x64', version: '2.338.0',
} as const;

function sorted(texts: readonly string[]): readonly string[] {
	return texts.toSorted((a, b) => a.localeCompare(b));
}

for (const {name, open} of sides) {
	test(`${name}: jobs of queued and of running runs are read`, async t => {
		const {world, github, until} = await open(t);
		world.addRun({jobs: [{name: 'test', labels: ['self-hosted', 'server-cx23']}, {name: 'hosted', labels: ['ubuntu-latest'], durationSeconds: 100_000}]});
		world.addRun({jobs: [{name: 'deploy', held: {as: 'waiting'}}, {name: 'lint'}]});
		await until(() => world.github.jobs().some(job => job.isHosted && job.actualState !== 'queued'));
		await world.clock.sleep(5); // Lists come before their jobs, and jobs read as queued a little longer.
		const read = await github.readJobs(never);
		t.deepEqual(read.gaps.map(({what}) => what), []);
		t.deepEqual(read.items.map(job => `${job.name} ${job.status}`).toSorted((a, b) => a.localeCompare(b)), ['deploy waiting', 'hosted inProgress', 'lint queued', 'test queued']);
		const job = read.items.find(listed => listed.name === 'test');
		t.like(job, {
			labels: ['self-hosted', 'server-cx23'], runnerName: undefined, startedAt: undefined, runAttempt: 1, workflowName: 'ci', branch: 'main',
		});
		t.deepEqual(await github.readJob(job?.id ?? 0 as JobId), job);
		t.is(await github.readJob(1 as JobId), undefined);
	});

	test(`${name}: a run that cannot be read is missing, and the rest is there`, async t => {
		const {world, github} = await open(t);
		const [one, two] = [world.addRun({jobs: [{name: 'a'}]}), world.addRun({jobs: [{name: 'b'}]})];
		await world.clock.sleep(5);
		world.faults.inject({
			kind: 'answer', api: 'github', operation: 'listJobs', subject: one.id, status: 422, message: 'no',
		});
		const read = await github.readJobs(never);
		t.deepEqual(read.gaps.map(({what}) => what), [`jobs of run ${one.id}`]);
		t.deepEqual(read.items.map(job => Number(job.runId)), [two.id]);
	});

	test(`${name}: nothing readable is an error of the right kind`, async t => {
		const {world, github} = await open(t);
		const heal = world.faults.inject({kind: 'badCredentials', api: 'github'});
		const refused = await t.throwsAsync(github.readJobs(never), {instanceOf: PortError});
		t.is(refused.kind, 'refused');
		heal();
		world.faults.inject({kind: 'down', api: 'github'});
		const unreachable = await t.throwsAsync(github.readRunners(never), {instanceOf: PortError});
		t.is(unreachable.kind, 'unreachable');
	});

	test(`${name}: runners are listed, found by their exact name, removed, and kept while busy`, async t => {
		const {world, github, until} = await open(t);
		const added = world.github.addRunner({...runner, isOnline: true});
		world.github.addRunner({...runner, name: `${runner.name}-2`});
		const {items: runners} = await github.readRunners(never);
		t.deepEqual(sorted(runners.map(listed => `${listed.name} ${String(listed.isOnline)} ${String(listed.isBusy)}`)), [`${runner.name} true false`, `${runner.name}-2 false false`]);
		const found = await github.findRunner(runner.name);
		t.is(found?.id, added.id as RunnerId);
		t.is(await github.findRunner('gh-actions-runner-7'), undefined);
		t.is(await github.removeRunner(added.id as RunnerId), 'removed');
		t.is(await github.removeRunner(added.id as RunnerId), 'gone');

		const busy = world.github.addRunner({...runner, name: 'busy'});
		world.github.connect(busy, () => {/* Its job's end is none of this test's. */});
		world.addRun({jobs: [{name: 'long', durationSeconds: 100_000}]});
		await until(() => busy.job !== undefined);
		const answer = await github.removeRunner(busy.id as RunnerId);
		t.is(typeof answer, 'object');
		await until(() => world.github.isSaidBusy(busy));
		t.like(await github.findRunner('busy'), {isBusy: true});
	});

	test(`${name}: one registration token serves many, and the runner program has a checksum`, async t => {
		const {github} = await open(t);
		const token = await github.registrationToken();
		t.true(token.length > 10);
		t.is(await github.registrationToken(), token);
		const download = await github.runnerDownload('arm64');
		t.regex(download.sha256, /^[0-9a-f]{64}$/v);
		t.regex(download.filename, /arm64/v);
	});

	test(`${name}: a just-in-time configuration is one runner's; its record is unused until a program connects, and its name is taken`, async t => {
		const {world, github, until} = await open(t);
		t.is(await github.mayMint(), 'yes');
		t.is(world.github.jitConfigs().length, 0, 'asking makes none');
		const minted = await github.jitConfig({name: runner.name, labels: ['self-hosted', 'Linux', 'X64']});
		if (minted.outcome !== 'minted') {
			throw new Error(minted.outcome);
		}

		t.deepEqual(world.github.jitConfigs(), [minted.config]);
		t.like(await github.findRunner(runner.name), {
			id: minted.id, isOnline: false, isBusy: false, isUnused: true, labels: ['self-hosted', 'linux', 'x64'], version: undefined,
		});
		t.like(await github.jitConfig({name: runner.name, labels: ['self-hosted']}), {outcome: 'taken'});
		const program = world.github.startJit(minted.config);
		if (typeof program === 'string') {
			throw new TypeError(program);
		}

		program.version = '2.338.0';
		world.github.connect(program, () => {/* Its end is none of this test's. */});

		await until(() => world.github.runners.get(minted.id)?.isOnline === true);
		const found = await github.findRunner(runner.name);
		t.true(found?.isOnline === true && !('isUnused' in found));
	});

	test(`${name}: a configuration whose answer is lost is made once and not asked for again; refusals are told apart`, async t => {
		const {world, github} = await open(t);
		const ask = async (of = 'one') => github.jitConfig({name: of, labels: ['self-hosted']});
		const heal = world.faults.inject({
			kind: 'answerAfterwards', api: 'github', operation: 'jitConfig', status: 502,
		});
		t.like(await ask(), {outcome: 'unknown'});
		t.is(world.github.jitConfigs().length, 1);
		t.is(world.pipeline.log.filter(({operation}) => operation === 'jitConfig').length, 1);
		heal();
		for (const [status, outcome] of [[404, 'noEndpoint'], [409, 'taken'], [422, 'invalid'], [500, 'unknown']] as const) {
			const end = world.faults.inject({
				kind: 'answer', api: 'github', operation: 'jitConfig', status,
			});
			t.like(await ask('two'), {outcome});
			end();
		}

		world.faults.inject({kind: 'runnersDisabled'});
		const error = await t.throwsAsync(ask('three'), {instanceOf: PortError, message: /403/v});
		t.is(error.kind, 'refused');
		const also = await t.throwsAsync(github.mayMint(), {instanceOf: PortError});
		t.is(also.kind, 'refused');
	});

	test(`${name}: a runner that is known is found though the list by name misses it`, async t => {
		const {world, github} = await open(t);
		world.github.addRunner({...runner, isOnline: true});
		await github.readRunners(never);
		world.faults.inject({kind: 'nameFilterMisses'});
		t.like(await github.findRunner(runner.name), {isOnline: true});
	});

	test(`${name}: a GitHub without just-in-time configurations says so`, async t => {
		const {github} = await open(t, {githubHasJit: false});
		t.is(await github.mayMint(), 'noEndpoint');
		t.deepEqual(await github.jitConfig({name: 'one', labels: ['self-hosted']}), {outcome: 'noEndpoint'});
	});

	test(`${name}: a secondary limit says when to ask again`, async t => {
		const {world, clock, github} = await open(t);
		t.is(github.budget(), undefined);
		world.faults.inject({kind: 'secondaryLimit', retryAfterSeconds: 600});
		const error = await t.throwsAsync(github.readRunners(never), {instanceOf: PortError});
		t.is(error.kind, 'limited');
		const seconds = secondsBetween(clock.now(), error.retryAt ?? clock.now());
		t.true(seconds > 300 && seconds <= 600);
		t.true((github.budget()?.blockedUntil ?? 0) > clock.now());
	});

	test(`${name}: an aborted read ends`, async t => {
		const {world, github} = await open(t);
		world.faults.inject({kind: 'slow', api: 'github', seconds: 3600});
		const leave = new AbortController();
		const read = github.readRunners(leave.signal);
		leave.abort(new Error('stopping'));
		await t.throwsAsync(read);
	});
}
