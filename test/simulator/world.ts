import test from 'ava';
import {serverNameFor} from '../../source/model/server-name.ts';
import type {JobId, RunId} from '../../source/model/job.ts';
import type {Server} from '../../source/model/server.ts';
import type {CreateAnswer, SetUpNews} from '../../source/scaler/ports.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import type {HostOutcome} from '../../source/simulator/faults.ts';
import {given, job, type Given} from '../../source/simulator/given.ts';
import {busyScenario, isFinished} from '../../source/simulator/scenario.ts';

const {signal} = new AbortController();

// Waits for a port's answer while the day goes on.
async function answered<Answer>(day: Given, promise: Promise<Answer>): Promise<Answer> {
	let isDone = false;
	const settled = (async () => {
		try {
			return await promise;
		} finally {
			isDone = true;
		}
	})();
	settled.catch(() => {
		isDone = true; // The caller awaits it below.
	});
	await day.clock.passUntil(() => isDone, 3600);
	return settled;
}

async function create(day: Given, name: string, serverType = 'cx23', location?: string): Promise<CreateAnswer> {
	const found = day.job(name);
	const id = {id: found.id as JobId, runId: found.run.id as RunId};
	const serverName = serverNameFor(id, new Set(day.world.hetzner.servers.values().map(server => server.name)));
	return answered(day, day.ports.cloud.createServer({
		name: serverName,
		userData: (await day.ports.shell.prepareHostKey(serverName))?.userData,
		placement: {
			serverType, location, image: 'ubuntu-24.04', architecture: serverType.startsWith('cax') ? 'arm64' : 'x64',
		},
		job: id,
		runnerLabels: found.labels, engineSet: 'set',
	}));
}

async function created(day: Given, name: string, serverType = 'cx23'): Promise<Server> {
	const answer = await create(day, name, serverType);
	if (answer.outcome !== 'created') {
		throw new Error(`Not created: ${JSON.stringify(answer)}`);
	}

	return answer.server;
}

async function setUpOnce(day: Given, server: Server, token?: string): Promise<readonly SetUpNews[]> {
	const variables = {
		GITHUB_RUNNER_TOKEN: token ?? await answered(day, day.ports.github.registrationToken()), GITHUB_RUNNER_LABELS: server.runnerLabels.join(','), RUNNER_NAME: server.name,
	};
	const news = day.ports.shell.setUp({
		server, ip: server.ip ?? '', maxSetupSeconds: 600, start: async () => ({setupScript: '', startupScript: '', variables}),
	}, signal);
	let all: readonly SetUpNews[] = [];
	const listen = async () => {
		for await (const item of news) {
			all = [...all, item];
		}
	};

	await answered(day, listen());
	return all;
}

// A day with one job, its server made and set up.
async function dayWith(outcome: HostOutcome): Promise<{readonly day: Given; readonly server: Server; readonly news: readonly SetUpNews[]}> {
	const day = given({jobs: [{...job('test'), outcome}]});
	const server = await created(day, 'test');
	await day.pass(60);
	return {day, server, news: await setUpOnce(day, server)};
}

test('a job runs on the server made for it, which then powers itself off', async t => {
	const {day, server, news} = await dayWith('ok');
	t.deepEqual(news[0], {news: 'answered', isResumed: false});
	t.like(news.at(-1), {news: 'ended', script: 'startup', exitCode: 0});
	t.true(await day.until('test', 'running'));
	t.deepEqual(day.job('test').runner?.name, server.name);
	t.true(await day.until('test', 'completed'));
	await day.pass(5);
	t.is((await answered(day, day.ports.cloud.readServer(server.id)))?.status, 'off');
	t.is(await answered(day, day.ports.github.findRunner(server.name)), undefined);
	t.is(await answered(day, day.ports.cloud.deleteServer(server.id)), 'deleted');
	await day.pass(10);
	t.true(isFinished(day.world));
	t.like(auditWorld(day.world), {
		jobs: {done: 1}, serversLeft: 0, serversCreated: 1, serversWithoutJob: 0, jobsKilled: 0, foreignTouched: 0, costMicros: Math.round(96 * 1.19 * 100),
	});
});

const endings: ReadonlyArray<readonly [outcome: HostOutcome, script: 'setup' | 'startup', exitCode: number]> = [
	['setupFails', 'setup', 100], ['configFails', 'startup', 1], ['hangsMidScript', 'startup', 124], ['neverRegisters', 'startup', 0], ['wrongLabels', 'startup', 0], ['runShFails', 'startup', 0],
];
for (const [outcome, script, exitCode] of endings) {
	test(`a host of the kind ${outcome} ends its ${script} script with ${exitCode} and runs no job`, async t => {
		const {day, news} = await dayWith(outcome);
		t.like(news.at(-1), {news: 'ended', script, exitCode});
		await day.pass(120);
		t.is(day.job('test').actualState, 'queued');
	});
}

