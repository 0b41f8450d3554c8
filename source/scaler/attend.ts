import type {Server} from '../model/server.ts';
import {recordGone} from './failures.ts';
import {endDeleteTroubles, recordDeleteEnd} from './delete-troubles.ts';
import {stamp, type Live} from './live.ts';
import {gapsOf} from './trust.ts';
import {followSetUp, leaveServer} from './provision.ts';

const timelinesKept = 300;

/**
After a look: takes leave of servers that are gone, and follows the set-up of those that an earlier run or another engine began.
*/
export function attend(live: Live, before: readonly Server[]): void {
	const {servers, runners} = live.reads;
	if (servers.state === 'failed') {
		return;
	}

	const ids = new Set([...servers.items.map(server => server.id), ...gapsOf(servers).map(({serverId}) => serverId)]);
	const gone = before.filter(({id}) => !ids.has(id));
	for (const server of gone) {
		if (server.status !== 'deleting') {
			live.note({code: 'serverGone', server: server.name});
			const isItsJobQueued = live.reads.jobs.items.some(({id, status}) => id === server.jobId && status === 'queued');
			live.memory = recordGone(live.memory, server, isItsJobQueued, live.ports.clock.now());
		}

		if (live.timelines.get(server.name)?.serverId === server.id) {
			stamp(live, server.name, {goneAt: live.ports.clock.now()});
		}

		recordDeleteEnd(live, server.name);
		leaveServer(live, server.name);
		void live.ports.shell.forget(server).catch(() => undefined); // A file left behind harms nobody: a server's id never comes again.
	}

	endDeleteTroubles(live);
	if (runners.state !== 'failed' && !live.policy.isDryRun) {
		const now = live.ports.clock.now();
		const withRunner = new Set(runners.items.filter(runner => runner.isOnline || runner.isBusy).map(runner => runner.name));
		for (const server of servers.items) {
			const isSettled = server.startupEndedAt !== undefined || live.setUps.has(server.name) || live.memory.registered.has(server.name) || withRunner.has(server.name);
			const isOwnSet = server.engineSet === undefined || server.engineSet === live.policy.engineSet;
			if (isOwnSet && !isSettled && ['running', 'initializing', 'starting'].includes(server.status)) {
				void followSetUp(live, server, now);
			}
		}
	}

	const kept = new Set([...[...live.timelines.keys()].slice(-timelinesKept), ...servers.items.map(server => server.name), ...live.creations.keys()]);
	live.timelines = new Map([...live.timelines].filter(([name]) => kept.has(name)));
	live.output = new Map([...live.output].filter(([name]) => kept.has(name)));
}
