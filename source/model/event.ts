import {formatJob, type Job} from './job.ts';
import type {Micros} from './money.ts';
import {formatPlacement, type Placement} from './placement.ts';
import type {ServerName} from './server-name.ts';
import {formatDuration} from './time.ts';

/**
Who did it: the engine, or a person at a console.
*/
export type Actor = {readonly kind: 'engine'} | {readonly kind: 'operator'; readonly name: string};

type JobName = Pick<Job, 'name' | 'workflowName' | 'id' | 'runId'>;

/**
Something the engine did or met, for Activity, log and journal: a code and its facts.
*/
export type EngineEvent =
	| {readonly code: 'started'; readonly repository: string; readonly version: string}
	/**
	`serversLeft`: undefined when their list could not be read at the end;
	`lastKnown` is how many there were when it last could, undefined: never.
	*/
	| {readonly code: 'stopped'; readonly serversLeft: number | undefined; readonly lastKnown?: number | undefined}
	| {readonly code: 'modeChanged'; readonly mode: string; readonly by: Actor}
	| {readonly code: 'maxRunnersChanged'; readonly limit: number | undefined; readonly before: number | undefined; readonly by: Actor}
	| {readonly code: 'serverDrained'; readonly server: ServerName; readonly isDraining: boolean; readonly by: Actor}
	| {readonly code: 'jobSeen'; readonly job: JobName; readonly labels: readonly string[]}
	| {readonly code: 'jobStarted'; readonly job: JobName; readonly server: string; readonly waitSeconds: number}
	| {readonly code: 'jobDone'; readonly job: JobName; readonly server: string | undefined}
	| {readonly code: 'serverCreated'; readonly server: ServerName; readonly placement: Placement; readonly job: JobName; readonly hourlyMicros?: Micros; readonly currency?: string}
	| {readonly code: 'wouldCreate'; readonly server: ServerName; readonly placement: Placement; readonly job: JobName}
	| {readonly code: 'wouldDelete'; readonly server: ServerName; readonly reason: string}
	| {readonly code: 'createRefused'; readonly server: ServerName; readonly placement: Placement; readonly answer: string; readonly retrySeconds: number}
	| {readonly code: 'createUnknown'; readonly server: ServerName; readonly answer: string}
	| {readonly code: 'createSkipped'; readonly server: ServerName; readonly reason: string}
	| {readonly code: 'sshAnswered'; readonly server: ServerName; readonly afterSeconds: number}
	| {readonly code: 'setupEnded'; readonly server: ServerName; readonly tookSeconds: number}
	| {readonly code: 'startupEnded'; readonly server: ServerName; readonly tookSeconds: number}
	| {readonly code: 'setUpFailed'; readonly server: ServerName; readonly reason: string}
	| {readonly code: 'setUpResumed'; readonly server: ServerName}
	| {readonly code: 'runnerRegistered'; readonly server: ServerName}
	| {readonly code: 'serverDeleted'; readonly server: ServerName; readonly reason: string; readonly by: Actor; readonly ageSeconds: number; readonly cost: string | undefined; readonly costMicros?: Micros; readonly currency?: string}
	| {readonly code: 'serverKept'; readonly server: ServerName; readonly reason: string; readonly by: Actor}
	| {readonly code: 'serverGone'; readonly server: ServerName}
	| {readonly code: 'deleteFailed'; readonly server: ServerName; readonly answer: string}
	/** One line for all deletions that failed for one cause, `answer` as the first was told. */
	| {readonly code: 'deletesResumed'; readonly servers: number; readonly tries: number; readonly afterSeconds: number; readonly answer: string}
	| {readonly code: 'runnerRemoved'; readonly runner: string; readonly reason: string}
	| {readonly code: 'runnerKept'; readonly runner: string; readonly reason: string}
	| {readonly code: 'readFailed'; readonly what: string; readonly reason: string; readonly isPartial?: boolean | undefined}
	| {readonly code: 'readGood'; readonly what: string; readonly afterSeconds: number}
	| {readonly code: 'intervalWidened'; readonly seconds: number; readonly reason: string}
	| {readonly code: 'intervalRestored'; readonly seconds: number}
	| {readonly code: 'planFailed'; readonly reason: string}
	| {readonly code: 'notice'; readonly text: string};

export type EventLevel = 'info' | 'good' | 'warning' | 'error';

const levels: Readonly<Record<EngineEvent['code'], EventLevel>> = {
	started: 'info',
	stopped: 'info',
	modeChanged: 'info',
	maxRunnersChanged: 'info',
	serverDrained: 'info',
	jobSeen: 'info',
	jobStarted: 'good',
	jobDone: 'good',
	serverCreated: 'good',
	wouldCreate: 'info',
	wouldDelete: 'info',
	createRefused: 'warning',
	createUnknown: 'error',
	createSkipped: 'warning',
	sshAnswered: 'info',
	setupEnded: 'info',
	startupEnded: 'good',
	setUpFailed: 'error',
	setUpResumed: 'info',
	runnerRegistered: 'good',
	serverDeleted: 'info',
	serverKept: 'warning',
	serverGone: 'warning',
	deleteFailed: 'error',
	deletesResumed: 'info',
	runnerRemoved: 'info',
	runnerKept: 'warning',
	readFailed: 'error',
	readGood: 'good',
	intervalWidened: 'warning',
	intervalRestored: 'info',
	planFailed: 'error',
	notice: 'warning',
};

