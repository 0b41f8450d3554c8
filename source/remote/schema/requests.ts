import * as z from 'zod';
import {cleanText} from '../../model/clean-text.ts';
import {serverName} from './nouns.ts';
import {deletion, hostScripts, mode} from './state.ts';

// What is asked of an engine, and what it answers.

// Whoever may use the socket may write any name here: it is told as what it is.
const operator = z.object({name: z.string().min(1).max(80).transform(name => `${cleanText(name)} (by its own word)`)});
const shortName = z.string().max(253).pipe(serverName);

export const requests = {
	mode: z.object({mode, by: operator}),
	deleteServers: z.object({names: z.array(shortName).min(1).max(10_000), by: operator, typed: z.set(shortName)}),
	maxRunners: z.object({limit: z.int().min(0).max(100_000).optional(), by: operator}),
	drainServer: z.object({name: shortName, isDraining: z.boolean(), by: operator}),
	keepServer: z.object({name: shortName, seconds: z.number().min(0).max(86_400), by: operator}),
};

export const answers = {
	nothing: z.object({}),
	deletions: z.map(serverName, deletion),
	scripts: hostScripts,
	scriptText: z.object({text: z.string().optional()}),
	scriptVariables: z.record(z.string(), z.string()),
};
