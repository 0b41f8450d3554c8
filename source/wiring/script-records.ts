import {createHash} from 'node:crypto';
import {
	appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync,
} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type {ServerId} from '../model/server.ts';
import type {ScriptRecords, ServerScripts, Shell} from '../scaler/ports.ts';

const serversKept = 2000;
const hashLength = 12;

const hash = z.string().regex(/^[\da-f]{12}$/v);
const record = z.object({server: z.int().transform(id => id as ServerId), setup: hash, startup: hash});

/**
Remembers in the state folder which scripts each server was handed: the text
of each script once, under its hash, and a line for each server, of which the
newest 2000 stay. Modes are 0700 and 0600. A disk that is full or gone is reported once; scripts are handed over all the same.
*/
export function scriptRecords(stateFolder: string, onTrouble: (text: string) => void): {readonly records: ScriptRecords; readonly recorded: (shell: Shell) => Shell} {
	const folder = path.join(stateFolder, 'scripts');
	const file = path.join(folder, 'servers.jsonl');
	const fileOf = (name: string): string => path.join(folder, `${name}.sh`);
	let servers: ReadonlyMap<ServerId, ServerScripts> = readServers(file);
	let isBroken = false;
	const attempt = (write: () => void): void => {
		try {
			write();
		} catch (error) {
			if (!isBroken) {
				isBroken = true;
				onTrouble(`cannot record which scripts servers get: ${error instanceof Error ? error.message : String(error)}`);
			}
		}
	};

	attempt(() => {
		mkdirSync(folder, {recursive: true, mode: 0o700});
		writeFileSync(`${file}.new`, servers.entries().map(([server, scripts]) => lineOf(server, scripts)).toArray().join(''), {mode: 0o600});
		renameSync(`${file}.new`, file);
		const used = new Set(servers.values().flatMap(({setup, startup}) => [fileOf(setup), fileOf(startup)]));
		for (const name of readdirSync(folder)) {
			if (name.endsWith('.sh') && !used.has(path.join(folder, name))) {
				rmSync(path.join(folder, name), {force: true});
			}
		}
	});

	const keep = (text: string): string => {
		const name = createHash('sha256').update(text).digest('hex').slice(0, hashLength);
		attempt(() => {
			writeFileSync(fileOf(name), text, {mode: 0o600});
		});
		return name;
	};

	return {
		records: {
			servers: () => servers,
			async text(name) {
				return hash.safeParse(name).success ? readFile(fileOf(name), 'utf8').catch(() => undefined) : undefined;
			},
		},
		recorded: shell => ({
			...shell,
			setUp: (request, signal) => shell.setUp({
				...request,
				async start() {
					const answer = await request.start();
					if (!('refused' in answer)) {
						const scripts = {setup: keep(answer.setupScript), startup: keep(answer.startupScript)};
						servers = new Map([...[...servers].slice(1 - serversKept), [request.server.id, scripts]]);
						attempt(() => {
							appendFileSync(file, lineOf(request.server.id, scripts), {mode: 0o600});
						});
					}

					return answer;
				},
			}, signal),
		}),
	};
}

function lineOf(server: ServerId, scripts: ServerScripts): string {
	return `${JSON.stringify({server, ...scripts})}\n`;
}

// The newest lines that can be read; none when there is no file.
function readServers(file: string): ReadonlyMap<ServerId, ServerScripts> {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch {
		return new Map();
	}

	return new Map(text.split('\n').slice(-1 - serversKept).flatMap(line => {
		try {
			const {server, ...scripts} = record.parse(JSON.parse(line));
			return [[server, scripts] as const];
		} catch {
			return [];
		}
	}));
}
