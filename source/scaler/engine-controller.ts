import type {ServerName} from '../model/server-name.ts';
import {later} from '../model/time.ts';
import {
	ReadOnlyError,
	undrainable,
	type Controller,
	type Deletion,
	type Mode,
	type Operator,
} from './controller.ts';
import {deleteServer} from './delete.ts';
import type {Engine} from './engine.ts';
import {savedState} from './saved-state.ts';
import {maskedVariables} from './script-variables.ts';

const here = {at: 'here'} as const;

/**
What a console may ask of an engine in this process. Changing calls are refused when the policy is read-only.
*/
export function engineController(running: Engine): Controller {
	const {internals: engine} = running;

	function refuseWhenReadOnly(): void {
		if (engine.policy.isReadOnly) {
			throw new ReadOnlyError();
		}
	}

	async function deleteOne(name: ServerName, by: Operator, isTyped: boolean): Promise<Deletion> {
		const server = engine.reads.servers.items.find(other => other.name === name);
		if (server === undefined) {
			return {state: 'kept', reason: 'there is no such server of ours'};
		}

		if (engine.policy.isDryRun) {
			return {state: 'kept', reason: 'dry run: nothing is changed'};
		}

		engine.recordOperatorDeletion(name, {state: 'checking'});
		return deleteServer(engine, {
			server, reason: {kind: 'operator', words: 'asked for'}, by: {kind: 'operator', name: by.name}, isTyped, at: engine.ports.clock.now(), report(deletion) {
				engine.recordOperatorDeletion(name, deletion);
			},
		});
	}

	return {
		state: running.state,
		attachment: () => here,
		subscribe: running.subscribe,
		readNow: running.readNow,
		async setMode(mode: Mode, by: Operator) {
			refuseWhenReadOnly();
			if (engine.mode === mode) {
				return;
			}

			engine.setMode(mode);
			engine.ports.store.save(savedState(mode, engine.memory));
			engine.record({code: 'modeChanged', mode, by: {kind: 'operator', name: by.name}});
			engine.replan();
		},
		async deleteServers(names, by, typed = new Set()) {
			refuseWhenReadOnly();
			engine.clearEndedDeletions();
			const results = await Promise.all(names.map(async name => {
				const result = await deleteOne(name, by, typed.has(name));
				engine.recordOperatorDeletion(name, result);
				return [name, result] as const;
			}));
			engine.replan();
			return new Map(results);
		},
		async keepServer(name, seconds, by) {
			refuseWhenReadOnly();
			const until = later(engine.ports.clock.now(), seconds);
			engine.keepUntil(name, until);
			engine.ports.store.save(savedState(engine.mode, engine.memory));
			engine.record({
				code: 'serverKept', server: name, reason: `for ${Math.round(seconds / 60)} minutes`, by: {kind: 'operator', name: by.name},
			});
			engine.replan();
		},
		async setMaxRunners(limit, by) {
			refuseWhenReadOnly();
			const before = engine.policy.maxRunners;
			if (before === limit) {
				return;
			}

			engine.setMaxRunners(limit);
			engine.ports.store.save(savedState(engine.mode, engine.memory));
			engine.record({
				code: 'maxRunnersChanged', limit, before, by: {kind: 'operator', name: by.name},
			});
			engine.replan();
		},
		async drainServer(name, isDraining, by) {
			refuseWhenReadOnly();
			const server = engine.reads.servers.items.find(other => other.name === name);
			const reason = server === undefined ? 'there is no such server of ours' : undrainable(server, engine.policy);
			if (server === undefined || reason !== undefined) {
				throw new Error(`${name} cannot be drained: ${reason ?? ''}`);
			}

			if (engine.memory.drained.has(server.id) === isDraining) {
				return;
			}

			engine.recordDrained(server.id, name, isDraining ? by.name : undefined);
			engine.ports.store.save(savedState(engine.mode, engine.memory));
			engine.record({
				code: 'serverDrained', server: name, isDraining, by: {kind: 'operator', name: by.name},
			});
			engine.replan();
		},
		async scripts() {
			return engine.ports.scripts;
		},
		async scriptText(hash) {
			return engine.ports.scriptRecords?.text(hash);
		},
		async scriptVariables() {
			return maskedVariables(engine.policy);
		},
		close: running.stop,
	};
}
