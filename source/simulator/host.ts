import {later, type Instant} from '../model/time.ts';
import {rngFor} from './chance.ts';
import type {HostOutcome} from './faults.ts';
import type {GitHubWorld} from './github-world.ts';
import type {SimulatedRunner} from './github-runners.ts';
import type {WorldParameters} from './parameters.ts';
import type {Schedule} from './schedule.ts';

/**
What a set-up session hands to a host.
*/
export type SetUpInput = {
	readonly environment: Readonly<Record<string, string>>;
	readonly maxSetupSeconds: number;
	/**
	The texts of both scripts, as they were handed over: simulated machines do not run them.
	*/
	readonly scripts?: {readonly setup: string; readonly startup: string};
};

export type HostLine = {readonly at: Instant; readonly text: string};

/**
The machine inside a server.
*/
export type Host = {
	readonly serverName: string;
	readonly serverId: number;
	readonly architecture: 'x64' | 'arm64';
	readonly outcome: HostOutcome;
	/**
	Counts boots: what an earlier life had planned does not happen.
	*/
	life: number;
	power: 'on' | 'off';
	doesSshAnswer: boolean;
	setUpAt: Instant | undefined;
	/**
	Output of both scripts as the protocol's lines, `@ended` last; grows with time.
	*/
	readonly lines: HostLine[];
	/**
	When more lines are due.
	*/
	readonly dueAt: Instant[];
	exitCode: number | undefined;
	endedAt: Instant | undefined;
	endedScript: 'setup' | 'startup';
	hasDropped: boolean;
	runner: SimulatedRunner | undefined;
	hasRunJob: boolean;
};

/**
Real machines in the place of simulated ones. `onOff` is to be called when one has powered itself off.
*/
export type Machines = {
	readonly start: (host: Host, onOff: () => void) => void;
	/**
	Takes the power away.
	*/
	readonly stop: (host: Host) => void;
	/**
	The address of the next server.
	*/
	readonly address: () => string;
};

export type HostParts = {
	readonly seed: number;
	readonly parameters: WorldParameters;
	readonly schedule: Schedule;
	readonly github: GitHubWorld;
	readonly machines: Machines | undefined;
	/**
	The guest has powered its server off.
	*/
	readonly onPoweredOff: (host: Host) => void;
};

/**
A machine that has never been on.
*/
export function makeHost(serverId: number, serverName: string, architecture: Host['architecture'], outcome: HostOutcome): Host {
	return {
		serverId,
		serverName,
		architecture,
		outcome,
		life: 0,
		power: 'off',
		doesSshAnswer: false,
		setUpAt: undefined,
		lines: [],
		dueAt: [],
		exitCode: undefined,
		endedAt: undefined,
		endedScript: 'setup',
		hasDropped: false,
		runner: undefined,
		hasRunJob: false,
	};
}

/**
Power on: SSH answers some seconds later.
*/
export function bootHost(host: Host, parts: HostParts): void {
	host.life++;
	host.power = 'on';
	if (parts.machines !== undefined) {
		const {life} = host;
		parts.machines.start(host, () => {
			if (host.life === life) {
				parts.onPoweredOff(host);
			}
		});
		return;
	}

	const rng = rngFor(parts.seed, 'ssh', host.serverName, host.life);
	plan(host, parts, rng.between(parts.parameters.sshSeconds), () => {
		host.doesSshAnswer = host.outcome !== 'sshNeverUp' && host.outcome !== 'noAddress';
	});
}

/**
Power off, from within (the guest says so to GitHub) or from without (GitHub notices late, and a job it had is lost).
*/
export function stopHost(host: Host, parts: HostParts, isAbrupt: boolean): void {
	host.life++;
	host.power = 'off';
	host.doesSshAnswer = false;
	host.dueAt.length = 0;
	parts.machines?.stop(host);
	if (host.runner !== undefined) {
		parts.github.disconnect(host.runner, isAbrupt);
	}
}

/**
Has something happen in this life of the host.
*/
export function plan(host: Host, parts: Pick<HostParts, 'schedule'>, seconds: number, act: () => void): Instant {
	const {life} = host;
	const {schedule} = parts;
	const at = later(schedule.now(), seconds);
	schedule.after(seconds, () => {
		if (host.life === life) {
			act();
		}
	});
	return at;
}

/**
Writes a line of the protocol.
*/
export function writeLine(host: Host, parts: Pick<HostParts, 'schedule'>, text: string): void {
	host.lines.push({at: parts.schedule.now(), text});
}

/**
The end of the scripts.
*/
export function endSetUp(host: Host, parts: Pick<HostParts, 'schedule'>, script: 'setup' | 'startup', exitCode: number): void {
	host.exitCode = exitCode;
	host.endedScript = script;
	host.endedAt = parts.schedule.now();
	writeLine(host, parts, `@ended ${script} ${exitCode} ${Math.floor(host.endedAt / 1000)}`);
}
