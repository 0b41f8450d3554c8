import {request, type IncomingMessage} from 'node:http';

export type Answer = {
	readonly status: number;
	/**
	The body as it comes, to its end.
	*/
	readonly body: AsyncIterable<string>;
};

export type Request = {
	readonly socketPath: string;
	readonly method: 'GET' | 'POST';
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	/**
	Ends the request, also while its body comes.
	*/
	readonly signal: AbortSignal | undefined;
};

/**
Sends one HTTP request over a Unix socket; resolves with the head of the
response. Rejects when nobody answers, or when what answers is no HTTP server.
*/
export async function sendRequest({socketPath, method, path, headers, body, signal}: Request): Promise<Answer> {
	const head = Promise.withResolvers<IncomingMessage>();
	request({
		socketPath, method, path, headers, agent: false, ...(signal !== undefined && {signal}),
	}, head.resolve).on('error', head.reject).end(body);
	try {
		const response = await head.promise;
		return {status: response.statusCode ?? 0, body: response.setEncoding('utf8')};
	} catch (error) {
		throw isNoHttp(error) ? new Error('what answers is no HTTP server', {cause: error}) : error;
	}
}

// Node's parser names what it stumbled over by codes that begin so.
function isNoHttp(error: unknown): boolean {
	return error instanceof Error && 'code' in error && String(error.code).startsWith('HPE_');
}
