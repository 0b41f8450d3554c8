import {execFileSync} from 'node:child_process';
import {createHash, randomUUID} from 'node:crypto';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {
	createServer, request, type IncomingMessage, type ServerResponse,
} from 'node:http';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {serverOfRunner} from '../../source/model/server-name.ts';
import type {SimulatedJob} from '../../source/simulator/github-jobs.ts';
import type {SimulatedRunner} from '../../source/simulator/github-runners.ts';
import type {World} from '../../source/simulator/world.ts';
import {githubPort} from './guest.ts';

export type JobLog = {readonly job: string; readonly runner: string; readonly conclusion: string; readonly log: string};

export type GitHubFront = {
	readonly url: string;
	/**
	What each finished job printed, in the order of their ends.
	*/
	readonly logs: readonly JobLog[];
	/**
	Words of refused registrations.
	*/
	readonly refusals: readonly string[];
	/**
	A machine is off: its runner is gone, at once to itself, late to GitHub.
	*/
	readonly machineOff: (name: string, isAbrupt: boolean) => void;
	readonly close: () => Promise<void>;
};

/**
What stands between the machines, the engine and the simulated GitHub: it hands everything on to GitHub's API, but offers a runner of our
own for download (with its true checksum), and is the service that such runners register with and get their jobs' steps from.
*/
export async function serveGitHubFront(options: {
	readonly world: World;
	readonly apiUrl: string;
	readonly folder: string;
	readonly stepsOf: (job: SimulatedJob) => string;
	readonly runnerVersion?: string;
}): Promise<GitHubFront> {
	const {world, apiUrl, folder, stepsOf} = options;
	const url = `http://127.0.0.1:${githubPort}`;
	const tarball = makeTarball(folder, options.runnerVersion ?? world.parameters.runnerVersion, url);
	const sessions = new Map<string, SimulatedRunner>();
	const connected = new Set<SimulatedRunner>();
	const logs: JobLog[] = [];
	const refusals: string[] = [];

	const server = createServer((incoming, response) => {
		serve(incoming, response).catch((error: unknown) => {
			response.writeHead(500).end(String(error));
		});
	});

	async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const {pathname} = new URL(incoming.url ?? '/', url);
		world.now();
		switch (pathname) {
			case `/lab/${tarball.name}`: {
				response.end(readFileSync(tarball.file));
				return;
			}

			case '/lab/register': {
				register(new URLSearchParams(await bodyOf(incoming)), response);
				return;
			}

			case '/lab/start-jit': {
				startJit(new URLSearchParams(await bodyOf(incoming)), response);
				return;
			}

			case '/lab/next-job': {
				await nextJob(sessions.get(String(incoming.headers['lab-secret'])), response);
				return;
			}

			case '/lab/job-done': {
				jobDone(sessions.get(String(incoming.headers['lab-secret'])), new URLSearchParams(await bodyOf(incoming)), response);
				return;
			}

			default: {
				if (pathname.endsWith('/actions/runners/downloads')) {
					response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify([{
						os: 'linux', architecture: 'x64', filename: tarball.name, download_url: `${url}/lab/${tarball.name}`, sha256_checksum: tarball.sha256,
					}]));
					return;
				}

				handOn(incoming, response);
			}
		}
	}

	function register(form: URLSearchParams, response: ServerResponse): void {
		const asked = (name: string) => form.get(name) ?? '';
		const wanted = `${url}/${world.repository.owner}/${world.repository.name}`;
		const record = asked('url') === wanted
			? world.github.register({
				token: asked('token'), name: asked('name'), labels: ['self-hosted', 'Linux', 'X64', ...asked('labels').split(',').filter(label => label !== '')], architecture: 'x64', version: asked('version'),
			})
			: `Http response code: NotFound from 'POST ${asked('url')}'`;
		if (typeof record === 'string') {
			refusals.push(record);
			response.writeHead(404).end(record);
			return;
		}

		if (asked('ephemeral') !== 'yes') {
			refusals.push('the lab wants ephemeral runners');
			response.writeHead(422).end('the lab wants ephemeral runners');
			return;
		}

		response.end(openSession(record, asked('version')));
	}

	// A runner with a just-in-time configuration: it has a record already.
	function startJit(form: URLSearchParams, response: ServerResponse): void {
		const record = world.github.startJit(form.get('jitconfig') ?? '');
		if (typeof record === 'string') {
			refusals.push(record);
			response.writeHead(401).end(record);
			return;
		}

		response.end(`${openSession(record, form.get('version') ?? '')}\n${record.name}`);
	}

	function openSession(record: SimulatedRunner, version: string): string {
		record.version = version;
		const host = world.hetzner.servers.values().find(one => one.name === serverOfRunner(record.name))?.host;
		if (host !== undefined) {
			host.runner = record;
		}

		const secret = randomUUID();
		sessions.set(secret, record);
		return secret;
	}

	// Waits up to 25 s for a job, as the real runner's long poll does.
	async function nextJob(runner: SimulatedRunner | undefined, response: ServerResponse): Promise<void> {
		if (runner === undefined || !world.github.runners.has(runner.id)) {
			response.writeHead(401).end();
			return;
		}

		if (!connected.has(runner)) {
			connected.add(runner);
			world.github.connect(runner, () => {/* The runner ends by itself after its report. */});
		}

		for (let turn = 0; turn < 100 && !response.destroyed; turn++) {
			world.now();
			if (runner.job !== undefined) {
				response.end(`${runner.job.name}\n${stepsOf(runner.job)}\n`);
				return;
			}

			await pause(250);
		}

		response.writeHead(204).end();
	}

	function jobDone(runner: SimulatedRunner | undefined, form: URLSearchParams, response: ServerResponse): void {
		const job = runner?.job;
		if (runner === undefined || job === undefined) {
			response.writeHead(404).end();
			return;
		}

		const conclusion = form.get('conclusion') === 'success' ? 'success' : 'failure';
		logs.push({
			job: job.name, runner: runner.name, conclusion, log: form.get('log') ?? '',
		});
		world.github.endJob(job, conclusion);
		response.end();
	}

	function handOn(incoming: IncomingMessage, response: ServerResponse): void {
		const onward = request(`${apiUrl}${incoming.url ?? ''}`, {method: incoming.method, headers: incoming.headers}, answer => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(response);
		});
		onward.on('error', () => {
			response.destroy();
		});
		incoming.pipe(onward);
	}

	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(githubPort, '127.0.0.1', resolve);
	});
	return {
		url,
		logs,
		refusals,
		machineOff(name, isAbrupt) {
			const runner = sessions.values().find(one => serverOfRunner(one.name) === name);
			if (runner !== undefined && connected.delete(runner)) {
				world.github.disconnect(runner, isAbrupt);
			}
		},
		async close() {
			server.closeAllConnections();
			await new Promise(resolve => {
				server.close(resolve);
			});
		},
	};
}

type Tarball = {readonly file: string; readonly name: string; readonly sha256: string};

function makeTarball(folder: string, version: string, url: string): Tarball {
	const root = path.join(folder, 'runner');
	mkdirSync(path.join(root, 'bin'), {recursive: true});
	for (const script of ['config.sh', 'run.sh']) {
		writeFileSync(path.join(root, script), readFileSync(path.join(import.meta.dirname, 'runner', script)), {mode: 0o755});
	}

	writeFileSync(path.join(root, 'bin/version'), `${version}\n`);
	writeFileSync(path.join(root, 'bin/url'), `${url}\n`); // The real configuration holds it.
	const name = `actions-runner-linux-x64-${version}.tar.gz`;
	const file = path.join(folder, name);
	execFileSync('tar', ['czf', file, '-C', root, '.']);
	return {file, name, sha256: createHash('sha256').update(readFileSync(file)).digest('hex')};
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
	incoming.setEncoding('utf8');
	let body = '';
	for await (const piece of incoming) {
		body += String(piece);
	}

	return body;
}
