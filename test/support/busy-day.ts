import type {JobVerdict, RunnerVerdict, ServerVerdict} from '../../source/model/verdict.ts';
import {namedJob, type Job} from '../../source/model/job.ts';
import type {Runner} from '../../source/model/runner.ts';
import type {Server} from '../../source/model/server.ts';
import {later} from '../../source/model/time.ts';
import type {EngineState} from '../../source/scaler/controller.ts';
import {
	ago,
	givenJob,
	givenName,
	givenRunner,
	givenServer,
	givenState,
	type GivenWorld,
} from './given/state.ts';

const running = givenJob({
	number: 1, name: 'test (20, ubuntu)', status: 'inProgress', age: 460, started: 372, runner: 'gh-actions-runner-4801-9901', labels: ['self-hosted', 'server-cpx22'],
});
const coming = givenJob({
	number: 2, name: 'test (22, ubuntu)', age: 64, labels: ['self-hosted', 'server-cpx22'],
});
const refused = givenJob({
	number: 3, name: 'build-arm', age: 724, labels: ['self-hosted', 'server-cax11'],
});
const fresh = givenJob({
	number: 4, name: 'sign', workflow: 'release', age: 8,
});
const foreign = givenJob({
	number: 5, name: 'lint', age: 30, labels: ['ubuntu-latest'],
});
const dead = givenJob({
	number: 6, name: 'nightly', status: 'completed', age: 900,
});
const off = givenJob({
	number: 7, name: 'docs', status: 'completed', age: 1000,
});
const free = givenJob({
	number: 8, name: 'flaky', status: 'completed', age: 700,
});
const creating = givenJob({number: 9, name: 'e2e (chrome)', age: 12});
const broken = givenJob({
	number: 10, name: 'bench', status: 'completed', age: 700,
});

const runningServer = givenServer(running, {serverType: 'cpx22', age: 450});
const comingServer = givenServer(coming, {
	serverType: 'cpx22', age: 52, location: 'nbg1', ip: '198.51.100.8',
});
const zombie = givenServer(dead, {age: 840});
const offServer = givenServer(off, {status: 'off', age: 900});
const idleServer = givenServer(free, {age: 600});
const brokenServer = givenServer(broken, {age: 540, location: 'nbg1'});
const placement = {
	serverType: 'cax11', location: 'fsn1', image: 'ubuntu-24.04', architecture: 'arm64',
} as const;

