import {Buffer} from 'node:buffer';
import {later, type Instant} from '../model/time.ts';
import {rngFor} from './chance.ts';
import type {Faults} from './faults.ts';
import type {SimulatedRunner} from './github-runners.ts';
import type {WorldParameters} from './parameters.ts';
import type {Schedule} from './schedule.ts';

type Parts = {
	readonly seed: number;
	readonly parameters: WorldParameters;
	readonly schedule: Schedule;
	readonly faults: Faults;
	readonly runners: Map<number, SimulatedRunner>;
	readonly addRunner: (runner: Pick<SimulatedRunner, 'name' | 'labels' | 'architecture'> & Partial<SimulatedRunner>) => SimulatedRunner;
};

type Config = {readonly runnerId: number; readonly until: Instant; isUsed: boolean};

export type JitRequest = {readonly name: string; readonly labels: readonly string[]; readonly groupId: number};

/**
What generate-jitconfig comes to: `noEndpoint` as a GitHub Enterprise Server from before 3.10 (github-aws-runners/terraform-aws-github-runner#3392).
*/
export type JitAnswer = 'noEndpoint' | 'noGroup' | 'hostedGroup' | 'taken' | {readonly runner: SimulatedRunner; readonly config: string};

/**
GitHub's own machines' group, to which nobody else's runner can be added.
*/
const hostedGroup = 2;
const unusedDays = 1;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
Just-in-time configurations: each is one runner's record and what one start of its program needs.
*/
export function createJit({seed, parameters, schedule, faults, runners, addRunner}: Parts) {
	const configs = new Map<string, Config>();

	// As the real ones: some 4 KB of base64, around the three files that the runner writes.
	function configOf(runner: SimulatedRunner): string {
		const rng = rngFor(seed, 'jit', runner.id);
		const inner = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
		return inner({
			'.runner': inner({
				AgentId: runner.id, AgentName: runner.name, Ephemeral: 'true', WorkFolder: '_work',
			}),
			'.credentials': inner({scheme: 'OAuth', data: {clientId: rng.text(36, letters)}}),
			'.credentials_rsaparams': inner({d: rng.text(1200, letters), modulus: rng.text(500, letters)}),
		});
	}

	return {
		/**
		Configurations that were ever handed out.
		*/
		jitConfigs: (): readonly string[] => [...configs.keys()],
		/**
		POST generate-jitconfig. The record is there at once, offline, with exactly these labels in lower case; it goes after a day if it is never used.
		*/
		jitConfig({name, labels, groupId}: JitRequest): JitAnswer {
			if (!parameters.githubHasJit) {
				return 'noEndpoint';
			}

			if (groupId === hostedGroup) {
				return 'hostedGroup';
			}

			if (!parameters.runnerGroups.includes(groupId)) {
				return 'noGroup';
			}

			if (runners.values().some(runner => runner.name === name)) {
				return 'taken';
			}

			const lower = labels.map(label => label.toLowerCase());
			const runner = addRunner({
				name, labels: lower, architecture: lower.includes('arm64') ? 'arm64' : 'x64', isJit: true,
			});
			const config = configOf(runner);
			configs.set(config, {runnerId: runner.id, until: later(schedule.now(), rngFor(seed, 'lapse', runner.id).between(parameters.jitSeconds)), isUsed: false});
			schedule.after(unusedDays * 86_400, () => {
				if (runner.version === undefined) {
					runners.delete(runner.id);
				}
			});
			return {runner, config};
		},
		/**
		What run.sh does with a configuration: its runner, or what the listener prints before it ends. A configuration serves one start.
		*/
		startJit(text: string): SimulatedRunner | string {
			const config = configs.get(text);
			if (config === undefined) {
				return 'Invalid configuration provided for jitconfig. Terminating unattended configuration.';
			}

			const runner = runners.get(config.runnerId);
			if (runner === undefined || runner.isRemoved) {
				return 'Failed to create a session. The runner registration has been deleted from the server, please re-configure.';
			}

			if (config.isUsed) {
				return 'A session for this runner already exists.';
			}

			if (config.until <= schedule.now()) {
				faults.count('a JIT configuration has lapsed');
				return 'Failed to create a session. The configuration has lapsed.';
			}

			config.isUsed = true;
			return runner;
		},
	};
}
