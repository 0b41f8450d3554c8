import type {EngineState} from '../scaler/controller.ts';

/**
What the engine behind that socket says of itself, or why it cannot be asked.
*/
export async function engineState(socketPath: string): Promise<EngineState | {readonly unreachable: string}> {
	return {unreachable: `no engine answers at ${socketPath}`};
}
