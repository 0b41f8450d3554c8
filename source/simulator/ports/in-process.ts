import type {HostScripts, Journal, Ports} from '../../scaler/ports.ts';
import {rngFor} from '../chance.ts';
import type {World} from '../world.ts';
import {inProcessGitHub} from './github.ts';
import {inProcessHetzner} from './hetzner.ts';
import {inProcessShell} from './shell.ts';

function forget(): void {
	// Nobody reads it.
}

const noJournal: Journal = {record: forget, output: forget};

const simulatedScripts: HostScripts = {
	setup: {kind: 'setup', source: 'built in', text: '#!/bin/bash\n# simulated\n'},
	startupX64: {kind: 'startup-x64', source: 'built in', text: '#!/bin/bash\n# simulated\n'},
	startupArm64: {kind: 'startup-arm64', source: 'built in', text: '#!/bin/bash\n# simulated\n'},
	named: [],
};

/**
All that an engine needs, straight on a world and its clock. Each call makes the ports of another process: nothing is shared but the world.
`clock`: of a machine that shows another time than the world's.
*/
export function inProcessPorts(world: World, options: {readonly journal?: Journal; readonly scripts?: HostScripts; readonly image?: string; readonly problems?: () => readonly string[]; readonly store?: Ports['store']; readonly clock?: Ports['clock']} = {}): Ports {
	return {
		clock: options.clock ?? world.clock,
		chance: rngFor(world.seed, 'engine').next,
		github: inProcessGitHub(world),
		cloud: inProcessHetzner(world, options.image, options.clock),
		shell: inProcessShell(world),
		journal: options.journal ?? noJournal,
		scripts: options.scripts ?? simulatedScripts,
		machine: {problems: async () => options.problems?.() ?? []},
		store: options.store ?? {save: forget},
	};
}
