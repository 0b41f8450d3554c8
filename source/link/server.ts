import {chmod, rename, rm} from 'node:fs/promises';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import * as z from 'zod';
import {ReadOnlyError, type Controller} from '../scaler/controller.ts';
import {
	paths,
	protocol,
	versionHeader,
	type Hello,
} from './protocol.ts';
import {requests} from './schema/requests.ts';
import {streamState} from './stream.ts';
import {fromWire, toWire} from './wire.ts';

/**
The longest body that is read, bytes.
*/
const bodyLimit = 262_144;

export type ServedLink = {
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
export async function serveLink(options: {readonly controller: Controller; readonly socketPath: string; readonly about: Omit<Hello, 'product' | 'protocol'>}): Promise<ServedLink> {
	const {controller, socketPath, about} = options;
	const greeting: Hello = {product: 'hetzner-runners-tui', protocol, ...about};
	const streams = new Set<() => void>();
	const server = createServer((request, response) => {
		answer(request, response).catch((error: unknown) => {
			refuse(response, error);
		});
	});

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const route = `${request.method ?? ''} ${request.url ?? ''}`;
		switch (route) {
			case `GET ${paths.hello}`: {
				reply(response, greeting);
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
				controller.readNow();
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
				reply(response, await controller.deleteServers(names, by, typed));
				return;
			}

			case `POST ${paths.keepServer}`: {
				const {name, seconds, by} = await asked(request, requests.keepServer);
				await controller.keepServer(name, seconds, by);
				reply(response, {});
				return;
			}

			default: {
				throw new Refused(404, `there is nothing at ${route}`);
			}
		}
	}

	async function asked<Schema extends z.ZodType>(request: IncomingMessage, schema: Schema): Promise<z.infer<Schema>> {
		const version = request.headers[versionHeader];
		if (version !== about.version) {
			throw new Refused(409, `the engine is version ${about.version}, this console ${String(version ?? 'unknown')}: it may look, not act`);
		}

		const parsed = schema.safeParse(await bodyOf(request));
		if (!parsed.success) {
			throw new Refused(400, z.prettifyError(parsed.error));
		}

		return parsed.data;
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
		return fromWire(text);
	} catch {
		throw new Refused(400, 'the request is not JSON');
	}
}

function reply(response: ServerResponse, value: unknown): void {
	response.writeHead(200, {'content-type': 'application/json'});
	response.end(toWire(value));
}

function refuse(response: ServerResponse, error: unknown): void {
	if (response.headersSent) {
		response.destroy();
		return;
	}

	const status = error instanceof Refused ? error.status : (error instanceof ReadOnlyError ? 403 : 500);
	response.writeHead(status, {'content-type': 'application/json'});
	response.end(toWire({error: error instanceof Error ? error.message : String(error), isReadOnly: error instanceof ReadOnlyError}));
}
