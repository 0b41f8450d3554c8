import {serverOfRunner} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import {endDeleteTroubles, recordDeleteEnd} from './delete-troubles.ts';
import type {EngineInternals} from './engine-state.ts';
import {gapsOf} from './trust.ts';
import {followSetUp, leaveServer} from './provision.ts';

/**
After a poll: records the end of servers that are gone, and follows the set-up of those that an earlier run or another engine began.
*/
export function reconcile(engine: EngineInternals, before: readonly Server[]): void {
	const {servers, runners} = engine.reads;
	if (servers.state === 'failed') {
		return;
	}

	const ids = new Set([...servers.items.map(server => server.id), ...gapsOf(servers).map(({serverId}) => serverId)]);
	const gone = before.filter(({id}) => !ids.has(id));
	for (const server of gone) {
		if (server.status !== 'deleting') {
			engine.record({code: 'serverGone', server: server.name});
			engine.recordGone(server);
		}

		if (engine.timelines.get(server.name)?.serverId === server.id) {
			engine.recordMoments(server.name, {goneAt: engine.ports.clock.now()});
		}

		recordDeleteEnd(engine, server.name);
		leaveServer(engine, server.name);
		void engine.ports.shell.forget(server).catch(() => undefined); // A file left behind harms nobody: a server's id never comes again.
	}

	endDeleteTroubles(engine);
	if (runners.state !== 'failed' && !engine.policy.isDryRun) {
		const now = engine.ports.clock.now();
		const withRunner = new Set(runners.items.filter(runner => runner.isOnline || runner.isBusy).map(runner => serverOfRunner(runner.name)));
		for (const server of servers.items) {
			const isSettled = server.startupEndedAt !== undefined || engine.setUps.has(server.name) || engine.memory.registered.has(server.name) || withRunner.has(server.name);
			const isOwnSet = server.engineSet === undefined || server.engineSet === engine.policy.engineSet;
			if (isOwnSet && !isSettled && ['running', 'initializing', 'starting'].includes(server.status)) {
				void followSetUp(engine, server, now);
			}
		}
	}

	engine.forgetOldTimelines([...servers.items.map(server => server.name), ...engine.creations.keys()]);
}
