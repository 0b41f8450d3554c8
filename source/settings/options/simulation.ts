import type {Option} from './option.ts';

/** The simulated world of `demo` and `simulator`. */
export const simulationOptions = [
	{
		name: 'jobs', flag: 'jobs', type: 'number', value: 'COUNT',
		range: [1, 5000], default: 12, isCommandLineOnly: true,
		description: 'number of simulated jobs',
	},
	{
		name: 'speed', flag: 'speed', type: 'number', value: 'TIMES',
		range: [1, 60], defaultText: 'demo 5, simulator 1', isCommandLineOnly: true,
		description: 'how many times faster than real time the simulation runs; an engine beside a faster simulator shows wrong ages',
	},
	{
		name: 'seed', flag: 'seed', type: 'number', value: 'NUMBER',
		range: [0, 4_294_967_295], default: 7, isCommandLineOnly: true,
		description: 'random seed; the same seed gives the same jobs and failures',
	},
] as const satisfies readonly Option[];
