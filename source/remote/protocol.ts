// What the two ends of a socket agree on: HTTP, the state as server-sent events, actions as POST.

/**
Goes up when an end of another number could not be understood. Within one number parts may be added, never changed.
*/
export const protocol = 2;

export const paths = {
	handshake: '/hello',
	events: '/events',
	scripts: '/scripts',
	scriptVariables: '/script-variables',
	scriptText: '/script-text',
	mode: '/mode',
	readNow: '/read-now',
	deleteServers: '/delete-servers',
	keepServer: '/keep-server',
	maxRunners: '/max-runners',
	drainServer: '/drain-server',
} as const;

/**
The header in which a console says its version: an engine of another one takes no actions from it.
*/
export const versionHeader = 'hetzner-runners-tui-version';

/**
A line of silence is sent that often, so that a dead engine is told from a quiet one, seconds.
*/
export const heartbeatSeconds = 10;

/**
Who an engine is, before anything else is asked of it.
*/
export type Handshake = {
	readonly product: 'hetzner-runners-tui';
	readonly protocol: number;
	readonly version: string;
	readonly repository: string;
	readonly pid: number;
	/**
	For people: "the service", "process 71 of anna".
	*/
	readonly where: string;
	/**
	The APIs that it asks.
	*/
	readonly apis?: {readonly github: string; readonly hetzner: string} | undefined;
};
