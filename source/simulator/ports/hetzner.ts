import type {Catalogue} from '../../model/catalogue.ts';
import type {JobId, RunId} from '../../model/job.ts';
import type {Architecture} from '../../model/placement.ts';
import type {ServerName} from '../../model/server-name.ts';
import type {Server, ServerId} from '../../model/server.ts';
import {instant, later, secondsBetween} from '../../model/time.ts';
import type {
	Clock,
	CreateAnswer,
	CreateRefusal,
	CreateRequest,
	Cloud,
} from '../../scaler/ports.ts';
import {
	grossMicros,
	images,
	locations,
	netPrice,
	netPriceOfIpv4,
	serverTypes,
} from '../catalogue.ts';
import type {ApiError} from '../hetzner-errors.ts';
import type {SimulatedServer} from '../hetzner-resources.ts';
import type {World} from '../world.ts';
import {CallError, createCaller} from './call.ts';

/**
The Hetzner port straight on the world. `image`: the configured image, for the catalogue; default ubuntu-24.04. `clock`: the engine's own, when its machine shows another time.
*/
export function inProcessHetzner(world: World, image = 'ubuntu-24.04', clock: Pick<Clock, 'now'> = world.clock): Cloud {
	const caller = createCaller(world, 'hetzner');
	const read = {api: 'hetzner', isRead: true} as const;
	const write = {api: 'hetzner', isRead: false} as const;
	const own = {'managed-by': 'hetzner-runners-tui', 'github-owner': world.repository.owner, 'github-repository': world.repository.name};
	const isOurs = (server: SimulatedServer) => Object.entries(own).every(([key, value]) => server.labels[key] === value);
	const clockAhead = () => Math.round(secondsBetween(world.clock.now(), clock.now()));
	const find = (id: ServerId) => {
		const server = world.hetzner.servers.get(id);
		return server !== undefined && isOurs(server) ? server : undefined;
	};

	async function deleteOnce(id: ServerId): Promise<'deleted' | 'gone' | 'locked' | {readonly protected: string}> {
		return caller.call({...write, operation: 'deleteServer', subject: id}, () => {
			const server = find(id);
			if (server === undefined) {
				return 'gone';
			}

			const answer = world.hetzner.deleteServer(server);
			return 'code' in answer ? (answer.code === 'protected' ? {protected: answer.message} : 'locked') : 'deleted';
		});
	}

	return {
		async readServers(signal) {
			const items = await caller.call({...read, operation: 'listServers'}, () => world.hetzner.servers.values().filter(server => isOurs(server)).map(server => toServer(clockAhead(), server)).toArray(), {key: 'servers', signal});
			return {items, gaps: [], counted: 1};
		},
		async readServer(id) {
			return caller.call({...read, operation: 'readServer', subject: id}, () => {
				const server = find(id);
				return server === undefined ? undefined : toServer(clockAhead(), server);
			});
		},
		async findServer(name) {
			return caller.call({...read, operation: 'listServers', subject: name}, () => {
				const server = world.hetzner.servers.values().find(candidate => candidate.name === name);
				return server === undefined ? undefined : (isOurs(server) ? toServer(clockAhead(), server) : 'foreign');
			});
		},
		async createServer(request) {
			try {
				const answer = await caller.call({...write, operation: 'createServer', subject: request.name}, () => {
					const made = create(world, request, own);
					return 'code' in made ? made : toServer(clockAhead(), made);
				});
				return 'code' in answer ? answerTo(answer) : {outcome: 'created', server: answer};
			} catch (error) {
				if (error instanceof CallError) {
					return answerTo(error, error);
				}

				throw error;
			}
		},
		async awaitCreation(id, signal) {
			// One question of the real adapter serves many servers: here it is not counted as a request of each.
			for (;;) {
				world.now();
				const action = world.hetzner.actions.values().find(candidate => candidate.serverId === Number(id) && candidate.command === 'create_server');
				if (action === undefined || signal.aborted) {
					return {outcome: 'unknown'};
				}

				if (action.status !== 'running') {
					return action.error === undefined ? {outcome: 'done'} : {outcome: 'failed', answer: action.error.message};
				}

				try {
					await world.clock.sleep(3, signal);
				} catch {
					return {outcome: 'unknown'};
				}
			}
		},
		async deleteServer(id) {
			const until = world.now() + 60_000;
			for (;;) {
				const answer = await deleteOnce(id);
				if (answer !== 'locked') {
					return answer;
				}

				if (world.now() >= until) {
					throw new CallError('Hetzner answered 423: server is locked', {kind: 'unreachable', status: 423, code: 'locked'});
				}

				await world.clock.sleep(2);
			}
		},
		async markStartupEnded(server, at) {
			await caller.call({...write, operation: 'updateServer', subject: server.id}, () => {
				const found = find(server.id);
				if (found === undefined) {
					throw new CallError('Hetzner answered 404: server not found', {kind: 'notFound', status: 404, code: 'not_found'});
				}

				world.hetzner.updateServer(found, {labels: {...found.labels, 'startup-ended-at': String(at)}});
			});
		},
		readCatalogue: async () => caller.call({...read, operation: 'listServerTypes'}, () => catalogue(image)),
		budget: caller.budget,
	};
}