test('a runner whose run.sh fails, or whose version is deprecated, powers its server off and leaves its record offline', async t => {
	for (const outcome of ['runShFails', 'deprecatedRunner'] as const) {
		const {day, server} = await dayWith(outcome);
		await day.pass(60);
		t.is(day.world.hetzner.servers.get(server.id)?.status, 'off');
		t.like(await answered(day, day.ports.github.findRunner(server.name)), {isOnline: false, isBusy: false});
	}
});

test('a runner with the wrong labels, or one that GitHub overlooks, is online and idle', async t => {
	for (const outcome of ['wrongLabels', 'neverGetsJob'] as const) {
		const {day, server} = await dayWith(outcome);
		await day.pass(60);
		t.like(await answered(day, day.ports.github.findRunner(server.name)), {isOnline: true, isBusy: false});
		t.is(day.job('test').actualState, 'queued');
	}
});

test('the second server made for a job turns out well', async t => {
	const {day} = await dayWith('neverRegisters');
	const second = await created(day, 'test');
	t.true(second.name.endsWith('-2'));
	await day.pass(60);
	await setUpOnce(day, second);
	t.true(await day.until('test', 'completed'));
});

test('SSH that is never up is refused', async t => {
	const {news} = await dayWith('sshNeverUp');
	t.like(news, [{news: 'lost', kind: 'unreachable'}]);
});

test('a connection that drops mid-output loses nothing: the next one follows on, and nothing runs twice', async t => {
	const {day, server, news} = await dayWith('dropsConnection');
	t.like(news.at(-1), {news: 'lost'});
	const rest = await setUpOnce(day, server);
	t.deepEqual(rest[0], {news: 'answered', isResumed: true});
	const lines = [...news, ...rest].filter(item => item.news === 'line' || item.news === 'step').map(item => JSON.stringify(item));
	const {news: undisturbed} = await dayWith('ok');
	t.deepEqual(lines, undisturbed.filter(item => item.news === 'line' || item.news === 'step').map(item => JSON.stringify(item)));
});

test('a registration token that is unknown or older than an hour is refused by config.sh', async t => {
	const day = given({jobs: [job('one'), job('two')]});
	const token = await answered(day, day.ports.github.registrationToken());
	const one = await created(day, 'one');
	const two = await created(day, 'two');
	await day.pass(3590);
	t.like((await setUpOnce(day, one, token)).at(-1), {exitCode: 1});
	t.like((await setUpOnce(day, two, 'nonsense')).at(-1), {exitCode: 1});
});

test('a running job that is killed is counted, whoever did it', async t => {
	const {day, server} = await dayWith('ok');
	await day.until('test', 'running');
	await answered(day, day.ports.cloud.deleteServer(server.id));
	t.like(auditWorld(day.world), {jobsKilled: 1});
	await day.pass(900);
	t.is(day.job('test').conclusion, 'failure');
});

test('a runner with a job is not let go of; the fault that lets it go kills the job', async t => {
	const {day, server} = await dayWith('ok');
	await day.until('test', 'running');
	const runner = await answered(day, day.ports.github.findRunner(server.name));
	t.like(await answered(day, day.ports.github.removeRunner(runner!.id)), {busy: `Runner "${server.name}" is currently running a job and cannot be deleted.`});
	day.world.faults.inject({kind: 'letsGoOfBusyRunners'});
	t.like(await answered(day, day.ports.github.removeRunner(runner!.id)), {busy: `Runner "${server.name}" is currently running a job and cannot be deleted.`}, 'what just began is kept');
	await day.pass(20);
	t.is(await answered(day, day.ports.github.removeRunner(runner!.id)), 'removed');
	t.like(auditWorld(day.world), {jobsKilled: 1});
});

test('busy lies: late to turn true, and false again while the fault is in force', async t => {
	const day = given({jobs: [{...job('test'), durationSeconds: 300}], parameters: {busyLagSeconds: [20, 20]}});
	const server = await created(day, 'test');
	await day.pass(60);
	await setUpOnce(day, server);
	await day.until('test', 'running');
	const isBusy = async () => (await answered(day, day.ports.github.findRunner(server.name)))?.isBusy;
	t.false(await isBusy());
	await day.pass(25);
	t.true(await isBusy());
	day.world.faults.inject({kind: 'saysIdle', job: 'test'}, {times: 1});
	t.false(await isBusy());
	t.true(await isBusy());
});

test('servers and runners of others are never seen, and any change to them is counted', async t => {
	const day = given();
	t.deepEqual((await answered(day, day.ports.cloud.readServers(signal))).items, []);
	t.is(await answered(day, day.ports.cloud.findServer('gh-actions-runner-7-7' as Server['name'])), 'foreign');
	const foreign = day.world.hetzner.servers.values().find(server => server.name === 'prod-db');
	day.world.hetzner.updateServer(foreign!, {labels: {}});
	t.like(auditWorld(day.world), {foreignTouched: 1, serversLeft: 0});
});

