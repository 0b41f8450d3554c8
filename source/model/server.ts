import type {JobId, RunId} from './job.ts';
import type {Architecture} from './placement.ts';
import type {ServerName} from './server-name.ts';
import type {Instant} from './time.ts';

export type ServerId = number & {readonly of: 'server'};

/**
Power state at Hetzner, their words.
*/
export type ServerStatus = 'running' | 'initializing' | 'starting' | 'stopping' | 'off' | 'deleting' | 'migrating' | 'rebuilding' | 'unknown';

/**
A server of ours: it carries our labels for this repository. Nothing else ever becomes a Server.
*/
export type Server = {
	readonly id: ServerId;
	/**
	The name it was made with, and its runner's: renaming the server does not change it.
	*/
	readonly name: ServerName;
	readonly status: ServerStatus;
	/**
	By our clock, whatever Hetzner's shows.
	*/
	readonly created: Instant;
	readonly ip: string | undefined;
	readonly serverType: string;
	readonly architecture: Architecture;
	readonly location: string;
	/**
	The job it was made for. Another job may take its runner.
	*/
	readonly runId: RunId | undefined;
	readonly jobId: JobId | undefined;
	/**
	The labels its runner registers with: those of the job it was made for.
	*/
	readonly runnerLabels: readonly string[];
	/**
	When the startup script ended well, as written on the server's labels by the engine that saw it; undefined before.
	*/
	readonly startupEndedAt: Instant | undefined;
	/**
	Which engine's settings it was made with (`policy.engineSet` then); undefined on servers of versions that wrote none.
	*/
	readonly engineSet: string | undefined;
};
