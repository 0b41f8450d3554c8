import {rngFor} from './chance.ts';
import type {Faults} from './faults.ts';
import type {Actions} from './hetzner-actions.ts';
import type {ApiError} from './hetzner-errors.ts';
import type {Hosts} from './hetzner-hosts.ts';
import type {PowerCommand, SimulatedAction, SimulatedServer} from './hetzner-resources.ts';
import {bootHost, plan, stopHost} from './host.ts';
import type {WorldParameters} from './parameters.ts';
import type {Violations} from './violations.ts';

type Parts = {
	readonly seed: number;
	readonly parameters: WorldParameters;
	readonly faults: Faults;
	readonly violations: Violations;
	readonly actions: Actions;
	readonly hosts: Hosts;
	/**
	Notes that the API changes a server.
	*/
	readonly touch: (server: SimulatedServer, how: string) => void;
	/**
	Takes a server out of the project.
	*/
	readonly leave: (server: SimulatedServer) => void;
};

/**
What switches servers on and off: the API, and people.
*/
export function createPower({seed, parameters, faults, violations, actions: {startAction, isLocked}, hosts: {isOurs, partsOf}, touch, leave}: Parts) {
	function start(server: SimulatedServer): void {
		server.status = 'running';
		bootHost(server.host, partsOf(server.host));
	}

	function interrupt(server: SimulatedServer, how: string): void {
		violations.check('jobKilled');
		const job = server.host.runner?.job;
		if (job !== undefined && server.host.power === 'on') {
			violations.add('jobKilled', `server ${server.name} was ${how} while it ran job ${job.id} (${job.name})`, {jobId: job.id, name: server.name});
		}

		stopHost(server.host, partsOf(server.host), true);
	}

	// ACPI asks the guest, which takes its time or does not hear.
	function shutDown(server: SimulatedServer): void {
		if (server.status !== 'running' || faults.trigger('ignoresShutdown', () => true) !== undefined) {
			return;
		}

		const {host} = server;
		plan(host, partsOf(host), rngFor(seed, 'guest goes down', server.id).between(parameters.shutdownSeconds), () => {
			interrupt(server, 'sent shutdown');
			server.status = 'off';
		});
	}

	return {
		start,
		/**
		Takes the power away on the API's behalf.
		*/
		interrupt,
		/**
		POST /servers/{id}/actions/{command}.
		*/
		power(server: SimulatedServer, command: PowerCommand): ApiError | SimulatedAction {
			touch(server, `sent ${command}`);
			if (isLocked(server)) {
				return {status: 423, code: 'locked', message: 'cannot perform operation because server is locked'};
			}

			const seconds = rngFor(seed, command, server.id).between(parameters.powerSeconds);
			if (command === 'shutdown') {
				return startAction('shutdown_server', server, seconds, () => {
					shutDown(server);
				});
			}

			if (command === 'poweron') {
				server.status = server.status === 'off' ? 'starting' : server.status;
				return startAction('start_server', server, seconds, () => {
					if (server.status === 'starting') {
						start(server);
					}
				});
			}

			interrupt(server, `sent ${command}`);
			server.status = 'stopping';
			return startAction({
				poweroff: 'stop_server', reboot: 'reboot_server', reset: 'reset_server',
			}[command], server, seconds, () => {
				if (command === 'reboot' || command === 'reset') {
					start(server);
				} else {
					server.status = 'off';
				}
			});
		},
		/**
		What people do by hand at the vendor's console: nobody's promise is broken by it, whatever runs there.
		*/
		byHand: {
			vanish(server: SimulatedServer): void {
				stopHost(server.host, partsOf(server.host), true);
				leave(server);
			},
			powerOff(server: SimulatedServer): void {
				stopHost(server.host, partsOf(server.host), true);
				server.status = 'off';
			},
			rename(server: SimulatedServer, name: string): void {
				server.name = name;
			},
			relabel(server: SimulatedServer, labels: Readonly<Record<string, string>>): void {
				server.labels = labels;
				server.isForeign = !isOurs(labels); // Without our labels it is nobody's that we may touch.
			},
		},
	};
}
