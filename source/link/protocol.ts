import * as z from 'zod';
import {deletion, mode} from './schema/state.ts';
import {serverName} from './schema/nouns.ts';

// What the two ends of a socket agree on: HTTP, the state as server-sent events, actions as POST.

/**
Goes up when an end of another number could not be understood. Within one number parts may be added, never changed.
*/
export const protocol = 1;

export const paths = {
	hello: '/hello',
	events: '/events',
	scripts: '/scripts',
	scriptVariables: '/script-variables',
	mode: '/mode',
	readNow: '/read-now',
	deleteServers: '/delete-servers',
	keepServer: '/keep-server',
} as const;

/**
The header in which a console says its version: an engine of another one takes no actions from it.
*/
export const versionHeader = 'hetzner-runners-tui-version';

/**
A line of silence is sent that often, so that a dead engine is told from a quiet one, seconds.
*/
export const heartbeatSeconds = 10;

export const hello = z.object({
	product: z.literal('hetzner-runners-tui'),
	protocol: z.number(),
	version: z.string(),
	repository: z.string(),
	pid: z.number(),
	/**
	For people: "the service", "process 71 of anna".
	*/
	where: z.string(),
});

/**
Who an engine is, before anything else is asked of it.
*/
export type Hello = z.infer<typeof hello>;

const operator = z.object({name: z.string().min(1).max(80)});

export const requests = {
	mode: z.object({mode, by: operator}),
	deleteServers: z.object({names: z.array(serverName).min(1), by: operator, typed: z.set(serverName)}),
	keepServer: z.object({name: serverName, seconds: z.number().min(0).max(86_400), by: operator}),
};

export const deletions = z.map(serverName, deletion);

/**
What a refused or failed request says.
*/
export const refusal = z.object({error: z.string(), isReadOnly: z.boolean()});
