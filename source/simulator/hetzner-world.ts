import type {Repository} from '../model/job.ts';
import {later, type Instant} from '../model/time.ts';
import {
	images,
	serverTypes,
	type CatalogueImage,
	type CatalogueType,
} from './catalogue.ts';
import {diceFor} from './chance.ts';
import type {Faults, HostOutcome} from './faults.ts';
import type {GitHubWorld} from './github-world.ts';
import {
	checkCreate,
	placeServer,
	refusalFor,
	type ApiError,
	type CreateServer,
} from './hetzner-create.ts';
import {
	bootHost,
	makeHost,
	startSetUp,
	stopHost,
	type Host,
	type HostParts,
	type Machines,
	type SetUpInput,
} from './host.ts';
import type {
	ForeignServer,
	PowerCommand,
	SimulatedAction,
	SimulatedKey,
	SimulatedServer,
} from './hetzner-things.ts';
import type {Knobs} from './knobs.ts';
import type {Schedule} from './schedule.ts';
import type {Violations} from './violations.ts';

type Parts = {
	readonly seed: number;
	readonly knobs: Knobs;
	readonly schedule: Schedule;
	readonly faults: Faults;
	readonly violations: Violations;
	readonly github: GitHubWorld;
	readonly machines: Machines | undefined;
};

/**
How long an action can still be asked after.
*/
const actionsKeptSeconds = 6 * 3600;

const goneKept = 2000;

/**
Whether a server with these labels was made for that repository.
*/
export function isLabelledFor(labels: Readonly<Record<string, string>>, {owner, name}: Repository): boolean {
	return labels['managed-by'] === 'hetzner-runners-tui' && labels['github-owner'] === owner && labels['github-repository'] === name;
}

export type HetznerWorld = ReturnType<typeof createHetznerWorld>;

