// Looking for tokens where none may be: processes, files, texts.
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {World} from '../../source/simulator/world.ts';

/**
Every registration token and every just-in-time configuration that the world gives out from now on.
*/
export function registrationTokens(world: World): readonly string[] {
	const tokens: string[] = [];
	const {registrationToken} = world.github;
	world.github.registrationToken = () => {
		const given = registrationToken();
		tokens.push(given.token);
		return given;
	};

	const {jitConfig} = world.github;
	world.github.jitConfig = request => {
		const given = jitConfig(request);
		if (typeof given === 'object') {
			tokens.push(given.config);
		}

		return given;
	};

	return tokens;
}

/**
What was seen of processes.
*/
export type Seen = {readonly commandLines: Set<string>; readonly childEnvironments: Set<string>};

export function nothingSeen(): Seen {
	return {commandLines: new Set(), childEnvironments: new Set()};
}

/**
Adds what any user of the machine can read of all processes now, and what that program's own children were given. A child that has not yet
become another program still is the parent, with its memory and its environment: it is passed over.
*/
export function lookAround(parent: number, seen: Seen): void {
	const pids = readdirSync('/proc').filter(name => /^\d+$/v.test(name));
	for (const pid of pids) {
		try {
			// Read before the environment: once it is another program than its parent, its environment is its own, too.
			const commandLine = commandLineOf(pid);
			seen.commandLines.add(commandLine);
			const isChild = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ', 2)[1] === String(parent);
			if (isChild && commandLine !== commandLineOf(parent)) {
				seen.childEnvironments.add(readFileSync(`/proc/${pid}/environ`, 'utf8'));
			}
		} catch {
			continue; // It ended meanwhile.
		}
	}
}

function commandLineOf(pid: number | string): string {
	return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}

/**
The text of every file below, whatever it is; sockets and links are passed over.
*/
export function filesBelow(folder: string): ReadonlyMap<string, string> {
	return new Map(readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile())
		.map(entry => path.join(entry.parentPath, entry.name))
		.map(file => [file, readFileSync(file, 'latin1')]));
}

/**
Asserts that none of the secrets is in that text.
*/
export function assertWithout(t: ExecutionContext, secrets: readonly string[], where: string, text: string): void {
	for (const [index, secret] of secrets.entries()) {
		t.false(text.includes(secret), `secret ${index} of ${secrets.length} is in ${where}`);
	}
}
