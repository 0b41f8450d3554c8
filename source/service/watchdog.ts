import {execFile} from 'node:child_process';
import {writeSync} from 'node:fs';
import {secondsBetween, type Instant} from '../model/time.ts';
import type {EngineState} from '../scaler/controller.ts';

/**
What is told to systemd, as variables and their values ("READY=1").
*/
export type Notify = (...words: readonly string[]) => void;

/**
Longest time that a look may take beyond the moment it was due, seconds: requests have limits of their own far below.
*/
export const overdueSeconds = 600;

/**
How long systemd waits for the next word of an engine that starts, seconds.
*/
const startSeconds = 180;

/**
Whether the engine's loop still turns: its next look is not long overdue. A look that is far off, because a request limit says so, is no
fault.
*/
export function isTurning(state: Pick<EngineState, 'phase' | 'startedAt' | 'nextReadAt'>, now: Instant): boolean {
	return state.phase === 'stopping' || (state.phase !== 'stopped' && secondsBetween(state.nextReadAt ?? state.startedAt, now) < overdueSeconds);
}

/**
What a unit of Type=notify expects of us.
*/
export type Watch = {
	readonly state: () => EngineState;
	readonly subscribe: (listener: () => void) => () => void;
	readonly now: () => Instant;
	readonly notify: Notify;
	/**
	$WATCHDOG_USEC in seconds; undefined: no watchdog.
	*/
	readonly watchdogSeconds: number | undefined;
};

/**
Tells systemd when the engine looks for the first time, what it does, that it stops, and, three times in the watchdog's time, that its
loop still turns. Returns what ends that.
*/
export function watchEngine({state, subscribe, now, notify, watchdogSeconds}: Watch): () => void {
	let isReady = false;
	let isStopping = false;
	const look = () => {
		const {phase, nextReadAt} = state();
		if (!isReady && phase === 'running' && nextReadAt !== undefined) {
			isReady = true;
			notify('READY=1', `STATUS=${statusLine(state())}`);
		}

		if (isStopping || phase !== 'stopping') {
			return;
		}

		isStopping = true;
		notify('STOPPING=1');
	};

	// An API that is slow to answer makes a first look long: systemd waits as long as the loop turns.
	const waitForReady = () => {
		if (!isReady && isTurning(state(), now())) {
			notify(`EXTEND_TIMEOUT_USEC=${startSeconds * 1_000_000}`);
		}
	};

	waitForReady();
	const leave = subscribe(look);
	const timer = watchdogSeconds === undefined
		? undefined
		: setInterval(() => {
			const seen = state();
			waitForReady();
			if (isTurning(seen, now())) {
				notify('WATCHDOG=1', `STATUS=${statusLine(seen)}`);
			}
		}, watchdogSeconds * 1000 / 3);
	return () => {
		leave();
		clearInterval(timer);
	};
}

/**
One line for `systemctl status`.
*/
function statusLine({repository, mode, servers, jobs, jobVerdicts}: Pick<EngineState, 'repository' | 'mode' | 'servers' | 'jobs' | 'jobVerdicts'>): string {
	const waiting = jobs.items.filter(job => job.status === 'queued' && jobVerdicts.get(job.id)?.code !== 'notOurs').length;
	return `${repository}: ${mode}, ${waiting} jobs wait, ${servers.items.length} servers`;
}

/**
The way to systemd; undefined when none listens. Node has no datagrams on unix sockets: the unit hands over an open one ($NOTIFY_FD), else
its program `systemd-notify` tells it. A failure is left to systemd to notice.
*/
export function systemdNotify(environment: Readonly<Record<string, string | undefined>>): Notify | undefined {
	const {NOTIFY_SOCKET: socket = '', NOTIFY_FD: descriptor = ''} = environment;
	if (socket === '') {
		return undefined;
	}

	return /^[3-9]$/v.test(descriptor)
		? (...words) => {
			try {
				writeSync(Number(descriptor), words.join('\n')); // One write is one datagram.
			} catch {/* Then the watchdog bites. */}
		}
		: (...words) => {
			execFile('systemd-notify', words, {timeout: 10_000}, () => {/* Then the watchdog bites. */});
		};
}

/**
$WATCHDOG_USEC as seconds, when it is meant for this process.
*/
export function watchdogSecondsOf(environment: Readonly<Record<string, string | undefined>>, pid: number): number | undefined {
	const seconds = Number(environment.WATCHDOG_USEC ?? NaN) / 1_000_000;
	const isMeant = environment.WATCHDOG_PID === undefined || environment.WATCHDOG_PID === String(pid);
	return Number.isFinite(seconds) && seconds > 0 && isMeant ? seconds : undefined;
}
