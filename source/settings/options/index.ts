import {accountOptions} from './account.ts';
import {commandOptions} from './command.ts';
import {consoleOptions} from './console.ts';
import {engineOptions} from './engine.ts';
import {githubAppOptions} from './github-app.ts';
import {labelsOptions} from './labels.ts';
import {limitsOptions} from './limits.ts';
import type {Option} from './option.ts';
import {serversOptions} from './servers.ts';
import {simulationOptions} from './simulation.ts';
import {timesOptions} from './times.ts';
import {webhookOptions} from './webhook.ts';

export type {Option} from './option.ts';

/** The options of a run, by group, in the order of --help and README. */
export const runGroups = {
	account: {title: 'Accounts', options: [...accountOptions, ...githubAppOptions]},
	servers: {title: 'Servers', options: serversOptions},
	labels: {title: 'Jobs and labels', options: labelsOptions},
	limits: {title: 'Limits', options: limitsOptions},
	times: {title: 'Times', options: timesOptions},
	console: {title: 'Console', options: consoleOptions},
	engine: {title: 'Engine, log and files', options: [...engineOptions, ...webhookOptions]},
} as const;

/** All options, by group: those of a run, and those that only single commands take. */
export const groups = {
	...runGroups,
	simulation: {title: 'Simulation', options: simulationOptions},
	command: {title: 'This command', options: commandOptions},
} as const;

export type GroupName = keyof typeof groups;

export type KnownOption = (typeof groups)[GroupName]['options'][number];

/** The options of a run; `withAll`: also those of single commands. */
export function optionRows(withAll = false): readonly Option[] {
	return Object.values<{readonly options: readonly Option[]}>(withAll ? groups : runGroups).flatMap(group => group.options);
}
