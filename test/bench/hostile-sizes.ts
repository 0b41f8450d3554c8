// What may come at an engine from outside in hostile sizes.
import {once} from 'node:events';
import {connect} from 'node:net';
import {readdirSync, statSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import type {World} from '../../source/simulator/world.ts';
import {versionHere} from '../support/program.ts';
import {until, type RunningProgram} from '../support/simulator-process.ts';
import {
	insteadOfRuns, packedGigabyte, pour, type Instead,
} from '../support/hostile-front.ts';

export type Running = {readonly program: RunningProgram; readonly socketPath: string; readonly world: World; readonly home: string};

export type Trouble = {
	readonly what: string;
	/**
	Begins it; answers what says in the end what it came to.
	*/
	readonly begin: (running: Running) => Promise<() => string>;
	/**
	Whether the world's servers are machines that print as fast as they can, for ever.
	*/
	readonly hasFloodingServers?: boolean;
	/**
	What GitHub answers in its own place.
	*/
	readonly github?: Instead;
};

const gigabyte = 1_000_000_000;
const flooders = 6;
const halfRequests = 1500;

function bytesBelow(folder: string): number {
	const files = readdirSync(folder, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile());
	return files.reduce((sum, {parentPath, name}) => sum + statSync(path.join(parentPath, name)).size, 0);
}

function floodedSetUp(): Trouble {
	return {
		what: `${flooders} servers whose set-up prints without end`,
		hasFloodingServers: true,
		async begin({world, program, home}) {
			world.addRun({jobs: Array.from({length: flooders}, (_, at) => ({name: `job ${at}`}))});
			await until('all are made', program, () => world.hetzner.servers.size >= flooders);
			return () => `${(bytesBelow(home) / 1_000_000).toFixed(1)} MB of output and journal kept`;
		},
	};
}

function halfOpenRequests(): Trouble {
	const head = `POST /mode HTTP/1.1\r\nhost: x\r\nhetzner-runners-tui-version: ${versionHere()}\r\ncontent-length: 200000\r\n\r\n{"mode":`;
	return {
		what: `${halfRequests} requests on the socket, none of which ends`,
		async begin({socketPath}) {
			let closed = 0;
			const onClose = (): void => {
				closed++;
			};

			for (let opened = 0; opened < halfRequests;) {
				const socket = connect(socketPath);
				socket.on('error', () => undefined);
				try {
					await once(socket, 'connect');
				} catch {
					await pause(10); // More at once than the kernel queues (EAGAIN).
					continue;
				}

				opened++;
				socket.on('close', onClose).resume(); // A socket that nobody reads never tells its end.
				socket.write(head);
			}

			return () => `${closed} closed by the engine`;
		},
	};
}

function longAnswers(): Trouble {
	let sent = 0;
	const runs = insteadOfRuns(response => {
		pour(response, gigabyte, bytes => {
			sent += bytes;
		});
	});
	return {
		what: 'answers of 1 GB by GitHub',
		github: runs.instead,
		begin: async () => () => `${runs.count()} of them, ${Math.round(sent / 1_000_000 / Math.max(1, runs.count()))} MB of each taken`,
	};
}

function packedAnswers(): Trouble {
	const body = packedGigabyte();
	const runs = insteadOfRuns(response => {
		response.writeHead(200, {'content-type': 'application/json', 'content-encoding': 'gzip'}).end(body);
	});
	return {
		what: `answers of 1 GB, packed to ${(body.length / 1_000_000).toFixed(0)} MB`, github: runs.instead, begin: async () => () => `${runs.count()} of them`,
	};
}

function longRefusal(): Trouble {
	const seconds = '1000000000';
	const runs = insteadOfRuns(response => {
		response.writeHead(429, {'content-type': 'application/json', 'retry-after': seconds}).end('{"message":"secondary rate limit"}');
	});
	return {
		what: `a refusal with \`retry-after: ${seconds}\``,
		github: runs.instead,
		begin: async ({program}) => () => `asked ${runs.count()} times, ${/again in \d+ s/v.exec(program.stdout())?.[0] ?? 'told no time'}`,
	};
}

/**
All of them, the first one harmless, to compare with.
*/
export function hostileSizes(): readonly Trouble[] {
	return [{what: 'nothing hostile', begin: async () => () => ''}, floodedSetUp(), halfOpenRequests(), longAnswers(), packedAnswers(), longRefusal()];
}
