import type {JobId, RunId} from '../../source/model/job.ts';
import {serverNameFor} from '../../source/model/server-name.ts';
import type {Server, ServerId} from '../../source/model/server.ts';
import type {SetUpNews, SetUpRequest} from '../../source/scaler/ports.ts';
import type {HostOutcome} from '../../source/simulator/faults.ts';
import {sides, type Side} from '../support/both-worlds.ts';
import {collect} from '../support/collect.ts';
import {needs} from '../support/needs.ts';

const never = new AbortController().signal;

/* A server that answers SSH (or not yet), and the request to set it up. */
async function given(side: Side, {outcome, isUp = true, withHostKey = true}: {readonly outcome?: HostOutcome; readonly isUp?: boolean; readonly withHostKey?: boolean} = {}): Promise<SetUpRequest> {
	const {world, cloud, github, until} = side;
	if (outcome !== undefined) {
		world.faults.inject({kind: 'host', outcome});
	}

	const job = {id: 70 as JobId, runId: 7 as RunId};
	const asked = serverNameFor(job, new Set());
	const hostKey = withHostKey ? await side.shell.prepareHostKey(asked) : undefined;
	const answer = await cloud.createServer({
		name: asked, job, userData: hostKey?.userData, runnerLabels: ['self-hosted'], engineSet: 'set', placement: {
			serverType: 'cx23', location: 'fsn1', image: 'ubuntu-24.04', architecture: 'x64',
		},
	});
	const {id, name, ip} = answer.outcome === 'created' ? answer.server : noServer;
	if (isUp) {
		await until(() => world.hetzner.servers.get(id)?.host.doesSshAnswer === true);
		await world.clock.sleep(5); // The listener opens a moment after.
	}

	const download = await github.runnerDownload('x64');
	return {
		server: {id, name}, ip: ip ?? '127.77.0.0', maxSetupSeconds: 600, start: async () => ({
			setupScript: 'a', startupScript: 'b', variables: {
				GITHUB_REPOSITORY: 'acme/widgets', GITHUB_URL: 'https://github.com', GITHUB_RUNNER_TOKEN: await github.registrationToken(), GITHUB_RUNNER_GROUP: 'Default',
				GITHUB_RUNNER_LABELS: 'self-hosted', RUNNER_NAME: name, RUNNER_DOWNLOAD_URL: download.url, RUNNER_DOWNLOAD_FILENAME: download.filename,
				RUNNER_DOWNLOAD_SHA256: download.sha256, SERVER_NAME: name, SERVER_TYPE: 'cx23', SERVER_LOCATION: 'fsn1',
			},
		}),
	};
}

const noServer: Pick<Server, 'id' | 'name' | 'ip'> = {id: 0 as ServerId, name: serverNameFor({id: 1 as JobId, runId: 1 as RunId}, new Set()), ip: undefined};

function words(news: readonly SetUpNews[]): readonly string[] {
	return news.map(item => item.news === 'line' ? item.text : (item.news === 'step' ? `step ${item.script}` : item.news));
}

