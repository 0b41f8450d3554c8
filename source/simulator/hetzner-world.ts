import {later} from '../model/time.ts';
import {images, serverTypes} from './catalogue.ts';
import {rngFor} from './chance.ts';
import type {Faults} from './faults.ts';
import type {GitHubWorld} from './github-world.ts';
import {createActions} from './hetzner-actions.ts';
import {
	checkCreate, placeServer, nameFault, projectRefusal, refusalFor, type CreateServer,
} from './hetzner-create.ts';
import type {ApiError} from './hetzner-errors.ts';
import {createFirewalls} from './hetzner-firewalls.ts';
import {createHosts} from './hetzner-hosts.ts';
import {createKeys} from './hetzner-keys.ts';
import {createPower} from './hetzner-power.ts';
import {createServerOperations} from './hetzner-rebuild.ts';
import {
	makeHost,
	type Machines,
	type SetUpInput,
} from './host.ts';
import type {
	ForeignServer,
	SimulatedAction,
	SimulatedServer,
} from './hetzner-resources.ts';
import type {WorldParameters} from './parameters.ts';
import type {Schedule} from './schedule.ts';
import {startSetUp} from './set-up-steps.ts';
import type {Violations} from './violations.ts';

type Parts = {
	readonly seed: number;
	readonly parameters: WorldParameters;
	readonly schedule: Schedule;
	readonly faults: Faults;
	readonly violations: Violations;
	readonly github: GitHubWorld;
	readonly machines: Machines | undefined;
};

const goneKept = 2000;

export type HetznerWorld = ReturnType<typeof createHetznerWorld>;