function create(world: World, request: CreateRequest, own: Readonly<Record<string, string>>): ApiError | SimulatedServer {
	const made = world.hetzner.createServer({
		name: request.name,
		server_type: request.placement.serverType,
		image: request.placement.image,
		location: request.placement.location,
		user_data: request.userData,
		labels: {
			...own, 'runner-name': request.name, 'run-id': String(request.job.runId), 'job-id': String(request.job.id), 'runner-labels-0': JSON.stringify(request.runnerLabels), 'engine-set': request.engineSet,
		},
	});
	return 'code' in made ? made : made.server;
}

function answerTo(error: Pick<ApiError, 'status' | 'code' | 'message'>, lost?: CallError): CreateAnswer {
	const {status, code, message} = error;
	return status === 0 || status >= 500 ? {outcome: 'unknown', answer: message} : {outcome: 'refused', refusal: code === 'rate_limit_exceeded' ? {code: 'rateLimited', answer: message, retryAt: lost?.retryAt} : {code: refusalCode(status, code, message), answer: message}};
}

function refusalCode(status: number, code: string, message: string): Exclude<CreateRefusal['code'], 'rateLimited'> {
	if (code === 'uniqueness_error') {
		return 'nameTaken';
	}

	if (code === 'resource_limit_exceeded') {
		return message.includes('dedicated core') ? 'typeLimit' : 'accountLimit';
	}

	return status === 412 || code === 'placement_error' || /unsupported location|deprecated/v.test(message) ? 'noCapacity' : 'invalid';
}

function toServer(clockAhead: number, server: SimulatedServer): Server {
	const {labels} = server;
	const number = (name: string) => labels[name] === undefined ? undefined : Number(labels[name]);
	const endedAt = number('startup-ended-at');
	return {
		id: server.id as ServerId,
		name: (labels['runner-name'] ?? server.name) as ServerName,
		status: server.status,
		created: later(server.createdAt, clockAhead),
		ip: server.host.outcome === 'noAddress' ? undefined : server.ip,
		serverType: server.type.name,
		architecture: server.host.architecture,
		location: server.location,
		runId: number('run-id') as RunId | undefined,
		jobId: number('job-id') as JobId | undefined,
		runnerLabels: JSON.parse(labels['runner-labels-0'] ?? '[]') as string[],
		startupEndedAt: endedAt === undefined ? undefined : instant(endedAt),
		engineSet: labels['engine-set'],
	};
}

function catalogue(image: string): Catalogue {
	const architecture = (name: 'x86' | 'arm'): Architecture => name === 'arm' ? 'arm64' : 'x64';
	return {
		currency: 'EUR',
		locations: locations.map(location => location.name),
		imageArchitectures: new Set(images.filter(candidate => candidate.name === image || String(candidate.id) === image).map(candidate => architecture(candidate.architecture))),
		images: images.map(one => ({
			id: one.id, kind: 'system', name: one.name, description: one.name, architecture: architecture(one.architecture), flavor: one.flavor,
		})),
		imageFlavor: images.find(candidate => candidate.name === image || String(candidate.id) === image)?.flavor,
		serverTypes: new Map(serverTypes.map(type => [type.name, {
			name: type.name,
			architecture: architecture(type.architecture),
			cores: type.cores,
			memoryGigabytes: type.memory,
			diskGigabytes: type.disk,
			likelyAt: new Set(type.locations),
			unavailableAfter: undefined,
			prices: new Map(type.locations.map(location => {
				const {hourly, monthly} = netPrice(type, location);
				return [location, {hourlyMicros: grossMicros(hourly + netPriceOfIpv4.hourly), monthlyMicros: grossMicros(monthly + netPriceOfIpv4.monthly)}];
			})),
		}])),
	};
}
