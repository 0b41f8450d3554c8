import os from 'node:os';
import process from 'node:process';
import type {Server} from '../model/server.ts';
import type {Controller} from '../scaler/controller.ts';
import type {Engine} from '../scaler/engine.ts';
import {engineController} from '../scaler/engine-controller.ts';

export type Operation = {
	readonly engine: Engine;
	readonly hasConsole: boolean;
	readonly isReadOnly: boolean;
	/** The program and arguments that open a shell on a server. */
	readonly onShell: (server: Server) => readonly string[] | undefined;
	/** Ends the operation by itself (a demo whose jobs are done); never resolves otherwise. */
	readonly until?: Promise<void>;
};

/**
Under npm a Ctrl-C arrives twice, from the terminal and from npm: that soon after the first it is the same one.
*/
const echoMilliseconds = 500;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Whether there is a terminal that can show a console. TERM=dumb gets the log. */
export function hasTerminal(): boolean {
	return process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== 'dumb';
}

/**
Runs an engine with a console or a log on top until the user leaves, a signal comes or it ends by itself. The first signal stops the engine in order
(calls under way get 10 s), a second one leaves at once. Answers the exit code.
*/
export async function operate(operation: Operation): Promise<number> {
	const {engine} = operation;
	const controller = engineController(engine);
	const leave = Promise.withResolvers<number>();
	let close: (() => void) | undefined;
	let isLeaving = false;
	let signalledAt = performance.now();
	const onSignal = (signal: NodeJS.Signals) => {
		close?.();
		const code = 128 + (os.constants.signals[signal] ?? 0);
		if (isLeaving && performance.now() - signalledAt < echoMilliseconds) {
			return;
		}

		if (isLeaving) {
			process.exit(code); // eslint-disable-line unicorn/no-process-exit
		}

		isLeaving = true;
		signalledAt = performance.now();
		leave.resolve(signal === 'SIGHUP' ? code : 0);
	};

	for (const signal of signals) {
		process.removeAllListeners(signal); // That of when-exit, under conf, would send the signal to ourselves once more.
		process.on(signal, onSignal);
	}

	process.stdout.on('error', () => {
		leave.resolve(1); // Whoever read the log is gone.
	});
	const running = engine.run();
	running.then(() => {
		leave.resolve(0);
	}, (error: unknown) => {
		leave.reject(error);
	});
	void operation.until?.then(() => {
		leave.resolve(0);
	});
	try {
		if (operation.hasConsole) {
			close = await showConsole(operation, controller, leave);
		}

		return await leave.promise;
	} finally {
		close?.();
		isLeaving = true;
		await engine.stop().catch(() => undefined); // What ended it has been told by then.
	}
}

async function showConsole(operation: Operation, controller: Controller, leave: PromiseWithResolvers<number>): Promise<() => void> {
	const {prepareColors} = await import('../console/colours.ts');
	prepareColors(process.env);
	const {openConsole} = await import('../console/start.tsx');
	const shown = openConsole({
		controller,
		stdin: process.stdin,
		stdout: process.stdout,
		operator: {name: operatorName()},
		isReadOnly: operation.isReadOnly,
		isEngineHere: true,
		env: process.env,
		clockNow: () => Date.now(),
		onShell: operation.onShell,
	});
	shown.ended.then(() => {
		leave.resolve(0);
	}, (error: unknown) => {
		leave.reject(error);
	});
	return shown.close;
}

/** Who sits at this terminal, for Activity: the person behind sudo when there is one. */
function operatorName(): string {
	return process.env.SUDO_USER ?? process.env.LOGNAME ?? process.env.USER ?? 'operator';
}