/**
A day on which something of everything happens.
*/
export const busyDay: GivenWorld = {
	jobs: [
		[running, {code: 'running', runnerName: runningServer.name, since: ago(372)}],
		[coming, {
			code: 'serverComing', server: comingServer.name, step: 'settingUp', since: ago(20),
		}],
		[refused, {
			code: 'refused', cool: {
				placement, answer: 'resource_unavailable', tries: 6, since: ago(300), retryAt: later(ago(0), 20),
			}, next: {...placement, location: 'hel1'}, nextAt: later(ago(0), 20),
		}],
		[fresh, {code: 'waitsForLimit', count: 10, limit: 10}],
		[foreign, {code: 'notOurs', missing: ['self-hosted']}],
		[creating, {
			code: 'creating', server: givenName(creating), placement: {...placement, serverType: 'cx23'}, since: ago(3),
		}],
	],
	servers: [
		[runningServer, {code: 'busy', job: namedJob(running), forSeconds: 372}],
		[comingServer, {
			code: 'settingUp', script: 'setup', forSeconds: 20, limitSeconds: 600,
		}],
		[zombie, {
			code: 'zombie', reason: {why: 'neverRegistered'}, forSeconds: 780, limitSeconds: 60,
		}],
		[offServer, {code: 'off', forSeconds: 12, limitSeconds: 20}],
		[idleServer, {code: 'idle', forSeconds: 95, limitSeconds: 120}],
		[brokenServer, {
			code: 'zombie', reason: {why: 'setUpFailed', reason: 'curl (22) 404 in startup-x64.sh line 9'}, forSeconds: 70, limitSeconds: 60,
		}],
	],
	runners: [
		[givenRunner(runningServer, {isBusy: true}), {code: 'busy', job: namedJob(running)}],
		[givenRunner(idleServer), {code: 'idle', forSeconds: 95, limitSeconds: 120}],
		[givenRunner(offServer, {isOnline: false}), {code: 'offline', forSeconds: 12, limitSeconds: 20}],
	],
	creations: [{
		name: givenName(creating), jobId: creating.id, runId: creating.runId, labels: creating.labels, placement: {...placement, serverType: 'cx23', location: 'nbg1'}, since: ago(3),
	}],
	timelines: [...[0, 1, 2].map(turn => [givenName(givenJob({number: 50 + turn})), {
		jobQueuedAt: ago(3000), createdAt: ago(2990), sshAt: ago(2956 + turn), setupEndedAt: ago(2950), startupEndedAt: ago(2935),
		registeredAt: ago(2930), runningAt: ago(2925),
	}] as const), [runningServer.name, {
		jobQueuedAt: ago(460), jobSeenAt: ago(455), createdAt: ago(450), sshAt: ago(421), setupEndedAt: ago(412), startupEndedAt: ago(381),
		registeredAt: ago(378), runningAt: ago(372),
	}]],
	history: Array.from({length: 50}, (_, minute) => ({
		at: later(ago(11), -60 * (49 - minute)), longestWaitSeconds: 30 + (minute * minute % 97 * 3),
		busyServers: Math.round(3 + (3 * Math.sin(minute / 6))), servers: 8,
	})).filter((_, minute) => minute < 20 || minute > 23), // Four minutes of which nothing is known.
	output: [[comingServer.name, [
		'+ apt-get install -y --no-install-recommends curl jq',
		'Reading package lists...',
		'Building dependency tree...',
		'+ ./config.sh --unattended --replace --name gh-actions-runner-4802-9902',
		'√ Connected to GitHub',
	]]],
	events: [
		[500, {code: 'started', repository: 'acme/widgets', version: '0.1.0'}],
		[460, {code: 'jobSeen', job: running, labels: running.labels}],
		[450, {
			code: 'serverCreated', server: runningServer.name, placement: {...placement, serverType: 'cpx22', architecture: 'x64'}, job: running,
		}],
		[372, {
			code: 'jobStarted', job: running, server: runningServer.name, waitSeconds: 88,
		}],
		[300, {code: 'setUpFailed', server: brokenServer.name, reason: 'curl (22) 404 in startup-x64.sh line 9'}],
		[90, {
			code: 'createRefused', server: givenName(refused), placement, answer: 'resource_unavailable', retrySeconds: 40,
		}],
		[52, {
			code: 'serverCreated', server: comingServer.name, placement: {
				...placement, serverType: 'cpx22', location: 'nbg1', architecture: 'x64',
			}, job: coming,
		}],
		[20, {code: 'sshAnswered', server: comingServer.name, afterSeconds: 32}],
		[5, {code: 'readGood', what: 'jobs', afterSeconds: 12}],
	],
};

const hostileNames = ['构建 与 测试 (中文, 很长的名字)', 'emoji 🚀🚀 ship it', 'combining e\u{301}e\u{301}e\u{301} mark', 'control \u{1B}[31mred\u{7} \u{202E}reversed', 'ümlaut straße', '한국어 빌드'];

/**
Many jobs, servers and runners, some with names that try to break the columns.
*/
export function crowd(jobCount: number, serverCount: number, names = hostileNames): EngineState {
	const jobs: Array<readonly [Job, JobVerdict]> = [];
	const servers: Array<readonly [Server, ServerVerdict]> = [];
	const runners: Array<readonly [Runner, RunnerVerdict]> = [];
	for (let number = 0; number < jobCount; number++) {
		const name = `${names[number % names.length] ?? ''} ${number}`;
		const queued = givenJob({number, name, age: (number * 7) + 3});
		if (number >= serverCount) {
			jobs.push([queued, {code: 'waitsForLimit', count: serverCount, limit: serverCount}]);
			continue;
		}

		const server = givenServer(queued, {age: (number * 5) + 10, serverType: number % 3 === 0 ? 'cax11' : 'cx23'});
		const job = number % 2 === 0
			? givenJob({
				number, name, age: (number * 7) + 3, status: 'inProgress', runner: server.name, started: number,
			})
			: queued;
		jobs.push([job, number % 2 === 0
			? {code: 'running', runnerName: server.name, since: ago(number)}
			: {
				code: 'serverComing', server: server.name, step: 'booting', since: ago(number % 60),
			}]);
		servers.push([server, number % 2 === 0 ? {code: 'busy', job: namedJob(job), forSeconds: number} : {code: 'booting', forSeconds: number % 60, limitSeconds: 180}]);
		if (number % 2 === 0) {
			runners.push([givenRunner(server, {isBusy: true}), {code: 'busy', job: namedJob(job)}]);
		}
	}

	return givenState({jobs, servers, runners});
}