for (const {name, open} of sides) {
	const test = name === 'over the wire' ? needs('ssh', 'ssh-keygen') : needs();

	test(`${name}: both scripts run to their end, told in order`, async t => {
		const side = await open(t);
		const news = await collect(side.shell.setUp(await given(side), never));
		t.deepEqual(news[0], {news: 'answered', isResumed: false});
		t.deepEqual(news.filter(item => item.news === 'step'), [{news: 'step', script: 'setup'}, {news: 'step', script: 'startup'}]);
		t.true(news.some(item => item.news === 'line'));
		t.like(news.at(-1), {news: 'ended', exitCode: 0, script: 'startup'});
		t.is(side.world.github.runners.size, 1, 'the runner is registered');
	});

	test(`${name}: who left and comes back gets the rest, and nothing runs twice`, async t => {
		const side = await open(t);
		const request = await given(side);
		const first: SetUpNews[] = [];
		for await (const news of side.shell.setUp(request, never)) {
			first.push(news);
			if (news.news === 'step' && news.script === 'startup') {
				break;
			}
		}

		const second = await collect(side.shell.setUp(request, never));
		t.deepEqual(second[0], {news: 'answered', isResumed: true});
		t.like(second.at(-1), {news: 'ended', exitCode: 0, script: 'startup'});
		await side.shell.forget(request.server);
		const whole = await collect(side.shell.setUp(request, never));
		t.deepEqual(words([...first.slice(1), ...second.slice(1)]), words(whole.slice(1)), 'together they are the whole, each line once');
		t.is(side.world.github.runners.size, 1);
	});

	test(`${name}: what is handed over is asked for once, and not by a server that was set up before`, async t => {
		const side = await open(t);
		const request = await given(side);
		let asked = 0;
		const counted: SetUpRequest = {
			...request, async start() {
				asked++;
				return request.start();
			},
		};
		await collect(side.shell.setUp(counted, never));
		t.is(asked, 1);
		t.like((await collect(side.shell.setUp(counted, never)))[0], {news: 'answered', isResumed: true});
		t.is(asked, 1);
	});

	test(`${name}: whoever refuses to start a server is told so, and nothing has run`, async t => {
		const side = await open(t);
		const request = await given(side);
		t.deepEqual(await collect(side.shell.setUp({...request, start: async () => ({refused: 'not new'})}, never)), [{news: 'lost', kind: 'notStarted', answer: 'not new'}]);
		await t.throwsAsync(collect(side.shell.setUp({
			...request, async start() {
				throw new Error('GitHub is down');
			},
		}, never)), {message: 'GitHub is down'});
		t.deepEqual((await collect(side.shell.setUp(request, never)))[0], {news: 'answered', isResumed: false});
	});

	test(`${name}: a server whose host key nobody made gets nothing`, async t => {
		const side = await open(t);
		const request = await given(side, {withHostKey: false});
		const news = await collect(side.shell.setUp({...request, start: async () => t.fail('it was asked for secrets')}, never));
		t.like(news, [{news: 'lost', kind: 'unknownHostKey'}]);
		t.is(news.length, 1);
	});

	test(`${name}: a connection that breaks off is lost, and followed on`, async t => {
		const side = await open(t);
		const request = await given(side, {outcome: 'dropsConnection'});
		t.like((await collect(side.shell.setUp(request, never))).at(-1), {news: 'lost', kind: 'unreachable'});
		const second = await collect(side.shell.setUp(request, never));
		t.like(second[0], {news: 'answered', isResumed: true});
		t.like(second.at(-1), {news: 'ended', exitCode: 0});
	});

	test(`${name}: a script that fails says which and with what code`, async t => {
		const side = await open(t);
		const news = await collect(side.shell.setUp(await given(side, {outcome: 'setupFails'}), never));
		const last = news.at(-1);
		t.like(last, {news: 'ended', script: 'setup'});
		t.true(last?.news === 'ended' && last.exitCode > 0);
	});

	test(`${name}: a server that does not answer yet is lost at once`, async t => {
		const side = await open(t);
		const news = await collect(side.shell.setUp(await given(side, {isUp: false, outcome: 'sshNeverUp'}), never));
		t.is(news.length, 1);
		t.like(news[0], {news: 'lost', kind: 'unreachable'});
	});

	test(`${name}: an abort ends it`, async t => {
		const side = await open(t);
		const leave = new AbortController();
		const news = side.shell.setUp(await given(side, {outcome: 'freezes'}), leave.signal)[Symbol.asyncIterator]();
		t.like(await news.next(), {value: {news: 'answered'}});
		leave.abort(new Error('stopping'));
		await t.throwsAsync(collect({[Symbol.asyncIterator]: () => news}));
	});
}