/**
Hetzner Cloud: the servers, actions and keys of one project, and the hosts inside the servers.
*/
export function createHetznerWorld(parts: Parts) {
	const {seed, knobs, schedule, faults, violations} = parts;
	const githubs = [parts.github]; // Of each repository that has servers in this project.
	const servers = new Map<number, SimulatedServer>();
	const gone: SimulatedServer[] = [];
	const actions = new Map<number, SimulatedAction>();
	const locks = new Map<number, number>(); // How many actions run on a server.
	const keys: SimulatedKey[] = [];
	let made = 0;
	let actionCount = 0;
	let createdCount = 0;
	let mostAtOnce = 0;
	const hostParts = new Map<number, HostParts>();

	// A host belongs to the repository that its labels named when it was made; one without to the first.
	function partsOf(host: Host): HostParts {
		const known = hostParts.get(host.serverId);
		if (known !== undefined) {
			return known;
		}

		const own: HostParts = {
			seed, knobs, schedule, github: githubOf(servers.get(host.serverId)?.labels ?? {}), machines: parts.machines,
			onPoweredOff(off) {
				stopHost(off, own, false);
				const server = servers.get(off.serverId);
				if (server?.status === 'running') {
					server.status = 'off';
				}
			},
		};
		hostParts.set(host.serverId, own);
		return own;
	}

	function githubOf(labels: Readonly<Record<string, string>>): GitHubWorld {
		return githubs.find(({repository}) => isLabelledFor(labels, repository)) ?? parts.github;
	}

	function leave(server: SimulatedServer): void {
		server.deletedAt = schedule.now();
		servers.delete(server.id);
		hostParts.delete(server.id);
		gone.push(server);
		if (gone.length > goneKept * 2) {
			gone.splice(0, goneKept);
		}
	}

	function startAction(command: string, server: SimulatedServer, seconds: number, onDone: () => void): SimulatedAction {
		const action: SimulatedAction = {
			id: 606_028_482_600_000 + ++actionCount, command, serverId: server.id, startedAt: schedule.now(), status: 'running', finishedAt: undefined, error: undefined,
		};
		actions.set(action.id, action);
		for (const [id, old] of actions) {
			if (old.finishedAt === undefined || later(old.finishedAt, actionsKeptSeconds) > schedule.now()) {
				break; // Oldest first: a week of them would fill the memory.
			}

			actions.delete(id);
		}

		locks.set(server.id, (locks.get(server.id) ?? 0) + 1);
		schedule.after(seconds, () => {
			action.finishedAt = schedule.now();
			const left = (locks.get(server.id) ?? 1) - 1;
			if (left === 0) {
				locks.delete(server.id);
			} else {
				locks.set(server.id, left);
			}

			if (faults.strike('actionFails', fault => fault.command === command) === undefined) {
				action.status = 'success';
				onDone();
			} else {
				action.status = 'error';
				action.error = {code: 'action_failed', message: 'Action failed'};
			}
		});
		return action;
	}

	function isLocked(server: SimulatedServer): boolean {
		return locks.has(server.id);
	}

	// Which outcome a server has: a fault that asks for one, else what the scenario says of the job in its name or labels.
	function outcomeOf(name: string, labels: Readonly<Record<string, string>>): HostOutcome {
		const jobId = Number(labels['job-id'] ?? /-\d+-(?<job>\d+)(?:-\d+)?$/v.exec(name)?.groups?.job);
		const job = githubOf(labels).jobs().find(candidate => candidate.id === jobId);
		const fault = faults.strike('host', candidate => candidate.job === undefined || candidate.job === job?.name);
		return fault?.outcome ?? (job !== undefined && job.outcomes.length > 1 ? job.outcomes.shift() : job?.outcomes[0]) ?? 'ok';
	}

	function add(request: Omit<SimulatedServer, 'id' | 'ip' | 'host' | 'status' | 'deletedAt'>): SimulatedServer {
		const number = ++made;
		const id = 108_000_000 + (seed % 1000 * 1000) + number;
		const server: SimulatedServer = {
			...request,
			id,
			ip: request.isForeign || parts.machines === undefined ? `127.77.${Math.floor(number / 250) % 250}.${(number % 250) + 1}` : parts.machines.address(),
			host: makeHost(id, request.name, request.type.architecture === 'arm' ? 'arm64' : 'x64', request.isForeign ? 'sshNeverUp' : outcomeOf(request.name, request.labels)),
			status: 'initializing',
			deletedAt: undefined,
		};
		servers.set(id, server);
		partsOf(server.host);
		mostAtOnce = Math.max(mostAtOnce, servers.values().filter(other => !other.isForeign).toArray().length);
		return server;
	}

	function isOurs(labels: Readonly<Record<string, string>>): boolean {
		return githubs.some(({repository}) => isLabelledFor(labels, repository));
	}

	function touch(server: SimulatedServer, how: string): void {
		violations.look('foreignTouched');
		if (server.isForeign) {
			violations.add('foreignTouched', `server ${server.name} was ${how}, and it is not ours`, {jobId: undefined, name: server.name});
		}
	}

	function strikeDown(server: SimulatedServer, how: string): void {
		violations.look('jobKilled');
		const job = server.host.runner?.job;
		if (job !== undefined && server.host.power === 'on') {
			violations.add('jobKilled', `server ${server.name} was ${how} while it ran job ${job.id} (${job.name})`, {jobId: job.id, name: server.name});
		}

		stopHost(server.host, partsOf(server.host), true);
	}

	function start(server: SimulatedServer): void {
		server.status = 'running';
		bootHost(server.host, partsOf(server.host));
	}

	return {
		servers,
		/**
		Servers that were deleted; the newest thousands of them.
		*/
		gone,
		actions,
		keys,
		isLocked,
		/**
		Another repository whose engine makes servers in this project.
		*/
		share(github: GitHubWorld): void {
			githubs.push(github);
		},
		mostAtOnce: () => mostAtOnce,
		createdCount: () => createdCount,
		addKey(name: string, publicKey: string, labels: Readonly<Record<string, string>> = {}): SimulatedKey | ApiError {
			if (keys.some(key => key.name === name || key.publicKey.split(' ', 2)[1] === publicKey.split(' ', 2)[1])) {
				return {
					status: 409, code: 'uniqueness_error', message: 'SSH key not unique', details: {fields: [{name: 'name'}]},
				};
			}

			const key = {
				id: 9_800_000 + keys.length + 1, name, publicKey: publicKey.trim(), labels, createdAt: schedule.now(),
			};
			keys.push(key);
			return key;
		},
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
			const checked = checkCreate(request, keys);
			if ('code' in checked) {
				return checked;
			}

			if (servers.values().some(server => server.name === request.name)) {
				return {
					status: 409, code: 'uniqueness_error', message: 'server name is already used', details: {fields: [{name: 'name'}]},
				};
			}

			const limit = faults.strike('serverLimit', fault => servers.size >= fault.limit);
			if (limit !== undefined || servers.size >= knobs.serverLimit) {
				return {
					status: 403, code: 'resource_limit_exceeded', message: `${limit?.what ?? 'server'} limit exceeded`, details: {limits: [{name: 'project_limit'}]},
				};
			}

			const releasing = gone.filter(server => server.deletedAt !== undefined && later(server.deletedAt, knobs.primaryIpReleaseSeconds) > schedule.now()).length;
			if (servers.size + releasing >= knobs.primaryIpLimit) {
				return {
					status: 403, code: 'resource_limit_exceeded', message: 'Primary IP limit exceeded', details: {limits: [{name: 'project_limit'}]},
				};
			}

			violations.look('foreignTouched');
			if (!isOurs(request.labels ?? {}) && request.labels?.['managed-by'] !== undefined) {
				violations.add('foreignTouched', `server ${request.name} was created with labels that are not ours`, {jobId: undefined, name: request.name});
			}

			const location = placeServer(checked.type, request.location, faults);
			if (location === undefined) {
				return refusalFor(checked.type, request.location, faults);
			}

			createdCount++;
			const server = add({
				createdAt: schedule.now(), type: checked.type, location, image: checked.image, userData: request.user_data, publicKeys: checked.publicKeys, isForeign: false, name: request.name, labels: request.labels ?? {},
			});
			const bootSeconds = diceFor(seed, 'boot', server.name, server.id).between(knobs.bootSeconds);
			const isStarted = request.start_after_create ?? true;
			const action = startAction('create_server', server, bootSeconds * 0.6, () => {
				if (!isStarted) {
					server.status = 'off';
				}
			});
			const next = isStarted
				? [startAction('start_server', server, bootSeconds, () => {
					start(server);
				})]
				: [];
			return {server, action, next};
		},
		/**
		DELETE of a server. It is gone some seconds later.
		*/
		deleteServer(server: SimulatedServer): ApiError | SimulatedAction {
			touch(server, 'deleted');
			if (isLocked(server)) {
				return {status: 423, code: 'locked', message: 'cannot perform operation because server is locked'};
			}

			strikeDown(server, 'deleted');
			server.status = 'deleting';
			return startAction('delete_server', server, diceFor(seed, 'delete', server.id).between(knobs.deleteSeconds), () => {
				leave(server);
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
		/**
		POST /servers/{id}/actions/{command}.
		*/
		power(server: SimulatedServer, command: PowerCommand): ApiError | SimulatedAction {
			touch(server, `sent ${command}`);
			if (isLocked(server)) {
				return {status: 423, code: 'locked', message: 'cannot perform operation because server is locked'};
			}

			const seconds = diceFor(seed, command, server.id).between(knobs.powerSeconds);
			if (command === 'poweron') {
				server.status = server.status === 'off' ? 'starting' : server.status;
				return startAction('start_server', server, seconds, () => {
					if (server.status === 'starting') {
						start(server);
					}
				});
			}

			strikeDown(server, `sent ${command}`);
			server.status = 'stopping';
			return startAction({
				poweroff: 'stop_server', shutdown: 'shutdown_server', reboot: 'reboot_server', reset: 'reset_server',
			}[command], server, seconds, () => {
				if (command === 'reboot' || command === 'reset') {
					start(server);
				} else {
					server.status = 'off';
				}
			});
		},
		/**
		PUT /servers/{id}.
		*/
		updateServer(server: SimulatedServer, change: {readonly name?: string | undefined; readonly labels?: Readonly<Record<string, string>> | undefined}): ApiError | undefined {
			touch(server, 'changed');
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
		startSetUp: (server: SimulatedServer, input: SetUpInput) => startSetUp(server.host, input, partsOf(server.host)),
	};
}
