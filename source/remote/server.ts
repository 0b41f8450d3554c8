import {chmod, rename, rm} from 'node:fs/promises';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {ReadOnlyError, type Controller} from '../scaler/controller.ts';
import {paths, protocol, type Handshake} from './protocol.ts';
import {Refused, routesOf} from './routes.ts';
import {streamState} from './stream.ts';
import {encode} from './codec.ts';

/**
Connections at the same time, and milliseconds that one may take for its
request: who opens many and says nothing keeps nobody else out for long.
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

/**
Serves an engine's controller on a unix socket that its owner and its group
may use (mode 0660). The caller makes sure that no living engine serves there.
Throws when the socket cannot be made.
*/
export async function serveRemote(options: {readonly controller: Controller; readonly socketPath: string; readonly about: Omit<Handshake, 'product' | 'protocol'>}): Promise<ServedRemote> {
	const {controller, socketPath, about} = options;
	const handshake: Handshake = {product: 'hetzner-runners-tui', protocol, ...about};
	const streams = new Set<() => void>();
	const routes = routesOf(controller, about.version);
	const server = createServer({
		headersTimeout: requestMilliseconds, requestTimeout: requestMilliseconds, connectionsCheckingInterval: 1000, keepAliveTimeout: 1000,
	}, (request, response) => {
		answer(request, response).catch((error: unknown) => {
			refuse(response, error);
		});
	});

	server.maxConnections = mostConnections;

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const [path = '', query = ''] = (request.url ?? '').split('?', 2);
		const route = `${request.method ?? ''} ${path}`;
		if (route === `GET ${paths.handshake}`) {
			reply(response, handshake);
			return;
		}

		if (route === `GET ${paths.events}`) {
			response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'});
			const end = streamState(controller, response);
			streams.add(end);
			response.on('close', () => {
				streams.delete(end);
			});
			return;
		}

		const act = routes.get(route);
		if (act === undefined) {
			throw new Refused(404, `there is nothing at ${route}`);
		}

		reply(response, await act(request, query));
	}

	// Bound under another name first, so that nobody meets the socket before
	// its mode is set, and a dead engine's socket is replaced at once.
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
