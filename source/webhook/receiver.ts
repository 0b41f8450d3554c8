import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {deliveryJudge, type Outcome} from './delivery.ts';

export type ReceiverOptions = {
	readonly host: string;
	readonly port: number;
	/**
	"owner/name".
	*/
	readonly repository: string;
	/**
	One secret, or two while one takes the place of the other; asked for each delivery. Throws when there are none to be had: the delivery is then refused.
	*/
	readonly secrets: () => readonly string[];
	/**
	A job may have been queued. It is a hint: whoever hears it reads the repository.
	*/
	readonly onWake: () => void;
	/**
	Told once a minute at most that deliveries with a wrong signature come, and how many.
	*/
	readonly onForged: (count: number) => void;
	/**
	Limits, smaller for tests. `bodySeconds`: the most that one request may take.
	*/
	readonly mostBytes?: number;
	readonly bodySeconds?: number;
};

export type Receiver = {
	readonly url: string;
	/**
	Deliveries so far, by what they were; `refused`: before a signature could be looked at.
	*/
	readonly counts: () => Readonly<Record<Outcome | 'refused', number>>;
	readonly close: () => Promise<void>;
};

/**
GitHub sends no more (https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap).
*/
const usualMostBytes = 25 * 1024 * 1024;
const usualBodySeconds = 10;
const mostConnections = 100;
const noticeMilliseconds = 60_000;

/**
Receives webhooks at POST /webhook and says at GET /health that it is there. Memory is bounded: all bodies on their way together have no more than two of the largest, and who is
slower than GitHub ever is is cut off. Throws what listening throws.
*/
export async function openReceiver(options: ReceiverOptions): Promise<Receiver> {
	const {mostBytes = usualMostBytes, bodySeconds = usualBodySeconds} = options;
	const judge = deliveryJudge(options.repository);
	const counts: Record<Outcome | 'refused', number> = {
		wakes: 0, other: 0, repeated: 0, forged: 0, broken: 0, refused: 0,
	};
	let bytesOnTheWay = 0;
	let forgedSince = 0;
	let noticedAt = -Infinity;

	// The text of a body, or the status of its refusal.
	async function readBody(request: IncomingMessage): Promise<string | number> {
		const chunks: Uint8Array[] = [];
		let length = 0;
		try {
			for await (const chunk of request) {
				const bytes: Uint8Array = chunk as Uint8Array; // No encoding is set: all chunks are bytes.
				length += bytes.length;
				bytesOnTheWay += bytes.length;
				if (length > mostBytes) {
					return 413;
				}

				if (bytesOnTheWay > 2 * mostBytes) {
					return 503;
				}

				chunks.push(bytes);
			}

			return Buffer.concat(chunks).toString();
		} finally {
			bytesOnTheWay -= length;
		}
	}

	function noteForged(): void {
		forgedSince++;
		if (!(performance.now() - noticedAt >= noticeMilliseconds)) {
			return;
		}

		noticedAt = performance.now();
		options.onForged(forgedSince);
		forgedSince = 0;
	}

	async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const refuse = (status: number, words: string) => {
			counts.refused++;
			answer(response, status, words, true);
		};

		const [signature, event, id] = ['x-hub-signature-256', 'x-github-event', 'x-github-delivery'].map(name => request.headers[name]);
		if (typeof signature !== 'string' || typeof event !== 'string' || typeof id !== 'string' || id.length > 100) {
			refuse(400, 'no delivery of GitHub: it has no X-Hub-Signature-256 (is a secret set there?), X-GitHub-Event or X-GitHub-Delivery');
			return;
		}

		if (!/^application\/json\b/v.test(request.headers['content-type'] ?? '')) {
			refuse(415, 'set the webhook\'s content type to application/json');
			return;
		}

		if (Number(request.headers['content-length'] ?? 0) > mostBytes) {
			refuse(413, 'too large');
			return;
		}

		const text = await readBody(request);
		if (typeof text === 'number') {
			refuse(text, text === 413 ? 'too large' : 'busy');
			return;
		}

		const outcome = await judge({
			id, event, signature, text,
		}, options.secrets());
		counts[outcome]++;
		answer(response, {
			wakes: 202, other: 202, repeated: 202, forged: 401, broken: 400,
		}[outcome], outcome === 'forged' ? 'wrong signature' : outcome, outcome === 'forged');
		if (outcome === 'wakes') {
			options.onWake();
		} else if (outcome === 'forged') {
			noteForged();
		}
	}

	const server = createServer({requestTimeout: bodySeconds * 1000, headersTimeout: Math.min(bodySeconds, 5) * 1000, connectionsCheckingInterval: 500}, (request, response) => {
		const [path] = (request.url ?? '').split('?', 1);
		if (path === '/health' && (request.method === 'GET' || request.method === 'HEAD')) {
			answer(response, 200, 'ok');
		} else if (path === '/webhook' && request.method === 'POST') {
			receive(request, response).catch(() => {
				answer(response, 500, 'not taken', true); // A body that broke off, or no secret to be had.
			});
		} else {
			answer(response, 404, 'deliveries go to POST /webhook', true);
		}
	});
	server.maxConnections = mostConnections;
	server.keepAliveTimeout = 5000;
	server.listen(options.port, options.host);
	await once(server, 'listening');
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : options.port;
	return {
		url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
		counts: () => ({...counts}),
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

// `isLast`: nothing more is read of this connection, whatever it still sends.
function answer(response: ServerResponse, status: number, words: string, isLast = false): void {
	if (response.headersSent || response.destroyed) {
		return;
	}

	response.writeHead(status, {'content-type': 'text/plain; charset=utf-8', ...isLast && {connection: 'close'}});
	response.end(`${words}\n`, () => {
		if (isLast) {
			response.socket?.destroySoon();
		}
	});
}
