// What public reports say of GitHub and Hetzner, answered over plain HTTP by a stand-in; what the engine with its real adapters did is told second by second when a test fails.
import test, {type ExecutionContext} from 'ava';
import {createGitHub} from '../../source/github/github.ts';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import {describeEvent} from '../../source/model/event.ts';
import {describeJobVerdict} from '../../source/model/describe-verdict.ts';
import type {Policy} from '../../source/model/policy.ts';
import {createEngine, type Engine} from '../../source/scaler/engine.ts';
import type {Ports} from '../../source/scaler/ports.ts';
import {instant} from '../../source/model/time.ts';
import {virtualClock} from '../../source/simulator/virtual-clock.ts';
import {liveBy} from '../soak/virtual-time.ts';
import {givenPolicy} from '../support/given.ts';
import {standIn, type StandIn} from '../support/stand-in.ts';

const repository = {owner: 'acme', name: 'widgets'};

type Day = StandIn & {
	readonly engine: Engine;
	/**
	Lets so many seconds pass, or fewer when that comes true.
	*/
	readonly within: (seconds: number, condition?: () => boolean) => Promise<boolean>;
	readonly verdict: (name: string) => string;
};

async function startDay(t: ExecutionContext, prepare: (world: StandIn) => void, changes: Partial<Policy> = {}): Promise<Day> {
	const clock = virtualClock(instant(Date.UTC(2026, 10, 24, 9)));
	const world = standIn(clock);
	prepare(world);
	const undo = liveBy(clock, world.fetch);
	const script = {kind: 'setup', source: 'built in', text: ''} as const;
	const scripts = {
		setup: script, startupX64: {...script, kind: 'startup-x64'}, startupArm64: {...script, kind: 'startup-arm64'}, named: [],
	} as const;
	const url = 'http://127.0.0.1:1';
	const ports: Ports = {
		clock, scripts, shell: world.shell, chance: () => 0.5,
		github: createGitHub({
			apiUrl: url, token: `ghp_${'a1B2'.repeat(9)}`, repository, clock,
		}),
		cloud: createHetzner({
			apiUrl: `${url}/v1`, token: 'a1B2'.repeat(16), repository, sshKeyName: 'key', image: 'ubuntu-24.04', clock,
		}),
		journal: {
			record(event) {
				world.tell(`  ${describeEvent(event)}`);
			}, output() {/* Of no interest here. */},
		},
		machine: {problems: async () => []},
		store: {save() {/* Nothing outlives a test. */}},
	};
	const engine = createEngine(ports, givenPolicy({githubUrl: 'https://github.invalid', ...changes}), {version: '0.0.0', clockSpeed: 1});
	void engine.run();
	t.teardown(async () => {
		const stopped = engine.stop();
		await clock.pass(15);
		await stopped;
		undo();
	});
	return Object.assign(world, {
		engine,
		within: async (seconds: number, condition: () => boolean = () => false) => clock.passUntil(condition, seconds),
		verdict(name: string) {
			const job = engine.state().jobs.items.find(one => one.name === name);
			const verdict = job === undefined ? undefined : engine.state().jobVerdicts.get(job.id);
			return verdict === undefined ? '' : describeJobVerdict(verdict, clock.now());
		},
	});
}

const isDone = (world: StandIn, ...names: readonly string[]) => names.every(name => world.jobs.find(job => job.name === name)?.conclusion === 'success');
const removals = (world: StandIn) => world.calls.filter(({method, path}) => method === 'DELETE' && path.includes('/runners/'));

test.serial('jobs beside one that waits for an approval are served, though their run is `waiting` as a whole (cli/cli#13972)', async t => {
	const day = await startDay(t, world => {
		world.addJob({run: 1, name: 'approve', status: 'waiting'});
		world.addJob({run: 1, name: 'build', seconds: 200});
		world.addJob({run: 1, name: 'lint'});
	});
	t.true(await day.within(400, () => isDone(day, 'build', 'lint')), day.trace());
	t.is(day.made(), 2, day.trace());
});

