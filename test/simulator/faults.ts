// What can go wrong in the simulated world beyond a refused or lost answer; an engine is there to bring servers up.
import test from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import type {HostOutcome} from '../../source/simulator/faults.ts';
import {job} from '../../source/simulator/given.ts';
import {fetchFrom} from '../../source/simulator/http/fetch.ts';
import {githubApi} from '../../source/simulator/http/github-api.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {givenEngine, type EngineDay} from '../support/given-engine.ts';

const {signal} = new AbortController();

// What a port answers while time passes.
async function answered<Value>(day: EngineDay, promise: Promise<Value>): Promise<Value> {
	const settled = promise.finally(() => undefined);
	await day.pass(5);
	return settled;
}

function dayWith(outcome: HostOutcome, parameters = {}): EngineDay {
	return givenEngine({jobs: [{...job('test'), durationSeconds: 60, outcome}], parameters});
}

const serverOf = (day: EngineDay) => day.world.hetzner.servers.values().find(server => !server.isForeign)!;
const runners = (day: EngineDay) => day.world.github.runners.values().filter(runner => !runner.isForeign).toArray();

test('a fault strikes only each so many-th time, and is counted under its name', async t => {
	const day = givenEngine({});
	day.world.faults.inject({kind: 'down', api: 'hetzner', operation: 'readServer'}, {every: 3, name: 'flaky'});
	const triggered = Array.from({length: 7}, () => day.world.faults.triggerForRequest('down', 'hetzner', 'readServer') !== undefined);
	t.deepEqual(triggered, [false, false, true, false, false, true, false]);
	t.is(auditWorld(day.world).faultsTriggered.get('flaky'), 2);
	await day.end();
});

test('a runner at work reads as offline, one without work as busy, while the fault is in force', async t => {
	const day = givenEngine({jobs: [{...job('test'), durationSeconds: 300}]});
	await day.until('test', 'running');
	await day.pass(10);
	const read = async () => (await answered(day, day.ports.github.readRunners(signal))).items.find(({name}) => name === serverOf(day).name);
	t.like(await read(), {isOnline: true, isBusy: true});
	day.world.faults.inject({kind: 'saysOffline'}, {forSeconds: 20});
	t.like(await read(), {isOnline: false, isBusy: true});
	const idle = day.world.github.addRunner({name: 'idle', labels: ['other'], architecture: 'x64'});
	day.world.github.connect(idle, () => undefined);
	day.world.faults.inject({kind: 'saysBusy'}, {forSeconds: 20});
	t.like((await answered(day, day.ports.github.readRunners(signal))).items.find(({name}) => name === 'idle'), {isBusy: true});
	await day.end();
});

test('the record of a ghost vanishes while its machine runs on', async t => {
	const day = dayWith('ghost', {ghostSeconds: [5, 5], assignSeconds: [60, 60]});
	await day.wait('its runner was there', () => runners(day).length === 1);
	const {host} = serverOf(day);
	await day.wait('its record is gone', () => runners(day).length === 0);
	t.is(host.power, 'on');
	await day.wait('the job ran on another server', () => isFinished(day.world));
	t.like(auditWorld(day.world), {serversCreated: 2, jobs: {done: 1}});
	await day.end();
});

test('a job whose runner never starts it is queued again after a minute', async t => {
	const day = dayWith('losesAssignment');
	await day.wait('it is given away', () => day.job('test').lostUntil !== undefined);
	t.is(day.job('test').actualState, 'queued');
	await day.pass(40);
	t.is(runners(day).length, 1);
	await day.pass(21);
	t.is(runners(day).length, 0);
	await day.wait('the job ran on another server', () => isFinished(day.world));
	t.like(auditWorld(day.world), {serversCreated: 2, jobs: {done: 1}});
	await day.end();
});

test('a server may come without an address, register twice, or under an old name', async t => {
	const bare = dayWith('noAddress');
	await bare.wait('it is listed', () => bare.engine.state().servers.items.length === 1);
	t.is(bare.engine.state().servers.items[0]?.ip, undefined);
	await bare.end();
	const twice = dayWith('registersTwice');
	await twice.until('test', 'running');
	t.deepEqual(runners(twice).map(({id}) => id), [2003], 'the office\'s, the first record, the second');
	await twice.end();
	const old = dayWith('oldName');
	await old.wait('it has registered', () => runners(old).length === 1);
	t.regex(runners(old)[0]?.name ?? '', /^gh-actions-runner-1-\d+$/v);
	t.false(runners(old)[0]?.labels.includes('self-hosted'));
	await old.end();
});

