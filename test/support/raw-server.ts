import {once} from 'node:events';
import {createServer, type ServerResponse} from 'node:http';
import type {ExecutionContext} from 'ava';

/**
An HTTP server on loopback that answers every request in whatever way, until the test ends. Answers its address.
*/
export async function rawServer(t: Pick<ExecutionContext, 'teardown'>, answer: (response: ServerResponse) => void): Promise<string> {
	const server = createServer((_request, response) => {
		answer(response);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	const address = server.address();
	return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}
