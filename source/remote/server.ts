import {chmod, rename, rm} from 'node:fs/promises';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import * as z from 'zod';
import {ReadOnlyError, type Controller} from '../scaler/controller.ts';
import {
	paths,
	protocol,
	versionHeader,
	type Handshake,
} from './protocol.ts';
import {requests} from './schema/requests.ts';
import {streamState} from './stream.ts';
import {decode, encode} from './codec.ts';

/**
The longest body that is read, bytes.
*/
const bodyLimit = 262_144;

/**
Requests that act: so many at once, then so many a second, of all consoles together. And how often one of them may hasten the next poll.
*/
const actsAtOnce = 60;
const actsPerSecond = 5;
const readNowMilliseconds = 2000;

/**
Connections at the same time, and milliseconds that one may take for its request: who opens many and says nothing keeps nobody else out for long.
*/
const mostConnections = 4096;
const requestMilliseconds = 10_000;

export type ServedRemote = {
	readonly socketPath: string;
	/**
	Tells attached consoles the last state, lets them go, and takes the socket away.
	*/
	readonly close: () => Promise<void>;
};

class Refused extends Error {
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}

/**
Serves an engine's controller on a unix socket that its owner and its group may use (mode 0660). The caller makes sure that no living engine serves there.
Throws when the socket cannot be made.
*/
export async function serveRemote(options: {readonly controller: Controller; readonly socketPath: string; readonly about: Omit<Handshake, 'product' | 'protocol'>}): Promise<ServedRemote> {
	const {controller, socketPath, about} = options;
	const handshake: Handshake = {product: 'hetzner-runners-tui', protocol, ...about};
	const streams = new Set<() => void>();
	const takeTurn = createLimit();
	let readNowAt = -Infinity;
	const server = createServer({
		headersTimeout: requestMilliseconds, requestTimeout: requestMilliseconds, connectionsCheckingInterval: 1000, keepAliveTimeout: 1000,
	}, (request, response) => {
		answer(request, response).catch((error: unknown) => {
			refuse(response, error);
		});
	});

	server.maxConnections = mostConnections;

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const route = `${request.method ?? ''} ${request.url ?? ''}`;
		switch (route) {
			case `GET ${paths.hello}`: {
				reply(response, handshake);
				return;
			}

			case `GET ${paths.events}`: {
				response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'});
				const end = streamState(controller, response);
				streams.add(end);
				response.on('close', () => {
					streams.delete(end);
				});
				return;
			}

			case `GET ${paths.scripts}`: {
				reply(response, await controller.scripts());
				return;
			}

			case `GET ${paths.scriptVariables}`: {
				reply(response, await controller.scriptVariables());
				return;
			}

			case `POST ${paths.readNow}`: {
				checkVersion(request);
				if (controller.state().policy.isReadOnly) {
					throw new ReadOnlyError();
				}

				// Sooner than that it has just been done, or is about to be.
				if (performance.now() - readNowAt >= readNowMilliseconds) {
					readNowAt = performance.now();
					controller.readNow();
				}

				request.resume();
				reply(response, {});
				return;
			}

			case `POST ${paths.mode}`: {
				const {mode, by} = await asked(request, requests.mode);
				await controller.setMode(mode, by);
				reply(response, {});
				return;
			}

			case `POST ${paths.deleteServers}`: {
				const {names, by, typed} = await asked(request, requests.deleteServers);
				for (const name of names) {
					checkServer(name);
				}

				reply(response, await controller.deleteServers(names, by, typed));
				return;
			}

			case `POST ${paths.keepServer}`: {
				const {name, seconds, by} = await asked(request, requests.keepServer);
				checkServer(name);
				await controller.keepServer(name, seconds, by);
				reply(response, {});
				return;
			}

			case `POST ${paths.maxRunners}`: {
				const {limit, by} = await asked(request, requests.maxRunners);
				await controller.setMaxRunners(limit, by);
				reply(response, {});
				return;
			}

			case `POST ${paths.drainServer}`: {
				const {name, isDraining, by} = await asked(request, requests.drainServer);
				checkServer(name);
				await controller.drainServer(name, isDraining, by);
				reply(response, {});
				return;
			}

			default: {
				throw new Refused(404, `there is nothing at ${route}`);
			}
		}
	}

	async function asked<Schema extends z.ZodType>(request: IncomingMessage, schema: Schema): Promise<z.infer<Schema>> {
		checkVersion(request);
		takeTurn();
		const parsed = schema.safeParse(await bodyOf(request));
		if (!parsed.success) {
			throw new Refused(400, z.prettifyError(parsed.error).slice(0, 1000));
		}

		return parsed.data;
	}

	function checkServer(name: string): void {
		if (controller.state().servers.items.every(known => known.name !== name)) {
			throw new Refused(404, 'there is no such server of ours');
		}
	}

	function checkVersion(request: IncomingMessage): void {
		const version = request.headers[versionHeader];
		if (version !== about.version) {
			throw new Refused(409, `the engine is version ${about.version}, this console ${String(version ?? 'unknown')}: it is read-only`);
		}
	}

	// Bound under another name first, so that nobody meets the socket before its mode is set, and a dead engine's socket is replaced at once.
	const bound = `${socketPath}.new`;
	await rm(bound, {force: true});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(bound, resolve);
	});
	await chmod(bound, 0o660);
	await rename(bound, socketPath);
	return {
		socketPath,
		async close() {
			for (const end of streams) {
				end();
			}

			const closed = new Promise<void>(resolve => {
				server.close(() => {
					resolve();
				});
			});
			setTimeout(() => {
				server.closeAllConnections();
			}, 500).unref();
			await rm(socketPath, {force: true});
			await closed;
		},
	};
}

/* Answers a function that throws Refused when too much is asked for. */
function createLimit(): () => void {
	let left = actsAtOnce;
	let at = performance.now();
	return () => {
		const now = performance.now();
		left = Math.min(actsAtOnce, left + ((now - at) / 1000 * actsPerSecond));
		at = now;
		if (left < 1) {
			throw new Refused(429, `consoles ask for too much: more than ${actsPerSecond} actions a second`);
		}

		left--;
	};
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
	request.setEncoding('utf8');
	let text = '';
	for await (const piece of request) {
		text += String(piece);
		if (text.length > bodyLimit) {
			throw new Refused(413, `a request is ${bodyLimit} bytes at the most`);
		}
	}

	try {
		return decode(text);
	} catch {
		throw new Refused(400, 'the request is not JSON');
	}
}

function reply(response: ServerResponse, value: unknown): void {
	response.writeHead(200, {'content-type': 'application/json'});
	response.end(encode(value));
}

function refuse(response: ServerResponse, error: unknown): void {
	if (response.headersSent) {
		response.destroy();
		return;
	}

	const status = error instanceof Refused ? error.status : (error instanceof ReadOnlyError ? 403 : 500);
	response.writeHead(status, {'content-type': 'application/json'});
	response.end(encode({error: error instanceof Error ? error.message : String(error), isReadOnly: error instanceof ReadOnlyError}));
}
