// A stand-in for GitHub, Hetzner and the servers: plain HTTP on loopback, rows as the real APIs send them, nothing of the simulator.
import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {createServer} from 'node:http';
import type {Clock, Shell} from '../../source/scaler/ports.ts';
import {githubRoutes} from './stand-in-github.ts';
import {hetznerRoutes} from './stand-in-hetzner.ts';

export type StandInJob = {
	readonly id: number;
	readonly run: number;
	readonly name: string;
	readonly labels: readonly string[];
	readonly seconds: number;
	status: string;
	conclusion: string | undefined;
	runner: string | undefined;
	startedAt: string | undefined;
};
export type StandInRunner = {readonly id: number; readonly name: string; readonly labels: readonly string[]; status: 'online' | 'offline'; busy: boolean; readonly ephemeral: boolean};
export type StandInServer = {
	readonly id: number;
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly created: string;
	status: string;
	readonly type: string;
};
export type Call = {readonly method: string; readonly path: string; readonly query: URLSearchParams; readonly body: unknown};
export type Reply = {readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>};

/**
The start and the present as the APIs write them, and ids that were not given yet.
*/
export type StandInTime = {readonly start: string; readonly now: () => string; readonly nextId: () => number};

/**
What the two APIs hold, and how to reach them. `override` answers in the place of a route; `twist` changes a good answer's body.
*/
export type StandIn = {
	readonly jobs: StandInJob[];
	readonly runners: StandInRunner[];
	readonly servers: StandInServer[];
	readonly calls: Array<Call & {readonly second: number; readonly status: number}>;
	readonly shell: Shell;
	/**
	The one SSH key that Hetzner knows, "key".
	*/
	publicKey: string;
	override: (call: Call) => Reply | undefined;
	twist: (call: Call, body: Record<string, unknown>) => unknown;
	/**
	Whether a runner may be given a job.
	*/
	isAssigned: (job: StandInJob) => boolean;
	readonly addJob: (job: {
		readonly run: number;
		readonly name: string;
		readonly labels?: readonly string[];
		readonly seconds?: number;
		readonly status?: string;
	}) => StandInJob;
	readonly made: () => number;
	readonly tell: (text: string) => void;
	readonly trace: () => string;
	/**
	The two APIs by `fetch`, a tenth of a second of the clock for each answer, whatever the host; and over a port of loopback.
	*/
	readonly fetch: typeof fetch;
	readonly listen: () => Promise<{readonly url: string; readonly close: () => Promise<void>}>;
};