/**
Hetzner Cloud: the servers, actions and keys of one project, and the hosts inside the servers.
*/
export function createHetznerWorld(parts: Parts) {
	const {seed, parameters, schedule, faults, violations} = parts;
	const servers = new Map<number, SimulatedServer>();
	const gone: SimulatedServer[] = [];
	let made = 0;
	let createdCount = 0;
	let mostAtOnce = 0;
	const actions = createActions(parts);
	const hosts = createHosts({...parts, servers});
	const {byHand, power, start, interrupt} = createPower({
		seed, parameters, faults, violations, actions, hosts, touch, leave,
	});

	const keyring = createKeys(schedule);
	const walls = createFirewalls({schedule, servers, violations});
	const things = createServerOperations({
		seed, parameters, schedule, actions, hosts, start, interrupt, touch,
	});

	function leave(server: SimulatedServer): void {
		server.deletedAt = schedule.now();
		servers.delete(server.id);
		hosts.forget(server.id);
		gone.push(server);
		if (gone.length > goneKept * 2) {
			gone.splice(0, goneKept);
		}
	}

	function add(request: Omit<SimulatedServer, 'id' | 'ip' | 'host' | 'status' | 'protection' | 'deletedAt'>, hasIpv4 = true): SimulatedServer {
		const number = ++made;
		const id = 108_000_000 + (seed % 1000 * 1000) + number;
		const server: SimulatedServer = {
			...request,
			id,
			ip: request.isForeign || parts.machines === undefined ? `127.77.${Math.floor(number / 250) % 250}.${(number % 250) + 1}` : parts.machines.address(),
			host: makeHost(id, request.name, request.type.architecture === 'arm' ? 'arm64' : 'x64', request.isForeign ? 'sshNeverUp' : (hasIpv4 ? hosts.outcomeOf(request.name, request.labels) : 'noAddress')),
			status: 'initializing',
			protection: {delete: false, rebuild: false},
			deletedAt: undefined,
		};
		servers.set(id, server);
		hosts.partsOf(server.host);
		mostAtOnce = Math.max(mostAtOnce, servers.values().filter(other => !other.isForeign).toArray().length);
		return server;
	}

	function touch(server: SimulatedServer, how: string): void {
		violations.check('foreignTouched');
		if (server.isForeign) {
			violations.add('foreignTouched', `server ${server.name} was ${how}, and it is not ours`, {jobId: undefined, name: server.name});
		}
	}

	return {
		servers,
		/**
		Servers that were deleted; the newest thousands of them.
		*/
		gone,
		actions: actions.all,
		firewallAction: actions.firewallAction,
		isLocked: actions.isLocked,
		share: hosts.share,
		mostAtOnce: () => mostAtOnce,
		createdCount: () => createdCount,
		...keyring,
		...walls,
		...things,
		/**
		A server that belongs to somebody else in the project.
		*/
		addForeignServer(spec: ForeignServer): SimulatedServer {
			const type = serverTypes.find(candidate => candidate.name === (spec.type ?? 'cx23'));
			const image = images.find(candidate => candidate.architecture === type?.architecture);
			if (type === undefined || image === undefined) {
				throw new RangeError(`The catalogue has no server type ${spec.type}.`);
			}

			const server = add({
				createdAt: later(schedule.now(), -(spec.ageSeconds ?? 90_000)), type, location: spec.location ?? type.locations[0] ?? 'fsn1', image, userData: undefined, publicKeys: [], isForeign: true, name: spec.name, labels: spec.labels ?? {},
			});
			server.status = 'running';
			return server;
		},
		/**
		POST /servers, the request already of the right shape.
		*/
		createServer(request: CreateServer): ApiError | {readonly server: SimulatedServer; readonly action: SimulatedAction; readonly next: readonly SimulatedAction[]} {
			const checked = checkCreate(request, keyring.keys, things.snapshots, walls.firewalls);
			if ('code' in checked) {
				return checked;
			}

			const refusal = projectRefusal({name: request.name, type: checked.type, job: hosts.jobOf(request.name, request.labels ?? {})?.name}, {
				servers, gone, parameters, faults, now: schedule.now(),
			});
			if (refusal !== undefined) {
				return refusal;
			}

			violations.check('foreignTouched');
			if (!hosts.isOurs(request.labels ?? {}) && request.labels?.['managed-by'] !== undefined) {
				violations.add('foreignTouched', `server ${request.name} was created with labels that are not ours`, {jobId: undefined, name: request.name});
			}

			const location = placeServer(checked.type, request.location, faults);
			if (location === undefined) {
				return refusalFor(checked.type, request.location, faults);
			}

			createdCount++;
			const server = add({
				createdAt: schedule.now(), type: checked.type, location, image: checked.image, userData: request.user_data, publicKeys: checked.publicKeys, isForeign: false, name: request.name, labels: request.labels ?? {},
			}, request.public_net?.enable_ipv4 ?? true);
			for (const firewall of checked.firewalls) {
				walls.applyFirewall(firewall, server.id, true);
			}

			const bootSeconds = rngFor(seed, 'boot', server.name, server.id).between(parameters.bootSeconds);
			const isStarted = request.start_after_create ?? true;
			const lateSeconds = isStarted ? faults.trigger('lateStart', () => true)?.seconds ?? 0 : 0;
			const action = actions.startAction('create_server', server, bootSeconds * 0.6, () => {
				if (!isStarted || lateSeconds > 0) {
					server.status = 'off';
				}
			});
			// What starts late does not lock its server meanwhile.
			const next = isStarted
				? [actions.startAction('start_server', server, bootSeconds + lateSeconds, () => {
					if (servers.has(server.id) && server.status !== 'deleting') {
						start(server);
					}
				}, lateSeconds === 0)]
				: [];
			const protection = faults.trigger('protects', () => true);
			if (protection !== undefined) {
				schedule.after(protection.fromSeconds, () => {
					server.protection = {delete: true, rebuild: true};
				});
				schedule.after(protection.fromSeconds + protection.forSeconds, () => {
					server.protection = {delete: false, rebuild: false};
				});
			}

			return {server, action, next};
		},
		/**
		DELETE of a server. It is gone some seconds later.
		*/
		deleteServer(server: SimulatedServer): ApiError | SimulatedAction {
			touch(server, 'deleted');
			if (actions.isLocked(server)) {
				return {status: 423, code: 'locked', message: 'cannot perform operation because server is locked'};
			}

			if (server.protection.delete) {
				return {status: 423, code: 'protected', message: 'server deletion is protected'};
			}

			interrupt(server, 'deleted');
			server.status = 'deleting';
			return actions.startAction('delete_server', server, rngFor(seed, 'delete', server.id).between(parameters.deleteSeconds), () => {
				leave(server);
			});
		},
		byHand,
		power,
		/**
		PUT /servers/{id}.
		*/
		updateServer(server: SimulatedServer, change: {readonly name?: string | undefined; readonly labels?: Readonly<Record<string, string>> | undefined}): ApiError | undefined {
			touch(server, 'changed');
			const fault = change.name === undefined ? undefined : nameFault(change.name);
			if (fault !== undefined) {
				return fault;
			}

			if (change.name !== undefined && servers.values().some(other => other !== server && other.name === change.name)) {
				return {
					status: 409, code: 'uniqueness_error', message: 'server name is already used', details: {fields: [{name: 'name'}]},
				};
			}

			server.name = change.name ?? server.name;
			server.labels = change.labels ?? server.labels;
			return undefined;
		},
		/**
		Starts the scripts on a host that answers SSH, unless they were started before.
		*/
		startSetUp: (server: SimulatedServer, input: SetUpInput) => startSetUp(server.host, input, hosts.partsOf(server.host)),
	};
}
