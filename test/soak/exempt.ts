import type {SimulatedServer} from '../../source/simulator/hetzner-resources.ts';

/**
Whether a server may stay whatever its use: somebody has protected it from deletion, and only they can change that. Promise 3 does not count its time.
*/
export function mayStay(server: SimulatedServer): boolean {
	return server.isForeign || server.protection.delete;
}
