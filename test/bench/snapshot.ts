import type {Job, JobId, RunId} from '../../source/model/job.ts';
import {serverNameFor} from '../../source/model/server-name.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {instant, later} from '../../source/model/time.ts';
import {givenJob, givenRunner, givenServer} from '../support/given/model.ts';

/**
The moment of the crowded snapshot.
*/
export const crowdedNow = instant(Date.UTC(2026, 10, 24, 9));

/**
So many jobs and servers: of ten jobs nine run and one waits, of ten servers nine work and one boots.
*/
export function crowdedSnapshot(count: number): Snapshot {
	const numbers = Array.from({length: count}, (_, index) => index + 1);
	const jobs = numbers.map(id => {
		const isWaiting = id % 10 === 0;
		const runId = Math.ceil(id / 10) as RunId;
		return givenJob(id, {
			runId, status: isWaiting ? 'queued' : 'inProgress', labels: ['self-hosted', ...(id % 7 === 0 ? ['server-cax11'] : [])],
			createdAt: later(crowdedNow, -100 - (id % 50)), startedAt: later(crowdedNow, -50),
			runnerName: isWaiting ? undefined : serverNameFor({id: id as JobId, runId}, new Set()),
		});
	});
	const servers = jobs.map(job => givenServer(Number(job.id), {
		name: serverNameFor(job, new Set()), created: later(crowdedNow, -120), runId: job.runId, jobId: job.id, runnerLabels: job.labels,
		startupEndedAt: job.status === 'queued' ? undefined : later(crowdedNow, -60),
	}));
	const runners = servers.filter(server => server.startupEndedAt !== undefined).map(server => givenRunner(Number(server.id), {
		name: server.name, isBusy: true, labels: [...server.runnerLabels, 'Linux', 'X64'],
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
