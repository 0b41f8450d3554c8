import type {Server} from '../model/server.ts';
import {recordGone} from './failures.ts';
import type {EngineInternals} from './engine-state.ts';
import {gapsOf} from './trust.ts';
import {followSetUp, leaveServer} from './provision.ts';

const timelinesKept = 300;

/**
After a look: takes leave of servers that are gone, and follows the set-up of those that an earlier run or another engine began.
*/
export function attend(engine: EngineInternals, before: readonly Server[]): void {
	const {servers, runners} = engine.reads;
	if (servers.state === 'failed') {
		return;
	}

	const ids = new Set([...servers.items.map(server => server.id), ...gapsOf(servers).map(({serverId}) => serverId)]);
	const gone = before.filter(({id}) => !ids.has(id));
	for (const server of gone) {
		if (server.status !== 'deleting') {
			engine.note({code: 'serverGone', server: server.name});
			const isItsJobQueued = engine.reads.jobs.items.some(({id, status}) => id === server.jobId && status === 'queued');
			engine.memory = recordGone(engine.memory, server, isItsJobQueued, engine.ports.clock.now());
		}

		leaveServer(engine, server.name);
		void engine.ports.shell.forget(server).catch(() => undefined); // A file left behind harms nobody: a server's id never comes again.
	}

	if (runners.state !== 'failed' && !engine.policy.isDryRun) {
		const now = engine.ports.clock.now();
		const withRunner = new Set(runners.items.filter(runner => runner.isOnline || runner.isBusy).map(runner => runner.name));
		for (const server of servers.items) {
			const isSettled = server.startupEndedAt !== undefined || engine.setUps.has(server.name) || engine.memory.registered.has(server.name) || withRunner.has(server.name);
			const isOwnSet = server.engineSet === undefined || server.engineSet === engine.policy.engineSet;
			if (isOwnSet && !isSettled && ['running', 'initializing', 'starting'].includes(server.status)) {
				void followSetUp(engine, server, now);
			}
		}
	}

	const kept = new Set([...[...engine.timelines.keys()].slice(-timelinesKept), ...servers.items.map(server => server.name), ...engine.creations.keys()]);
	engine.timelines = new Map([...engine.timelines].filter(([name]) => kept.has(name)));
	engine.output = new Map([...engine.output].filter(([name]) => kept.has(name)));
}
