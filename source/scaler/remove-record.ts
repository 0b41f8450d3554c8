import type {Runner} from '../model/runner.ts';
import {later} from '../model/time.ts';
import type {EngineInternals} from './engine-state.ts';
import {PortError} from './ports.ts';

/**
How long a runner record that GitHub does not let go of is left before it is asked for again, seconds.
*/
const refusedSeconds = 3600;

/**
Removes a runner's record that no server stands behind. Never throws; a refusal is told once and believed for an hour.
*/
export async function removeLeftover(engine: EngineInternals, runner: Runner, reason: string): Promise<void> {
	try {
		const fresh = await engine.ports.github.findRunner(runner.name);
		if (fresh?.id !== runner.id || fresh.isOnline || fresh.isBusy) {
			return;
		}

		const removed = await engine.ports.github.removeRunner(runner.id);
		engine.record(typeof removed === 'string'
			? {code: 'runnerRemoved', runner: runner.name, reason}
			: {code: 'runnerKept', runner: runner.name, reason: removed.busy});
		if (typeof removed !== 'string') {
			keepRecord(engine, runner, removed.busy);
		}
	} catch (error) {
		const answer = error instanceof Error ? error.message : String(error);
		if (error instanceof PortError && error.kind === 'refused') {
			engine.record({code: 'runnerKept', runner: runner.name, reason: answer});
			keepRecord(engine, runner, answer);
		}
	}
}

function keepRecord(engine: EngineInternals, runner: Runner, answer: string): void {
	engine.recordKeptRecord(runner.id, {answer, retryAt: later(engine.ports.clock.now(), refusedSeconds)});
}