test('a full disk ends the startup script, a flood is as long as told, a changed host key is told as one', async t => {
	const full = dayWith('fillsDisk');
	await full.wait('its set-up failed', () => full.trace().includes('No space left on device'));
	await full.end();
	const flooded = dayWith('floods', {floodLines: 5000});
	await flooded.until('test', 'running');
	t.is(serverOf(flooded).host.lines.filter(({text}) => text.startsWith('| flood')).length, 5000);
	await flooded.end();
	const other = dayWith('hostKeyChanges');
	await other.wait('the first session broke off', () => other.world.hetzner.servers.values().some(({host}) => host.hasDropped));
	const {id, name, ip} = other.engine.state().servers.items[0]!;
	const told: unknown[] = [];
	const listen = async () => {
		for await (const news of other.ports.shell.setUp({
			server: {id, name}, ip: ip ?? '', maxSetupSeconds: 600, start: async () => ({refused: 'it is only followed'}),
		}, signal)) {
			told.push(news);
		}
	};

	await answered(other, listen());
	t.like(told, [{news: 'lost', kind: 'changedHostKey'}]);
	await other.end();
});

test('a removed runner lingers in the list, offline, and cannot be removed twice', async t => {
	const day = givenEngine({parameters: {lingerSeconds: [30, 30]}});
	const runner = day.world.github.addRunner({name: 'idle', labels: ['other'], architecture: 'x64'});
	day.world.github.connect(runner, () => undefined);
	t.is(day.world.github.removeRunner(runner.id), 'removed');
	t.like((await answered(day, day.ports.github.readRunners(signal))).items.find(({name}) => name === 'idle'), {isOnline: false});
	t.is(day.world.github.removeRunner(runner.id), 'gone');
	await day.pass(30);
	t.false(day.world.github.runners.has(runner.id));
	await day.end();
});

test('an address counts for a while after its server is gone', async t => {
	const day = givenEngine({jobs: [job('one')], parameters: {primaryIpLimit: 6, primaryIpReleaseSeconds: 60}});
	const foreign = day.world.hetzner.servers.size;
	await day.wait('all is done', () => isFinished(day.world));
	const request = {name: 'by-hand', server_type: 'cx23', image: 'ubuntu-24.04'};
	for (let count = foreign + 1; count < 6; count++) {
		day.world.addForeignServer({name: `another-${count}`});
	}

	const refused = day.world.hetzner.createServer(request);
	t.like(refused, {code: 'resource_limit_exceeded', message: 'Primary IP limit exceeded'});
	await day.pass(61);
	t.false('code' in day.world.hetzner.createServer(request));
	await day.end();
});

test('a renamed repository sends its old paths on to its number, which answers as before', async t => {
	const day = givenEngine({jobs: [job('test')]});
	const origin = 'https://github.simulated';
	const ask = async (path: string, method = 'GET') => answered(day, fetchFrom(new Map([[origin, githubApi(day.world)]]))(`${origin}${path}`, {method, headers: {authorization: `Bearer ${day.world.githubToken}`, 'user-agent': 'test'}}));
	day.world.faults.inject({kind: 'moved'});
	const moved = await ask('/repos/acme/widgets/actions/runs?status=queued');
	t.is(moved.status, 301);
	t.is(moved.headers.get('location'), `${origin}/repositories/24711/actions/runs?status=queued`);
	t.is((await ask('/repos/acme/widgets/actions/runners/registration-token', 'POST')).status, 307);
	t.is((await ask('/repositories/24711/actions/runs?status=queued')).status, 200);
	t.is((await ask('/repositories/24711/actions/runners/registration-token', 'POST')).status, 201);
	await day.end();
});

test('lists come in as small pages as told, and are read whole', async t => {
	const day = givenEngine({parameters: {rowsPerPage: 2}});
	for (let number = 0; number < 5; number++) {
		day.world.github.addRunner({name: `runner ${number}`, labels: ['other'], architecture: 'x64'});
	}

	const origin = 'https://github.simulated';
	const answer = await answered(day, fetchFrom(new Map([[origin, githubApi(day.world)]]))(`${origin}/repos/acme/widgets/actions/runners?per_page=100&page=2`, {headers: {authorization: `Bearer ${day.world.githubToken}`, 'user-agent': 'test'}}));
	t.like(await answer.json(), {total_count: 6, runners: [{name: 'runner 1'}, {name: 'runner 2'}]});
	await day.end();
});