/**
A stand-in whose servers need some forty seconds of that clock to their runner.
*/
export function standIn(clock: Clock): StandIn {
	const from = clock.now();
	const second = () => (clock.now() - from) / 1000;
	const iso = () => new Date(clock.now()).toISOString().replace(/\.\d+/v, '');
	const lines: string[] = [];
	let ids = 1000;
	const about: StandInTime = {start: new Date(from).toISOString(), now: iso, nextId: () => ++ids};
	const tell = (text: string) => {
		lines.push(`${second().toFixed(0).padStart(6)} s  ${text}`);
	};

	const world: StandIn = {
		jobs: [], runners: [], servers: [], calls: [], shell: shell(), tell, publicKey: 'ssh-ed25519 AAAA key',
		override: () => undefined,
		twist: (_call, body) => body,
		isAssigned: () => true,
		made: () => world.calls.filter(({method, path, status}) => method === 'POST' && path === '/v1/servers' && status === 201).length,
		addJob({run, name, labels = ['self-hosted'], seconds = 30, status = 'queued'}) {
			const job: StandInJob = {
				id: ++ids, run, name, labels, seconds, status, conclusion: undefined, runner: undefined, startedAt: undefined,
			};
			world.jobs.push(job);
			tell(`job ${name} is ${status}`);
			return job;
		},
		trace: () => lines.join('\n'),
		async fetch() {
			throw new Error('not yet');
		},
		async listen() {
			throw new Error('not yet');
		},
	};

	// A job goes to the first idle runner that has all its labels; an ephemeral runner goes with its job, and its machine goes off.
	function assign(): void {
		const waiting = world.jobs.filter(one => one.status === 'queued' && world.isAssigned(one));
		for (const job of waiting) {
			const runner = world.runners.find(one => one.status === 'online' && !one.busy && job.labels.every(label => one.labels.includes(label)));
			if (runner !== undefined) {
				runner.busy = true;
				Object.assign(job, {status: 'in_progress', runner: runner.name, startedAt: iso()});
				tell(`job ${job.name} runs on ${runner.name}`);
				void end(job, runner);
			}
		}
	}

	async function end(job: StandInJob, runner: StandInRunner): Promise<void> {
		await clock.sleep(job.seconds);
		const machine = world.servers.find(({name}) => name === runner.name);
		const isKilled = machine === undefined || !world.runners.includes(runner);
		Object.assign(job, {status: 'completed', conclusion: isKilled ? 'failure' : 'success'});
		world.runners.splice(world.runners.indexOf(runner), world.runners.includes(runner) ? 1 : 0);
		tell(`job ${job.name} ${isKilled ? 'was KILLED' : 'is done'}`);
		if (machine !== undefined) {
			machine.status = 'off';
		}
	}

	function shell(): Shell {
		return {
			async * setUp(request) {
				await clock.sleep(25);
				yield {news: 'answered', isResumed: false};
				const scripts = await request.start();
				if ('refused' in scripts) {
					yield {news: 'lost', answer: scripts.refused, kind: 'notStarted'};
					return;
				}

				yield {news: 'step', script: 'setup'};
				await clock.sleep(5);
				yield {news: 'step', script: 'startup'};
				await clock.sleep(10);
				yield {
					news: 'ended', exitCode: 0, script: 'startup', secondsAgo: 0,
				};
				const labels = (scripts.variables.GITHUB_RUNNER_LABELS ?? 'self-hosted').split(',');
				if (world.servers.every(({id}) => id !== Number(request.server.id))) {
					return;
				}

				world.runners.push({
					id: ++ids, name: request.server.name, labels: [...new Set(['self-hosted', 'Linux', 'X64', ...labels])], status: 'online', busy: false, ephemeral: true,
				});
				tell(`runner ${request.server.name} is online`);
			},
			prepareHostKey: async () => undefined,
			async forget() {/* Nothing is kept. */},
		};
	}

	const github = githubRoutes(world, about);
	const hetzner = hetznerRoutes(world, about);

	type TextReply = Reply & {readonly text: string | undefined};
	async function respond(method: string, url: URL, wantsNew: string | undefined, text: string): Promise<TextReply> {
		assign();
		const call: Call = {
			method, path: url.pathname, query: url.searchParams, body: text === '' ? undefined : JSON.parse(text),
		};
		const reply = world.override(call) ?? (call.path.startsWith('/v1/') ? hetzner(call) : github(call));
		const isGood = reply.status < 300 && typeof reply.body === 'object' && !Array.isArray(reply.body);
		const body = JSON.stringify(isGood ? world.twist(call, reply.body as Record<string, unknown>) : reply.body) ?? '';
		const tag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
		const status = wantsNew === tag && reply.status === 200 ? 304 : reply.status;
		world.calls.push({...call, second: second(), status});
		return {status, headers: {'content-type': 'application/json; charset=utf-8', etag: tag, ...reply.headers}, text: status === 304 || status === 204 ? undefined : body};
	}

	return Object.assign(world, {
		async fetch(input: string | URL | Request, init?: RequestInit) {
			const request = new Request(input, init);
			await clock.sleep(0.1, request.signal);
			const {status, headers, text} = await respond(request.method, new URL(request.url), request.headers.get('if-none-match') ?? undefined, await request.text());
			return new Response(text ?? null, {status, headers: headers ?? {}});
		},
		async listen() {
			const server = createServer((request, response) => {
				const chunks: Uint8Array[] = [];
				request.on('data', (chunk: Uint8Array) => {
					chunks.push(chunk);
				});
				request.once('end', () => {
					void respond(request.method ?? '', new URL(request.url ?? '/', 'http://stand-in'), request.headers['if-none-match'], Buffer.concat(chunks).toString()).then(({status, headers, text}) => {
						response.writeHead(status, headers);
						response.end(text);
					});
				});
			});
			server.unref();
			server.listen(0, '127.0.0.1');
			await once(server, 'listening');
			const address = server.address();
			return {
				url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
				async close() {
					server.closeAllConnections();
					server.close();
					await once(server, 'close');
				},
			};
		},
	});
}
