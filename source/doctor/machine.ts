import {
	fault,
	ok,
	skipped,
	warning,
	type Finding,
} from './finding.ts';

/**
What is known of the folder that keeps history and host keys.
*/
export type FolderFacts = {readonly path: string; readonly isWritable: boolean; readonly freeBytes: number};

const mebibyte = 1_048_576;

/**
Whether history and host keys can be written, and for how long there is room.
*/
export function judgeFolder({path, isWritable, freeBytes}: FolderFacts): Finding {
	if (!isWritable) {
		return fault(`${path} cannot be written: no host key could be kept`, 'give it to the user that runs the engine: chown');
	}

	const words = `${Math.floor(freeBytes / mebibyte)} MB free at ${path}`;
	return freeBytes < 50 * mebibyte ? fault(words, 'make room on that disk') : (freeBytes < 500 * mebibyte ? warning(words, 'make room on that disk') : ok(words));
}

/**
What is known of the service on this machine.
*/
export type ServiceFacts = {
	readonly hasSystemd: boolean;
	readonly installed: {readonly version: string; readonly repository: string} | undefined;
	readonly active: string;
};

/**
Whether the service, when there is one, runs this version.
*/
export function judgeService({hasSystemd, installed, active}: ServiceFacts, version: string): Finding {
	if (installed === undefined) {
		return ok(hasSystemd ? 'not installed; an engine in a terminal needs none' : 'this machine runs no systemd; an engine in a terminal needs none');
	}

	if (active !== 'active') {
		return fault(`installed for ${installed.repository}, but ${active}`, 'service logs -n 20 says why; service start');
	}

	return installed.version === version
		? ok(`version ${version} runs for ${installed.repository}`)
		: warning(`version ${installed.version} is installed, this is ${version}`, 'sudo npx hetzner-runners-tui@latest service install --force');
}

/**
Which engine serves the repository here. `problem`: one is there that may not be used.
*/
export function judgeSocket(found: {readonly socketPath: string; readonly version: string} | {readonly problem: string} | undefined, version: string): Finding {
	if (found === undefined) {
		return skipped('no engine for this repository runs here');
	}

	if ('problem' in found) {
		return warning(found.problem, 'consoles cannot attach until that is mended');
	}

	return found.version === version
		? ok(`an engine answers at ${found.socketPath}`)
		: warning(`the engine at ${found.socketPath} is version ${found.version}, this is ${version}: consoles are read-only`, 'service restart, or update this one');
}
