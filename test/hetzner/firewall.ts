// The firewall before new servers, on the simulator's API: one of ours, found again by its labels, and never one that is not.
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {systemClock} from '../../source/clock/system-clock.ts';
import type {FirewallWish} from '../../source/hetzner/firewall.ts';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import type {JobId, Repository, RunId} from '../../source/model/job.ts';
import {serverNameFor} from '../../source/model/server-name.ts';
import {PortError, type CreateRequest} from '../../source/scaler/ports.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import type {SimulatedFirewall} from '../../source/simulator/hetzner-firewalls.ts';
import {serveWorld} from '../../source/simulator/serve.ts';
import {createWorld, type World} from '../../source/simulator/world.ts';
import {needs} from '../support/needs.ts';
import {runProgram} from '../support/program.ts';
import {serveQuickWorld} from '../support/simulator-process.ts';

const own: FirewallWish = {kind: 'own', name: 'create', sshPort: 22};
const anywhere = ['0.0.0.0/0', '::/0'];

async function given(t: ExecutionContext): Promise<{readonly world: World; readonly engine: (firewall?: FirewallWish, repository?: Repository) => ReturnType<typeof createHetzner>}> {
	const clock = systemClock(50);
	const world = createWorld({seed: 5, clock});
	const directory = await mkdtemp(path.join(tmpdir(), 'hrt-firewall-'));
	const served = await serveWorld({world, directory});
	t.teardown(async () => {
		await served.close();
		await rm(directory, {recursive: true, force: true});
	});
	return {
		world, engine: (firewall, repository = world.repository) => createHetzner({
			apiUrl: served.hetznerUrl, token: served.hetznerToken, repository, sshKeyName: served.sshKeyName, image: 'ubuntu-24.04', firewall, clock,
		}),
	};
}

function request(id: number): CreateRequest {
	const job = {id: id as JobId, runId: 7 as RunId};
	return {
		name: serverNameFor(job, new Set()), job, runnerLabels: ['self-hosted'], engineSet: 'one', placement: {
			serverType: 'cx23', location: 'fsn1', image: 'ubuntu-24.04', architecture: 'x64',
		},
	};
}

// Somebody else's, as it was made.
function foreign(world: World, name: string): SimulatedFirewall {
	const made = world.hetzner.addFirewall(name, [{
		direction: 'in', protocol: 'tcp', port: '443', source_ips: anywhere,
	}], {team: 'web'}, true);
	if ('code' in made) {
		throw new Error(made.message);
	}

	return made;
}

const namesBefore = (world: World, name: string) => {
	const server = world.hetzner.servers.values().find(candidate => candidate.name === name);
	return server === undefined ? undefined : world.hetzner.firewallsOf(server).map(firewall => firewall.name);
};

test('create makes one firewall for all servers, engines and restarts of a repository: SSH and ICMP come in, nothing else', async t => {
	const {world, engine} = await given(t);
	const [one, two] = [engine(own), engine(own)];
	const answers = await Promise.all([one.createServer(request(1)), two.createServer(request(2)), one.createServer(request(3)), two.ensureFirewall()]);
	t.deepEqual(answers.slice(0, 3).map(answer => answer !== undefined && 'outcome' in answer && answer.outcome), ['created', 'created', 'created']);
	await engine(own).createServer(request(4));
	t.is(world.hetzner.firewalls.length, 1);
	const [firewall] = world.hetzner.firewalls;
	t.deepEqual(firewall?.labels, {
		'managed-by': 'hetzner-runners-tui', 'github-owner': 'acme', 'github-repository': 'widgets', 'ssh-port': '22',
	});
	t.deepEqual(firewall?.rules.map(({direction, protocol, port, source_ips: sources}) => [direction, protocol, port, sources]), [['in', 'tcp', '22', anywhere], ['in', 'icmp', undefined, anywhere]]);
	t.deepEqual([1, 2, 3, 4].map(id => namesBefore(world, request(id).name)), [1, 2, 3, 4].map(() => ['gh-runners-acme-widgets-ssh-22']));
});

