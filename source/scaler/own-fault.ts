import type {EngineInternals} from './engine-state.ts';

/**
Something on our own side makes every new server useless: none is created until it is mended. Told once, in a sentence that says what to do.
*/
export function recordOwnFault(engine: EngineInternals, reason: string): void {
	if (engine.ownFault?.reason !== reason) {
		engine.record({code: 'notice', text: `no server is created: ${reason}`});
	}

	engine.recordOwnFault(reason);
}
