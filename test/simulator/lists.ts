// Lists as bad as they come: pages that cannot be made, numbers that do not fit, rows that are no good.
import test from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import {runIdOf} from '../../source/simulator/github-arrivals.ts';
import {given, job} from '../../source/simulator/given.ts';
import {simulatedApis} from '../support/simulated-apis.ts';

const parameters = {jobsLagSeconds: [0, 0], jobLagSeconds: [0, 0], assignSeconds: [0, 0]} as const;
const jobs = (count: number) => Array.from({length: count}, (_, index) => job(`job ${index}`));

test('a page of many jobs answers 502 for good while smaller ones of the same run work (opentelemetry-java-instrumentation#18649)', async t => {
	const day = given({parameters, jobs: jobs(80), runs: [{jobs: jobs(3)}]});
	day.world.faults.inject({
		kind: 'pageTooLarge', api: 'github', operation: 'listJobs', above: 50,
	});
	const {github} = simulatedApis(day);
	const ask = async (run: number, query: string) => github('GET', `/actions/runs/${runIdOf(1, run)}/jobs?${query}`);
	const before = day.world.now();
	t.is((await ask(1, 'per_page=100')).status, 502);
	t.true(day.world.now() - before > 9000, 'GitHub tries for a while');
	t.is((await ask(1, 'per_page=100')).status, 502);
	const small = [await ask(1, 'per_page=30'), await ask(1, 'per_page=30&page=2'), await ask(1, 'per_page=30&page=3')];
	t.deepEqual(small.map(({rows}) => rows.length), [30, 30, 20]);
	t.is((await ask(2, 'per_page=100')).status, 200);
	t.is(auditWorld(day.world).faultsTriggered.get('pageTooLarge'), 2);
});

test('a filtered list of runs ends at a thousand rows, and announces more', async t => {
	const day = given({parameters: {...parameters, runsListed: 1000}});
	for (let number = 0; number < 1100; number++) {
		day.world.addRun({jobs: [job('test', 'nobody')]});
	}

	const {github} = simulatedApis(day);
	const last = await github('GET', '/actions/runs?status=queued&per_page=100&page=10');
	t.is(last.rows.length, 100);
	t.is(last.body.total_count, 1100);
	t.notRegex(last.headers.get('link') ?? '', /rel="next"/v);
	t.is((await github('GET', '/actions/runs?status=queued&per_page=100&page=11')).rows.length, 0);
	t.is((await github('GET', '/actions/runs?per_page=100&page=11')).rows.length, 100, 'without a filter all are there');
});

test('a list may announce more rows than it has, fewer, or another number each time', async t => {
	const day = given({parameters, jobs: jobs(4)});
	const {github, hetzner} = simulatedApis(day);
	const totals = async (how: 'tooHigh' | 'tooLow' | 'changing') => {
		day.world.faults.clear();
		day.world.faults.inject({kind: 'oddTotal', api: 'github', how});
		day.world.faults.inject({kind: 'oddTotal', api: 'hetzner', how});
		const answers = [];
		for (let turn = 0; turn < 6; turn++) {
			answers.push((await github('GET', `/actions/runs/${day.runs[0]!.id}/jobs`)).body.total_count);
		}

		return [...new Set(answers), (await hetzner('GET', '/servers')).rows.length];
	};

	t.deepEqual(await totals('tooHigh'), [7, 3]);
	t.deepEqual(await totals('tooLow'), [2, 3]);
	t.true((await totals('changing')).length > 3);
});

