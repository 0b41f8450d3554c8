import type {Repository} from '../model/job.ts';
import type {Instant} from '../model/time.ts';
import type {Clock} from '../scaler/ports.ts';
import {rngFor} from './chance.ts';
import {createFaults, type Faults} from './faults.ts';
import {createRequestPipeline, type RequestPipeline} from './request-pipeline.ts';
import type {RunSpec, SimulatedRun} from './github-jobs.ts';
import {createGitHubApp, type GitHubApp} from './github-app.ts';
import {createGitHubWorld, type GitHubWorld} from './github-world.ts';
import type {Machines} from './host.ts';
import {isLabelledFor} from './hetzner-hosts.ts';
import {createHetznerWorld, type HetznerWorld} from './hetzner-world.ts';
import type {ForeignServer, SimulatedServer} from './hetzner-resources.ts';
import {defaultParameters, type WorldParameters} from './parameters.ts';
import {createSchedule, type Schedule} from './schedule.ts';
import {createViolations, type Violations} from './violations.ts';

/**
GitHub, Hetzner Cloud and the servers themselves as one state machine on a clock. It moves only when somebody looks (`now`, and every API server does),
so that it is the same on a virtual clock and on the machine's.
*/
export type World = {
	readonly seed: number;
	readonly clock: Clock;
	readonly repository: Repository;
	readonly parameters: WorldParameters;
	readonly schedule: Schedule;
	readonly faults: Faults;
	readonly pipeline: RequestPipeline;
	readonly github: GitHubWorld;
	readonly hetzner: HetznerWorld;
	/**
	The Hetzner project itself; `hetzner` is what this repository's engine sees of it.
	*/
	readonly project: HetznerWorld;
	readonly violations: Violations;
	/**
	The tokens that its APIs accept; they look like real ones.
	*/
	readonly githubToken: string;
	readonly hetznerToken: string;
	readonly githubApp: GitHubApp;
	/**
	Brings the world up to the clock; the moment it is at.
	*/
	readonly now: () => Instant;
	readonly addRun: (spec: RunSpec) => SimulatedRun;
	readonly addForeignServer: (spec: ForeignServer) => SimulatedServer;
};

export type WorldOptions = {
	readonly seed: number;
	readonly clock: Clock;
	/**
	Default: acme/widgets.
	*/
	readonly repository?: Repository;
	readonly parameters?: Partial<WorldParameters>;
	/**
	@default simulated ones
	*/
	readonly machines?: Machines;
	/**
	A world whose Hetzner project, clock and faults this repository shares.
	*/
	readonly neighbour?: World;
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
An empty world: no runs, no servers. Deterministic for a seed and the calls that are made.
*/
export function createWorld(options: WorldOptions): World {
	const {seed, clock} = options;
	const repository = options.repository ?? {owner: 'acme', name: 'widgets'};
	const parameters = {...defaultParameters, ...options.parameters};
	const {neighbour} = options;
	const schedule = neighbour?.schedule ?? createSchedule(clock);
	const faults = neighbour?.faults ?? createFaults(schedule);
	const violations = neighbour?.violations ?? createViolations(schedule);
	const github = createGitHubWorld({
		seed, repository, parameters, schedule, faults, violations,
	});
	neighbour?.hetzner.share(github);
	const project = neighbour?.project ?? createHetznerWorld({
		seed, parameters, schedule, faults, violations, github, machines: options.machines,
	});
	const hetzner = seenFrom(project, repository, violations);
	const now = () => {
		schedule.advance();
		return schedule.now();
	};

	return {
		seed,
		clock,
		repository,
		parameters,
		schedule,
		faults: {
			...faults,
			inject(fault, span) {
				now(); // A span begins now, not when the world was last looked at.
				return faults.inject(fault, span);
			},
		},
		pipeline: neighbour?.pipeline ?? createRequestPipeline({schedule, faults, parameters}),
		github,
		hetzner,
		project,
		violations,
		githubToken: `ghp_${rngFor(seed, 'github token').text(36, letters)}`,
		hetznerToken: neighbour?.hetznerToken ?? rngFor(seed, 'hetzner token').text(64, letters),
		githubApp: createGitHubApp({
			seed, parameters, schedule, faults,
		}),
		now,
		addRun(spec) {
			now();
			return github.addRun(spec);
		},
		addForeignServer(spec) {
			now();
			return hetzner.addForeignServer(spec);
		},
	};
}

// What this repository's engine does to a server that was made for another's breaks a promise as well.
function seenFrom(project: HetznerWorld, repository: Repository, violations: Violations): HetznerWorld {
	const touch = (server: SimulatedServer, how: string) => {
		if (server.labels['managed-by'] === 'hetzner-runners-tui' && !isLabelledFor(server.labels, repository) && !server.isForeign) {
			violations.add('foreignTouched', `server ${server.name} was ${how} for ${repository.name}, and it is another repository's`, {jobId: undefined, name: server.name});
		}
	};

	return {
		...project,
		deleteServer(server) {
			touch(server, 'deleted');
			return project.deleteServer(server);
		},
		power(server, command) {
			touch(server, `sent ${command}`);
			return project.power(server, command);
		},
		updateServer(server, change) {
			touch(server, 'changed');
			return project.updateServer(server, change);
		},
	};
}
