import {once} from 'node:events';
import {createServer} from 'node:http';
import type {Metrics} from './families.ts';

export type ServedMetrics = {readonly url: string; readonly close: () => Promise<void>};

/**
Serves GET /metrics. Throws what listening throws.
*/
export async function serveMetrics(metrics: Metrics, {host, port}: {readonly host: string; readonly port: number}): Promise<ServedMetrics> {
	const server = createServer((request, response) => {
		if (request.url?.split('?', 1)[0] !== '/metrics' || request.method !== 'GET') {
			response.writeHead(404, {'content-type': 'text/plain'}).end('Metrics are at /metrics.\n');
			return;
		}

		metrics.scrape().then(({text, contentType}) => {
			response.writeHead(200, {'content-type': contentType}).end(text);
		}, (error: unknown) => {
			response.writeHead(500, {'content-type': 'text/plain'}).end(`${error instanceof Error ? error.message : String(error)}\n`);
		});
	});
	server.listen(port, host);
	await once(server, 'listening');
	const address = server.address();
	const served = typeof address === 'object' && address !== null ? address.port : port;
	return {
		url: `http://${host.includes(':') ? `[${host}]` : host}:${served}/metrics`,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

/**
Host and port of "9090", "0.0.0.0:9090" or "[::1]:9090"; the host is loopback when none is given. Undefined when it is no such text.
*/
export function parseListen(text: string): {readonly host: string; readonly port: number} | undefined {
	const parts = /^(?:(?:\[(?<six>[\d:a-f]+)\]|(?<host>[\w\-.]+)):)?(?<port>\d{1,5})$/iv.exec(text)?.groups;
	const port = Number(parts?.port);
	return parts === undefined || port > 65_535 ? undefined : {host: parts.six ?? parts.host ?? '127.0.0.1', port};
}