test('rows of ours or of others have a field that is missing, null or unknown, in every list, the same one each time', async t => {
	const day = given({parameters, jobs: jobs(2), runs: [{jobs: [{name: 'hosted', labels: ['ubuntu-latest'], durationSeconds: 9999}]}]});
	const {world} = day;
	world.hetzner.addKey('key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl simulated');
	const own = {'managed-by': 'hetzner-runners-tui', 'github-owner': 'acme', 'github-repository': 'widgets'};
	const made = world.hetzner.createServer({
		name: 'ours', server_type: 'cx23', image: 'ubuntu-24.04', labels: own,
	});
	world.github.addRunner({name: 'ours', labels: ['self-hosted'], architecture: 'x64'});
	const {github, hetzner} = simulatedApis(day);
	const lists = {
		listRuns: async () => github('GET', '/actions/runs'),
		listJobs: async () => github('GET', `/actions/runs/${day.runs[0]!.id}/jobs`),
		listRunners: async () => github('GET', '/actions/runners'),
		listServers: async () => hetzner('GET', '/servers'),
		listServerTypes: async () => hetzner('GET', '/server_types'),
		listLocations: async () => hetzner('GET', '/locations'),
		listImages: async () => hetzner('GET', '/images'),
		listKeys: async () => hetzner('GET', '/ssh_keys'),
		listActions: async () => hetzner('GET', '/servers/actions'),
		pricing: async () => hetzner('GET', '/pricing'),
	};
	t.false('code' in made);
	await day.pass(60);
	for (const [operation, read] of Object.entries(lists)) {
		const api = ['listRuns', 'listJobs', 'listRunners'].includes(operation) ? 'github' : 'hetzner';
		for (const how of ['missing', 'null', 'unknown'] as const) {
			const good = JSON.stringify((await read()).body);
			const undo = world.faults.inject({
				kind: 'oddRows', api, operation, how,
			});
			const bad = JSON.stringify((await read()).body);
			t.not(bad, good, `${operation}, ${how}`);
			t.is(JSON.stringify((await read()).body), bad, `${operation}, ${how}, again`);
			undo();
		}
	}

	world.faults.inject({
		kind: 'oddRows', api: 'hetzner', operation: 'listServers', rows: 'foreign', field: 'server_type', how: 'null',
	});
	const servers = (await hetzner('GET', '/servers')).rows;
	t.deepEqual(servers.filter(row => row.server_type === null).map(({name}) => name), ['prod-db', 'gh-actions-runner-7-7', 'gh-actions-runner-18993000000-54251000000']);
	world.faults.inject({
		kind: 'oddRows', api: 'github', operation: 'listJobs', rows: 'own', field: 'status', how: 'unknown',
	});
	t.deepEqual((await lists.listJobs()).rows.map(({status}) => status), ['mystery', 'mystery']);
	t.true((await github('GET', `/actions/runs/${day.runs[1]!.id}/jobs`)).rows.every(({status}) => status !== 'mystery'), 'the job of another');
});

test('runners of a fleet come and go between two pages, and no list of them is ever the same', async t => {
	const day = given({parameters: {foreignRunners: {count: 250, changeSeconds: 0.1}}});
	const {github} = simulatedApis(day);
	const names = async () => {
		const pages = [1, 2, 3].map(async page => github('GET', `/actions/runners?per_page=100&page=${page}`));
		const answers = [];
		for (const page of pages) {
			answers.push(...(await page).rows.map(({name}) => String(name)));
		}

		return answers;
	};

	const [first, second] = [await names(), await names()];
	t.is(second.length, 251);
	t.notDeepEqual(first, second);
	t.true(day.world.github.runners.values().every(runner => runner.isForeign));
});

test('the jobs of one run are unreadable for good, and those of all others are not', async t => {
	const day = given({
		parameters, jobs: jobs(1), runs: [{jobs: jobs(1)}], faults: [{
			kind: 'answer', api: 'github', operation: 'listJobs', subject: runIdOf(1, 1), status: 502, isHtml: true,
		}],
	});
	const {github} = simulatedApis(day);
	await day.pass(86_400);
	t.deepEqual([(await github('GET', `/actions/runs/${day.runs[0]!.id}/jobs`)).status, (await github('GET', `/actions/runs/${day.runs[1]!.id}/jobs`)).status], [502, 200]);
});