test('the name of a server is taken until it is gone', async t => {
	const day = given({jobs: [job('test')]});
	const server = await created(day, 'test');
	const again = await answered(day, day.ports.cloud.createServer({
		name: server.name, placement: {
			serverType: 'cx23', location: undefined, image: 'ubuntu-24.04', architecture: 'x64',
		}, job: {id: server.jobId!, runId: server.runId!}, runnerLabels: [], engineSet: 'set',
	}));
	t.like(again, {outcome: 'refused', refusal: {code: 'nameTaken'}});
});

test('a refused pair is refused in its location and made elsewhere; with no place left it is refused anywhere', async t => {
	const day = given({
		jobs: [job('test'), job('next'), job('last')], faults: [[{
			kind: 'pairRefused', serverType: 'cx23', location: 'fsn1', form: 'unsupported',
		}, {forSeconds: 600}]],
	});
	t.like(await create(day, 'test', 'cx23', 'fsn1'), {outcome: 'refused', refusal: {code: 'noCapacity', answer: 'unsupported location for server type'}});
	t.like(await create(day, 'test'), {outcome: 'created', server: {location: 'nbg1'}});
	day.world.faults.inject({kind: 'pairRefused', serverType: 'cx23', form: 'placement'});
	t.like(await create(day, 'next'), {outcome: 'refused', refusal: {code: 'noCapacity'}});
	day.world.faults.clear();
	day.world.faults.inject({kind: 'serverLimit', limit: 1});
	t.like(await create(day, 'last'), {outcome: 'refused', refusal: {code: 'accountLimit', answer: 'server limit exceeded'}});
});

test('a create whose answer is lost is unknown, and the server may exist', async t => {
	const day = given({
		jobs: [job('test')], faults: [[{
			kind: 'answerAfterwards', api: 'hetzner', operation: 'createServer', status: 502,
		}, {times: 1}]],
	});
	t.like(await create(day, 'test'), {outcome: 'unknown'});
	t.is(auditWorld(day.world).serversCreated, 1);
});

test('jobs of one run that can not be read make a partial read; nothing readable throws', async t => {
	const day = given({runs: [{jobs: [job('one')]}, {jobs: [job('two')]}]});
	await day.pass(5);
	const bad = day.runs[0]!.id;
	const drop = day.world.faults.inject({
		kind: 'answer', api: 'github', operation: 'listJobs', subject: bad, status: 502,
	});
	const read = await answered(day, day.ports.github.readJobs(signal));
	t.deepEqual(read.items.map(item => item.name), ['two']);
	t.deepEqual(read.gaps, [{what: `jobs of run ${bad}`, runId: bad}]);
	drop();
	day.world.faults.inject({kind: 'down', api: 'github'}, {forSeconds: 30});
	await t.throwsAsync(answered(day, day.ports.github.readJobs(signal)), {name: 'PortError', message: /connection reset/v});
	await day.pass(30);
	t.is((await answered(day, day.ports.github.readJobs(signal))).items.length, 2);
});

test('a list that is stale repeats its earlier answer', async t => {
	const day = given({jobs: [job('test')]});
	t.is((await answered(day, day.ports.cloud.readServers(signal))).items.length, 0);
	day.world.faults.inject({kind: 'stale', api: 'hetzner', operation: 'listServers'}, {forSeconds: 20});
	await created(day, 'test');
	t.is((await answered(day, day.ports.cloud.readServers(signal))).items.length, 0);
	await day.pass(20);
	t.is((await answered(day, day.ports.cloud.readServers(signal))).items.length, 1);
});

test('the request limits of both APIs are real, and unchanged answers of GitHub are free', async t => {
	const day = given({parameters: {githubRequestsPerHour: 3, hetznerRequestsPerHour: 2}});
	for (let turn = 0; turn < 10; turn++) {
		await answered(day, day.ports.github.readRunners(signal));
	}

	t.is(day.ports.github.budget()?.remaining, 2);
	await answered(day, day.ports.github.registrationToken());
	await answered(day, day.ports.github.runnerDownload('x64'));
	await t.throwsAsync(answered(day, day.ports.github.findRunner('x')), {message: /rate limit exceeded/v});
	t.truthy(day.ports.github.budget()?.blockedUntil);
	await answered(day, day.ports.cloud.readCatalogue());
	await answered(day, day.ports.cloud.readCatalogue());
	await t.throwsAsync(answered(day, day.ports.cloud.readCatalogue()), {message: /limit of 2 requests/v});
	await day.pass(1800);
	t.is((await answered(day, day.ports.cloud.readCatalogue())).currency, 'EUR');
});

test('a busy morning counts exactly the jobs it was asked for, the same for the same seed', t => {
	const names = (seed: number, jobs: number) => {
		const day = given({seed});
		busyScenario(day.world, {jobs});
		return day.world.github.jobs().filter(item => item.isCounted).map(item => [item.name, item.durationSeconds, item.run.createdAt]);
	};

	for (const jobs of [0, 1, 5, 40, 200]) {
		t.is(names(7, jobs).length, jobs);
	}

	t.deepEqual(names(7, 40), names(7, 40));
	t.notDeepEqual(names(7, 40), names(8, 40));
});
