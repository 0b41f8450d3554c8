import type {Repository} from '../model/job.ts';
import type {Faults, HostOutcome} from './faults.ts';
import type {SimulatedJob} from './github-jobs.ts';
import type {GitHubWorld} from './github-world.ts';
import type {SimulatedServer} from './hetzner-resources.ts';
import {
	stopHost,
	type Host,
	type HostParts,
	type Machines,
} from './host.ts';
import type {WorldParameters} from './parameters.ts';
import type {Schedule} from './schedule.ts';

type Parts = {
	readonly seed: number;
	readonly parameters: WorldParameters;
	readonly schedule: Schedule;
	readonly faults: Faults;
	readonly github: GitHubWorld;
	readonly machines: Machines | undefined;
	readonly servers: ReadonlyMap<number, SimulatedServer>;
};

/**
Whether a server with these labels was made for that repository.
*/
export function isLabelledFor(labels: Readonly<Record<string, string>>, {owner, name}: Repository): boolean {
	return labels['managed-by'] === 'hetzner-runners-tui' && labels['github-owner'] === owner && labels['github-repository'] === name;
}

export type Hosts = ReturnType<typeof createHosts>;

/**
Which repository the host inside a server works for, and how it turns out.
*/
export function createHosts({seed, parameters, schedule, faults, github, machines, servers}: Parts) {
	const githubs = [github]; // Of each repository that has servers in this project.
	const hostParts = new Map<number, HostParts>();

	function githubOf(labels: Readonly<Record<string, string>>): GitHubWorld {
		return githubs.find(({repository}) => isLabelledFor(labels, repository)) ?? github;
	}

	function jobOf(name: string, labels: Readonly<Record<string, string>>): SimulatedJob | undefined {
		const jobId = Number(labels['job-id'] ?? /-\d+-(?<job>\d+)(?:-\d+)?$/v.exec(name)?.groups?.job);
		return githubOf(labels).jobs().find(candidate => candidate.id === jobId);
	}

	return {
		/**
		The job in a server's name or labels.
		*/
		jobOf,
		/**
		Another repository whose engine makes servers in this project.
		*/
		share(other: GitHubWorld): void {
			githubs.push(other);
		},
		isOurs: (labels: Readonly<Record<string, string>>): boolean => githubs.some(({repository}) => isLabelledFor(labels, repository)),
		/**
		A host belongs to the repository that its labels named when it was made; one without to the first.
		*/
		partsOf(host: Host): HostParts {
			const known = hostParts.get(host.serverId);
			if (known !== undefined) {
				return known;
			}

			const own: HostParts = {
				seed, parameters, schedule, github: githubOf(servers.get(host.serverId)?.labels ?? {}), machines,
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
		},
		/**
		Which outcome a server has: a fault that asks for one, else what the scenario says of the job in its name or labels.
		*/
		outcomeOf(name: string, labels: Readonly<Record<string, string>>): HostOutcome {
			const job = jobOf(name, labels);
			const fault = faults.trigger('host', candidate => candidate.job === undefined || candidate.job === job?.name);
			return fault?.outcome ?? (job !== undefined && job.outcomes.length > 1 ? job.outcomes.shift() : job?.outcomes[0]) ?? 'ok';
		},
		/**
		The server is gone.
		*/
		forget(serverId: number): void {
			hostParts.delete(serverId);
		},
	};
}
