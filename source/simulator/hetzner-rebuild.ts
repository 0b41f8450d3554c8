import {images} from './catalogue.ts';
import {rngFor} from './chance.ts';
import type {Actions} from './hetzner-actions.ts';
import {invalid, type ApiError} from './hetzner-errors.ts';
import type {Hosts} from './hetzner-hosts.ts';
import type {
	Protection,
	SimulatedAction,
	SimulatedServer,
	SimulatedSnapshot,
} from './hetzner-resources.ts';
import {makeHost} from './host.ts';
import type {WorldParameters} from './parameters.ts';
import type {Schedule} from './schedule.ts';

type Parts = {
	readonly seed: number;
	readonly parameters: WorldParameters;
	readonly schedule: Schedule;
	readonly actions: Actions;
	readonly hosts: Hosts;
	readonly start: (server: SimulatedServer) => void;
	readonly interrupt: (server: SimulatedServer, how: string) => void;
	readonly touch: (server: SimulatedServer, how: string) => void;
};

const locked: ApiError = {status: 423, code: 'locked', message: 'cannot perform operation because server is locked'};

/**
What else can be done to a server: rebuilt, protected, made an image of.
*/
export function createServerOperations({seed, parameters, schedule, actions, hosts, start, interrupt, touch}: Parts) {
	const snapshots: SimulatedSnapshot[] = [];
	let count = 0;

	return {
		snapshots,
		/**
		POST /servers/{id}/actions/rebuild: everything on it is lost.
		*/
		rebuild(server: SimulatedServer, asked: string | number): ApiError | SimulatedAction {
			touch(server, 'rebuilt');
			const image = [...images, ...snapshots].find(candidate => (candidate.name === String(asked) || candidate.id === Number(asked)) && candidate.architecture === server.type.architecture);
			if (image === undefined) {
				return invalid('image', 'image not found');
			}

			if (actions.isLocked(server)) {
				return locked;
			}

			if (server.protection.rebuild) {
				return {status: 423, code: 'protected', message: 'server rebuild is protected'};
			}

			interrupt(server, 'rebuilt');
			server.status = 'rebuilding';
			server.image = image;
			const {serverId, serverName, architecture} = server.host;
			server.host = makeHost(serverId, serverName, architecture, server.isForeign ? 'sshNeverUp' : hosts.outcomeOf(server.name, server.labels));
			return actions.startAction('rebuild_server', server, rngFor(seed, 'rebuild', server.id).between(parameters.bootSeconds), () => {
				start(server);
			});
		},
		/**
		POST /servers/{id}/actions/change_protection.
		*/
		changeProtection(server: SimulatedServer, protection: Protection): ApiError | SimulatedAction {
			touch(server, 'sent change_protection');
			server.protection = protection;
			return actions.startAction('change_protection', server, 0.5, () => undefined, false);
		},
		/**
		POST /servers/{id}/actions/create_image.
		*/
		createImage(server: SimulatedServer, description: string, labels: Readonly<Record<string, string>>): ApiError | {readonly image: SimulatedSnapshot; readonly action: SimulatedAction} {
			touch(server, 'sent create_image');
			if (actions.isLocked(server)) {
				return locked;
			}

			const image: SimulatedSnapshot = {
				...server.image, id: 400_000_000 + ++count, name: '', of: {id: server.id, name: server.name}, createdAt: schedule.now(), description, labels, isReady: false,
			};
			snapshots.push(image);
			return {
				image, action: actions.startAction('create_image', server, rngFor(seed, 'image', image.id).between(parameters.imageSeconds), () => {
					image.isReady = true;
				}),
			};
		},
		removeImage(image: SimulatedSnapshot): void {
			snapshots.splice(snapshots.indexOf(image), 1);
		},
	};
}
