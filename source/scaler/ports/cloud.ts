import type {Catalogue} from '../../model/catalogue.ts';
import type {Job} from '../../model/job.ts';
import type {Placement} from '../../model/placement.ts';
import type {ServerName} from '../../model/server-name.ts';
import type {Server, ServerId} from '../../model/server.ts';
import type {Instant} from '../../model/time.ts';
import type {Budget, ListRead} from './request.ts';

export type CreateRequest = {
	readonly name: ServerName;
	readonly placement: Placement;
	readonly job: Pick<Job, 'id' | 'runId'>;
	readonly runnerLabels: readonly string[];
	/**
	What cloud-init gets: the host key that the first session expects. Undefined: the image decides.
	*/
	readonly userData?: string | undefined;
	readonly engineSet: string;
};

/**
A foreseen no of Hetzner's, by what it is about: `noCapacity` this type in this location, `typeLimit` this type anywhere (dedicated cores, say),
`accountLimit` (servers, Primary IPs) and `rateLimited` everything, `invalid` what this one request asked for.
*/
export type CreateRefusal =
	| {readonly code: 'nameTaken'; readonly answer: string}
	| {readonly code: 'noCapacity'; readonly answer: string}
	| {readonly code: 'typeLimit'; readonly answer: string}
	| {readonly code: 'accountLimit'; readonly answer: string}
	| {readonly code: 'rateLimited'; readonly answer: string; readonly retryAt: Instant | undefined}
	| {readonly code: 'invalid'; readonly answer: string};

/**
`unknown`: the answer was lost, the server may or may not exist. Look it up by name; never repeat blindly.
*/
export type CreateAnswer =
	| {readonly outcome: 'created'; readonly server: Server}
	| {readonly outcome: 'refused'; readonly refusal: CreateRefusal}
	| {readonly outcome: 'unknown'; readonly answer: string};

/**
How the making of a server ended, which goes on after Hetzner has answered the create call. `unknown`: it could not be learned.
*/
export type CreationEnd = {readonly outcome: 'done' | 'unknown'} | {readonly outcome: 'failed'; readonly answer: string};

/**
The cloud: only servers that carry our labels for this repository are ever seen or changed. Methods throw PortError.
*/
export type Cloud = {
	/**
	All servers of ours. Throws PortError when nothing could be read.
	*/
	readServers: (signal: AbortSignal) => Promise<ListRead<Server>>;
	/**
	One server of ours, fresh; undefined when it does not exist or is not ours.
	*/
	readServer: (id: ServerId) => Promise<Server | undefined>;
	/**
	The server of that name: ours, somebody else's (`foreign`), or none.
	*/
	findServer: (name: ServerName) => Promise<Server | 'foreign' | undefined>;
	/**
	Resolves once Hetzner has answered the create call; does not wait for the boot. Never throws for a foreseen refusal or a lost answer.
	*/
	createServer: (request: CreateRequest) => Promise<CreateAnswer>;
	/**
	Resolves once a server that this port created is made, or its making has failed; many are asked after in one request. Never throws.
	*/
	awaitCreation: (id: ServerId, signal: AbortSignal) => Promise<CreationEnd>;
	/**
	Resolves once Hetzner accepted it. A locked server is retried inside for up to a minute. `protected`: someone has switched delete protection on.
	*/
	deleteServer: (id: ServerId) => Promise<'deleted' | 'gone' | {readonly protected: string}>;
	/**
	Writes on the server's labels that its startup script has ended well.
	*/
	markStartupEnded: (server: Server, at: Instant) => Promise<void>;
	readCatalogue: () => Promise<Catalogue>;
	budget: () => Budget | undefined;
};
