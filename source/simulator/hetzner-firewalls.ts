import type {Instant} from '../model/time.ts';
import {invalid, type ApiError} from './hetzner-errors.ts';
import type {SimulatedServer} from './hetzner-resources.ts';
import type {Schedule} from './schedule.ts';
import type {Violations} from './violations.ts';

export type FirewallRule = {
	readonly direction: 'in' | 'out';
	readonly protocol: 'tcp' | 'udp' | 'icmp' | 'esp' | 'gre';
	readonly port?: string | undefined;
	readonly source_ips?: readonly string[] | undefined;
	readonly destination_ips?: readonly string[] | undefined;
	readonly description?: string | undefined;
};

export type SimulatedFirewall = {
	readonly id: number;
	readonly createdAt: Instant;
	name: string;
	labels: Readonly<Record<string, string>>;
	rules: readonly FirewallRule[];
	/**
	Servers it stands before.
	*/
	readonly serverIds: Set<number>;
	/**
	Somebody else's: whatever changes it breaks a promise.
	*/
	readonly isForeign: boolean;
};

const nameTaken: ApiError = {
	status: 409, code: 'uniqueness_error', message: 'name is already used', details: {fields: [{name: 'name'}]},
};
const firewallsOfServer = 5;

export type Firewalls = ReturnType<typeof createFirewalls>;

/**
The firewalls of a project.
*/
export function createFirewalls({schedule, servers, violations}: {readonly schedule: Schedule; readonly servers: ReadonlyMap<number, SimulatedServer>; readonly violations: Violations}) {
	const firewalls: SimulatedFirewall[] = [];
	let count = 0;

	function touch(firewall: SimulatedFirewall, how: string): void {
		violations.check('foreignTouched');
		if (firewall.isForeign) {
			violations.add('foreignTouched', `firewall ${firewall.name} was ${how}, and it is not ours`, {jobId: undefined, name: firewall.name});
		}
	}

	return {
		firewalls,
		/**
		What a server's firewalls are.
		*/
		firewallsOf: (server: SimulatedServer): readonly SimulatedFirewall[] => firewalls.filter(({serverIds}) => serverIds.has(server.id)),
		addFirewall(name: string, rules: readonly FirewallRule[], labels: Readonly<Record<string, string>> = {}, isForeign = false): SimulatedFirewall | ApiError {
			if (firewalls.some(firewall => firewall.name === name)) {
				return nameTaken;
			}

			const wrong = rulesFault(rules);
			if (wrong !== undefined) {
				return wrong;
			}

			const firewall: SimulatedFirewall = {
				id: 1_200_000 + ++count, createdAt: schedule.now(), name, labels, rules, serverIds: new Set(), isForeign,
			};
			firewalls.push(firewall);
			return firewall;
		},
		updateFirewall(firewall: SimulatedFirewall, change: {readonly name?: string | undefined; readonly labels?: Readonly<Record<string, string>> | undefined}): ApiError | undefined {
			touch(firewall, 'changed');
			if (change.name !== undefined && firewalls.some(other => other !== firewall && other.name === change.name)) {
				return nameTaken;
			}

			firewall.name = change.name ?? firewall.name;
			firewall.labels = change.labels ?? firewall.labels;
			return undefined;
		},
		setRules(firewall: SimulatedFirewall, rules: readonly FirewallRule[]): ApiError | undefined {
			touch(firewall, 'given other rules');
			const wrong = rulesFault(rules);
			if (wrong === undefined) {
				firewall.rules = rules;
			}

			return wrong;
		},
		/**
		Puts a firewall before a server that is there; a new server's own firewalls are no change to them.
		*/
		applyFirewall(firewall: SimulatedFirewall, serverId: number, isNew = false): ApiError | undefined {
			if (!servers.has(serverId)) {
				return {status: 404, code: 'firewall_resource_not_found', message: `server with ID '${serverId}' not found`};
			}

			if (firewall.serverIds.has(serverId)) {
				return {status: 422, code: 'firewall_already_applied', message: 'firewall is already applied to the resource'};
			}

			if (firewalls.filter(({serverIds}) => serverIds.has(serverId)).length >= firewallsOfServer) {
				return {status: 403, code: 'resource_limit_exceeded', message: 'firewall per server limit exceeded'};
			}

			if (!isNew) {
				touch(firewall, 'applied to a server');
			}

			firewall.serverIds.add(serverId);
			return undefined;
		},
		liftFirewall(firewall: SimulatedFirewall, serverId: number): ApiError | undefined {
			touch(firewall, 'taken from a server');
			return firewall.serverIds.delete(serverId) ? undefined : {status: 404, code: 'firewall_resource_not_found', message: `server with ID '${serverId}' not found`};
		},
		removeFirewall(firewall: SimulatedFirewall): ApiError | undefined {
			touch(firewall, 'deleted');
			if ([...firewall.serverIds].some(id => servers.has(id))) {
				return {status: 422, code: 'resource_in_use', message: 'firewall is still in use'};
			}

			firewalls.splice(firewalls.indexOf(firewall), 1);
			return undefined;
		},
	};
}

function rulesFault(rules: readonly FirewallRule[]): ApiError | undefined {
	for (const [index, {direction, protocol, port, source_ips: sources = [], destination_ips: destinations = []}] of rules.entries()) {
		const hasPort = protocol === 'tcp' || protocol === 'udp';
		if (hasPort ? !/^\d{1,5}(?:-\d{1,5})?$/v.test(port ?? '') : port !== undefined) {
			return invalid(`rules.${index}.port`, hasPort ? 'Missing data for required field.' : 'Port not allowed for this protocol.');
		}

		if ((direction === 'in' ? sources : destinations).length === 0) {
			return invalid(`rules.${index}.${direction === 'in' ? 'source_ips' : 'destination_ips'}`, 'Missing data for required field.');
		}
	}

	return rules.length > 50 ? invalid('rules', 'Longer than maximum length 50.') : undefined;
}
