import type {IncomingHttpHeaders} from 'node:http';
import type {RequestName} from '../request-pipeline.ts';

/**
A request as the routes see it.
*/
export type Incoming = {
	readonly method: string;
	/**
	Without host, query and any `/api/v3`.
	*/
	readonly path: string;
	readonly query: URLSearchParams;
	readonly headers: IncomingHttpHeaders;
	/**
	Parsed JSON; undefined when there was none, or when it was none.
	*/
	readonly body: unknown;
	/**
	What absolute URLs in answers begin with: the way the client came.
	*/
	readonly origin: string;
};

/**
`body` undefined: no body. A text is sent as it is, anything else as JSON. `rows`: how many a list's page has.
*/
export type Reply = {readonly status: number; readonly body?: unknown; readonly rows?: number; readonly headers?: Readonly<Record<string, string>>};

export type Route = RequestName & {readonly answer: () => Reply};

/**
An answer on its way to the client; `isCut`: only half of its body arrives. `reset`: nothing comes, the connection breaks.
*/
export type Answered = 'reset' | {readonly reply: Reply; readonly isCut: boolean};

/**
Answers a request in the world's time: latency, limits, faults, the route, the last touch.
*/
export type AnswerApi = (incoming: Incoming) => Promise<Answered>;