test.serial('a run whose jobs GitHub cannot put on one page of a hundred is served all the same (opentelemetry-java-instrumentation#18649)', async t => {
	const day = await startDay(t, world => {
		for (let index = 0; index < 80; index++) {
			world.addJob({run: 1, name: `of others ${index}`, labels: ['someone-else']});
		}

		world.addJob({run: 1, name: 'ours'});
		world.override = ({path, query}) => path.endsWith('/runs/1/jobs') && Number(query.get('per_page') ?? 30) > 40
			? {status: 502, body: {message: 'Server Error'}}
			: undefined;
	});
	t.true(await day.within(300, () => isDone(day, 'ours')), day.trace());
});

test.serial('one run that cannot be read for good costs no second server, and keeps no idle one (actions/runner#3872)', async t => {
	const day = await startDay(t, world => {
		world.addJob({run: 1, name: 'unreadable', labels: ['someone-else']});
		world.addJob({run: 2, name: 'first'});
		world.override = ({path}) => path.endsWith('/runs/1/jobs') ? {status: 502, body: {message: 'Server Error'}} : undefined;
	});
	t.true(await day.within(300, () => isDone(day, 'first')), day.trace());
	const cancelled = day.addJob({run: 3, name: 'cancelled'});
	day.isAssigned = ({name}) => name !== 'cancelled';
	t.true(await day.within(120, () => day.runners.some(({busy}) => !busy)), day.trace());
	Object.assign(cancelled, {status: 'completed', conclusion: 'cancelled'});
	await day.within(60);
	day.addJob({run: 4, name: 'second'});
	t.true(await day.within(60, () => day.jobs.some(({name, status}) => name === 'second' && status !== 'queued')), day.trace());
	t.is(day.made(), 2, `the idle runner is its supply\n${day.trace()}`);
	const idle = day.addJob({run: 5, name: 'cancelled too'});
	day.isAssigned = () => false;
	t.true(await day.within(120, () => day.runners.some(({busy}) => !busy)), day.trace());
	Object.assign(idle, {status: 'completed', conclusion: 'cancelled'});
	t.true(await day.within(120 + 300, () => day.servers.length === 0), `an idle server goes\n${day.trace()}`);
	t.true(day.trace().includes('jobs of run 1'), 'and it is said what could not be read');
});

test.serial('one odd row in each list stops nothing: a type that is null, a runner without its fields, a price that is null', async t => {
	const day = await startDay(t, world => {
		world.addJob({run: 1, name: 'ours'});
		world.twist = ({path}, body) => {
			const more = (key: string, row: unknown) => {
				const rows = Array.isArray(body[key]) ? body[key] as unknown[] : [];
				return {...body, [key]: [...rows, row], ...(typeof body.total_count === 'number' && {total_count: body.total_count + 1})};
			};

			switch (path) {
				case '/v1/servers': {
					return more('servers', {
						id: 9, name: 'odd', status: 'running', created: '2026-11-24T08:00:00Z', labels: {'managed-by': 'hetzner-runners-tui', 'github-owner': 'acme', 'github-repository': 'widgets'}, server_type: null, public_net: null,
					});
				}

				case '/v1/server_types': {
					return more('server_types', {
						id: 99, name: 'cx99', architecture: 'x86', cores: 2, memory: 4, prices: [{location: 'fsn1', price_hourly: null, price_monthly: null}],
					});
				}

				case '/repos/acme/widgets/actions/runners': {
					return more('runners', {
						id: 9, name: 'odd', status: null, labels: null,
					});
				}

				case '/repos/acme/widgets/actions/runs/1/jobs': {
					return more('jobs', {
						id: 9, run_id: 1, name: 'odd', status: 'reticulating', labels: null,
					});
				}

				default: {
					return body;
				}
			}
		};
	});
	t.true(await day.within(300, () => isDone(day, 'ours')), day.trace());
	t.false(day.calls.some(({method, path}) => method === 'DELETE' && path === '/v1/servers/9'), day.trace());
});

