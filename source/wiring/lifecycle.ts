import {execFile} from 'node:child_process';
import os from 'node:os';
import process from 'node:process';
import {promisify} from 'node:util';
import type {serveRemote, ServedRemote} from '../remote/server.ts';
import {engineAt, viewSocketOf} from '../remote/sockets.ts';
import type {Server} from '../model/server.ts';
import type {Controller} from '../scaler/controller.ts';
import type {Engine} from '../scaler/engine.ts';
import {engineController} from '../scaler/engine-controller.ts';
import {optionRows} from '../settings/options/index.ts';
import type {ConsoleAppearance} from './console-options.ts';
import {showConsole} from './console.ts';
import {userHere} from './user-here.ts';

type Shown = {
	readonly hasConsole: boolean;
	readonly isReadOnly: boolean;
	readonly appearance: ConsoleAppearance;
	/** The program and arguments that open a shell on a server. */
	readonly onShell: (server: Server) => readonly string[] | undefined;
};

export type Operation = Shown & {
	readonly engine: Engine;
	readonly version: string;
	/** Where consoles may attach to it; undefined: nowhere. */
	readonly socketPath?: string | undefined;
	/** The addresses of the APIs that it asks. */
	readonly apis?: {readonly github: string; readonly hetzner: string} | undefined;
	/** The unix group that may look there by a second socket. */
	readonly viewGroup?: string | undefined;
	/** Gets what is worth a warning but stops nobody. */
	readonly onTrouble: (words: string) => void;
	/** Ends the operation by itself (a demo whose jobs are done); never resolves otherwise. */
	readonly until?: Promise<void>;
};

/**
Under npm a Ctrl-C arrives twice, from the terminal and from npm: that soon after the first it is the same one.
*/
const echoMilliseconds = 500;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
Runs an engine with a console or a log on top until the user leaves, a signal
comes or it ends by itself. The first signal stops the engine in order
(calls under way get 10 s), a second one leaves at once. Answers the exit code.
*/
export async function operate(operation: Operation): Promise<number> {
	const {engine} = operation;
	const controller = engineController(engine);
	let served: readonly ServedRemote[] = [];
	return stayUntilLeft({
		...operation,
		controller,
		async begin() {
			served = await serve(operation, controller);
			return engine.run();
		},
		async end() {
			await engine.stop().catch(() => undefined); // What ended it has been told by then.
			await Promise.all(served.map(async link => link.close()));
		},
	});
}

/** A console on an engine that lives elsewhere, until the person leaves or a signal comes. Answers the exit code; the engine goes on. */
export async function watch(shown: Shown & {readonly controller: Controller}): Promise<number> {
	return stayUntilLeft({...shown, begin: async () => new Promise(() => {/* It has no end of its own. */}), end: shown.controller.close});
}

type Stay = Shown & {
	readonly controller: Controller;
	readonly begin: () => Promise<void>;
	readonly end: () => Promise<void>;
	readonly until?: Promise<void>;
};

// Nothing reads them after this, and whatever a console starts (a shell on a server) gets none.
function dropSecrets(): void {
	for (const name of optionRows().flatMap(row => row.isSecret === true ? row.variables ?? [] : [])) {
		delete process.env[name]; // eslint-disable-line @typescript-eslint/no-dynamic-delete
	}
}

async function stayUntilLeft(stay: Stay): Promise<number> {
	dropSecrets();
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
	stay.begin().then(() => {
		leave.resolve(0);
	}, (error: unknown) => {
		leave.reject(error);
	});
	void stay.until?.then(() => {
		leave.resolve(0);
	});
	try {
		if (stay.hasConsole) {
			const shown = await showConsole(stay.controller, stay);
			shown.ended.then(() => {
				leave.resolve(0);
			}, (error: unknown) => {
				leave.reject(error);
			});
			({close} = shown);
		}

		return await leave.promise;
	} finally {
		close?.();
		isLeaving = true;
		await stay.end();
	}
}

// An engine works without a socket too: consoles cannot attach then, which is told once.
async function serve({engine, socketPath, apis, viewGroup, version, onTrouble}: Operation, controller: Controller): Promise<readonly ServedRemote[]> {
	if (socketPath === undefined) {
		return [];
	}

	try {
		const other = await engineAt(socketPath, version);
		if (other !== undefined) {
			onTrouble(`consoles cannot attach to this engine: ${other.handshake.where} serves ${socketPath}. Both work side by side`);
			return [];
		}

		const {serveRemote} = await import('../remote/server.ts'); // With all of HTTP: a console that only looks has no use for it.
		const about = {
			version, repository: engine.state().repository, pid: process.pid, where: whereHere(), apis,
		};
		const acting = await serveRemote({controller, socketPath, about});
		return viewGroup === undefined ? [acting] : [acting, await serveViewers(controller, viewSocketOf(socketPath), viewGroup, {about, onTrouble})];
	} catch (error) {
		onTrouble(`consoles cannot attach to this engine: ${error instanceof Error ? error.message : String(error)}`);
		return [];
	}
}

// The service's unit gives its socket to the group: the service itself may not.
async function serveViewers(controller: Controller, socketPath: string, group: string, {about, onTrouble}: {readonly about: Parameters<typeof serveRemote>[0]['about']; readonly onTrouble: Operation['onTrouble']}): Promise<ServedRemote> {
	const {serveRemote} = await import('../remote/server.ts');
	const {viewOnly} = await import('../remote/view-only.ts');
	const served = await serveRemote({controller: viewOnly(controller), socketPath, about});
	if ((process.env.RUNTIME_DIRECTORY ?? '') === '') {
		await promisify(execFile)('chgrp', ['--', group, socketPath]).catch((error: unknown) => { // eslint-disable-line @typescript-eslint/strict-void-return
			onTrouble(`--view-group: the socket cannot be given to ${group}: ${error instanceof Error ? error.message.trim().split('\n').at(-1) ?? '' : String(error)}`);
		});
	}

	return served;
}

function whereHere(): string {
	return (process.env.RUNTIME_DIRECTORY ?? '') === '' ? `process ${process.pid} of ${userHere()}` : 'the service';
}
