import * as z from 'zod';
import {serverName} from './nouns.ts';
import {deletion, hostScripts, mode} from './state.ts';

// What is asked of an engine, and what it answers.

const operator = z.object({name: z.string().min(1).max(80)});

export const requests = {
	mode: z.object({mode, by: operator}),
	deleteServers: z.object({names: z.array(serverName).min(1), by: operator, typed: z.set(serverName)}),
	keepServer: z.object({name: serverName, seconds: z.number().min(0).max(86_400), by: operator}),
};

export const answers = {
	nothing: z.object({}),
	deletions: z.map(serverName, deletion),
	scripts: hostScripts,
	scriptVariables: z.record(z.string(), z.string()),
};
