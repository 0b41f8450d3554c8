import type {Repository} from '../model/job.ts';
import type {Policy} from '../model/policy.ts';
import {createEngine, type Engine} from '../scaler/engine.ts';
import type {Earlier} from '../scaler/engine-state.ts';
import type {
	Clock, HostScripts, Journal, Ports, ScriptRecords, Shell,
} from '../scaler/ports.ts';
import {policyOf} from '../settings/policy.ts';
import type {Settings} from '../settings/read.ts';
import type {World} from './adapters.ts';

/** What an engine is made of. */
export type EngineParts = {
	readonly world: Pick<World, 'github' | 'hetzner' | 'shell'>;
	readonly settings: Settings;
	readonly repository: Repository;
	readonly scripts: HostScripts;
	readonly clock: Clock;
	readonly journal: Journal;
	readonly version: string;
	/** Seconds of the clock in a real second; 1 unless the world is simulated. */
	readonly speed?: number;
	/** The machine and what it keeps for the next engine; without it nothing outlives this one. */
	readonly here?: Pick<Ports, 'machine' | 'store'>;
	/** Keeps which scripts each server is handed; without it nobody knows later. */
	readonly scriptsKept?: {readonly records: ScriptRecords; readonly recorded: (shell: Shell) => Shell};
	/** What an earlier engine left behind. */
	readonly earlier?: Earlier;
	/** Where the policy differs from the settings. */
	readonly policy?: Partial<Policy>;
};

const nowhere: Pick<Ports, 'machine' | 'store'> = {machine: {problems: async () => []}, store: {save() {/* Nothing outlives it. */}}};

/** The one place that builds an engine: for a run, for the demo and for a single poll. */
export function buildEngine({world, settings, repository, scripts, clock, journal, version, speed = 1, here = nowhere, scriptsKept, earlier, policy}: EngineParts): Engine {
	const {github, hetzner, shell} = world;
	const ports: Ports = {
		github, cloud: hetzner, shell: scriptsKept?.recorded(shell) ?? shell, clock, chance: () => Math.random(), journal, scripts, ...here, ...(scriptsKept !== undefined && {scriptRecords: scriptsKept.records}),
	};
	return createEngine(ports, {...policyOf(settings, repository, scripts), ...policy}, {version, clockSpeed: speed, ...(earlier !== undefined && {earlier})});
}
