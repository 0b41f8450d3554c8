import test from 'ava';
import {auditWorld} from '../../source/simulator/audit.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import type {SimulatedServer} from '../../source/simulator/hetzner-resources.ts';
import type {SimulatedJob} from '../../source/simulator/github-jobs.ts';
import {
	endProgram,
	quickArguments,
	serveQuickWorld,
	startProgram,
	until,
} from '../support/simulator-process.ts';

// It may be killed at any moment. Each test kills it without a warning at one moment of a job's life; a new start finishes the day.

type Moment = {
	readonly when: string;
	/**
	By the world's actual state, whatever the program knows.
	*/
	readonly isNow: (job: SimulatedJob, server: SimulatedServer | undefined) => boolean;
	/**
	What the new start says of it.
	*/
	readonly says: RegExp;
};

const wroteStep = (step: string) => (_job: SimulatedJob, server: SimulatedServer | undefined) =>
	server !== undefined && server.host.endedAt === undefined && server.host.lines.some(line => line.text === `@step ${step}`);

const moments: readonly Moment[] = [
	{when: 'while the server boots', isNow: (_job, server) => server?.status === 'initializing', says: / answers SSH after /v},
	{when: 'when the server runs and SSH does not answer yet', isNow: (_job, server) => server?.status === 'running' && !server.host.doesSshAnswer, says: / answers SSH after /v},
	{when: 'during the setup script', isNow: wroteStep('setup'), says: /following the set-up of gh-actions-runner-\S+ again/v},
	{when: 'during the startup script', isNow: wroteStep('startup'), says: /following the set-up of gh-actions-runner-\S+ again/v},
	{when: 'after the scripts, before the job starts', isNow: (job, server) => server?.host.exitCode === 0 && job.actualState === 'queued', says: / started on gh-actions-runner-/v},
	{when: 'while the job runs', isNow: job => job.actualState === 'running', says: / done on gh-actions-runner-/v},
	{when: 'while the server is off', isNow: (_job, server) => server?.status === 'off', says: /deleted gh-actions-runner-[^\n]*: off for/v},
	{when: 'while the server is being deleted', isNow: (_job, server) => server?.status === 'deleting', says: /stopped; no servers left/v},
];

for (const {when, isNow, says} of moments) {
	test(`killed ${when}: the new start ends the day with one server and the job done once`, async t => {
		const {world, environment, hold} = await serveQuickWorld(t, {
			parameters: {
				sshSeconds: [1, 1], setupSeconds: [8, 8], startupSeconds: [8, 8], onlineSeconds: [1, 1], deleteSeconds: [1, 1],
			},
		});
		const {jobs: [job]} = world.addRun({jobs: [{name: 'test', durationSeconds: 3}]});
		if (job === undefined) {
			throw new Error('The run has no job.');
		}

		const first = startProgram(t, ['run', ...quickArguments], environment);
		await until(when, first, () => {
			world.now();
			return isNow(job, world.hetzner.servers.values().find(server => !server.isForeign));
		});
		first.signal('SIGKILL');
		hold(true);
		await first.ended;
		const second = startProgram(t, ['run', ...quickArguments], environment);
		await until('the new start has begun', second, () => second.stdout().includes(' started for acme/widgets'));
		hold(false);
		await until('the job is done and no server is left', second, () => isFinished(world));
		const {code, stdout, stderr} = await endProgram(second);
		t.is(code, 0);
		t.is(stderr, '');
		t.regex(stdout, says);
		t.is(job.conclusion, 'success');
		t.like(auditWorld(world), {
			jobs: {total: 1, done: 1}, serversCreated: 1, serversLeft: 0, serversWithoutJob: 0, jobsKilled: 0, foreignTouched: 0, violations: [],
		});
	});
}

for (const isMade of [true, false]) {
	test(`killed while a create is under way, ${isMade ? 'the server just made' : 'no server made yet'}: the new start makes no second one`, async t => {
		const {world, environment} = await serveQuickWorld(t);
		world.addRun({jobs: [{name: 'test', durationSeconds: 1}]});
		const first = startProgram(t, ['run', ...quickArguments], environment);
		const {createServer} = world.hetzner;
		world.hetzner.createServer = request => {
			world.hetzner.createServer = createServer;
			first.signal('SIGKILL'); // Before any answer is on its way.
			return isMade ? createServer(request) : {status: 503, code: 'unavailable', message: 'never made'};
		};

		const {stdout: before} = await first.ended;
		t.notRegex(before, / created /v);
		t.is(auditWorld(world).serversCreated, isMade ? 1 : 0);
		const second = startProgram(t, ['run', ...quickArguments], environment);
		await until('the job is done and no server is left', second, () => isFinished(world));
		t.is((await endProgram(second)).code, 0);
		t.like(auditWorld(world), {
			jobs: {done: 1}, serversCreated: 1, serversLeft: 0, violations: [],
		});
	});
}

test('two programs side by side make one server', async t => {
	const {world, environment} = await serveQuickWorld(t);
	world.addRun({jobs: [{name: 'test', durationSeconds: 2}]});
	const programs = [startProgram(t, ['run', ...quickArguments], environment), startProgram(t, ['run', ...quickArguments], environment)];
	for (const program of programs) {
		await until('the job is done and no server is left', program, () => isFinished(world));
	}

	for (const program of programs) {
		t.is((await endProgram(program)).code, 0);
	}

	t.like(auditWorld(world), {
		jobs: {done: 1}, serversCreated: 1, serversLeft: 0, violations: [],
	});
});
