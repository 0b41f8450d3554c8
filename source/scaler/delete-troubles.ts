import type {ServerName} from '../model/server-name.ts';
import {ageSeconds, secondsBetween} from '../model/time.ts';
import type {EngineInternals} from './engine-state.ts';
import {PortError} from './ports.ts';
import {withoutNumbers} from './read-notes.ts';

/**
A cause that some deletions get past and others do not is over once none has failed for so long, seconds.
*/
const quietSeconds = 30;

/**
Records that a deletion failed; one line for each cause, however many servers and tries it concerns.
*/
export function recordDeleteFailure(engine: EngineInternals, server: ServerName, error: unknown): string {
	const answer = error instanceof Error ? error.message : String(error);
	// A request limit is the API's: what was being asked when it was met makes no other cause of it.
	const cause = error instanceof PortError && error.kind === 'limited' ? `limited ${answer.split(' ', 1)[0] ?? ''}` : withoutNumbers(answer.replaceAll(server, ''));
	const now = engine.ports.clock.now();
	const before = engine.deleteTroubles.get(cause);
	if (before === undefined) {
		engine.record({code: 'deleteFailed', server, answer});
	}

	engine.recordDeleteTrouble(cause, {
		answer: before?.answer ?? answer,
		since: before?.since ?? now,
		lastAt: now,
		servers: new Set([...before?.servers ?? [], server]),
		waiting: new Set([...before?.waiting ?? [], server]),
		tries: (before?.tries ?? 0) + 1,
		hasEased: before?.hasEased ?? false,
	});
	return answer;
}

/**
Records that a deletion which may have failed before came to an end, or that its server is gone.
*/
export function recordDeleteEnd(engine: EngineInternals, server: ServerName): void {
	for (const [cause, trouble] of engine.deleteTroubles) {
		if (trouble.waiting.has(server)) {
			engine.recordDeleteTrouble(cause, {...trouble, hasEased: true, waiting: new Set([...trouble.waiting].filter(name => name !== server))});
		}
	}

	endDeleteTroubles(engine);
}

/**
Tells which of them are over.
*/
export function endDeleteTroubles(engine: EngineInternals): void {
	const now = engine.ports.clock.now();
	for (const [cause, {answer, since, lastAt, servers, waiting, tries, hasEased}] of engine.deleteTroubles) {
		if (waiting.size === 0 || (hasEased && secondsBetween(lastAt, now) >= quietSeconds)) {
			engine.endDeleteTrouble(cause);
			engine.record({
				code: 'deletesResumed', servers: servers.size, tries, answer, afterSeconds: ageSeconds(since, now),
			});
		}
	}
}
