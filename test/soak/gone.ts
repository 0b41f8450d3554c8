import type {Policy} from '../../source/model/policy.ts';
import {secondsBetween} from '../../source/model/time.ts';
import type {World} from '../../source/simulator/world.ts';
import type {ByHand} from './operations.ts';
import type {Watch} from './promises.ts';

const onItsWaySeconds = 8;

/**
Checks that no server was given up while it was on its way: promise 8.
*/
export function goneWatch(world: World, policy: Policy, watch: Watch, byHand: ByHand): (second: number) => void {
	let seen = 0;
	return () => {
		const {gone, actions} = world.hetzner;
		for (; seen < gone.length; seen++) {
			const server = gone[seen];
			if (server === undefined || server.isForeign || byHand.touched.has(server.id) || server.host.exitCode !== undefined) {
				continue;
			}

			const isMade = actions.values().every(action => action.serverId !== server.id || action.command === 'delete_server' || action.status !== 'error');
			const age = secondsBetween(server.createdAt, server.deletedAt ?? world.schedule.now());
			// A set-up that begins while the delete call is on its way comes too late.
			const hasBegun = server.host.setUpAt !== undefined && secondsBetween(server.host.setUpAt, server.deletedAt ?? world.schedule.now()) > onItsWaySeconds;
			// Labels that GitHub does not take no waiting mends.
			if (!hasBegun && world.faults.triggerCounts().has('mint takes no such labels')) {
				continue;
			}

			const limit = hasBegun ? policy.maxSetupSeconds : policy.maxServerReadySeconds;
			watch.check('restartsWell', isMade && age < limit ? `${server.name} was deleted after ${Math.round(age)} s, while it was being set up` : undefined);
		}
	};
}