test.serial('300 runners of others that come and go while they are listed hold up nothing (actions/actions-runner-controller#362)', async t => {
	const day = await startDay(t, world => {
		world.addJob({run: 1, name: 'ours'});
		let next = 0;
		const add = () => {
			world.runners.push({
				id: 5000 + (++next), name: `fleet-${next}`, labels: ['fleet'], status: 'online', busy: true, ephemeral: true,
			});
		};

		for (let index = 0; index < 300; index++) {
			add();
		}

		world.override = ({path, query}) => {
			if (path.endsWith('/actions/runners') && query.get('name') === null) {
				world.runners.splice(world.runners.findIndex(({name}) => name.startsWith('fleet-')), 1);
				add();
			}

			return undefined;
		};
	});
	t.true(await day.within(300, () => isDone(day, 'ours')), day.trace());
	t.true(await day.within(120, () => day.servers.length === 0), day.trace());
	t.false(day.trace().includes('could not read runners'), day.trace());
	t.is(removals(day).length, 0, day.trace());
});

test.serial('a job that GitHub gives to no runner of ours gets ever rarer servers, and that is said (actions/runner#3872)', async t => {
	const day = await startDay(t, world => {
		world.addJob({run: 1, name: 'for another group'});
		world.isAssigned = () => false;
	});
	await day.within(2400);
	t.true(day.made() >= 2 && day.made() <= 7, `${day.made()} servers in 40 minutes\n${day.trace()}`);
	t.regex(day.verdict('for another group'), /GitHub gives it to no runner of ours/v);
});

test.serial('while a policy forbids runners no server is made, and GitHub\'s own sentence is told; afterwards all goes on (runs-on/runs-on#417)', async t => {
	const sentence = 'Repository level self-hosted runners are disabled on this repository.';
	const day = await startDay(t, world => {
		world.addJob({run: 1, name: 'ours'});
		world.override = ({path}) => path.endsWith('/registration-token') ? {status: 403, body: {message: sentence}} : undefined;
	});
	await day.within(300);
	t.is(day.made(), 0, day.trace());
	t.true(day.verdict('ours').includes(sentence.slice(0, -1)), day.verdict('ours'));
	t.true(day.calls.filter(({path}) => path.endsWith('/registration-token')).length <= 7, 'and it is not asked all the time');
	day.override = () => undefined;
	t.true(await day.within(300, () => isDone(day, 'ours')), day.trace());
});

test.serial('labels that GitHub gives to other systems are never claimed (open-msupply#12548)', async t => {
	const day = await startDay(t, world => {
		for (const [index, label] of ['Windows', 'macOS', 'windows-2022', 'X86'].entries()) {
			world.addJob({run: index + 1, name: label, labels: ['self-hosted', label]});
		}

		world.addJob({run: 9, name: 'ours', labels: ['self-hosted', 'Linux', 'X64']});
	});
	t.true(await day.within(300, () => isDone(day, 'ours')), day.trace());
	t.is(day.made(), 1, day.trace());
	t.regex(day.verdict('Windows'), /Windows is not a label for Linux servers/v);
});

test.serial('a runner record is removed when its server was ours, never by its name; a refusal is asked again an hour later (pytorch/test-infra#5384)', async t => {
	const day = await startDay(t, world => {
		for (const [id, ephemeral] of [[1, true], [2, false]] as const) {
			world.runners.push({
				id, name: `gh-actions-runner-7-${id}`, labels: ['self-hosted', 'Linux', 'X64', 'elsewhere'], status: 'offline', busy: false, ephemeral,
			});
		}

		world.addJob({run: 1, name: 'ours', seconds: 10_000});
	});
	t.true(await day.within(200, () => day.jobs.some(({status}) => status === 'in_progress')), day.trace());
	await day.within(30);
	// Somebody deletes its server: GitHub calls the runner offline, and lets nobody remove it.
	day.servers.length = 0;
	Object.assign(day.runners.at(-1) ?? {}, {status: 'offline', busy: false});
	Object.assign(day.jobs[0] ?? {}, {status: 'completed', conclusion: 'failure'});
	day.override = ({method, path}) => method === 'DELETE' && path.includes('/runners/') ? {status: 403, body: {message: 'Resource not accessible by personal access token'}} : undefined;
	await day.within(900);
	t.is(removals(day).length, 1, day.trace());
	t.false(removals(day).some(({path}) => /\/runners\/[12]$/v.test(path)), day.trace());
});
