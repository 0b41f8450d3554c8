import type {Job, JobId, RunId} from '../../source/model/job.ts';
import {serverNameFor} from '../../source/model/server-name.ts';
import type {Runner, RunnerId} from '../../source/model/runner.ts';
import type {Server, ServerId} from '../../source/model/server.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {instant, later} from '../../source/model/time.ts';

/**
The moment of the crowded snapshot.
*/
export const crowdedNow = instant(Date.UTC(2026, 10, 24, 9));

/**
So many jobs and servers: of ten jobs nine run and one waits, of ten servers nine work and one boots.
*/
export function crowdedSnapshot(count: number): Snapshot {
	const numbers = Array.from({length: count}, (_, index) => index + 1);
	const jobs = numbers.map((id): Job => ({
		id: id as JobId, runId: Math.ceil(id / 10) as RunId, runAttempt: 1, name: `job ${id}`, workflowName: 'ci', branch: 'main', status: id % 10 === 0 ? 'queued' : 'inProgress', labels: ['self-hosted', ...(id % 7 === 0 ? ['server-cax11'] : [])],
		createdAt: later(crowdedNow, -100 - (id % 50)), startedAt: later(crowdedNow, -50), runnerName: id % 10 === 0 ? undefined : serverNameFor({id: id as JobId, runId: Math.ceil(id / 10) as RunId}, new Set()), url: '',
	}));
	const servers = jobs.map((job): Server => ({
		id: Number(job.id) as ServerId, name: serverNameFor(job, new Set()), status: 'running', created: later(crowdedNow, -120), ip: '127.0.0.1', serverType: 'cx23', architecture: 'x64', location: 'fsn1',
		runId: job.runId, jobId: job.id, runnerLabels: job.labels, engineSet: 'set', startupEndedAt: job.status === 'queued' ? undefined : later(crowdedNow, -60),
	}));
	const runners = servers.filter(server => server.startupEndedAt !== undefined).map((server): Runner => ({
		id: Number(server.id) as RunnerId, name: server.name, isOnline: true, isBusy: true, labels: [...server.runnerLabels, 'Linux', 'X64'], version: '2.338.0',
	}));
	const whole = <Item>(items: readonly Item[]) => ({state: 'whole', items, at: crowdedNow} as const);
	return {
		unreadJobs: [], jobs: whole(jobs), servers: whole(servers), runners: whole(runners), catalogue: undefined, setUps: new Map(),
		creations: [], deletions: new Set(),
	};
}

/**
So many waiting jobs and as many servers that boot, work or idle, each with a label that no other has.
*/
export function everyoneSpecial(count: number): Snapshot {
	const snapshot = crowdedSnapshot(count);
	const labels = (index: number, used: readonly string[]) => [...used, `only-${index}`];
	return {
		...snapshot,
		jobs: {
			...snapshot.jobs, items: snapshot.jobs.items.map((job, index): Job => ({
				...job, status: 'queued', startedAt: undefined, runnerName: undefined, labels: labels(index, job.labels),
			})),
		},
		servers: {
			...snapshot.servers,
			items: snapshot.servers.items.map((server, index) => ({...server, runnerLabels: labels(index, server.runnerLabels)})),
		},
		runners: {
			...snapshot.runners,
			items: snapshot.runners.items.map(runner => ({...runner, isBusy: false, labels: labels(Number(runner.id) - 1, runner.labels)})),
		},
	};
}
