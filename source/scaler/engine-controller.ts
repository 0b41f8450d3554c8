import type {ServerName} from '../model/server-name.ts';
import {later} from '../model/time.ts';
import {
	ReadOnlyError,
	type Controller,
	type Deletion,
	type Mode,
	type Operator,
} from './controller.ts';
import {deleteServer} from './delete.ts';
import type {Engine} from './engine.ts';
import {withEntry} from './memory.ts';
import {savedState} from './saved-state.ts';
import {maskedVariables} from './script-variables.ts';

const here = {at: 'here'} as const;

/**
What a console may ask of an engine in this process. Changing calls are refused when the policy is read-only.
*/
export function engineController(engine: Engine): Controller {
	const {internals} = engine;

	function refuseWhenReadOnly(): void {
		if (internals.policy.isReadOnly) {
			throw new ReadOnlyError();
		}
	}

	function tell(name: ServerName, deletion: Deletion): void {
		internals.asked = withEntry(internals.asked, name, deletion);
		internals.changed();
	}

	async function deleteOne(name: ServerName, by: Operator, isTyped: boolean): Promise<Deletion> {
		const server = internals.reads.servers.items.find(other => other.name === name);
		if (server === undefined) {
			return {state: 'kept', reason: 'there is no such server of ours'};
		}

		if (internals.policy.isDryRun) {
			return {state: 'kept', reason: 'dry run: nothing is changed'};
		}

		tell(name, {state: 'checking'});
		return deleteServer(internals, {
			server, reason: {kind: 'operator', words: 'asked for'}, by: {kind: 'operator', name: by.name}, isTyped, at: internals.ports.clock.now(), tell(deletion) {
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
			if (internals.mode === mode) {
				return;
			}

			internals.mode = mode;
			internals.ports.store.save(savedState(mode, internals.memory));
			internals.note({code: 'modeChanged', mode, by: {kind: 'operator', name: by.name}});
			internals.replan();
		},
		async deleteServers(names, by, typed = new Set()) {
			refuseWhenReadOnly();
			// What is told of earlier deletions that have ended makes room; those under way, of another console too, go on being told.
			internals.asked = new Map([...internals.asked].filter(([, {state}]) => state !== 'deleted' && state !== 'kept'));
			const results = await Promise.all(names.map(async name => {
				const result = await deleteOne(name, by, typed.has(name));
				tell(name, result);
				return [name, result] as const;
			}));
			internals.replan();
			return new Map(results);
		},
		async keepServer(name, seconds, by) {
			refuseWhenReadOnly();
			const until = later(internals.ports.clock.now(), seconds);
			internals.memory = {...internals.memory, keptUntil: withEntry(internals.memory.keptUntil, name, until)};
			internals.ports.store.save(savedState(internals.mode, internals.memory));
			internals.note({
				code: 'serverKept', server: name, reason: `for ${Math.round(seconds / 60)} minutes`, by: {kind: 'operator', name: by.name},
			});
			internals.replan();
		},
		async scripts() {
			return internals.ports.scripts;
		},
		async scriptVariables() {
			return maskedVariables(internals.policy);
		},
		close: engine.stop,
	};
}
