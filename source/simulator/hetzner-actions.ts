import {later} from '../model/time.ts';
import type {Faults} from './faults.ts';
import type {SimulatedAction, SimulatedServer} from './hetzner-resources.ts';
import type {Schedule} from './schedule.ts';

/**
How long an action can still be asked after.
*/
const keptSeconds = 6 * 3600;

export type Actions = ReturnType<typeof createActions>;

/**
The actions of a project, each of which locks its server while it runs.
*/
export function createActions({schedule, faults}: {readonly schedule: Schedule; readonly faults: Faults}) {
	const all = new Map<number, SimulatedAction>();
	const locks = new Map<number, number>(); // How many actions run on a server.
	let count = 0;

	return {
		all,
		/**
		Starts an action that ends after so many seconds; `onDone` is called when it ends well. `doesLock`: nothing else can be done to the server meanwhile.
		*/
		startAction(command: string, server: SimulatedServer, seconds: number, onDone: () => void, doesLock = true): SimulatedAction {
			const action: SimulatedAction = {
				id: 606_028_482_600_000 + ++count, command, serverId: server.id, startedAt: schedule.now(), seconds, status: 'running', finishedAt: undefined, error: undefined,
			};
			all.set(action.id, action);
			for (const [id, old] of all) {
				if (old.finishedAt === undefined || later(old.finishedAt, keptSeconds) > schedule.now()) {
					break; // Oldest first: a week of them would fill the memory.
				}

				all.delete(id);
			}

			const lock = doesLock ? 1 : 0;
			locks.set(server.id, (locks.get(server.id) ?? 0) + lock);
			schedule.after(seconds, () => {
				action.finishedAt = schedule.now();
				const left = (locks.get(server.id) ?? lock) - lock;
				if (left === 0) {
					locks.delete(server.id);
				} else {
					locks.set(server.id, left);
				}

				if (faults.trigger('actionFails', fault => fault.command === command) === undefined) {
					action.status = 'success';
					onDone();
				} else {
					action.status = 'error';
					action.error = {code: 'action_failed', message: 'Action failed'};
				}
			});
			return action;
		},
		/**
		An action of a firewall's, done as soon as it is asked for.
		*/
		firewallAction(command: string, firewallId: number, serverId: number | undefined): SimulatedAction {
			const now = schedule.now();
			const action: SimulatedAction = {
				id: 606_028_482_600_000 + ++count, command, serverId: serverId ?? 0, firewallId, startedAt: now, seconds: 0, status: 'success', finishedAt: now, error: undefined,
			};
			all.set(action.id, action);
			return action;
		},
		isLocked: (server: SimulatedServer): boolean => (locks.get(server.id) ?? 0) > 0,
	};
}
