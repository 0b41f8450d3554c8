import type {JobId} from '../model/job.ts';
import type {ServerName} from '../model/server-name.ts';
import type {ServerId} from '../model/server.ts';
import type {Instant} from '../model/time.ts';
import type {Mode} from './controller.ts';
import {
	emptyMemory, type Failures, type JobFailures, type Memory,
} from './memory.ts';

/**
What outlives a restart: what an operator ordered, what failed and cost money, which names are our servers', since when each is known, and since when it is being set up.
*/
export type SavedState = {
	readonly mode: Mode;
	readonly keptUntil: ReadonlyArray<readonly [ServerName, Instant]>;
	readonly drained: ReadonlyArray<readonly [ServerId, string]>;
	readonly runnerLimit: Memory['runnerLimit'];
	readonly failures: ReadonlyArray<readonly [string, Failures]>;
	readonly jobFailures: ReadonlyArray<readonly [JobId, JobFailures]>;
	readonly ownNames: readonly string[];
	readonly firstSeen: ReadonlyArray<readonly [ServerId, Instant]>;
	readonly reached: ReadonlyArray<readonly [ServerId, Instant]>;
};

/**
What is to be saved of an engine.
*/
export function savedState(mode: Mode, memory: Memory): SavedState {
	return {
		mode, keptUntil: [...memory.keptUntil], drained: [...memory.drained], runnerLimit: memory.runnerLimit, failures: [...memory.failures], jobFailures: [...memory.jobFailures], ownNames: [...memory.ownNames], firstSeen: [...memory.firstSeen], reached: [...memory.reached],
	};
}

/**
The memory that an engine begins with.
*/
export function memoryOf({keptUntil, drained, runnerLimit, failures, jobFailures, ownNames, firstSeen, reached}: SavedState): Memory {
	return {
		...emptyMemory, keptUntil: new Map(keptUntil), drained: new Map(drained), runnerLimit, failures: new Map(failures), jobFailures: new Map(jobFailures), ownNames: new Set(ownNames), firstSeen: new Map(firstSeen), reached: new Map(reached),
	};
}
