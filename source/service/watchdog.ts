import {execFile} from 'node:child_process';
import {writeSync} from 'node:fs';
import {secondsBetween, type Instant} from '../model/time.ts';
import type {EngineState} from '../scaler/controller.ts';

/**
Sends variables to systemd ("READY=1").
*/
export type Notify = (...words: readonly string[]) => void;

/**
How long a poll may be overdue, seconds. Requests time out long before that.
*/
export const overdueSeconds = 600;

/**
How long systemd waits for the next message of a starting engine, seconds.
*/
const startSeconds = 180;

/**
Whether the engine's loop is still running: its next poll is not long overdue. A poll that is far in the future because of a request limit
is fine.
*/
export function isTurning(state: Pick<EngineState, 'phase' | 'startedAt' | 'nextReadAt'>, now: Instant): boolean {
	return state.phase === 'stopping' || (state.phase !== 'stopped' && secondsBetween(state.nextReadAt ?? state.startedAt, now) < overdueSeconds);
}

/**
What watching an engine for a unit of Type=notify needs.
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
Tells systemd when the engine has polled for the first time, what it is doing, when it stops, and, three times per watchdog interval, that
its loop is still running. Returns a function that ends this.
*/
export function watchEngine({state, subscribe, now, notify, watchdogSeconds}: Watch): () => void {
	let isReady = false;
	let isStopping = false;
	const update = () => {
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

	// A slow API makes the first poll long: systemd waits as long as the loop is running.
	const waitForReady = () => {
		if (!isReady && isTurning(state(), now())) {
			notify(`EXTEND_TIMEOUT_USEC=${startSeconds * 1_000_000}`);
		}
	};

	waitForReady();
	const leave = subscribe(update);
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
Sends to systemd; undefined when it does not listen. Node has no datagrams on unix sockets: the unit passes an open one ($NOTIFY_FD), else
`systemd-notify` is run. A failure is left for systemd to notice.
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
			} catch {/* The watchdog will restart the engine. */}
		}
		: (...words) => {
			execFile('systemd-notify', words, {timeout: 10_000}, () => {/* The watchdog will restart the engine. */});
		};
}

/**
$WATCHDOG_USEC in seconds, when it is meant for this process.
*/
export function watchdogSecondsOf(environment: Readonly<Record<string, string | undefined>>, pid: number): number | undefined {
	const seconds = Number(environment.WATCHDOG_USEC ?? NaN) / 1_000_000;
	const isMeant = environment.WATCHDOG_PID === undefined || environment.WATCHDOG_PID === String(pid);
	return Number.isFinite(seconds) && seconds > 0 && isMeant ? seconds : undefined;
}