/**
How loud an event is.
*/
export function eventLevel(event: EngineEvent): EventLevel {
	return levels[event.code];
}

/**
What an event says to a person, in one line. Job names are as GitHub gave them: clean the line before it is drawn or logged.
*/
export function describeEvent(event: EngineEvent): string {
	switch (event.code) {
		case 'started': {
			return `hetzner-runners-tui ${event.version} started for ${event.repository}`;
		}

		case 'stopped': {
			return `stopped; ${describeServersLeft(event)}`;
		}

		case 'modeChanged': {
			return `${event.mode}${formatActor(event.by)}`;
		}

		case 'maxRunnersChanged': {
			return `maximum number of servers is ${event.limit ?? 'unlimited'} now, was ${event.before ?? 'unlimited'}${formatActor(event.by)}`;
		}

		case 'serverDrained': {
			return `${event.isDraining ? `draining ${event.server}: it gets no further job` : `no longer draining ${event.server}`}${formatActor(event.by)}`;
		}

		case 'jobSeen': {
			return `${formatJob(event.job)} queued, wants ${event.labels.join(', ')}`;
		}

		case 'jobStarted': {
			return `${formatJob(event.job)} started on ${event.server} after ${formatDuration(event.waitSeconds)}`;
		}

		case 'jobDone': {
			return `${formatJob(event.job)} done${event.server === undefined ? '' : ` on ${event.server}`}`;
		}

		case 'serverCreated': {
			return `created ${event.server} (${formatPlacement(event.placement)}) for ${formatJob(event.job)}`;
		}

		case 'wouldCreate': {
			return `dry run: would create ${event.server} (${formatPlacement(event.placement)}) for ${formatJob(event.job)}`;
		}

		case 'wouldDelete': {
			return `dry run: would delete ${event.server}: ${event.reason}`;
		}

		case 'createRefused': {
			return `${formatPlacement(event.placement)} refused for ${event.server}: ${event.answer}; not asked again for ${formatDuration(event.retrySeconds)}`;
		}

		case 'createUnknown': {
			return `no answer to the request to create ${event.server}: ${event.answer}; looking it up by name`;
		}

		case 'createSkipped': {
			return `did not create ${event.server}: ${event.reason}`;
		}

		case 'sshAnswered': {
			return `${event.server} answers SSH after ${formatDuration(event.afterSeconds)}`;
		}

		case 'setupEnded': {
			return `${event.server} is set up, took ${formatDuration(event.tookSeconds)}`;
		}

		case 'startupEnded': {
			return `${event.server} started its runner, took ${formatDuration(event.tookSeconds)}`;
		}

		case 'setUpFailed': {
			return `set-up of ${event.server} failed: ${event.reason}`;
		}

		case 'setUpResumed': {
			return `following the set-up of ${event.server} again, started by an earlier run`;
		}

		case 'runnerRegistered': {
			return `runner ${event.server} is registered`;
		}

		case 'serverDeleted': {
			return `deleted ${event.server} after ${formatDuration(event.ageSeconds)}${event.cost === undefined ? '' : `, ${event.cost}`}: ${event.reason}${formatActor(event.by)}`;
		}

		case 'serverKept': {
			return `kept ${event.server}: ${event.reason}${formatActor(event.by)}`;
		}

		case 'serverGone': {
			return `${event.server} is gone; this engine did not delete it`;
		}

		case 'deleteFailed': {
			return `deleting ${event.server} failed: ${event.answer}; further failures for this reason are counted, not listed`;
		}

		case 'deletesResumed': {
			return `deleting works again after ${formatDuration(event.afterSeconds)}: ${event.servers === 1 ? '1 server' : `${event.servers} servers`} had to wait, ${event.tries} ${event.tries === 1 ? 'try' : 'tries'} failed`;
		}

		case 'runnerRemoved': {
			return `removed runner ${event.runner}: ${event.reason}`;
		}

		case 'runnerKept': {
			return `kept runner ${event.runner}: ${event.reason}`;
		}

		case 'readFailed': {
			return event.isPartial === true
				? `reading ${event.what} failed: ${event.reason}; what could not be read is left alone, all else is decided`
				: `reading ${event.what} failed: ${event.reason}; no decisions are based on it`;
		}

		case 'readGood': {
			return `reading ${event.what} works again after ${formatDuration(event.afterSeconds)}`;
		}

		case 'intervalWidened': {
			return `polling every ${formatDuration(event.seconds)} now: ${event.reason}`;
		}

		case 'intervalRestored': {
			return `polling every ${formatDuration(event.seconds)} again`;
		}

		case 'planFailed': {
			return `planning failed, a bug in this program; the next poll plans again: ${event.reason}`;
		}

		case 'notice': {
			return event.text;
		}
	}
}

function describeServersLeft({serversLeft, lastKnown}: Extract<EngineEvent, {readonly code: 'stopped'}>): string {
	if (serversLeft === undefined) {
		return lastKnown === undefined
			? 'the list of servers was never read: some may be running, the next start picks them up'
			: `the list of servers is out of date (${lastKnown} on it): the next start picks up what is still running`;
	}

	return serversLeft === 0 ? 'no servers left' : (serversLeft === 1 ? '1 server keeps running, the next start picks it up' : `${serversLeft} servers keep running, the next start picks them up`);
}

function formatActor(actor: Actor): string {
	return actor.kind === 'engine' ? '' : `, by ${actor.name}`;
}
