import type {Cloud} from './ports/cloud.ts';
import type {GitHub} from './ports/github.ts';
import type {
	Chance, Clock, HostScripts, Journal, Machine, ScriptRecords, StateStore,
} from './ports/machine.ts';
import type {Shell} from './ports/shell.ts';
import type {SavedState} from './saved-state.ts';

export type * from './ports/cloud.ts';
export type * from './ports/github.ts';
export type * from './ports/machine.ts';
export * from './ports/request.ts';
export type * from './ports/shell.ts';

/**
All that the engine needs of the world.
*/
export type Ports = {
	readonly clock: Clock;
	readonly chance: Chance;
	readonly github: GitHub;
	readonly cloud: Cloud;
	readonly shell: Shell;
	readonly journal: Journal;
	readonly scripts: HostScripts;
	/**
	@default nothing is known of what servers were handed
	*/
	readonly scriptRecords?: ScriptRecords;
	readonly machine: Machine;
	readonly store: StateStore<SavedState>;
};