test('other repositories and other SSH ports have their own; without the option there is none', async t => {
	const {world, engine} = await given(t);
	await engine(own).ensureFirewall();
	await engine({...own, sshPort: 2222}).ensureFirewall();
	await engine(own, {owner: 'Acme', name: 'Tools'}).ensureFirewall();
	t.deepEqual(world.hetzner.firewalls.map(({name}) => name), ['gh-runners-acme-widgets-ssh-22', 'gh-runners-acme-widgets-ssh-2222', 'gh-runners-acme-tools-ssh-22']);
	const plain = engine();
	await plain.createServer(request(1));
	t.is(await plain.ensureFirewall(), undefined);
	t.deepEqual(namesBefore(world, request(1).name), []);
});

test('a firewall that is not ours stays as it is, also one that has our name or some of our labels', async t => {
	const {world, engine} = await given(t);
	const taken = foreign(world, 'gh-runners-acme-widgets-ssh-22');
	const alike = foreign(world, 'alike');
	alike.labels = {
		'managed-by': 'hetzner-runners-tui', 'github-owner': 'acme', 'github-repository': 'widgets-fork', 'ssh-port': '22',
	};
	const before = JSON.stringify([taken, alike]);
	const made = await engine(own).ensureFirewall();
	t.regex(made?.name ?? '', /^gh-runners-acme-widgets-[0-9a-f]{12}-ssh-22$/v);
	t.is(JSON.stringify([taken, alike]), before);
	await engine({kind: 'named', name: 'alike', sshPort: 443}).createServer(request(1));
	t.deepEqual(namesBefore(world, request(1).name), ['alike']);
	t.like(auditWorld(world), {foreignTouched: 0});
	t.is((await engine(own).ensureFirewall())?.id, made?.id);
});

test('ours gets back the rules that somebody has changed, and is made again when somebody has deleted it', async t => {
	const {world, engine} = await given(t);
	const hetzner = engine(own);
	await hetzner.createServer(request(1));
	const [firewall] = world.hetzner.firewalls;
	world.hetzner.setRules(firewall!, [{
		direction: 'in', protocol: 'tcp', port: '1-65535', source_ips: anywhere,
	}]);
	await engine(own).ensureFirewall();
	t.deepEqual(firewall?.rules.map(({port}) => port), ['22', undefined]);
	firewall!.serverIds.clear();
	world.hetzner.removeFirewall(firewall!);
	t.like(await hetzner.createServer(request(2)), {outcome: 'created'});
	t.deepEqual(namesBefore(world, request(2).name), ['gh-runners-acme-widgets-ssh-22']);
});

test('a name that is not there, or that keeps the engine out, is refused with what there is, and no server is made', async t => {
	const {world, engine} = await given(t);
	foreign(world, 'web');
	const absent = engine({kind: 'named', name: 'nope', sshPort: 22});
	await t.throwsAsync(absent.findFirewall(), {instanceOf: PortError, message: 'Hetzner has no firewall named "nope" (--firewall / HETZNER_FIREWALL); the project has: web; "create" makes one'});
	await t.throwsAsync(absent.createServer(request(1)), {instanceOf: PortError, message: /no firewall named "nope"/v});
	await t.throwsAsync(engine({kind: 'named', name: 'web', sshPort: 22}).ensureFirewall(), {instanceOf: PortError, message: /lets nobody in at port 22/v});
	t.is(world.hetzner.servers.size, 0);
	t.is(world.hetzner.firewalls.length, 1);
});

test('while the firewall cannot be had no server is made; when it can, the next one has it', async t => {
	const {world, engine} = await given(t);
	const hetzner = engine(own);
	const heal = world.faults.inject({
		kind: 'answer', api: 'hetzner', operation: 'createFirewall', status: 403, code: 'resource_limit_exceeded', message: 'firewall limit exceeded',
	});
	await t.throwsAsync(hetzner.createServer(request(1)), {instanceOf: PortError, message: /firewall limit exceeded/v});
	t.is(world.hetzner.servers.size, 0);
	heal();
	t.like(await hetzner.createServer(request(1)), {outcome: 'created'});
	t.deepEqual(namesBefore(world, request(1).name), ['gh-runners-acme-widgets-ssh-22']);
});

needs('ssh')('the program does not start with a firewall that is not there', async t => {
	const {world, environment} = await serveQuickWorld(t, {seed: 5});
	world.hetzner.addFirewall('web', []);
	const {code, stderr} = await runProgram(['--firewall', 'nope'], {env: environment});
	t.is(code, 1, stderr);
	t.is(stderr.trim(), 'Hetzner has no firewall named "nope" (--firewall / HETZNER_FIREWALL); the project has: web; "create" makes one');
});
