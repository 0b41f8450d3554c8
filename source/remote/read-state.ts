import type {EngineState} from '../scaler/controller.ts';
import {misunderstood} from './ask.ts';
import {engineState, stateParts} from './schema/state.ts';

const rawParts = new WeakMap<EngineState, Readonly<Record<string, unknown>>>();

/**
The state that such parts tell, every part checked. Parts that are the same as in
the state before stay the same objects, so that a screen redraws only what changed.
Throws LinkError that names the part which cannot be understood.
*/
export function readState(raw: unknown, before: EngineState | undefined): EngineState {
	const parts: Readonly<Record<string, unknown>> = typeof raw === 'object' && raw !== null ? Object.fromEntries(Object.entries(raw)) : {};
	const partsBefore = before === undefined ? undefined : rawParts.get(before);
	const state = before === undefined || partsBefore === undefined ? parsed(parts) : changed(before, partsBefore, parts);
	rawParts.set(state, parts);
	return state;
}

function parsed(parts: Readonly<Record<string, unknown>>): EngineState {
	const result = engineState.safeParse(parts);
	if (!result.success) {
		throw misunderstood(`of ${JSON.stringify(result.error.issues[0]?.path.join('.') ?? '')}`);
	}

	return result.data;
}

function changed(before: EngineState, partsBefore: Readonly<Record<string, unknown>>, parts: Readonly<Record<string, unknown>>): EngineState {
	let state = before;
	for (const [name, schema] of Object.entries(stateParts)) {
		if (Object.is(parts[name], partsBefore[name])) {
			continue;
		}

		const result = schema.safeParse(parts[name]);
		if (!result.success) {
			throw misunderstood(`of ${JSON.stringify(name)}`);
		}

		state = {...state, [name]: result.data};
	}

	return state === before ? {...before} : state;
}
