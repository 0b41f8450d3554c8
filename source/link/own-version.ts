import type {EngineState} from '../scaler/controller.ts';
import {misunderstood} from './ask.ts';

/**
The state that an engine of this very version tells: what its types say was checked when both were compiled, and the socket is its owner's own.
That it has this form at all is looked at; row by row, ten thousand would take longer than all else at the start. Throws LinkError.
*/
export function ownState(raw: unknown): EngineState {
	const parts = typeof raw === 'object' && raw !== null ? raw as EngineState : undefined; // The one place where that is taken on trust.
	const lists = [parts?.jobs?.items, parts?.servers?.items, parts?.runners?.items, parts?.activity, parts?.history, parts?.creations];
	const maps = [parts?.jobVerdicts, parts?.serverVerdicts, parts?.runnerVerdicts, parts?.setUps, parts?.timelines, parts?.output, parts?.deletions];
	if (parts === undefined || lists.some(list => !Array.isArray(list)) || maps.some(map => !(map instanceof Map)) || typeof parts.policy?.repository?.name !== 'string') {
		throw misunderstood('of its state');
	}

	return parts;
}
