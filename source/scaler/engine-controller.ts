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
import {withEntry, withoutEntry} from './memory.ts';
import {savedState} from './saved-state.ts';
import {maskedVariables} from './script-variables.ts';

const here = {at: 'here'} as const;

/**
What a console may ask of an engine in this process. Changing calls are refused when the policy is read-only.
*/
export function engineController(engine: Engine): Controller {
	const {live} = engine;

	function refuseWhenReadOnly(): void {
		if (live.policy.isReadOnly) {
			throw new ReadOnlyError();
		}
	}

	function tell(name: ServerName, deletion: Deletion): void {
		live.asked = withEntry(live.asked, name, deletion);
		live.changed();
	}

	async function deleteOne(name: ServerName, by: Operator, isTyped: boolean): Promise<Deletion> {
		const server = live.reads.servers.items.find(other => other.name === name);
		if (server === undefined) {
			return {state: 'kept', reason: 'there is no such server of ours'};
		}

		if (live.policy.isDryRun) {
			return {state: 'kept', reason: 'dry run: nothing is changed'};
		}

		tell(name, {state: 'checking'});
		return deleteServer(live, {
			server, reason: {kind: 'operator', words: 'asked for'}, by: {kind: 'operator', name: by.name}, isTyped, at: live.ports.clock.now(), tell(deletion) {
				tell(name, deletion);
			},
		});
	}

	return {
		state: engine.state,
		attachment: () => here,
		subscribe: engine.subscribe,
		readNow: engine.readNow,
		async setMode(mode: Mode, by: Operator) {
			refuseWhenReadOnly();
			if (live.mode === mode) {
				return;
			}

			live.mode = mode;
			live.ports.store.save(savedState(mode, live.memory));
			live.note({code: 'modeChanged', mode, by: {kind: 'operator', name: by.name}});
			live.replan();
		},
		async deleteServers(names, by, typed = new Set()) {
			refuseWhenReadOnly();
			// What is told of earlier deletions that have ended makes room; those under way, of another console too, go on being told.
			live.asked = new Map([...live.asked].filter(([, {state}]) => state !== 'deleted' && state !== 'kept'));
			const results = await Promise.all(names.map(async name => {
				const result = await deleteOne(name, by, typed.has(name));
				tell(name, result);
				return [name, result] as const;
			}));
			live.replan();
			return new Map(results);
		},
		async keepServer(name, seconds, by) {
			refuseWhenReadOnly();
			const until = later(live.ports.clock.now(), seconds);
			live.memory = {...live.memory, keptUntil: withEntry(live.memory.keptUntil, name, until)};
			live.ports.store.save(savedState(live.mode, live.memory));
			live.note({
				code: 'serverKept', server: name, reason: `for ${Math.round(seconds / 60)} minutes`, by: {kind: 'operator', name: by.name},
			});
			live.replan();
		},
		async setMaxRunners(limit, by) {
			refuseWhenReadOnly();
			const before = live.policy.maxRunners;
			if (before === limit) {
				return;
			}

			const configured = live.memory.runnerLimit === undefined ? before : live.memory.runnerLimit.configured;
			live.memory = {...live.memory, runnerLimit: limit === configured ? undefined : {limit, configured}};
			live.policy = {...live.policy, maxRunners: limit};
			live.ports.store.save(savedState(live.mode, live.memory));
			live.note({
				code: 'maxRunnersChanged', limit, before, by: {kind: 'operator', name: by.name},
			});
			live.replan();
		},
		async drainServer(name, isDraining, by) {
			refuseWhenReadOnly();
			const server = live.reads.servers.items.find(other => other.name === name);
			const reason = server === undefined ? 'there is no such server of ours' : undrainable(server, live.policy);
			if (server === undefined || reason !== undefined) {
				throw new Error(`${name} cannot be drained: ${reason ?? ''}`);
			}

			if (live.memory.drained.has(server.id) === isDraining) {
				return;
			}

			live.memory = isDraining
				? {...live.memory, drained: withEntry(live.memory.drained, server.id, by.name), keptUntil: withoutEntry(live.memory.keptUntil, name)}
				: {...live.memory, drained: withoutEntry(live.memory.drained, server.id)};
			live.ports.store.save(savedState(live.mode, live.memory));
			live.note({
				code: 'serverDrained', server: name, isDraining, by: {kind: 'operator', name: by.name},
			});
			live.replan();
		},
		async scripts() {
			return live.ports.scripts;
		},
		async scriptVariables() {
			return maskedVariables(live.policy);
		},
		close: engine.stop,
	};
}
