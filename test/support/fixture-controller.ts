import {
	ReadOnlyError,
	type Attachment,
	type Controller,
	type Deletion,
	type EngineState,
	type Mode,
} from '../../source/scaler/controller.ts';
import type {ServerName} from '../../source/model/server-name.ts';

export type FixtureController = Controller & {
	/**
	Replaces the state, as an engine that publishes does.
	*/
	readonly publish: (change: (state: EngineState) => EngineState) => void;
	readonly calls: string[];
};

const here: Attachment = {at: 'here'};

const setup = `#!/usr/bin/env bash
# Prepares a new server: the runner user, sudo, what the runner needs.
set -euo pipefail

useradd --create-home --shell /bin/bash runner
echo 'runner ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/runner
for package in curl jq git; do
	apt-get install -y --no-install-recommends "$package"
done
`;

/**
A controller that shows a given state and writes down what it is asked for.
*/
export function fixtureController(first: EngineState, attachment: Attachment = here): FixtureController {
	let state = first;
	const listeners = new Set<() => void>();
	const calls: string[] = [];
	const publish = (change: (state: EngineState) => EngineState): void => {
		state = change(state);
		for (const listener of listeners) {
			listener();
		}
	};

	const mayChange = (): void => {
		if (state.policy.isReadOnly) {
			throw new ReadOnlyError();
		}
	};

	return {
		calls,
		publish,
		state: () => state,
		attachment: () => attachment,
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		async setMode(mode: Mode) {
			mayChange();
			calls.push(`setMode ${mode}`);
			publish(before => ({...before, mode}));
		},
		readNow() {
			calls.push('readNow');
		},
		async deleteServers(names, by, typed) {
			mayChange();
			calls.push(`delete ${names.join(' ')}${typed === undefined || typed.size === 0 ? '' : ` typed ${[...typed].join(' ')}`} by ${by.name}`);
			const results = new Map<ServerName, Deletion>(names.map(name => [name, {state: 'deleted'}]));
			publish(before => ({
				...before,
				deletions: new Map([...before.deletions, ...results]),
				servers: {...before.servers, items: before.servers.items.filter(server => !results.has(server.name))},
			}));
			return results;
		},
		async keepServer(name, seconds) {
			calls.push(`keep ${name} ${seconds}`);
		},
		async setMaxRunners(limit) {
			mayChange();
			calls.push(`setMaxRunners ${limit ?? 'unlimited'}`);
			publish(before => ({...before, policy: {...before.policy, maxRunners: limit}}));
		},
		async drainServer(name, isDraining) {
			mayChange();
			calls.push(`${isDraining ? 'drain' : 'undrain'} ${name}`);
		},
		async scripts() {
			return {
				setup: {kind: 'setup', source: 'built in', text: setup},
				startupX64: {kind: 'startup-x64', source: {path: '/etc/runners/startup-x64.sh'}, text: Array.from({length: 60}, (_, at) => `echo "step ${at + 1} of $TOTAL" # a comment`).join('\n')},
				startupArm64: {kind: 'startup-arm64', source: 'built in', text: 'exec ./run.sh\n'},
				named: [],
			};
		},
		async scriptText(hash) {
			return ({'5e70a11d0001': `${setup}touch /etc/of-old\n`, '57a27a11d002': 'exec ./run.sh\n'})[hash];
		},
		async scriptVariables() {
			return {GITHUB_REPOSITORY: 'acme/widgets', GITHUB_RUNNER_TOKEN: '********', GITHUB_RUNNER_GROUP: 'Default'};
		},
		async close() {
			calls.push('close');
		},
	};
}
