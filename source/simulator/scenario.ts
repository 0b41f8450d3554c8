import {rngFor, type Rng} from './chance.ts';
import type {JobSpec, RunSpec} from './github-jobs.ts';
import type {World} from './world.ts';

/**
A busy scenario in that world: matrix runs, arm jobs, bigger types, refusals for a while, one zombie, one idle runner, jobs and servers of others.
Exactly `jobs` jobs of ours must be done; they arrive over some ten minutes.
*/
export function busyScenario(world: World, {jobs}: {readonly jobs: number}): void {
	const rng = rngFor(world.seed, 'busy morning');
	addForeigners(world);
	for (const [index, run] of ourRuns(rng, jobs).entries()) {
		world.addRun({...run, afterSeconds: index === 0 ? 2 : rng.between([5, 570])});
	}

	world.addRun({
		workflow: 'docs', branch: 'typo', event: 'pull_request', afterSeconds: 60, cancelAfterSeconds: 35, jobs: [{name: 'preview', durationSeconds: 60}],
	});
	for (const afterSeconds of [10, 150, 320]) {
		world.addRun({workflow: 'lint', afterSeconds, jobs: [{name: 'lint', labels: ['ubuntu-latest'], durationSeconds: 40}, {name: 'links', labels: ['ubuntu-24.04'], durationSeconds: 25}]});
	}

	world.addRun({
		workflow: 'release', branch: 'v2', event: 'workflow_dispatch', afterSeconds: 90, jobs: [{name: 'publish', held: {as: 'waiting'}, isCounted: false}],
	});
	world.faults.inject({
		kind: 'pairRefused', serverType: 'cax11', location: 'fsn1', form: 'unsupported',
	}, {forSeconds: 420});
	world.faults.inject({
		kind: 'pairRefused', serverType: 'cax11', location: 'nbg1', form: 'unavailable',
	}, {forSeconds: 200});
	world.faults.inject({kind: 'pairRefused', serverType: 'cpx22', form: 'placement'}, {afterSeconds: 60, forSeconds: 90});
	world.faults.inject({kind: 'pairRefused', serverType: 'cx23', form: 'disabled'}, {afterSeconds: 240, forSeconds: 25});
}

/**
A world in which nothing happens by itself: servers of others, no jobs. Add runs with `world.addRun`.
*/
export function quietScenario(world: World): void {
	addForeigners(world);
}

/**
Whether all counted jobs are done and no server of ours is left.
*/
export function isFinished(world: World): boolean {
	world.now();
	return world.github.jobs().every(job => !job.isCounted || job.actualState === 'completed')
		&& world.hetzner.servers.values().every(server => server.isForeign);
}

function addForeigners(world: World): void {
	world.addForeignServer({name: 'prod-db', type: 'ccx23', labels: {team: 'data', env: 'prod'}});
	world.addForeignServer({name: 'gh-actions-runner-7-7', location: 'nbg1', ageSeconds: 7200});
	world.addForeignServer({
		name: 'gh-actions-runner-18993000000-54251000000', location: 'hel1', ageSeconds: 900, labels: {
			'managed-by': 'hetzner-runners-tui', 'github-owner': world.repository.owner, 'github-repository': `${world.repository.name}-fork`,
		},
	});
	world.github.addRunner({
		name: 'office-mac-mini', labels: ['macOS', 'ARM64', 'office'], architecture: 'arm64', isForeign: true, isEphemeral: false, isOnline: true, version: world.parameters.runnerVersion,
	});
	addFleet(world);
}

// A fleet of others, whose runners are ephemeral: they come and go while a list of them is read.
function addFleet(world: World): void {
	const {count, changeSeconds} = world.parameters.foreignRunners;
	const names: string[] = [];
	let made = 0;
	const add = () => {
		const name = `fleet-${++made}`;
		names.push(name);
		world.github.addRunner({
			name, labels: ['fleet', 'linux'], architecture: 'x64', isForeign: true, isOnline: true, version: world.parameters.runnerVersion,
		});
	};

	const change = () => {
		const [gone] = names.splice(rngFor(world.seed, 'fleet', made).below(names.length), 1);
		const runner = world.github.runners.values().find(({name}) => name === gone);
		if (runner !== undefined) {
			world.github.runners.delete(runner.id);
		}

		add();
		world.schedule.after(changeSeconds, change);
	};

	for (let number = 0; number < count; number++) {
		add();
	}

	if (count > 0 && changeSeconds > 0) {
		world.schedule.after(changeSeconds, change);
	}
}

const hostile = 'x\'; touch PWNED; echo \'';

// Runs of ours with exactly that many jobs in all. Those of note come first, so that even a short one has some.
function ourRuns(rng: Rng, jobs: number): RunSpec[] {
	const duration = () => Math.round(rng.between([20, 240]));
	const job = (name: string, ...more: string[]): JobSpec => ({name, labels: ['self-hosted', ...more], durationSeconds: duration()});
	const matrix = (names: readonly string[], ...more: string[]) => names.map(name => job(name, ...more));
	const special: RunSpec[] = [
		{workflow: 'ci', jobs: matrix(['test (20, ubuntu)', 'test (22, ubuntu)', 'test (24, ubuntu)'])},
		{workflow: 'arm', branch: 'arm-support', jobs: matrix(['build (arm64)', 'test (arm64)'], 'server-cax11')},
		{workflow: 'nightly', event: 'schedule', jobs: [{...job('soak'), outcome: 'neverRegisters'}]},
		{workflow: 'bench', jobs: matrix(['bench (large)', 'bench (small)'], 'server-cpx22')},
		{
			workflow: 'ci', branch: 'feature/unicode', event: 'pull_request', jobs: [job('测试 (数据库, 宽字符)'), job('🚀 deploy preview'), job('evil \u{1B}[31mred\u{7}\r\nsecond line')],
		},
		{
			workflow: 'ci', branch: '$(reboot)', event: 'pull_request', jobs: [job('quote me', hostile)],
		},
	];
	const runs: RunSpec[] = [];
	const left = () => jobs - runs.reduce((sum, run) => sum + run.jobs.length, 0);
	const take = (run: RunSpec) => {
		const taken = run.jobs.slice(0, left());
		if (taken.length > 0) {
			runs.push({...run, jobs: taken});
		}
	};

	for (const run of special) {
		take(run);
	}

	for (let number = 1; left() > 0; number++) {
		const kind = rng.below(5);
		if (kind < 2) {
			const versions = ['18', '20', '22', '24', '26'].slice(0, 2 + rng.below(4));
			take({
				workflow: 'ci', branch: `fix-${number}`, event: 'pull_request', jobs: matrix(versions.map(version => `test (${version}, ubuntu)`)),
			});
		} else if (kind === 2) {
			take({workflow: 'build', branch: 'main', jobs: [job('compile'), {...job('package', 'server-cx33'), needs: ['compile']}]});
		} else {
			take({workflow: rng.pick(['ci', 'e2e', 'docs']), branch: rng.pick(['main', 'develop', 'renovate/all']), jobs: [job(rng.pick(['unit', 'browser', 'integration', 'site']))]});
		}
	}

	return runs;
}
